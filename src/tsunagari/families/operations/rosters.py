"""Families brought in from an old roster, many at once, and taken out again as long as nothing was built on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families import access, rules
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.families.operations import people as persons
from tsunagari.families.operations import search
from tsunagari.families.operations.bulk import Meeting, meet_many
from tsunagari.families.operations.history import assign, said_properly, tidy
from tsunagari.families.rules import AddressInput, PersonInput


@dataclass(frozen=True, slots=True)
class NewFamily:
    """A family of a roster. With a `nickname` it is known by that alone. The same `key` is the same family."""

    key: UUID
    people: tuple[PersonInput, ...]
    nickname: str = ""
    address: str = ""


@transaction.atomic
def make_families(new: Sequence[NewFamily], *, actor: Actor, agency_id: int) -> dict[UUID, Household]:
    """Make the families, open to the agency whose roster they stand in; by key. Those made before are returned.

    DomainError, and none is made, when one of them cannot be. A fixed number of queries.
    """
    keys = [given.key for given in new]
    made = {row.key: row for row in Household.objects.filter(key__in=keys) if row.key}
    fresh = [given for given in new if given.key not in made]
    rows, people = [], []
    for given in fresh:
        clean = [tidy(person) for person in given.people]
        said_properly(partial(rules.check_people, clean))
        row = _unsaved(given, actor)
        rows.append(row)
        people.append(clean)
    Household.objects.bulk_create(rows, batch_size=500)
    Person.objects.bulk_create(
        [persons.build(row, person) for row, living in zip(rows, people, strict=True) for person in living],
        batch_size=1000,
    )
    search.refresh(rows)
    for row in rows:
        detail = {"kind": row.kind, "agency": agency_id}
        audit.record(access.CREATE, actor=actor, household_id=row.pk, obj=row, detail=detail)
    opened = [Meeting(row.pk, AgencyLink.Reason.CREATED, None) for row in rows]
    meet_many(opened, actor=actor, agency_id=agency_id)
    return made | {row.key: row for row in rows if row.key}


def _unsaved(given: NewFamily, actor: Actor) -> Household:
    household = Household(municipality_id=actor.municipality_id, created_at=clock.now(), key=given.key)
    if given.nickname:
        household.kind, household.nickname = Household.Kind.NICKNAME, given.nickname
    address = said_properly(partial(rules.tidy_address, AddressInput(address=given.address)))
    assign(household, {"address": address.address})
    return household
