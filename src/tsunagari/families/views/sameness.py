"""似ている家庭: pairs the machine found, side by side, decided by a person (D8)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.families import access
from tsunagari.families.models import CandidatePair, Household
from tsunagari.families.operations import decisions, pairs
from tsunagari.families.queries import pairs as queries
from tsunagari.families.rules.sameness import AGREES, DIFFERS, SIMILAR, Fact
from tsunagari.families.views.common import done

PER_PAGE = 20
REASONS = 7
STATES = (AGREES, SIMILAR, DIFFERS)
TABS = {"": "まだ決めていない", "later": "あとで", "decided": "決めたもの"}
SAID = {
    "different": "「別の家庭」にしました。この2つは、もう出ません。",
    "later": "「あとで」にしました。",
    "open": "決めなおせるように、もどしました。",
}


@allow(access.REVIEW)
def same_families(request: StaffRequest) -> HttpResponse:
    """The pairs to review, likeliest first."""
    show, after = request.GET.get("show", ""), request.GET.get("after", "")
    page = queries.review_list(request.actor, show=show, after=after, limit=PER_PAGE)
    audit.record(
        access.REVIEW, actor=request.actor, detail={"list": show, "pairs": [line.pair_id for line in page.lines]}
    )  # fmt: skip
    context = {
        "rows": [(line, _reasons(line)) for line in page.lines],
        "page": page,
        "show": show if show in TABS else "",
        "tabs": TABS,
        "further": bool(after),
        "run": queries.latest_run(request.actor),
    }
    return render(request, "families/same_families.html", context)


def _reasons(line: queries.PairLine) -> list[Fact]:
    """What a line has room for: what agrees, then what is alike, then what differs."""
    said = [one for one in line.facts if one.state in STATES]
    return sorted(said, key=lambda one: STATES.index(one.state))[:REASONS]


@allow(access.REVIEW)
def same_family(request: StaffRequest, pair_id: int) -> HttpResponse:
    """Two families side by side; the answer is posted here."""
    pair = get_object_or_404(
        queries.pairs_for(request.actor).select_related("left__area", "right__area"), pk=pair_id
    )
    decision = request.POST.get("decision", "")
    if decision in SAID:
        return _decide(request, pair, decision)
    if "join" in request.POST:
        return joined(request, pair.left, pair.right, pair)
    return side_by_side(request, pair.left, pair.right, pair)


@allow(access.RUN_LINKAGE)
def same_run(request: StaffRequest) -> HttpResponse:
    """Ask for a search of the whole town now."""
    if request.method == "POST" and pairs.going_on(request.actor.municipality_id) is None:
        pairs.start_run(actor=request.actor)
        messages.success(request, "似ている家庭をさがしはじめました。この画面をはなれても続きます。")
    return go(request, reverse("same_families"))


def _decide(request: StaffRequest, pair: CandidatePair, decision: str) -> HttpResponse:
    try:
        decisions.decide(pair, decision, actor=request.actor)
    except DomainError as error:
        return side_by_side(request, pair.left, pair.right, pair, f"{error.message}{error.what_to_do}")
    messages.success(request, SAID[decision])
    return go(request, reverse("same_families"))


def side_by_side(
    request: StaffRequest, left: Household, right: Household, pair: CandidatePair | None, error: str = ""
) -> HttpResponse:
    """The page that asks whether two households are one; reading it leaves its trail on both."""
    for household in (left, right):
        audit.record(access.READ, actor=request.actor, household_id=household.pk)
    context: dict[str, Any] = {
        "both": queries.side_by_side(request.actor, left, right, pair.evidence if pair else ()),
        "pair": pair,
        "error": error,
        "chosen": same_people(request),
        "keep": request.POST.get("keep", ""),
    }
    return render(request, "families/same_family.html", context, status=422 if error else 200)


def joined(
    request: StaffRequest, left: Household, right: Household, pair: CandidatePair | None
) -> HttpResponse:
    """Join the two as the form says, or show it again with what is wrong."""
    keep = request.POST.get("keep", "")
    try:
        join = decisions.join_pair(
            left, right, actor=request.actor,
            keep_id=int(keep) if keep.isdecimal() else 0, same=same_people(request),
        )  # fmt: skip
    except DomainError as error:
        return side_by_side(request, left, right, pair, f"{error.message}{error.what_to_do}")
    return done(request, join.target_id, "ひとつの家庭にまとめました。まちがいのときは、もとにもどせます。")


def same_people(request: StaffRequest) -> dict[int, int]:
    """same-LEFT=RIGHT, as the form sends it."""
    posted = request.POST.dict()
    found = [
        (name.removeprefix("same-"), str(value)) for name, value in posted.items() if name.startswith("same-")
    ]
    return {
        int(mine): int(theirs)
        for mine, theirs in found
        if mine.isdecimal() and theirs.isdecimal() and int(theirs)
    }
