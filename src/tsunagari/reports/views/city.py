"""The city's side: who handed in what, the town's figures of a month or year, and those who are late."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.base.pages import go, render
from tsunagari.reports import access
from tsunagari.reports.figures import figures_of
from tsunagari.reports.operations import making
from tsunagari.reports.queries import asking, reading, reports, years
from tsunagari.reports.rules import months_of_year, year_of
from tsunagari.reports.views.common import OLDEST_YEAR, period_from, shown, tiles

PAGE = 100
WAITING_SHOWN = 20


@allow(access.CITY)
def city(request: StaffRequest) -> HttpResponse:
    """All agencies × months of a fiscal year, what waits, who is late."""
    year = _year(request)
    months = months_of_year(year)
    page = Paginator(asking.all_reporting(request.actor), PAGE).get_page(request.GET.get("page"))
    lines = reports.town_months(request.actor, months, list(page.object_list))
    waiting = reports.waiting(request.actor)
    context = {
        "page": page,
        "year": year_of(year),
        "months": list(zip(months, reports.year_line(request.actor, year), strict=True)),
        "today": clock.today(),
        "lines": [(line[0].agency, line) for line in lines if line],
        "waiting": waiting[:WAITING_SHOWN],
        "waiting_count": waiting.count(),
        "late": reports.late(request.actor),
        "before": year - 1 if year > OLDEST_YEAR else None,
        "after": year + 1 if year < fiscal_year(clock.today()) else None,
    }
    return render(request, "reports/city.html", context)


def _year(request: StaffRequest) -> int:
    text, now = request.GET.get("year", ""), fiscal_year(clock.today())
    wanted = int(text) if text.isdecimal() and len(text) == 4 else now
    return min(max(wanted, OLDEST_YEAR), now)


@allow(access.CITY)
def late(request: StaffRequest) -> HttpResponse:
    """Who has not handed in, and since how many days."""
    page = Paginator(reports.late(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/late.html", {"page": page, "slots": page.object_list})


@allow(access.CITY)
def period(request: StaffRequest, code: str) -> HttpResponse:
    """The town's figures of a month or fiscal year as the records stand now."""
    when = period_from(code)
    span = reading.span_of_city(request.actor, when)
    link = (
        (lambda name: reverse("report_period_cell", args=[code, name]))
        if request.actor.may(access.DRILL)
        else None
    )
    sections = figures_of(span)
    context = {
        "period": when,
        "sections": shown(sections, link),
        "tiles": tiles(sections),
        "trend": shown([years.trend(span)]) if when.kind == "yearly" else [],
        "agencies": len(span.agencies),
    }
    return render(request, "reports/period.html", context)


@require_POST
@allow(access.CITY)
def keep(request: StaffRequest, code: str) -> HttpResponse:
    """The city's own monthly report, to be commented and made final."""
    made = making.draft_of(None, period_from(code), actor=request.actor)
    return go(request, reverse("report", args=[made.pk]))
