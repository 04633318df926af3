"""更新: who is due this fiscal year, renewed with one press while the document is in hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.families import access
from tsunagari.families.models import Registration, Renewal
from tsunagari.families.operations import renewals as operations
from tsunagari.families.queries import renewals as queries
from tsunagari.families.views.common import household_of
from tsunagari.places.models import Agency

PER_PAGE = 50
DOCUMENTS: list[tuple[str, str]] = list(Renewal.Document.choices)
FIRST = Renewal.Document.MY_NUMBER.value


@allow(access.RENEW)
def renewals(request: StaffRequest) -> HttpResponse:
    """The own agency's list; for the centre and the city all agencies with their counts, and a chosen one's list."""
    season = queries.season(request.actor.municipality_id)
    if season is None:
        return render(request, "families/renewals_none.html")
    agency = _agency(request)
    if agency is None:
        context: dict[str, Any] = {"season": season, "agencies": queries.by_agency(request.actor, season)}
        return render(request, "families/renewals_agencies.html", context)
    asked = request.GET.get("after", "")
    show = "done" if request.GET.get("show") == "done" else "due"
    page = queries.due(
        agency.pk,
        season,
        actor=request.actor,
        after=int(asked) if asked.isdecimal() else None,
        limit=PER_PAGE,
        show=show,
    )
    audit.record(
        access.FIND,
        actor=request.actor,
        detail={"list": "renewals", "agency": agency.pk, "hits": len(page.lines)},
    )
    context = {
        "season": season,
        "agency": agency,
        "counts": queries.counts(agency.pk, season),
        "page": page,
        "show": show,
        "further": bool(asked),
        "documents": DOCUMENTS,
        "document": _document(request.GET.get("document", "")),
    }
    return render(request, "families/renewals.html", context)


def _agency(request: StaffRequest) -> Agency | None:
    """The own agency, or the one chosen; None when there is still to choose."""
    if request.actor.scope == "agency":
        return get_object_or_404(Agency, pk=request.actor.agency_id)
    chosen = request.GET.get("agency", "")
    if not chosen.isdecimal():
        return None
    return seen(Agency, request.actor, pk=int(chosen))


def _document(text: str) -> str:
    return text if text in Renewal.Document.values else FIRST


@require_POST
@allow(access.RENEW)
def renew(request: StaffRequest, household_id: int, registration_id: int) -> HttpResponse:
    """更新: the kind of document and the deed in one press. Twice is once."""
    household = household_of(request, household_id)
    row = get_object_or_404(household.registrations.select_related("agency"), pk=registration_id)
    try:
        operations.renew(row, actor=request.actor, document=request.POST.get("document", ""))
    except DomainError as error:
        messages.error(request, f"{error.message}{error.what_to_do}")
        return _back(request, row)
    return _answer(request, row, "更新しました。")


@require_POST
@allow(access.RENEW)
def renewal_undo(request: StaffRequest, household_id: int, renewal_id: int) -> HttpResponse:
    """更新 taken back; again is once."""
    household = household_of(request, household_id)
    renewal = queries.renewal_of(household, renewal_id)
    if renewal is None:
        messages.info(request, "この更新は、すでに取り消されています。")
        return go(request, reverse("family", args=[household_id]))
    try:
        operations.take_back(renewal, actor=request.actor)
    except DomainError as error:
        messages.error(request, f"{error.message}{error.what_to_do}")
        return _back(request, renewal.registration)
    return _answer(request, renewal.registration, "更新を取り消しました。")


def _answer(request: StaffRequest, row: Registration, said: str) -> HttpResponse:
    """The line anew for a list that asked for it; else back to where the button was."""
    if getattr(request, "htmx", False) and request.POST.get("back") == "renewals":
        season = queries.season(request.actor.municipality_id)
        line = queries.line(request.actor, row, season) if season else None
        if season is None or line is None:
            raise Http404
        context = {
            "line": line,
            "season": season,
            "document": _document(request.POST.get("document", "")),
            "agency": row.agency,
            "counts": queries.counts(row.agency_id, season),
            "swapped": True,
            "said": said,
        }
        return render(request, "families/parts/renewal_line.html", context)
    messages.success(request, said)
    return _back(request, row)


def _back(request: StaffRequest, row: Registration) -> HttpResponse:
    if request.POST.get("back") != "renewals":
        return go(request, f"{reverse('family', args=[row.household_id])}#renewals")
    kept = {"document": _document(request.POST.get("document", ""))}
    if request.actor.scope != "agency":
        kept["agency"] = str(row.agency_id)
    return go(request, f"{reverse('renewals')}?{urlencode(kept)}")
