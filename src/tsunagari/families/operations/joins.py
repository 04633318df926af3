"""A nickname family turns out to be a household: its rows move there, and can be moved back exactly.

Every table that points at a household is found through the model, so a table added later moves too. The few
that must not simply move are named in KEEPS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, Household, HouseholdJoin, Person, Registration
from tsunagari.families.operations import search

#: Relations whose rows stay with the household they were written for, and why.
KEEPS: dict[str, str] = {
    "families.agencylink.household": "merged: the target has one row for each agency",
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


@transaction.atomic
def join_nickname(
    source: Household, target: Household, *, actor: Actor, same: Mapping[int, int]
) -> HouseholdJoin:
    """Move everything of a nickname family into a household. `same` maps source person id → target person id
    where both are one person; theirs stay as they are and are shown once.

    DomainError when the two cannot be one; Conflict when either was joined meanwhile.
    """
    source, target = _lock_both(source, target)
    _may_join(source, target, same)
    moved: dict[str, Any] = {"rows": _move_rows(source, target), "same_as": _mark_same(same)}
    moved["links"] = _merge_links(source, target)
    source.joined_into = target
    source.save(update_fields=["joined_into"])
    join = HouseholdJoin.objects.create(
        municipality_id=source.municipality_id,
        source=source,
        target=target,
        moved=moved,
        joined_at=clock.now(),
        joined_by=actor.user_id,
    )
    _tell(join, actor=actor, did="join")
    return join


@transaction.atomic
def part(join: HouseholdJoin, *, actor: Actor) -> HouseholdJoin:
    """Take a joined family apart again: exactly the rows that were moved, as far as they are still there, go back."""
    join = (
        HouseholdJoin.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .get(pk=join.pk)
    )
    if join.parted_at is not None:
        raise Conflict("この家庭は、すでに元にもどされています。")
    source, target = _lock_both(join.source, join.target)
    if target.joined_into_id is not None:
        raise Conflict(
            "まとめた先の家庭が、さらに別の家庭にまとめられています。",
            what_to_do="あとにまとめたほうから、元にもどしてください。",
        )
    for name, model, field in moving():
        ids = join.moved["rows"].get(name, [])
        if ids:
            model._default_manager.filter(pk__in=ids, **{field: target}).update(**{field: source})
    for person_id, before in join.moved["same_as"].items():
        Person.objects.filter(pk=int(person_id)).update(same_as=before)
    _unmerge_links(join)
    source.joined_into = None
    source.save(update_fields=["joined_into"])
    join.parted_at, join.parted_by = clock.now(), actor.user_id
    join.save(update_fields=["parted_at", "parted_by"])
    _tell(join, actor=actor, did="part")
    return join


def _tell(join: HouseholdJoin, *, actor: Actor, did: str) -> None:
    search.refresh([join.source_id, join.target_id])
    for household_id in (join.target_id, join.source_id):
        audit.record(
            access.JOIN,
            actor=actor,
            household_id=household_id,
            obj=join,
            detail={"did": did, "source": join.source_id, "target": join.target_id},
        )


def _lock_both(source: Household, target: Household) -> tuple[Household, Household]:
    rows = (
        Household.objects.select_for_update(of=("self",)).filter(pk__in=[source.pk, target.pk]).order_by("pk")
    )
    found = {row.pk: row for row in rows}
    return found[source.pk], found[target.pk]


def _may_join(source: Household, target: Household, same: Mapping[int, int]) -> None:
    if source.pk == target.pk:
        raise DomainError("同じ家庭どうしは、まとめられません。")
    if source.kind != Household.Kind.NICKNAME:
        raise DomainError("まとめられるのは、呼び名だけの家庭です。")
    if source.joined_into_id or target.joined_into_id:
        raise Conflict(
            "どちらかの家庭が、すでにほかの家庭にまとめられています。",
            what_to_do="家庭をさがしなおしてください。",
        )
    mine = set(source.people.filter(pk__in=same.keys()).values_list("pk", flat=True))
    theirs = set(target.people.filter(pk__in=same.values()).values_list("pk", flat=True))
    if mine != set(same) or theirs != set(same.values()):
        raise DomainError(
            "同じ人のえらび方が正しくありません。", what_to_do="もう一度えらんでください。", field="same"
        )
    if len(theirs) != len(same):
        raise DomainError("ひとりに、ふたりを重ねることはできません。", field="same")
    agencies = Registration.objects.filter(household=target).values("agency_id")
    home = Registration.objects.filter(household=target, is_home=True).exists()
    if Registration.objects.filter(
        Q(agency_id__in=agencies) | Q(is_home=home) & Q(is_home=True), household=source
    ).exists():
        raise DomainError(
            "両方の家庭に登録があります。", what_to_do="呼び名の家庭の登録を先に終えてください。"
        )


def _move_rows(source: Household, target: Household) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    for name, model, field in moving():
        rows = model._default_manager.filter(**{field: source})
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            model._default_manager.filter(pk__in=ids).update(**{field: target})
            moved[name] = ids
    return moved


def _mark_same(same: Mapping[int, int]) -> dict[str, int | None]:
    before = dict(Person.objects.filter(pk__in=same).values_list("pk", "same_as_id"))
    for mine, theirs in same.items():
        Person.objects.filter(pk=mine).update(same_as=theirs)
    return {str(person): former for person, former in before.items()}


def _merge_links(source: Household, target: Household) -> list[dict[str, Any]]:
    """Every agency that knows the source knows the target: earliest `since`, latest meeting. What was changed."""
    standing = {
        link.agency_id: link for link in AgencyLink.objects.select_for_update().filter(household=target)
    }
    done: list[dict[str, Any]] = []
    for link in AgencyLink.objects.filter(household=source).order_by("pk"):
        theirs = standing.get(link.agency_id)
        before = None if theirs is None else _state(theirs)
        if theirs is None:
            theirs = AgencyLink(
                municipality_id=target.municipality_id,
                household=target,
                agency_id=link.agency_id,
                reason=link.reason,
                since=link.since,
            )
        theirs.since = min(theirs.since, link.since)
        theirs.last_met_on = max(filter(None, (theirs.last_met_on, link.last_met_on)), default=None)
        theirs.save()
        done.append({"id": theirs.pk, "before": before, "after": _state(theirs)})
    return done


def _state(link: AgencyLink) -> list[str | None]:
    return [link.since.isoformat(), link.last_met_on.isoformat() if link.last_met_on else None]


def _unmerge_links(join: HouseholdJoin) -> None:
    """Give the target's links their former dates back, unless the agency met the family since."""
    for change in join.moved["links"]:
        link = AgencyLink.objects.filter(pk=change["id"]).first()
        if link is None:
            continue
        met_since = _state(link)[1] != change["after"][1]
        if change["before"] is None:
            if not met_since and not _registered(link):
                link.delete()
            continue
        since, last_met_on = change["before"]
        AgencyLink.objects.filter(pk=link.pk).update(
            since=since, last_met_on=link.last_met_on if met_since else last_met_on
        )


def _registered(link: AgencyLink) -> bool:
    return Registration.objects.filter(household=link.household_id, agency=link.agency_id).exists()
