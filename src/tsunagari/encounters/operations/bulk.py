"""Many check-ins or records at once, by the rules of one: rosters kept on paper, and the fictional town.

`entered` is when something was written down (default now): what `created_at` and the trail say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, ConsultationPerson, Visit, VisitPerson
from tsunagari.encounters.operations import circulation, filing, filling, words
from tsunagari.encounters.operations import records as single_records
from tsunagari.encounters.operations import visits as single_visits
from tsunagari.encounters.operations.persons import person_rows
from tsunagari.encounters.operations.rosters import settle_first_times
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import AgencyLink, Household, Person, SecondHome
from tsunagari.families.operations.bulk import Meeting, entered, meet_many
from tsunagari.places.models import Site


@dataclass(frozen=True, slots=True)
class Arrival:
    """One visit to be counted in; without household it is anonymous. `children` counts more than those named."""

    at: datetime
    key: UUID
    household_id: int | None = None
    person_ids: tuple[int, ...] = ()
    adults: int = 1
    children: int = 0
    other_town: bool = False
    note: str = ""
    entered: datetime | None = None
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """One record to be saved."""

    record: RecordInput
    key: UUID
    entered: datetime | None = None


@dataclass(slots=True)
class _Known:
    """What the database knows of the households before the batch; `late` are those whose はじめて moves."""

    kinds: dict[int, dict[int, str]]
    times: dict[int, list[datetime]]
    first: dict[int, datetime]
    keys: set[UUID]
    late: set[int] = field(default_factory=set)


@transaction.atomic
def check_in_many(arrivals: Iterable[Arrival], *, actor: Actor) -> list[Visit]:
    """Count families in at the actor's agency, in a fixed number of queries for those met before.

    An arrival with a known key, or within an hour of another visit of the family, is left out, as check_in would
    return the visit that stands. DomainError, and nothing is written, when one of them would be refused.
    """
    agency_id = single_visits._own_agency(actor)
    ordered = sorted(arrivals, key=lambda arrival: arrival.at)
    if not ordered:
        return []
    known = _known(ordered, agency_id)
    pairs = [(arrival, _visit(arrival, known, actor=actor)) for arrival in ordered]
    counted = [(arrival, visit) for arrival, visit in pairs if visit is not None]
    visits = Visit.objects.bulk_create([visit for _, visit in counted], batch_size=1000)
    VisitPerson.objects.bulk_create(_visitors(counted), batch_size=2000)
    meetings = [
        Meeting(visit.household_id, AgencyLink.Reason.CHECK_IN, visit.visited_on, arrival.entered)
        for arrival, visit in counted
        if visit.household_id is not None
    ]
    meet_many(meetings, actor=actor, agency_id=agency_id)
    if known.late:
        settle_first_times(sorted(known.late), agency_id)
    for arrival, visit in counted:
        with entered(arrival.entered):
            audit.record(access.CHECK_IN, actor=actor, household_id=visit.household_id, obj=visit)
    return visits


def _known(arrivals: Sequence[Arrival], agency_id: int) -> _Known:
    ids = sorted({arrival.household_id for arrival in arrivals if arrival.household_id is not None})
    _lock(ids)
    kinds: dict[int, dict[int, str]] = defaultdict(dict)
    for person in Person.objects.filter(household__in=ids, life=Person.Life.LIVING).only(
        "household_id", "kind"
    ):
        kinds[person.household_id][person.pk] = person.kind
    staying = SecondHome.objects.filter(
        household__in=ids, valid_to__isnull=True, person__life=Person.Life.LIVING
    )
    for pk, household_id, kind in staying.values_list("person_id", "household_id", "person__kind"):
        kinds[household_id][pk] = kind
    standing = Visit.objects.filter(household__in=ids, agency_id=agency_id, undone_at__isnull=True)
    around = (arrivals[0].at - single_visits.SAME_VISIT, arrivals[-1].at + single_visits.SAME_VISIT)
    times: dict[int, list[datetime]] = defaultdict(list)
    for visit in standing.filter(arrived_at__range=around).only("household_id", "arrived_at"):
        times[visit.household_id or 0].append(visit.arrived_at)
    firsts = standing.values("household_id").annotate(at=Min("arrived_at")).values_list("household_id", "at")
    keys = Visit.objects.filter(key__in=[arrival.key for arrival in arrivals]).values_list("key", flat=True)
    return _Known(kinds, times, dict(firsts), set(keys))


def _lock(ids: list[int]) -> None:
    """Lock the households against joining; DomainError when one is not there."""
    rows = Household.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    joined = dict(rows.values_list("pk", "joined_into_id"))
    if any(joined.values()):
        raise Conflict("別の家庭にまとめられた家庭が入っています。まとめた先の家庭をえらんでください。")
    if len(joined) != len(ids):
        raise DomainError("家庭が見つかりません。えらびなおしてください。", field="household")


def _visit(arrival: Arrival, known: _Known, *, actor: Actor) -> Visit | None:
    """The visit to be written, or None when it stands already."""
    moment, household_id, children = single_visits._moment(arrival.at), arrival.household_id, arrival.children
    if household_id is not None:
        children = max(children, _children(known.kinds[household_id], arrival.person_ids))
    with entered(arrival.entered):
        visit = single_visits._new_visit(actor, moment, arrival.adults, children, arrival.key, arrival.note)
    if arrival.key in known.keys or _within_the_hour(known.times.get(household_id or 0, ()), moment):
        return None
    known.keys.add(arrival.key)
    visit.other_town = arrival.other_town
    visit.site_id = single_visits.site_of(arrival.site, visit.agency_id, moment)
    if household_id is not None:
        visit.household_id = household_id
        visit.first_time = _is_first(household_id, moment, known)
    return visit


def _children(kinds: dict[int, str], person_ids: Sequence[int]) -> int:
    """How many of the people are children; DomainError when one does not live here."""
    if set(person_ids) - set(kinds):
        raise DomainError(
            "この家庭にいない人がえらばれています。えらびなおしてください。", field="person_ids"
        )
    return sum(kinds[pk] == Person.Kind.CHILD for pk in set(person_ids))


def _within_the_hour(times: Iterable[datetime], moment: datetime) -> bool:
    return any(abs(moment - at) <= single_visits.SAME_VISIT for at in times)


def _is_first(household_id: int, moment: datetime, known: _Known) -> bool:
    """Whether no visit to the agency came before; one entered late takes はじめて from a visit already there."""
    known.times[household_id].append(moment)
    if moment < known.first.setdefault(household_id, moment):
        known.late.add(household_id)
    return known.first[household_id] == moment


def _visitors(counted: Sequence[tuple[Arrival, Visit]]) -> list[VisitPerson]:
    return [
        VisitPerson(municipality_id=visit.municipality_id, visit=visit, person_id=pk)
        for arrival, visit in counted
        for pk in dict.fromkeys(arrival.person_ids)
    ]


@transaction.atomic
def write_many(written: Iterable[Written], *, actor: Actor, circulate: bool = True) -> list[Consultation]:
    """Save new records at the actor's agency, oldest first, in a fixed number of queries. Who has to see them by rule
    is asked as of when each was entered, unless the caller lets them go round (`circulate` False).

    DomainError, and none is saved, when one of them would be refused or its key is known.
    """
    agency_id = single_records._own_agency(actor)
    ordered = sorted(written, key=lambda item: item.record.occurred_at)
    ids = sorted({item.record.household_id for item in ordered if item.record.household_id is not None})
    _lock(ids)
    if Consultation.objects.filter(key__in=[item.key for item in ordered]).exists():
        raise Conflict("すでに保存された記録が入っています。")
    here = _people_of(ids, [pk for item in ordered for pk in item.record.person_ids])
    rows = [_consultation(item, actor, agency_id) for item in ordered]
    Consultation.objects.bulk_create(rows, batch_size=500)
    people = [row for item, saved in zip(ordered, rows, strict=True) for row in _persons(item, saved, here)]
    ConsultationPerson.objects.bulk_create(people, batch_size=1000)
    meetings = [
        Meeting(item.record.household_id, AgencyLink.Reason.RECORD, item.record.occurred_on, item.entered)
        for item in ordered
        if item.record.household_id is not None
    ]
    meet_many(meetings, actor=actor, agency_id=agency_id)
    filing.file_in(rows, actor=actor)
    words.keep(rows)
    for item, row in zip(ordered, rows, strict=True):
        detail = {"version": 1, "channel": item.record.channel, "categories": list(item.record.categories)}
        with entered(item.entered):
            single_records._trail(row, actor, detail)
    if circulate:
        circulation.start_many(rows, actor=actor)
    return rows


def _people_of(household_ids: list[int], person_ids: list[int]) -> dict[int, dict[int, Person]]:
    """Persons by household and id, also those for whom the household is a second home."""
    here = Q(household__in=household_ids) | Q(second_homes__household__in=household_ids)
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    people = Person.objects.filter(here, pk__in=person_ids).distinct().prefetch_related("second_homes")
    for person in people:
        found[person.household_id][person.pk] = person
        for home in person.second_homes.all():
            found[home.household_id][person.pk] = person
    return found


def _consultation(item: Written, actor: Actor, agency_id: int) -> Consultation:
    with entered(item.entered):
        single_records._require_sound(item.record)
        return Consultation(
            municipality_id=actor.municipality_id,
            agency_id=agency_id,
            household_id=item.record.household_id,
            author_id=actor.user_id,
            author_name=actor.name,
            key=item.key,
            created_at=clock.now(),
            updated_at=clock.now(),
            **_values(item.record, actor),
        )


def _values(record: RecordInput, actor: Actor) -> dict[str, Any]:
    """As a single record's; the next step belongs to the writer, the mark narrows."""
    record = filling.narrowed(record, filling.mark_of(record))
    if not record.next_step:
        return single_records._values(record, "")
    owned = replace(record, next_owner_id=record.next_owner_id or actor.user_id)
    return single_records._values(owned, actor.name if owned.next_owner_id == actor.user_id else "")


def _persons(
    item: Written, consultation: Consultation, here: dict[int, dict[int, Person]]
) -> list[ConsultationPerson]:
    known = here.get(item.record.household_id or 0, {})
    if missing := set(item.record.person_ids) - set(known):
        raise DomainError(
            f"この家庭にいない人が{len(missing)}人えらばれています。えらびなおしてください。",
            field="person_ids",
        )
    people = [known[pk] for pk in dict.fromkeys(item.record.person_ids)]
    return person_rows(consultation, item.record, people)
