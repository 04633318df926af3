"""The trail on a screen: for 監査 and 施設長, per family and per person; and for everyone their own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.desk import access, queries
from tsunagari.desk.forms import TrailForm
from tsunagari.desk.queries import TrailFilter
from tsunagari.families.models import Household


@allow(access.READ_TRAIL)
def trail(request: StaffRequest) -> HttpResponse:
    """The municipality's trail (監査) or the own agency's (施設長), with filters."""
    form = TrailForm(request.GET or None, staff=queries.staff_choices(request.actor))
    values = form.cleaned_data if form.is_bound and form.is_valid() else {}
    wanted = TrailFilter(
        household_id=values.get("household"),
        user_id=values.get("user"),
        since=values.get("since") or queries.default_since(),
        until=values.get("until"),
        before=_before(request),
    )
    audit.record(access.READ_TRAIL, actor=request.actor, household_id=wanted.household_id)
    context = {
        "form": form,
        "page": queries.trail_page(request.actor, wanted),
        "since": wanted.since,
        "link": "family_trail",
    }
    return render(request, "desk/trail.html", context, fragment="desk/parts/trail_lines.html")


@allow(access.READ_TRAIL)
def of_family(request: StaffRequest, household_id: int) -> HttpResponse:
    """Who opened or changed this family; an auditor sees the number only, a manager the own agency's families."""
    if request.actor.scope != "none":
        get_object_or_404(Household.objects.visible_to(request.actor), pk=household_id)
    wanted = TrailFilter(household_id=household_id, before=_before(request))
    audit.record(access.READ_TRAIL, actor=request.actor, household_id=household_id)
    page = queries.trail_page(request.actor, wanted)
    context = {
        "page": page,
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
