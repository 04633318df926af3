"""The roster of a day by place and time of day, and the days of a month at a glance (D2, C5)."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Tally, Visit
from tsunagari.encounters.queries.roster import Roster, RosterLine, counts_of, roster
from tsunagari.encounters.queries.tallies import TallyLine
from tsunagari.encounters.rules import Counts, count_slots
from tsunagari.places.models import Site
from tsunagari.places.queries import slots_of
from tsunagari.places.rules import Slot, slot_of

HERE = 0  # the filter for what was at the agency itself


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere people came on the day: the agency (HERE) or a site."""

    id: int
    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class SlotCounts:
    """A time of day and who first came in it."""

    number: int
    slot: Slot
    counts: Counts


@dataclass(frozen=True, slots=True)
class DayBook:
    """A day's roster, narrowed to one place and one time of day where asked. `counts` are of the place and, with a
    slot, of those who first came in it; `slots` are of the place. Site names by id in `site_names`."""

    roster: Roster
    lines: list[RosterLine] = field(default_factory=list)
    tallies: list[TallyLine] = field(default_factory=list)
    undone: list[RosterLine] = field(default_factory=list)
    undone_tallies: list[TallyLine] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    slots: list[SlotCounts] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    site_names: dict[int, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.roster.day

    @property
    def taken_back(self) -> int:
        """How many entries were taken back."""
        return len(self.undone) + len(self.undone_tallies)


def day_book(actor: Actor, day: date, *, site: int | None = None, slot: int | None = None) -> DayBook:
    """Who came to the actor's agency on the day. `site` is a site's id or HERE, `slot` a position in the agency's
    times of day; None shows all, and so does a slot there is none of. Six queries, however many came."""
    found = roster(actor, day)
    if actor.agency_id is None:
        return DayBook(found)
    names = dict(_site_names(actor.agency_id))
    slots = slots_of(actor.agency_id)
    lines, undone = _there(found.lines, site, names), _there(found.undone, site, names)
    tallied = _there(found.tallies, site, names)
    standing = [tally for tally in tallied if not tally.undone]
    parts = count_slots((line.came for line in lines), (tally.tallied for tally in standing), slots)
    chosen = slot if slot is not None and 0 <= slot < len(slots) else None
    return DayBook(
        found,
        [line for line in lines if chosen in (None, slot_of(slots, line.at.time()))],
        [tally for tally in standing if chosen in (None, slot_of(slots, tally.at))],
        undone,
        [tally for tally in tallied if tally.undone],
        counts_of(lines, standing) if chosen is None else parts[chosen],
        [SlotCounts(number, part, parts[number]) for number, part in enumerate(slots)],
        _places([*found.lines, *(tally for tally in found.tallies if not tally.undone)], names),
        names,
    )


@prepared
def _site_names(agency: int) -> QuerySet[Site, tuple[int, str]]:
    return Site.objects.filter(agency=agency).values_list("pk", "name")


def _there(rows: Sequence[Any], site: int | None, names: dict[int, str]) -> list[Any]:
    """Rows of one place; of all places, each with the name of the site it was at."""
    if site is not None:
        return [row for row in rows if (row.site_id or HERE) == site]
    return [replace(row, site=names.get(row.site_id, "")) if row.site_id else row for row in rows]


def _places(rows: Iterable[RosterLine | TallyLine], names: dict[int, str]) -> list[Place]:
    """Where anybody came; empty when it was all at the agency."""
    entries = Counter(row.site_id or HERE for row in rows)
    if set(entries) <= {HERE}:
        return []
    return [
        Place(pk, names.get(pk, "") if pk else "機関で", entries[pk])
        for pk in sorted(entries, key=lambda pk: (pk != HERE, names.get(pk, ""), pk))
    ]


@dataclass(frozen=True, slots=True)
class DayCount:
    """Families of one day, those in tallies among them."""

    day: date
    families: int = 0


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """The days of a month in weeks from Monday; None stands for days of the months beside it."""

    first: date
    weeks: list[list[DayCount | None]]

    @property
    def before(self) -> date:
        """The last day of the month before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return (self.first + timedelta(days=31)).replace(day=1)


def month_counts(actor: Actor, day: date, *, site: int | None = None) -> MonthCounts | None:
    """How many families came on each day of the month that holds `day`, to the actor's agency or one of its places.
    A family counts once a day. One query; None for roles without an agency."""
    if actor.agency_id is None:
        return None
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    here = Q() if site is None else Q(site_id=site) if site else Q(site_id__isnull=True)
    families: Counter[date] = Counter()
    for on, number in _families_by_day(actor, first, last, here):
        families[on] += number
    weeks = calendar.Calendar().monthdatescalendar(day.year, day.month)
    cells = [[DayCount(on, families[on]) if on.month == day.month else None for on in week] for week in weeks]
    return MonthCounts(first, cells)


def _families_by_day(actor: Actor, first: date, last: date, here: Q) -> Any:
    visits = Visit.objects.own_of(actor).filter(here, visited_on__range=(first, last), undone_at__isnull=True)
    counted = Tally.objects.own_of(actor).filter(here, day__range=(first, last), undone_at__isnull=True)
    named = Count("household", distinct=True) + Count("pk", filter=Q(household__isnull=True))
    return (
        visits.order_by()
        .values_list("visited_on")
        .annotate(n=named)
        .union(counted.order_by().values_list("day").annotate(n=Sum("families")), all=True)
    )


def neighbours(day: date) -> tuple[date, date | None]:
    """The day before and the day after; no day after today."""
    after = day + timedelta(days=1)
    return day - timedelta(days=1), after if after <= clock.today() else None
