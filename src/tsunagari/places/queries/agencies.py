"""Reads about agencies: how each was on a day, lists, and who is open now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import jpholiday
from django.db.models import Exists, F, FilteredRelation, Max, Min, OuterRef, Prefetch, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfTownQuerySet
from tsunagari.places.models import (
    Agency,
    AgencyPeriod,
    Area,
    Designation,
    OpeningException,
    OpeningHour,
)
from tsunagari.places.rules import (
    CODE_LISTS,
    HOLIDAY,
    PLAIN_FIELDS,
    ChannelInput,
    HourInput,
    Openings,
    PeriodInput,
    SpecialDays,
    openings,
)

Agencies = OfTownQuerySet[Agency]
MOST_SPOTS = 1_000


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
) -> QuerySet[Agency]:
    """The town's agencies that fit on `day` (today), centre first, then by area; cut them before `agency_lines`."""
    filters, day = filters or AgencyFilters(), day or clock.today()
    found: QuerySet[Any] = _as_on(Agency.objects.visible_to(actor), day)
    if filters.state == "open":
        found = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day))
    elif filters.state == "closed":
        found = found.filter(closed_on__lt=day)
    if filters.designated is not None:
        running = Exists(Designation.objects.on(day).filter(agency=OuterRef("pk")))
        found = found.filter(running if filters.designated else ~running)
    if filters.place_kind:
        found = found.filter(as_then__place_kind=filters.place_kind)
    if filters.area_code:
        found = found.filter(as_then__area__code=filters.area_code)
    for word in filters.text.split():
        found = found.filter(_says(word))
    order = (
        F("kind").desc(),
        "as_then__area__code",
        "name",
        "pk",
    )  # "centre" comes after "agency"; no area comes last
    return found.order_by(*order).prefetch_related(*_of_day(day))


def _as_on(found: QuerySet[Agency], day: date) -> QuerySet[Agency]:
    """Each once, with `as_then`: its last period that had begun by the day, if there is one."""
    begun = FilteredRelation("periods", condition=Q(periods__valid_from__lte=day))
    return found.annotate(as_then=begun).filter(Q(as_then__isnull=True) | Q(as_then__in=_last_begun(day)))


def _last_begun(day: date) -> QuerySet[AgencyPeriod, Any]:
    begun = AgencyPeriod.objects.filter(valid_from__lte=day).order_by("agency", "-valid_from")
    return begun.distinct("agency").values("pk")


def _says(word: str) -> Q:
    said = [
        Q(**{f"{name}__contains": word})
        for name in ("name", "identifier", "as_then__kana", "as_then__address")
    ]
    return said[0] | said[1] | said[2] | said[3]


def _of_day(day: date) -> tuple[Prefetch[Any], ...]:
    """What a line says of an agency on the day, in five queries for any number."""
    begun = AgencyPeriod.objects.filter(valid_from__lte=day).order_by("valid_from").select_related("area")
    return (
        Prefetch("periods", begun.defer("area__polygon").prefetch_related("hours"), to_attr="until_then"),
        Prefetch("designations", Designation.objects.on(day), to_attr="running"),
        Prefetch("exceptions", _exceptions_on(day), to_attr="special"),
    )


def agency_lines(found: Iterable[Agency], *, day: date | None = None) -> list[AgencyLine]:
    """Rows of `agencies` as they are on the same day."""
    return [_line(agency, day or clock.today()) for agency in found]


def agencies_in(actor: Actor, areas: Collection[Area], *, day: date | None = None) -> list[AgencyLine]:
    """The agencies that stand in one of these areas of one kind on `day` (today)."""
    kinds, codes = {area.kind for area in areas}, {area.code for area in areas}
    found: QuerySet[Any] = agencies(actor, day=day)
    there = found.filter(as_then__area__kind__in=kinds, as_then__area__code__in=codes)
    return agency_lines(there, day=day)


def periods_on_map(actor: Actor, areas: Collection[Area]) -> list[AgencyPeriod]:
    """Agencies open today that may stand in the frame of these areas, with where they stand; the first MOST_SPOTS."""
    frame = Area.objects.filter(pk__in=[area.pk for area in areas])
    edges = frame.aggregate(Min("min_lon"), Min("min_lat"), Max("max_lon"), Max("max_lat"))
    west, south, east, north = edges.values()
    if None in (west, south, east, north):
        return []
    there = AgencyPeriod.objects.visible_to(actor).filter(pk__in=_last_begun(clock.today()))
    found = there.filter(longitude__range=(west, east), latitude__range=(south, north))
    standing = Q(agency__closed_on__isnull=True) | Q(agency__closed_on__gte=clock.today())
    columns = ("name", "longitude", "latitude", "agency__kind")
    return list(found.filter(standing).select_related("agency").only(*columns).order_by("pk")[:MOST_SPOTS])


def _line(agency: Agency, day: date) -> AgencyLine:
    period = agency.until_then[-1] if agency.until_then else None  # type: ignore[attr-defined]
    running = agency.running  # type: ignore[attr-defined]
    hours = period.hours.all() if period else ()
    special = [_special(row) for row in agency.special]  # type: ignore[attr-defined]
    return AgencyLine(agency, period, _openings(day, hours, special), running[0] if running else None)


def open_count(actor: Actor, day: date) -> int:
    """How many agencies are open at some time of the day, as `openings` says of each. One query."""
    weekday = HOLIDAY if jpholiday.is_holiday_name(day) else day.weekday()
    usual = OpeningHour.objects.filter(
        kind=OpeningHour.Kind.OPEN, weekday=weekday, period__in=_last_begun(day)
    )
    special = _exceptions_on(day).order_by("agency", "-first_day", "pk").distinct("agency")
    hours = Q(opens__isnull=True) | Q(closes__isnull=True)
    changed = OpeningException.objects.filter(pk__in=special.values("pk"))
    found = Agency.objects.visible_to(actor).filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day))
    as_usual = Q(pk__in=usual.values("period__agency")) & ~Q(pk__in=changed.values("agency"))
    return found.filter(as_usual | Q(pk__in=changed.exclude(hours).values("agency"))).count()


def period_of(agency: Agency, day: date | None = None) -> AgencyPeriod | None:
    """The period to show for `day` (today): the one that holds it, else the last before, else the first."""
    day = day or clock.today()
    rows = list(agency.periods.order_by("valid_from").select_related("area").prefetch_related("hours"))
    before = [row for row in rows if row.valid_from <= day]
    return before[-1] if before else (rows[0] if rows else None)


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
