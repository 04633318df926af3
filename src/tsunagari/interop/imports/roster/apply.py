"""Bringing a matched roster in, some families at a time. Each chunk is a transaction; a family is whole in one.

What was brought in is written at the rows, so a job that died goes on where it stopped and nothing is made twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.operations import rosters as visits_of_rosters
from tsunagari.encounters.operations.bulk import Arrival, check_in_many
from tsunagari.families.models import Person
from tsunagari.families.operations import rosters as families_of_rosters
from tsunagari.families.operations.holding import follow_joins, hold
from tsunagari.interop.imports.roster import store
from tsunagari.interop.imports.roster.making import key_of, new_family, who_came
from tsunagari.interop.imports.roster.mapping import Mapping as Columns
from tsunagari.interop.imports.roster.people import Read
from tsunagari.interop.imports.roster.profile import Profile, gather
from tsunagari.interop.imports.roster.registering import register
from tsunagari.interop.imports.roster.sight import out_of_sight
from tsunagari.interop.models import Import, RosterRow
from tsunagari.places.models import Agency

#: Where a roster says no time of day. It decides nothing but the order within the day.
AT = time(10, 0)
_NOTE = 200
#: Kept at a family's first row: of this family nothing may be kept but what it is called.
NAMELESS = "nameless"


@dataclass(slots=True)
class Batch:
    """Families of one chunk on their way in. `homes` is first row's number → household."""

    source: Import
    agency: Agency
    actor: Actor
    columns: Columns
    lines: Mapping[int, Sequence[RosterRow]]
    reads: Mapping[int, Read]  # by number of the row
    profiles: Mapping[int, Profile]
    homes: dict[int, int]
    made: dict[int, dict[str, Any]]


def bring_in(
    source: Import,
    agency: Agency,
    columns: Columns,
    lines: Mapping[int, Sequence[RosterRow]],
    *,
    actor: Actor,
) -> int:
    """Bring the families of one chunk in; how many rows. In the caller's transaction."""
    reads = {line.number: store.read_of(line) for rows in lines.values() for line in rows}
    profiles = {number: gather(reads[line.number] for line in rows) for number, rows in lines.items()}
    batch = Batch(source, agency, actor, columns, lines, reads, profiles, {}, defaultdict(dict))
    _households(batch)
    if columns.visits:
        _visits(batch)
    else:
        register(batch)
    return _keep(batch)


def _households(batch: Batch) -> None:
    """The household of each family: the one decided on, wherever it was joined to since, or one made now."""
    batch.homes.update(_decided(batch))
    new = {
        number: new_family(
            batch.source.pk, number, batch.profiles[number],
            nameless=_nameless(rows[0]), today=clock.today(),
        )
        for number, rows in batch.lines.items() if number not in batch.homes
    }  # fmt: skip
    made = families_of_rosters.make_families(list(new.values()), actor=batch.actor, agency_id=batch.agency.pk)
    for number, family in new.items():
        batch.homes[number] = made[family.key].pk
        batch.made[number]["household"] = made[family.key].pk
    living = living_in(family.pk for family in made.values())
    for number, family in new.items():
        batch.made[number]["people"] = [person.pk for person in living[made[family.key].pk]]


def _decided(batch: Batch) -> dict[int, int]:
    """Family → the household it was decided to be, locked. One that came under protection since, and is not for the
    eyes of who decided, is as one nobody may see: the family is made anew, by what it is called alone."""
    decided = {number: rows[0].household_id for number, rows in batch.lines.items() if rows[0].household_id}
    hold(lambda: follow_joins(decided.values()).values())
    final = follow_joins(decided.values())
    homes = {number: final[pk] for number, pk in decided.items()}
    hidden = out_of_sight(homes, batch.lines, actor=batch.actor, agency_id=batch.agency.pk)
    for number in hidden:
        lead = batch.lines[number][0]
        lead.values = {**lead.values, NAMELESS: True}
        batch.made[number]["held"] = True
    store.keep_as_undecidable(batch.source, [batch.lines[number][0] for number in hidden], actor=batch.actor)
    return {number: pk for number, pk in homes.items() if number not in hidden}


