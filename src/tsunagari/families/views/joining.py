"""A nickname family is joined into a household, or taken out of it again."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import render
from tsunagari.families import access, queries
from tsunagari.families.models import Household, HouseholdJoin
from tsunagari.families.operations import joins, search
from tsunagari.families.views.common import done, household_of, shown


@allow(access.JOIN)
def family_join(request: StaffRequest, household_id: int) -> HttpResponse:
    """Search the household, say who is the same person, join: three steps at one address."""
    source = household_of(request, household_id)
    if source.kind != Household.Kind.NICKNAME:
        raise Http404
    data = request.POST
    target = household_of(request, int(data["target"])) if data.get("target", "").isdecimal() else None
    if target is not None and "join" in data:
        return _join(request, source, target)
    if target is not None:
        return _ask(request, source, target)
    words = data.get("q", "").strip()
    found = search.look_up(words, actor=request.actor) if words else None
    context = {"head": shown(request, source), "q": words, "found": found}
    return render(request, "families/family_join.html", context)


def _ask(request: StaffRequest, source: Household, target: Household, error: str = "") -> HttpResponse:
    context = {
        "head": shown(request, source),
        "target": shown(request, target),
        "error": error,
        "chosen": _same(request),
    }
    return render(request, "families/family_join_people.html", context, status=422 if error else 200)


def _join(request: StaffRequest, source: Household, target: Household) -> HttpResponse:
    try:
        joins.join(source, target, actor=request.actor, same=_same(request))
    except DomainError as error:
        return _ask(request, source, target, f"{error.message}{error.what_to_do}")
    return done(request, target, "ひとつの家庭にまとめました。まちがいのときは、もとにもどせます。")


def _same(request: StaffRequest) -> dict[int, int]:
    """same-MINE=THEIRS, as the form sends it."""
    posted = request.POST.dict()
    pairs = [
        (name.removeprefix("same-"), str(value)) for name, value in posted.items() if name.startswith("same-")
    ]
    return {int(mine): int(theirs) for mine, theirs in pairs if mine.isdecimal() and theirs.isdecimal()}


@allow(access.JOIN)
def family_part(request: StaffRequest, household_id: int, join_id: int) -> HttpResponse:
    """Take a joined nickname family out again."""
    household = household_of(request, household_id)
    join = get_object_or_404(HouseholdJoin.objects.select_related("source"), pk=join_id, target=household)
    if request.method == "POST" and "confirm" in request.POST:
        joins.part(join, actor=request.actor)
        return done(request, join.source_id, "もとの家庭にもどしました。")
    context = {
        "head": shown(request, household),
        "nickname": queries.head(request.actor, join.source).nickname,
        "join": join,
    }
    return render(request, "families/family_part.html", context)
