"""Reads about agencies: how each was on a day, lists, and who is open now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import jpholiday
from django.db.models import Prefetch, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfTownQuerySet
from tsunagari.places.models import (
    Agency,
    AgencyPeriod,
    Designation,
    OpeningException,
    OpeningHour,
)
from tsunagari.places.rules import (
    CODE_LISTS,
    PLAIN_FIELDS,
    ChannelInput,
    HourInput,
    Openings,
    PeriodInput,
    SpecialDays,
    openings,
)

type_pairs = Iterable[tuple[int, date]]
Agencies = OfTownQuerySet[Agency]


@dataclass(frozen=True, slots=True)
class AgencyFilters:
    """What to show of the list; empty means all. `state` is open, closed or all."""

    text: str = ""
    area_code: str = ""
    place_kind: str = ""
    designated: bool | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency in a list, as it is on the day asked for."""

    agency: Agency
    period: AgencyPeriod | None
    openings: Openings
    designation: Designation | None

    @property
    def area_name(self) -> str:
        return self.period.area.name if self.period and self.period.area else ""


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether an agency is open at a moment, and the day's openings."""

    now: bool
    openings: Openings


def agencies(
    actor: Actor, filters: AgencyFilters | None = None, *, day: date | None = None
) -> list[AgencyLine]:
    """The town's agencies on `day` (today), centre first, then by area; a fixed number of queries."""
    filters, day = filters or AgencyFilters(), day or clock.today()
    found = Agency.objects.visible_to(actor).order_by("name")
    if filters.state == "open":
        found = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day))
    elif filters.state == "closed":
        found = found.filter(closed_on__lt=day)
    periods = AgencyPeriod.objects.filter(valid_from__lte=day).order_by("valid_from").select_related("area")
    found = found.prefetch_related(
        Prefetch("periods", periods.defer("area__polygon").prefetch_related("hours"), to_attr="until_then"),
        Prefetch("designations", Designation.objects.on(day), to_attr="running"),
        Prefetch("exceptions", _exceptions_on(day), to_attr="special"),
    )
    lines = [_line(agency, day) for agency in found]
    return sorted((line for line in lines if _fits(line, filters)), key=_order)


def _line(agency: Agency, day: date) -> AgencyLine:
    period = agency.until_then[-1] if agency.until_then else None  # type: ignore[attr-defined]
    running = agency.running  # type: ignore[attr-defined]
    hours = period.hours.all() if period else ()
    special = [_special(row) for row in agency.special]  # type: ignore[attr-defined]
    return AgencyLine(agency, period, _openings(day, hours, special), running[0] if running else None)


def _order(line: AgencyLine) -> tuple[bool, bool, str, str]:
    area = line.period.area.code if line.period and line.period.area else ""
    return line.agency.kind != Agency.Kind.CENTRE, not area, area, line.agency.name


def _fits(line: AgencyLine, filters: AgencyFilters) -> bool:
    period = line.period
    if filters.designated is not None and (line.designation is not None) is not filters.designated:
        return False
    if filters.place_kind and (period is None or period.place_kind != filters.place_kind):
        return False
    if filters.area_code and (period is None or period.area is None or period.area.code != filters.area_code):
        return False
    words = filters.text.split()
    text = " ".join(
        (line.agency.name, line.agency.identifier, *((period.kana, period.address) if period else ()))
    )
    return all(word in text for word in words)


def period_on(agency_ids: Collection[int], day: date) -> dict[int, AgencyPeriod]:
    """How each agency was on `day`; agencies without a period then are left out. One query."""
    rows = AgencyPeriod.objects.filter(agency_id__in=agency_ids).on(day).select_related("area")
    return {row.agency_id: row for row in rows.defer("area__polygon")}


def period_of(agency: Agency, day: date | None = None) -> AgencyPeriod | None:
    """The period to show for `day` (today): the one that holds it, else the last before, else the first."""
    day = day or clock.today()
    rows = list(agency.periods.order_by("valid_from").select_related("area").prefetch_related("hours"))
    before = [row for row in rows if row.valid_from <= day]
    return before[-1] if before else (rows[0] if rows else None)


def names_on(pairs: type_pairs) -> dict[tuple[int, date], str]:
    """The name each agency had on each day. Outside its periods the nearest one speaks. At most one query."""
    asked = set(pairs)
    if not asked:
        return {}
    spans: dict[int, list[tuple[date, str]]] = defaultdict(list)
    rows = AgencyPeriod.objects.filter(agency_id__in={agency_id for agency_id, _ in asked}).order_by(
        "valid_from"
    )
    for agency_id, first, name in rows.values_list("agency_id", "valid_from", "name"):
        spans[agency_id].append((first, name))
    return {(agency_id, day): _name_at(spans[agency_id], day) for agency_id, day in asked if spans[agency_id]}


def _name_at(spans: list[tuple[date, str]], day: date) -> str:
    name = spans[0][1]
    for first, later in spans:
        if first <= day:
            name = later
    return name


def open_now(agency: Agency, moment: datetime | None = None) -> OpenState:
    """Whether the agency is open at `moment` (now), by its hours, public holidays and exceptions."""
    moment = (moment or clock.now()).astimezone(clock.TOKYO)
    found = openings_on(agency, moment.date())
    return OpenState(found.holds(moment), found)


def openings_on(agency: Agency, day: date) -> Openings:
    """The day's openings of one agency. No hours are known on days outside its periods."""
    period = AgencyPeriod.objects.filter(agency=agency).on(day).prefetch_related("hours").first()
    special = [_special(row) for row in _exceptions_on(day).filter(agency=agency)]
    return _openings(day, period.hours.all() if period else (), special)


def _openings(day: date, hours: Iterable[OpeningHour], special: list[SpecialDays]) -> Openings:
    return openings(day, [_hour(row) for row in hours], special, jpholiday.is_holiday_name(day))


def _exceptions_on(day: date) -> OfTownQuerySet[OpeningException]:
    return OpeningException.objects.filter(first_day__lte=day, last_day__gte=day)


def coming_exceptions(agency: Agency, day: date) -> QuerySet[OpeningException]:
    """Days off and changed hours of the agency that end on the day or later."""
    return OpeningException.objects.filter(agency=agency, last_day__gte=day).order_by("first_day")


def open_agencies(actor: Actor) -> QuerySet[Agency]:
    """Agencies of the town that are not closed, by kind and name."""
    return Agency.objects.visible_to(actor).filter(closed_on__isnull=True).order_by("kind", "name")


def all_agencies(actor: Actor) -> QuerySet[Agency]:
    """Agencies of the town, the closed ones too, by kind and name."""
    return Agency.objects.visible_to(actor).order_by("kind", "name")


def _special(row: OpeningException) -> SpecialDays:
    return SpecialDays(row.first_day, row.last_day, row.opens, row.closes, row.reason)


def _hour(row: OpeningHour) -> HourInput:
    return HourInput(row.weekday, row.opens, row.closes, row.kind)


def period_input(period: AgencyPeriod) -> PeriodInput:
    """A stored period as input again, for forms and for finding differences."""
    values: dict[str, object] = {name: getattr(period, name) for name in PLAIN_FIELDS}
    lists: Mapping[str, object] = {name: tuple(getattr(period, name)) for name in CODE_LISTS}
    channels = tuple(ChannelInput(**channel) for channel in period.channels)
    hours = tuple(sorted(_hour(row) for row in period.hours.all()))
    return PeriodInput(**values, **lists, channels=channels, hours=hours)  # type: ignore[arg-type]