def _nameless(lead: RosterRow) -> bool:
    return bool(lead.values.get(NAMELESS))


def _visits(batch: Batch) -> None:
    standing = visits_of_rosters.standing_days(set(batch.homes.values()), batch.agency.pk)
    living = living_in(set(batch.homes.values()))
    arrivals: dict[tuple[int, str], Arrival] = {}
    rows_of: dict[tuple[int, str], list[RosterRow]] = defaultdict(list)
    for number, rows in batch.lines.items():
        for line in rows:
            rows_of[batch.homes[number], batch.reads[line.number].on].append(line)
    nameless = {batch.homes[number] for number, rows in batch.lines.items() if _nameless(rows[0])}
    for (home, day), rows in rows_of.items():
        if (home, date.fromisoformat(day)) not in standing:
            arrivals[home, day] = _arrival(batch, home, rows, living[home], bare=home in nameless)
    at_agency = replace(batch.actor, agency_id=batch.agency.pk, agency_name=batch.agency.name)
    made = {visit.key: visit.pk for visit in check_in_many(arrivals.values(), actor=at_agency)}
    for place, rows in rows_of.items():
        visit = made.get(arrivals[place].key) if place in arrivals else None
        for line in rows:
            line.visit_id = visit
            line.made = {"did": "visit" if visit else "same"}


def living_in(household_ids: Iterable[int]) -> dict[int, list[Person]]:
    """Who lives in each household, each once."""
    found: dict[int, list[Person]] = defaultdict(list)
    here = Person.objects.filter(household__in=list(household_ids), left_on__isnull=True)
    people = here.filter(life=Person.Life.LIVING, same_as__isnull=True)
    for person in people.order_by("pk"):
        found[person.household_id].append(person)
    return found


def _arrival(
    batch: Batch, home: int, rows: Sequence[RosterRow], living: Sequence[Person], *, bare: bool
) -> Arrival:
    """One visit of one day, however many rows speak of it (a row for each child is usual). `bare`: numbers alone, of a
    family of which nothing may be kept but what it is called."""
    reads = [batch.reads[line.number] for line in rows]
    ids, strangers = who_came(reads, living)
    kinds = {person.pk: person.kind for person in living}
    named = sum(kinds[pk] == Person.Kind.CHILD for pk in ids) + len(strangers)
    adults = [read.adults for read in reads if read.adults is not None]
    children = max([named, *(read.count for read in reads if read.count is not None)])
    notes = list(dict.fromkeys(read.note for read in reads if read.note))
    if strangers:
        notes.append(f"お子さん：{'・'.join(strangers)}")
    return Arrival(
        at=_moment(reads),
        key=key_of(batch.source.pk, "visit", rows[0].number),
        household_id=home,
        person_ids=tuple(ids),
        adults=max([*adults, 0 if children else 1]) if adults else 1,
        children=children,
        other_town=any(read.other_town for read in reads),
        note="" if bare else " ".join(notes)[:_NOTE],
    )


def _moment(reads: Sequence[Read]) -> datetime:
    """When the family came; a time that is still to come today is now."""
    at = min((read.at for read in reads if read.at), default="")
    moment = time.fromisoformat(at) if at else AT
    day = date.fromisoformat(reads[0].on)
    return min(clock.at(day, moment.hour, moment.minute), clock.now())


def _keep(batch: Batch) -> int:
    """Write at the rows what became of them."""
    kept = []
    for number, rows in batch.lines.items():
        for line in rows:
            made = {"did": "same", **line.made} | (batch.made[number] if line.number == number else {})
            kept.append(
                {"id": line.pk, "household": batch.homes[number], "visit": line.visit_id, "made": made}
            )
    store.keep_brought_in(kept)
    return len(kept)
