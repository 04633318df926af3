"""端末の受付: readings at the tablets that a person has to look at."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms import PeopleForm
from tsunagari.encounters.models import KioskScan
from tsunagari.encounters.operations import scans as operations
from tsunagari.encounters.queries import kiosk
from tsunagari.encounters.views.records import finding
from tsunagari.families import access as families_access
from tsunagari.families import queries as families
from tsunagari.families.models import Household

WAYS: dict[str, tuple[str, Callable[..., KioskScan]]] = {
    "count": ("人数だけ数えました。", lambda scan, actor, reason: operations.settle(scan, None, actor=actor)),
    "seen": ("確かめたことにしました。", lambda scan, actor, reason: operations.seen(scan, actor=actor)),
    "dismiss": (
        "受付を消しました。",
        lambda scan, actor, reason: operations.dismiss(scan, actor=actor, reason=reason),
    ),
}


@allow(access.KIOSK_SETTLE)
def scans(request: StaffRequest) -> HttpResponse:
    """What waits, the oldest first."""
    lines = kiosk.scans(request.actor)
    audit.record(access.KIOSK_SETTLE, actor=request.actor, detail={"list": len(lines)})
    context = {
        "lines": lines,
        "more": len(lines) == kiosk.MOST_SCANS,
        "news": kiosk.kiosk_news(request.actor),
    }
    return render(request, "encounters/scans.html", context)


@allow(access.KIOSK_SETTLE)
@require_http_methods(["GET", "POST"])
def settle(request: StaffRequest, scan_id: int) -> HttpResponse:
    """One reading: whose it was, figures alone, or nobody's."""
    scan = _scan(request, scan_id)
    way = request.POST.get("way", "")
    if way in WAYS:
        return _done(request, scan, way)
    if request.POST.get("household", "").isdecimal():
        return _family(request, scan)
    context = finding(request) | {"line": kiosk.scan_line(scan, request.actor)}
    return render(request, "encounters/scan.html", context)


def _done(request: StaffRequest, scan: KioskScan, way: str) -> HttpResponse:
    said, work = WAYS[way]
    try:
        work(scan, request.actor, request.POST.get("reason", ""))
    except DomainError as error:
        context = finding(request) | {"line": kiosk.scan_line(scan, request.actor), "error": error.message}
        return render(request, "encounters/scan.html", context, status=422)
    messages.success(request, said)
    return go(request, reverse("scans"))


def _family(request: StaffRequest, scan: KioskScan) -> HttpResponse:
    """The children of the family somebody chose, ticked; then the reading becomes its visit."""
    household, met = _reach(request)
    form = PeopleForm(request.POST if "name" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            operations.settle(
                scan, household, actor=request.actor, person_ids=form.cleaned_data["person_ids"]
            )
        except DomainError as error:
            form.add_error("people" if error.field == "person_ids" else None, error.message)
        else:
            messages.success(request, f"{queries.family_name(household)}の来所にしました。")
            return go(request, reverse("scans"))
    members, family = queries.members(household, clock.today()), queries.family_name(household)
    if not met:
        members = queries.recognisable(members, protected=household.protected)
        family = families.as_outside(family)
    form.offer(members)
    audit.record(families_access.READ, actor=request.actor, household_id=household.pk)
    context = {
        "line": kiosk.scan_line(scan, request.actor),
        "form": form,
        "household": household,
        "family": family,
        "ticket": request.POST.get("ticket", ""),
    }
    return render(request, "encounters/scan_people.html", context, status=422 if form.errors else 200)


def _reach(request: StaffRequest) -> tuple[Household, bool]:
    """The family chosen and whether the actor may see it already; 404 when it is out of reach."""
    chosen, ticket = int(request.POST["household"][:18]), request.POST.get("ticket", "")
    seen = families.reach(request.actor, chosen)
    if seen is not None:
        return seen, True
    found = families.reach(request.actor, chosen, ticket) if ticket else None
    if found is None:
        raise Http404
    return found, False


def _scan(request: StaffRequest, scan_id: int) -> KioskScan:
    return seen(KioskScan, request.actor, "device", "card", "visit", pk=scan_id, settled_at__isnull=True)
