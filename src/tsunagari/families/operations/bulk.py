"""The same operations for many families at once, by the same rules, in a fixed number of queries.

For extracts and rosters with thousands of rows, and the fictional town. `entered` is when a row was written down
(default now): it is what `created_at` and the trail say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import connection, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.families import access, rules
from tsunagari.families.models import AgencyLink, Household, Person, Registration, SearchEntry
from tsunagari.families.operations import cards, search
from tsunagari.families.operations import households as single_households
from tsunagari.families.operations import people as persons
from tsunagari.families.operations import registrations as single_registrations
from tsunagari.families.operations.history import assign, said_properly, tidy
from tsunagari.families.rules import AddressInput, PersonInput, ResidentKeys
from tsunagari.places.models import Agency

_ADD_AGENCY = """
UPDATE families_searchentry SET grams = array_append(grams, %s)
WHERE household_id = ANY(%s) AND NOT grams @> ARRAY[%s]
"""


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be made; as the arguments of `households.create_household`."""

    people: tuple[PersonInput, ...]
    address: AddressInput | None = None
    caution: str = ""
    resident: ResidentKeys | None = None
    entered: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """The first registration of a household; as the arguments of `registrations.register`."""

    household: Household
    agency: Agency
    is_home: bool
    source: str
    starts_on: date
    entered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A household an agency met on a day, or knows without having met it (None)."""

    household_id: int
    reason: str
    on: date | None
    entered: datetime | None = None


def entered(moment: datetime | None) -> AbstractContextManager[None]:
    """Stand at the moment a row was written down; None is now."""
    return clock.stopped_at(moment) if moment else nullcontext()


@transaction.atomic
def create_households(new: Sequence[NewHousehold], *, actor: Actor) -> list[Household]:
    """Make households with their people, in this order. DomainError, and none is made, when one cannot be.

    For roles that serve the whole town: an agency's worker makes families one by one and meets them.
    """
    if actor.scope == "agency":
        raise DomainError("機関の職員は、家庭を1つずつ登録してください。")
    made, people = [], []
    for given in new:
        with entered(given.entered):
            household, living = _unsaved(given, actor)
        made.append(household)
        people.append(living)
    Household.objects.bulk_create(made, batch_size=500)
    rows = [
        persons.build(household, person)
        for household, living in zip(made, people, strict=True)
        for person in living
    ]
    Person.objects.bulk_create(rows, batch_size=1000)
    search.refresh(made)
    for given, household in zip(new, made, strict=True):
        with entered(given.entered):
            detail = {"kind": household.kind}
            audit.record(access.CREATE, actor=actor, household_id=household.pk, obj=household, detail=detail)
    return made


def _unsaved(given: NewHousehold, actor: Actor) -> tuple[Household, list[PersonInput]]:
    clean = [tidy(person) for person in given.people]
    said_properly(partial(rules.check_people, clean))
    keys = given.resident or ResidentKeys(registered_resident=False)
    household = Household(
        municipality_id=actor.municipality_id,
        created_at=clock.now(),
        caution=given.caution.strip()[: single_households.CAUTION_LENGTH],
        resident_no=keys.resident_no,
        registered_resident=keys.registered_resident,
        moved_in_on=keys.moved_in_on,
        protected=keys.protected,
    )
    assign(household, single_households._address(given.address or AddressInput()))
    return household, clean


@transaction.atomic
def register_first(new: Sequence[NewRegistration], *, actor: Actor) -> list[Registration]:
    """Register households that have no registration and no card yet, each with one agency.

    DomainError, and none is written, when one of them has, or could not be registered.
    """
    ids = [given.household.pk for given in new]
    locked = {row.pk: row for row in Household.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if Registration.objects.filter(household__in=ids).exists() or len(locked) != len(ids):
        raise DomainError("すでに登録のある家庭が入っています。")
    rows = []
    for given in new:
        with entered(given.entered):
            single_registrations._may_register(
                locked[given.household.pk], given.agency, given.starts_on, given.source
            )
            rows.append(_registration(given))
    Registration.objects.bulk_create(rows, batch_size=1000)
    moments = {given.household.pk: given.entered for given in new if given.entered}
    cards.issue_many(list(locked.values()), actor=actor, entered=moments)
    reason = AgencyLink.Reason.REGISTRATION
    for agency_id in dict.fromkeys(given.agency.pk for given in new):
        own = [given for given in new if given.agency.pk == agency_id]
        met = [Meeting(given.household.pk, reason, None, given.entered) for given in own]
        meet_many(met, actor=actor, agency_id=agency_id)
    search.refresh(ids)
    for given, row in zip(new, rows, strict=True):
        detail = {
            "did": "register",
            "agency": given.agency.pk,
            "home": given.is_home,
            "source": given.source,
        }
        with entered(given.entered):
            audit.record(access.REGISTER, actor=actor, household_id=row.household_id, obj=row, detail=detail)
    return rows


def _registration(given: NewRegistration) -> Registration:
    return Registration(
        municipality_id=given.household.municipality_id,
        household=given.household,
        agency=given.agency,
        is_home=given.is_home,
        source=given.source,
        starts_on=given.starts_on,
        created_at=clock.now(),
    )


@transaction.atomic
def meet_many(meetings: Iterable[Meeting], *, actor: Actor, agency_id: int) -> None:
    """`links.meet` for many meetings of one agency, oldest first: open families that are new to it, with trail,
    and note the last day the others were met."""
    meetings = list(meetings)
    ids = sorted({meeting.household_id for meeting in meetings})
    links = (
        AgencyLink.objects.select_for_update().filter(household__in=ids, agency_id=agency_id).order_by("pk")
    )
    known = {link.household_id: link for link in links}
    first: dict[int, Meeting] = {}
    changed: set[int] = set()
    for meeting in meetings:
        if meeting.household_id not in known:
            known[meeting.household_id] = _link(meeting, actor, agency_id)
            first[meeting.household_id] = meeting
        link = known[meeting.household_id]
        if meeting.on is not None and (link.last_met_on is None or link.last_met_on < meeting.on):
            link.last_met_on = meeting.on
            changed.add(meeting.household_id)
    AgencyLink.objects.bulk_update(
        [known[pk] for pk in sorted(changed - set(first))], ["last_met_on"], batch_size=500
    )
    _open(first, known, actor=actor, agency_id=agency_id)


def _link(meeting: Meeting, actor: Actor, agency_id: int) -> AgencyLink:
    with entered(meeting.entered):
        return AgencyLink(
            municipality_id=actor.municipality_id,
            household_id=meeting.household_id,
            agency_id=agency_id,
            reason=meeting.reason,
            since=clock.now(),
        )


def _open(first: dict[int, Meeting], known: dict[int, AgencyLink], *, actor: Actor, agency_id: int) -> None:
    if not first:
        return
    entries = SearchEntry.objects.filter(pk__in=first).only("sort_kana", "sort_name")
    for entry in entries:
        known[entry.pk].sort_kana, known[entry.pk].sort_name = entry.sort_kana, entry.sort_name
    listed = Household.objects.filter(
        pk__in=first, status=Household.Status.ACTIVE, joined_into__isnull=True
    ).values_list("pk", flat=True)
    for pk in set(first) - set(listed):
        known[pk].listed = False
    AgencyLink.objects.bulk_create([known[pk] for pk in first], batch_size=500)
    gram = f"a:{agency_id}"
    with connection.cursor() as cursor:
        cursor.execute(_ADD_AGENCY, [gram, list(first), gram])
    for pk, meeting in first.items():
        detail = {"agency": agency_id, "reason": str(meeting.reason)}
        with entered(meeting.entered):
            audit.record(access.OPENED, actor=actor, household_id=pk, obj=known[pk], detail=detail)
