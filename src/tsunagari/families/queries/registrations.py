"""Who was home when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.families.models import Household, Registration
from tsunagari.families.queries.hits import MASK
from tsunagari.places.models import Agency

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HomeSpan:
    """One agency as home for a span of days; texts are ready, `until` empty while it is home."""

    agency: str
    since: str
    until: str


def home_on(household: Household, day: date) -> Agency | None:
    """The home agency of the household on a day; at most one (database constraint)."""
    row = holding(household, day).filter(is_home=True).select_related("agency").first()
    return row.agency if row else None


def holding(household: Household, day: date) -> QuerySet[Registration]:
    """Registrations of the household that hold on the day."""
    return Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), household=household, starts_on__lte=day
    )


def homes(household: Household) -> list[HomeSpan]:
    """All home agencies, the newest first, an agency that stayed home through several rows once.

    Those that have not begun yet are among them; a protected family names none.
    """
    rows = Registration.objects.filter(household=household, is_home=True).select_related("agency")
    spans: list[tuple[Agency, date, date | None]] = []
    for row in rows.order_by("starts_on", "pk"):
        if spans and spans[-1][0] == row.agency and spans[-1][2] == row.starts_on - _DAY:
            spans[-1] = (row.agency, spans[-1][1], row.ends_on)
        else:
            spans.append((row.agency, row.starts_on, row.ends_on))
    return [_span(*span, masked=household.protected) for span in reversed(spans)]


def _span(agency: Agency, since: date, until: date | None, *, masked: bool) -> HomeSpan:
    return HomeSpan(
        agency=MASK if masked else agency.name,
        since=format_wareki(since),
        until=format_wareki(until) if until else "",
    )


def has_open_after(household: Household, day: date) -> bool:
    """Whether the household is registered with any agency after the day."""
    return Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), household=household
    ).exists()


def has_home(household: Household) -> bool:
    """Whether the household has a home today, or one that begins later."""
    today = clock.today()
    return Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), household=household, is_home=True
    ).exists()
