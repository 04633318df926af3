"""A family that stands in the town twice is joined by hand, or taken apart again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.families import access, queries
from tsunagari.families.operations import joins, search
from tsunagari.families.views.common import done, household_of, shown
from tsunagari.families.views.sameness import joined, side_by_side


@allow(access.JOIN)
def family_join(request: StaffRequest, household_id: int) -> HttpResponse:
    """Search the other household, look at both, join: three steps at one address."""
    household = household_of(request, household_id)
    data = request.POST
    other = household_of(request, int(data["other"])) if data.get("other", "").isdecimal() else None
    if other is not None and "join" in data:
        return joined(request, household, other, None)
    if other is not None:
        return side_by_side(request, household, other, None)
    words = data.get("q", "").strip()
    found = search.look_up(words, actor=request.actor) if words else None
    context = {"head": shown(request, household), "q": words, "found": found}
    return render(request, "families/family_join.html", context)


@allow(access.JOIN)
def family_part(request: StaffRequest, household_id: int, join_id: int) -> HttpResponse:
    """Take a joined family out again."""
    household = household_of(request, household_id)
    join = get_object_or_404(household.joins_to.select_related("source"), pk=join_id)
    if request.method == "POST" and "confirm" in request.POST:
        joins.part(join, actor=request.actor)
        return done(request, join.source_id, "もとの家庭にもどしました。")
    context = {
        "head": shown(request, household),
        "nickname": queries.head(request.actor, join.source).nickname,
        "join": join,
    }
    return render(request, "families/family_part.html", context)
