"""The family page: head, time line, what is due; and the same on paper."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.dates import format_date_both
from tsunagari.base.pages import render
from tsunagari.desk import access
from tsunagari.encounters import access as encounters_access
from tsunagari.encounters import queries as encounters
from tsunagari.encounters.queries.consents import last_consent
from tsunagari.encounters.queries.following import following
from tsunagari.encounters.queries.steps import open_steps
from tsunagari.families import access as families_access
from tsunagari.families import queries as families
from tsunagari.families.models import Household
from tsunagari.families.queries import cards
from tsunagari.families.queries.counter import counter

ON_PAPER = 200


@allow(families_access.READ, busy=True)
def family(request: StaffRequest, household_id: int) -> HttpResponse:
    """One family: who they are, everything that happened, what is next."""
    household = _household(request, household_id)
    kinds = _kinds(request)
    rows = families.FamilyRows(household)
    timeline = encounters.timeline(request.actor, household, kinds=kinds, rows_of=rows)
    context = {
        "household": household,
        "head": families.head(request.actor, household, rows),
        "timeline": timeline,
        "strip": encounters.strip(request.actor, household, others=not timeline.others_hidden),
        "kinds": encounters.KINDS,
        "chosen": kinds[0] if kinds else "",
        "following": following(request.actor, household),
        "may_open_chart": request.actor.may(encounters_access.OPEN_CHART) and not household.joined_into_id,
        "next_steps": open_steps(request.actor, household),
        "consent": last_consent(request.actor, household),
        "counter": counter(request.actor, household, rows),
        "card": cards.main_card(household.pk),
        "may_read_trail": request.actor.may(access.READ_TRAIL),
    }
    audit.record(families_access.READ, actor=request.actor, household_id=household.pk)
    return render(request, "desk/family.html", context)


@allow(families_access.READ)
def timeline(request: StaffRequest, household_id: int) -> HttpResponse:
    """Earlier parts of the time line: a fragment, or a page of its own without JavaScript."""
    household = _household(request, household_id)
    kinds = _kinds(request)
    context = {
        "household": household,
        "timeline": encounters.timeline(
            request.actor, household, before=request.GET.get("before"), kinds=kinds
        ),
        "chosen": kinds[0] if kinds else "",
    }
    if not getattr(request, "htmx", False):
        context["head"] = families.head(request.actor, household)
    audit.record(families_access.READ, actor=request.actor, household_id=household.pk)
    return render(request, "desk/timeline.html", context, fragment="encounters/parts/timeline.html")


@allow(families_access.READ)
def on_paper(request: StaffRequest, household_id: int) -> HttpResponse:
    """The family on A4, marked 取扱注意; a protected family's address stays masked on paper too."""
    household = _household(request, household_id)
    rows = families.FamilyRows(household)
    context = {
        "household": household,
        "head": families.head(request.actor, household, rows),
        "timeline": encounters.timeline(request.actor, household, limit=ON_PAPER, rows_of=rows),
        "most": ON_PAPER,
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": format_date_both(clock.today()),
        "issued_by": request.actor.name,
        "confidential": True,
        "back_url": reverse("family", args=[household_id]),
    }
    audit.record(families_access.READ, actor=request.actor, household_id=household.pk, detail={"print": True})
    return render(request, "desk/family_print.html", context)


def _household(request: StaffRequest, household_id: int) -> Household:
    household = families.family(request.actor, household_id)
    if household is None:
        raise Http404
    return household


def _kinds(request: StaffRequest) -> list[str]:
    kind = request.GET.get("kind", "")
    return [kind] if kind in encounters.KINDS else []
