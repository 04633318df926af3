"""Rows that simply move with a family: every table that points at a household, but for KEEPS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel

from tsunagari.families.models import Household

#: Relations whose rows stay with the household they were written for, and why.
KEEPS: dict[str, str] = {
    "families.agencylink.household": "merged: the target has one row for each agency",
    "families.registration.household": "merged day by day: one home, each agency once",
    "families.searchentry.household": "rebuilt from what it is found by",
    "families.householdjoin.source": "says what was joined",
    "families.householdjoin.target": "says what was joined",
    "families.householdrevision.household": "says what this household said before",
    "families.candidatepair.left": "says what was compared",
    "families.candidatepair.right": "says what was compared",
}


def name_of(relation: ForeignObjectRel) -> str:
    """ "app.model.field" of a relation that points at Household."""
    return f"{relation.related_model._meta.label_lower}.{relation.field.name}"


def moving() -> Iterator[tuple[str, type[models.Model], str]]:
    """(name, model, field) of every relation whose rows move with a family."""
    for relation in Household._meta.related_objects:
        name = name_of(relation)
        if name not in KEEPS:
            yield name, relation.related_model, relation.field.name


def move(source: Household, target: Household) -> dict[str, list[int]]:
    """Point every moving row of the source at the target; ids by relation, to move them back."""
    moved: dict[str, list[int]] = {}
    for name, model, field in moving():
        rows = model._default_manager.filter(**{field: source})
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            model._default_manager.filter(pk__in=ids).update(**{field: target})
            moved[name] = ids
    return moved


def move_back(moved: Mapping[str, list[int]], source: Household, target: Household) -> None:
    """Point the rows that are still with the target at the source again."""
    for name, model, field in moving():
        ids = moved.get(name, [])
        if ids:
            model._default_manager.filter(pk__in=ids, **{field: target}).update(**{field: source})
