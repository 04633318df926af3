"""Many check-ins at once, by the rules of one: rosters kept on paper, and the fictional town."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict
from tsunagari.encounters import access
from tsunagari.encounters.models import Visit, VisitPerson
from tsunagari.encounters.operations import visits as single
from tsunagari.families.models import AgencyLink, Household, Person, SecondHome
from tsunagari.families.operations import links


@dataclass(frozen=True, slots=True)
class Arrival:
    """One visit to be counted in. Without household it is anonymous, and `children` counts.

    `entered` is when it was written down (default now): what `created_at` and the trail say.
    """

    at: datetime
    key: UUID
    household: Household | None = None
    person_ids: tuple[int, ...] = ()
    adults: int = 1
    children: int = 0
    other_town: bool = False
    note: str = ""
    entered: datetime | None = None


@dataclass(slots=True)
class _Known:
    """What the database knows of the households before the batch."""

    households: dict[int, Household]
    kinds: dict[int, dict[int, str]]
    times: dict[int, list[datetime]]
    first: dict[int, datetime]
    keys: set[UUID]
    links: dict[int, AgencyLink]
    late: set[int] = field(default_factory=set)


@transaction.atomic
def check_in_many(arrivals: Iterable[Arrival], *, actor: Actor) -> list[Visit]:
    """Count families in at the actor's agency, in a fixed number of queries for those met before.

    An arrival with a known key, or within an hour of another visit of the family, is left out, as check_in would
    return the visit that stands. DomainError, and nothing is written, when one of them would be refused.
    """
    agency_id = single._own_agency(actor)
    ordered = sorted(arrivals, key=lambda arrival: arrival.at)
    known = _known(ordered, agency_id)
    counted = [
        (arrival, visit)
        for arrival in ordered
        if (visit := _visit(arrival, known, actor=actor, agency_id=agency_id)) is not None
    ]
    visits = Visit.objects.bulk_create([visit for _, visit in counted], batch_size=1000)
    _keep_people(counted)
    _meet(counted, known, actor=actor, agency_id=agency_id)
    for arrival, visit in counted:
        with _entered(arrival):
            audit.record(access.CHECK_IN, actor=actor, household_id=visit.household_id, obj=visit)
    return visits


def _entered(arrival: Arrival) -> AbstractContextManager[None]:
    return clock.stopped_at(arrival.entered) if arrival.entered else nullcontext()


def _known(arrivals: Sequence[Arrival], agency_id: int) -> _Known:
    ids = sorted({arrival.household.pk for arrival in arrivals if arrival.household is not None})
    rows = Household.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    households = {row.pk: row for row in rows}
    kinds: dict[int, dict[int, str]] = defaultdict(dict)
    living = Person.objects.filter(life=Person.Life.LIVING)
    for pk, household_id, kind in living.filter(household__in=ids).values_list("pk", "household_id", "kind"):
        kinds[household_id][pk] = kind
    staying = SecondHome.objects.filter(
        household__in=ids, valid_to__isnull=True, person__life=Person.Life.LIVING
    )
    for pk, household_id, kind in staying.values_list("person_id", "household_id", "person__kind"):
        kinds[household_id][pk] = kind
    times: dict[int, list[datetime]] = defaultdict(list)
    standing = Visit.objects.filter(household__in=ids, agency_id=agency_id, undone_at__isnull=True)
    if arrivals:
        around = (arrivals[0].at - single.SAME_VISIT, arrivals[-1].at + single.SAME_VISIT)
        for household_id, at in standing.filter(arrived_at__range=around).values_list(
            "household_id", "arrived_at"
        ):
            times[household_id or 0].append(at)
    first = dict(
        standing.values("household_id").annotate(at=Min("arrived_at")).values_list("household_id", "at")
    )
    keys = set(Visit.objects.filter(key__in=[a.key for a in arrivals]).values_list("key", flat=True))
    met = AgencyLink.objects.select_for_update().filter(household__in=ids, agency_id=agency_id).order_by("pk")
    return _Known(households, kinds, times, first, keys, {link.household_id: link for link in met})


def _visit(arrival: Arrival, known: _Known, *, actor: Actor, agency_id: int) -> Visit | None:
    """The visit to be written, or None when it stands already."""
    moment = single._moment(arrival.at)
    household_id = arrival.household.pk if arrival.household is not None else None
    children = arrival.children
    if household_id is not None:
        if known.households[household_id].joined_into_id is not None:
            raise Conflict("この家庭は、別の家庭にまとめられています。まとめた先の家庭で受け付けてください。")
        children = single._children(known.kinds[household_id], arrival.person_ids)
        if any(abs(moment - at) <= single.SAME_VISIT for at in known.times[household_id]):
            return None
    single._check_numbers(arrival.adults, children)
    if arrival.key in known.keys:
        return None
    known.keys.add(arrival.key)
    if household_id is not None:
        known.times[household_id].append(moment)
    return Visit(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        household_id=household_id,
        visited_on=moment.date(),
        arrived_at=moment,
        adults=arrival.adults,
        children=children,
        first_time=household_id is not None and _is_first(household_id, moment, known),
        other_town=arrival.other_town,
        note=arrival.note.strip()[:200],
        key=arrival.key,
        created_by=actor.user_id,
        created_at=arrival.entered or clock.now(),
    )


def _is_first(household_id: int, moment: datetime, known: _Known) -> bool:
    """Whether no visit to the agency came before; one entered late takes はじめて from a visit already there."""
    first = known.first.setdefault(household_id, moment)
    if moment < first:
        known.late.add(household_id)
    return first == moment


def _keep_people(counted: Sequence[tuple[Arrival, Visit]]) -> None:
    VisitPerson.objects.bulk_create(
        (
            VisitPerson(municipality_id=visit.municipality_id, visit=visit, person_id=pk)
            for arrival, visit in counted
            for pk in dict.fromkeys(arrival.person_ids)
        ),
        batch_size=2000,
    )


def _meet(counted: Sequence[tuple[Arrival, Visit]], known: _Known, *, actor: Actor, agency_id: int) -> None:
    """Open families that are new to the agency, note the last meeting of the others."""
    stale: dict[int, AgencyLink] = {}
    for arrival, visit in counted:
        if visit.household_id is None:
            continue
        link = known.links.get(visit.household_id)
        if link is None:
            with _entered(arrival):
                link = links.meet(
                    known.households[visit.household_id],
                    actor=actor,
                    agency_id=agency_id,
                    reason=AgencyLink.Reason.CHECK_IN,
                    on=visit.visited_on,
                )
            known.links[visit.household_id] = link
        elif link.last_met_on is None or link.last_met_on < visit.visited_on:
            link.last_met_on = visit.visited_on
            stale[link.pk] = link
    AgencyLink.objects.bulk_update(stale.values(), ["last_met_on"], batch_size=500)
    for household_id in sorted(
        {visit.household_id for _, visit in counted if visit.household_id in known.late}
    ):
        single._settle_first_time(household_id, agency_id)
