"""来所: check a family in, count those without a name, the roster of a day."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms import AnonymousForm, CheckInForm, DayForm
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import visits
from tsunagari.families import queries as families
from tsunagari.families.models import Household

FIELD_OF = {"person_ids": "people", "at": "time"}


@allow(access.READ_VISITS)
def roster(request: StaffRequest) -> HttpResponse:
    """Who came on a day, today unless asked otherwise."""
    day = _day(request)
    context = {
        "roster": queries.roster(request.actor, day),
        "form": DayForm({"day": day}),
        "is_today": day == clock.today(),
    }
    audit.record(access.READ_VISITS, actor=request.actor, detail={"day": day.isoformat()})
    return render(request, "encounters/roster.html", context)


@allow(access.READ_VISITS)
def roster_print(request: StaffRequest) -> HttpResponse:
    """The roster on A4."""
    day = _day(request)
    context = {
        "roster": queries.roster(request.actor, day),
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": _written(clock.today()),
        "confidential": True,
        "back_url": f"{reverse('roster')}?day={day.isoformat()}",
    }
    audit.record(access.READ_VISITS, actor=request.actor, detail={"day": day.isoformat(), "print": True})
    return render(request, "encounters/roster_print.html", context)


@allow(access.CHECK_IN)
def check_in(request: StaffRequest, household_id: int) -> HttpResponse:
    """The children of a family, ticked; one button. A family outside one's own comes with a ticket."""
    ticket = request.POST.get("ticket") or request.GET.get("ticket", "")
    household = _reach(request, household_id, ticket)
    day = clock.today()
    filled = request.POST if "key" in request.POST else None  # a search result brings its ticket alone
    form = CheckInForm(filled, members=queries.members(household, day))
    if filled and form.is_valid():
        try:
            return _checked_in(request, household, form)
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.field, error.field) or None, error.message)
    context = {
        "form": form,
        "household": household,
        "family": queries.family_name(household),
        "ticket": ticket,
    }
    return render(request, "encounters/check_in.html", context, status=422 if form.errors else 200)


def _checked_in(request: StaffRequest, household: Household, form: CheckInForm) -> HttpResponse:
    data = form.cleaned_data
    visit = visits.check_in(
        household,
        actor=request.actor,
        person_ids=data["person_ids"],
        adults=data["adults"],
        key=data["key"],
        at=data["at"],
        note=data["note"],
    )
    at = visit.arrived_at.astimezone(clock.TOKYO)
    family = queries.family_name(household)
    if visit.already and visit.key != data["key"]:
        messages.info(request, f"{family}は{at:%H:%M}に受け付けずみです。人数はふえていません。")
    elif visit.undone_at is None:
        messages.success(request, f"{family}の来所を受け付けました。", extra_tags=_undo(visit))
    return go(request, _roster_url(visit.visited_on))


@allow(access.CHECK_IN)
def check_in_anonymous(request: StaffRequest) -> HttpResponse:
    """People without a name: two counts and one button."""
    form = AnonymousForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            visit = visits.check_in_anonymous(
                actor=request.actor,
                **{name: data[name] for name in ("adults", "children", "key", "at", "other_town", "note")},
            )
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.field, error.field) or None, error.message)
        else:
            messages.success(
                request,
                f"お名前なしの来所（大人{visit.adults}人・子ども{visit.children}人）を受け付けました。",
                extra_tags=_undo(visit),
            )
            return go(request, _roster_url(visit.visited_on))
    return render(
        request, "encounters/check_in_anonymous.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@allow(access.UNDO_VISIT)
def visit_undo(request: StaffRequest, visit_id: int) -> HttpResponse:
    """Take a visit back, with a way to bring it back."""
    visit = visits.undo_visit(_visit(request, visit_id), actor=request.actor)
    messages.success(request, "来所を取り消しました。", extra_tags=reverse("visit_restore", args=[visit.pk]))
    return go(request, _roster_url(visit.visited_on))


@require_POST
@allow(access.UNDO_VISIT)
def visit_restore(request: StaffRequest, visit_id: int) -> HttpResponse:
    """Bring a visit back that was taken back."""
    try:
        visit = visits.restore_visit(_visit(request, visit_id), actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
        return go(request, reverse("roster"))
    messages.success(request, "来所をもどしました。", extra_tags=_undo(visit))
    return go(request, _roster_url(visit.visited_on))


def _visit(request: StaffRequest, visit_id: int) -> Visit:
    found: Visit = get_object_or_404(Visit.objects.visible_to(request.actor), pk=visit_id)
    return found


def _reach(request: StaffRequest, household_id: int, ticket: str) -> Household:
    household = families.reach(request.actor, household_id, ticket)
    if household is None:
        raise Http404
    return household


def _day(request: StaffRequest) -> date:
    form = DayForm(request.GET)
    day: date | None = form.cleaned_data["day"] if form.is_valid() else None
    return day or clock.today()


def _undo(visit: Visit) -> str:
    return reverse("visit_undo", args=[visit.pk])


def _roster_url(day: date) -> str:
    return reverse("roster") if day == clock.today() else f"{reverse('roster')}?day={day.isoformat()}"


def _written(day: date) -> str:
    return f"{format_wareki(day)}（{weekday_ja(day)}）"
