"""Reads about the places agencies go to, and the times of day they count by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import jpholiday
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, When

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.base.walls import PeriodQuerySet
from tsunagari.places.models import Agency, OpeningException, Site, SiteTime, TimeSlot
from tsunagari.places.rules import DEFAULT_SLOTS, SiteTimeInput, Slot, Span, minutes_by_month, open_times


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site of an agency on one day, and when it is open then."""

    id: int
    name: str
    kind: str
    spans: tuple[Span, ...] = ()

    @property
    def is_open(self) -> bool:
        return bool(self.spans)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day a site is open; `why` says what is unusual about it."""

    day: date
    spans: tuple[Span, ...]
    why: str = ""
    row_id: int | None = None


def open_on(agency_id: int, day: date) -> list[SiteChoice]:
    """The agency's sites that are open on the day, by name: weekly times of 第1・第3水曜 and the like rest on public
    holidays and on days the agency is closed, unless the very day stands in the site's plan. One query."""
    return [site for site in sites_on(agency_id, day) if site.is_open]


def sites_on(agency_id: int, day: date) -> list[SiteChoice]:
    """All sites the agency has on the day, those that are open first. One query."""
    found: dict[int, tuple[str, str, bool, list[SiteTimeInput]]] = {}
    for pk, name, kind, closed, *rest in _sites_on(agency_id, day):
        times = found.setdefault(pk, (name, kind, closed, []))[3]
        if rest[0] is not None:
            times.append(_time(*rest))
    holiday = bool(jpholiday.is_holiday_name(day))
    choices = [
        SiteChoice(pk, name, kind, open_times(day, times, resting=holiday or closed))
        for pk, (name, kind, closed, times) in found.items()
    ]
    return sorted(choices, key=lambda site: not site.is_open)


def running_sites(actor: Actor, day: date) -> QuerySet[Site]:
    """Sites that the actor may see and that are there on the day, by name; an agency's own for its staff."""
    rows = Site.objects.visible_to(actor).on(day).order_by("name")
    return rows if actor.agency_id is None else rows.filter(agency_id=actor.agency_id)


@prepared
def _sites_on(agency: int, day: date) -> QuerySet[Site, tuple[Any, ...]]:
    closed = OpeningException.objects.filter(
        agency_id=OuterRef("agency_id"), first_day__lte=day, last_day__gte=day, opens__isnull=True
    )
    here = Site.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), agency=agency, valid_from__lte=day
    )
    columns = ("opens", "closes", "weekday", "weeks", "day", "valid_from", "valid_to")
    return (
        here.annotate(closed=Exists(closed))
        .order_by("name", "pk")
        .values_list("pk", "name", "kind", "closed", *(f"times__{column}" for column in columns))
    )


def _time(
    opens: time,
    closes: time,
    weekday: int | None,
    weeks: list[int] | None,
    day: date | None,
    valid_from: date | None,
    valid_to: date | None,
) -> SiteTimeInput:
    return SiteTimeInput(opens, closes, weekday, tuple(weeks or ()), day, valid_from, valid_to)


def time_input(row: SiteTime) -> SiteTimeInput:
    """A stored opening as input again."""
    return _time(row.opens, row.closes, row.weekday, row.weeks, row.day, row.valid_from, row.valid_to)


def manages(actor: Actor, agency_id: int) -> bool:
    """Whether the sites and slots of this agency are the actor's to decide: the own agency's, for the city all."""
    return actor.scope == "municipality" or actor.agency_id == agency_id


def sites(
    actor: Actor, *, agency_id: int | None = None, day: date, ended: bool = False
) -> PeriodQuerySet[Site]:
    """Sites of the town (or of one agency) by agency and name, with `times` and `agency` at hand: those that have
    not ended before `day`, or with `ended` those that have. Two queries when read."""
    found = Site.objects.visible_to(actor).select_related("agency")
    if agency_id is not None:
        found = found.filter(agency_id=agency_id)
    past = Q(valid_to__lt=day)
    times = Prefetch("times", SiteTime.objects.order_by("weekday", "day", "opens", "pk"))
    return (
        found.filter(past if ended else ~past).order_by("agency__name", "name", "pk").prefetch_related(times)
    )


def own_first(actor: Actor, found: QuerySet[Site]) -> QuerySet[Site]:
    """The sites of the actor's own agency before the others, in their order."""
    theirs = Case(When(agency_id=actor.agency_id or 0, then=0), default=1)
    return found.order_by(theirs, *found.query.order_by)


def weekly_times(site: Site, day: date) -> list[SiteTimeInput]:
    """The weekly openings that hold on `day`, or begin after it."""
    rows = (time_input(row) for row in site.times.all())
    return [row for row in rows if row.day is None and (row.valid_to is None or row.valid_to >= day)]


def coming_days(site: Site, first: date, *, days: int = 60) -> list[OpenDay]:
    """When the site is open from `first` on, day by day. At most two queries."""
    return _open_days(site, first, first + timedelta(days=days))


def _open_days(site: Site, first: date, last: date) -> list[OpenDay]:
    rows = list(site.times.all())
    times = [time_input(row) for row in rows]
    own = {row.day: row.pk for row in rows if row.day is not None}
    first, last = max(first, site.valid_from), min(last, site.valid_to or last)
    resting = resting_days(site.agency_id, first, last)
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if spans := open_times(day, times, resting=day in resting):
            found.append(OpenDay(day, spans, resting.get(day, ""), own.get(day)))
    return found


def resting_days(agency_id: int, first: date, last: date) -> dict[date, str]:
    """Public holidays and the agency's closed days between `first` and `last` inclusive, with why. One query."""
    if last < first:
        return {}
    found: dict[date, str] = dict(jpholiday.between(first, last))
    closed = OpeningException.objects.filter(
        agency_id=agency_id, first_day__lte=last, last_day__gte=first, opens__isnull=True
    )
    for row in closed:
        day = max(row.first_day, first)
        while day <= min(row.last_day, last):
            found.setdefault(day, row.reason or "機関の休み")
            day += timedelta(days=1)
    return found


def site_minutes(site: Site, first: date, last: date) -> dict[date, int]:
    """Minutes the site was (or will be) open in each month, by the month's first day, between `first` and `last`
    inclusive. Months outside the site's period stand at 0. At most two queries."""
    months = minutes_by_month([], first, last, resting=())
    since, until = max(first, site.valid_from), min(last, site.valid_to or last)
    times = [time_input(row) for row in site.times.all()]
    if since <= until:
        resting = resting_days(site.agency_id, since, until)
        months |= minutes_by_month(times, since, until, resting=resting)
    return months


def slots_of(agency_id: int) -> tuple[Slot, ...]:
    """The times of day the agency's roster counts by, in order; 午前 and 午後 when nobody set any. One query."""
    own = tuple(Slot(name, starts) for name, starts in _slots(agency_id))
    return own or DEFAULT_SLOTS


@prepared
def _slots(agency: int) -> QuerySet[TimeSlot, tuple[str, time]]:
    return TimeSlot.objects.filter(agency=agency).order_by("starts").values_list("name", "starts")


def agencies_managed(actor: Actor, day: date) -> Iterable[Agency]:
    """Agencies whose sites the actor may decide about, those closed before `day` left out."""
    found = Agency.objects.visible_to(actor).filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day))
    if actor.scope != "municipality":
        found = found.filter(pk=actor.agency_id or 0)
    return found.order_by("name")
