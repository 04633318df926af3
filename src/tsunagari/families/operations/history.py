"""Keeping what a household or person said before a change, and the small checks every change shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.prepared import prepared
from tsunagari.families import rules
from tsunagari.families.models import Household, HouseholdRevision, Person

T = TypeVar("T")


def locked(household: Household) -> Household:
    """The household as it is now, locked until the end of the transaction. Conflict when it was joined away."""
    fresh = _lock.one(household.pk)
    if fresh.joined_into_id is not None:
        raise Conflict(
            "この家庭はほかの家庭にまとめられています。", what_to_do="まとめた先の家庭を開いてください。"
        )
    return fresh


@prepared
def _lock(household: int) -> QuerySet[Household, Household]:
    return Household.objects.select_for_update(of=("self",)).filter(pk=household)


def locked_person(person: Person) -> Person:
    """The person as they are now, locked after their household. Conflict as `locked`."""
    locked(person.household)
    return Person.objects.select_for_update(of=("self",)).select_related("household").get(pk=person.pk)


def unchanged(row: Household | Person, expected_version: int) -> None:
    """Raise Conflict when somebody saved after the form was opened."""
    if row.version != expected_version:
        raise Conflict(
            "ほかの人が先に保存しました。",
            what_to_do="いまの内容と見くらべて、もう一度保存してください。",
        )


def keep_before(
    row: Household | Person, fields: list[str], *, actor: Actor, reason: str = ""
) -> HouseholdRevision:
    """Write down what `fields` of a household or person said until now."""
    person = row if isinstance(row, Person) else None
    return HouseholdRevision.objects.create(
        municipality_id=row.municipality_id,
        household_id=person.household_id if person else row.pk,
        person=person,
        before={name: _plain(row.serializable_value(name)) for name in fields},
        reason=reason,
        changed_at=clock.now(),
        changed_by=actor.user_id,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def assign(row: models.Model, values: dict[str, object]) -> list[str]:
    """Set the attributes and name those that changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def said_properly(check: Callable[[], T]) -> T:
    """The result of a rule; its InputProblem becomes a DomainError for the form."""
    try:
        return check()
    except rules.InputProblem as problem:
        who = f"{problem.index + 1}人目：" if problem.index else ""
        raise DomainError(
            f"{who}{problem.message}", field=problem.field if not problem.index else ""
        ) from None


def tidy(person: rules.PersonInput) -> rules.PersonInput:
    """`rules.tidy_person` as of today, speaking in DomainErrors."""
    return said_properly(partial(rules.tidy_person, person, today=clock.today()))
