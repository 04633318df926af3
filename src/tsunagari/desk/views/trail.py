"""The trail on a screen: for 監査 and 施設長, per family and per person; and for everyone their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.desk import access, queries
from tsunagari.desk.forms import TrailForm
from tsunagari.desk.queries import TrailFilter
from tsunagari.desk.views import trail_paper
from tsunagari.families.models import Household


@allow(access.READ_TRAIL)
def trail(request: StaffRequest) -> HttpResponse:
    """The municipality's trail (監査) or the own agency's (施設長), with filters."""
    form = _form(request)
    wanted = _wanted(request, form.cleaned_data if form.is_valid() else {})
    audit.record(access.READ_TRAIL, actor=request.actor, household_id=wanted.household_id)
    wrong = form.is_bound and not form.is_valid()
    context = {
        "form": form,
        "page": None if wrong else queries.trail_page(request.actor, wanted),
        "since": wanted.since,
        "until": wanted.until,
        "link": "family_trail",
        "check": queries.last_check(request.actor) if request.actor.may(access.VERIFY_TRAIL) else None,
    }
    status = 422 if wrong else 200
    return render(request, "desk/trail.html", context, fragment="desk/parts/trail_lines.html", status=status)


@allow(access.EXPORT_TRAIL)
@require_safe
def trail_xlsx(request: StaffRequest) -> HttpResponse:
    """The lines as they are filtered, with the words of the screen; that they were taken is on the trail."""
    form = _form(request)
    if form.is_bound and not form.is_valid():
        return go(request, f"{reverse('trail')}?{request.GET.urlencode()}")
    wanted = _wanted(request, form.cleaned_data if form.is_bound else {})
    lines, more = queries.trail_lines(request.actor, wanted)
    detail = {"lines": len(lines), "more": more}
    audit.record(access.EXPORT_TRAIL, actor=request.actor, household_id=wanted.household_id, detail=detail)
    response = HttpResponse(trail_paper.workbook(lines, more), content_type=trail_paper.XLSX)
    response["Content-Disposition"] = f'attachment; filename="trail-{clock.today():%Y%m%d}.xlsx"'
    return response


@allow(access.VERIFY_TRAIL)
@require_POST
def trail_check(request: StaffRequest) -> HttpResponse:
    """Read the newest part of the chain again; what came out is on the trail, and so on the next page."""
    first, found = queries.check_newest(request.actor)
    detail = {"first": first, "last": first + found.entries - 1}
    if found.broken:
        detail["broken"] = found.broken.seq
        messages.error(request, f"{found.broken.seq}番目の{found.broken.kind}管理者に知らせてください。")
    else:
        messages.success(request, f"{found.entries}件を読みなおしました。書きかえられていません。")
    audit.record(access.VERIFY_TRAIL, actor=request.actor, detail=detail)
    return go(request, reverse("trail"))


def _form(request: StaffRequest) -> TrailForm:
    return TrailForm(
        request.GET or None,
        staff=queries.staff_choices(request.actor),
        agencies=queries.agency_choices(request.actor),
    )


def _wanted(request: StaffRequest, values: Mapping[str, Any]) -> TrailFilter:
    """What the form asks for. A family's or a past span's lines are wanted however old they are."""
    until = values.get("until")
    anytime = values.get("household") or (until and until < queries.default_since())
    return TrailFilter(
        household_id=values.get("household"),
        user_id=values.get("user"),
        agency_id=values.get("agency"),
        what=values.get("what") or "",
        since=values.get("since") or (None if anytime else queries.default_since()),
        until=until,
        before=_before(request),
    )


@allow(access.READ_TRAIL)
def of_family(request: StaffRequest, household_id: int) -> HttpResponse:
    """Who opened or changed this family; an auditor sees the number only, a manager the own agency's families."""
    if request.actor.scope != "none":
        seen(Household, request.actor, pk=household_id)
    wanted = TrailFilter(household_id=household_id, before=_before(request))
    audit.record(access.READ_TRAIL, actor=request.actor, household_id=household_id)
    page = queries.trail_page(request.actor, wanted)
    context = {
        "page": page,
        "readers": queries.family_readers(request.actor, household_id),
        "link": "family_trail",
        "household_id": household_id,
        "knows_family": request.actor.scope != "none",
    }
    return render(request, "desk/family_trail.html", context, fragment="desk/parts/trail_lines.html")


@allow(access.READ_OWN_TRAIL)
def mine(request: StaffRequest) -> HttpResponse:
    """What the signed-in person did and saw."""
    page = queries.own_trail_page(request.actor, _before(request))
    return render(
        request,
        "desk/trail_mine.html",
        {"page": page, "link": "family"},
        fragment="desk/parts/trail_lines.html",
    )


def _before(request: StaffRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
