"""From a figure to what is behind it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.reports import access
from tsunagari.reports.figures import Span, figures_of
from tsunagari.reports.models import Report
from tsunagari.reports.queries import drill, reading
from tsunagari.reports.rules import named_cells
from tsunagari.reports.views.common import period_from, report_of


@allow(access.DRILL)
def report_cell(request: StaffRequest, report_id: int, name: str) -> HttpResponse:
    """Behind a figure of a report."""
    found = report_of(request, report_id)
    own = found.agency_id is not None and found.agency_id == request.actor.agency_id
    span = reading.span_of(request.actor, found, whole=own)
    frozen = named_cells(reading.shown(request.actor, found)) if reading.is_frozen(found) else {}
    back = reverse("report", args=[found.pk]) if request.actor.may(access.READ) else reverse("records")
    return _page(request, span, name, back, found, frozen.get(name, ("", None))[1])


@allow(access.DRILL)
def period_cell(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Behind a figure of the town's month or year."""
    span = reading.span_of_city(request.actor, period_from(code))
    return _page(request, span, name, reverse("report_period", args=[code]))


def _page(
    request: StaffRequest,
    span: Span,
    name: str,
    back: str,
    found: Report | None = None,
    frozen: int | None = None,
) -> HttpResponse:
    start = _start(request)
    behind = drill.behind(request.actor, span, figures_of(span), name, start=start)
    if behind is None:
        raise Http404
    families = [one.household_id for one in behind.families]
    detail = {"cell": name, "period": span.period.code, "records": list(behind.ids), "families": families}
    audit.record(access.DRILL, actor=request.actor, obj=found, detail=detail)
    context = {
        "behind": behind,
        "period": span.period,
        "back": back,
        "frozen": frozen if frozen != behind.value else None,
        "start": start,
        "agency": found.agency if found else None,
    }
    return render(request, "reports/cell.html", context)


def _start(request: StaffRequest) -> int:
    text = request.GET.get("start", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0
