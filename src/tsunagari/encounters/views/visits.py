"""来所: check a family in, count those without a name, the roster of a day."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms import AnonymousForm, CheckInForm, PeopleForm
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import visits
from tsunagari.encounters.views.common import chosen_site, offer_sites, remember_site, roster_url
from tsunagari.encounters.views.records import finding
from tsunagari.families import access as families_access
from tsunagari.families import queries as families
from tsunagari.families.models import Household

FIELD_OF = {"person_ids": "people", "at": "time"}


@allow(access.CHECK_IN, busy=True)
def check_in(request: StaffRequest, household_id: int) -> HttpResponse:
    """The children of a family, ticked; one button. A family outside one's own comes with a ticket."""
    ticket = request.POST.get("ticket") or request.GET.get("ticket", "")
    household, met = _reach(request, household_id, ticket)
    form = CheckInForm(request.POST if "key" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            return _checked_in(request, household, form)
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.field, error.field) or None, error.message)
    offer_sites(request, form)
    context = {
        "form": form,
        "household": household,
        "family": _offer(form, household, met),
        "met": met,
        "ticket": ticket,
    }
    audit.record(families_access.READ, actor=request.actor, household_id=household.pk)
    return render(request, "encounters/check_in.html", context, status=422 if form.errors else 200)


def _offer(form: PeopleForm, household: Household, met: bool) -> queries.FamilyName:
    """Put the children on the form and name the family; no more than recognising needs before it is met."""
    members, family = queries.members(household, clock.today()), queries.family_name(household)
    if not met:
        members = queries.recognisable(members, protected=household.protected)
        family = families.as_outside(family)
    form.offer(members)
    return family


def _checked_in(request: StaffRequest, household: Household, form: CheckInForm) -> HttpResponse:
    sent = ("person_ids", "adults", "children", "key", "at", "note")
    numbers = {name: form.cleaned_data[name] for name in sent}
    visit = visits.check_in(household, actor=request.actor, site=chosen_site(request, form), **numbers)
    remember_site(request, form)
    at = visit.arrived_at.astimezone(clock.TOKYO)
    if visit.already and visit.key != form.cleaned_data["key"]:
        messages.info(request, f"{visit.family}は{at:%H:%M}に受け付けずみです。人数はふえていません。")
    elif visit.undone_at is None:
        messages.success(request, f"{visit.family}の来所を受け付けました。", extra_tags=_undo(visit))
    return go(request, roster_url(visit.visited_on))


@allow(access.CHECK_IN)
def visit_family(request: StaffRequest, visit_id: int) -> HttpResponse:
    """だれか分かった: somebody counted without a name; search the family, tick who came, keep one visit."""
    visit = _visit(request, visit_id)
    form = PeopleForm(request.POST if "name" in request.POST else None)
    chosen = request.POST.get("household", "")
    if not chosen.isdecimal():
        context = finding(request) | {"visit": visit}
        return render(request, "encounters/visit_family.html", context)
    household, met = _reach(request, int(chosen), request.POST.get("ticket", ""))
    if form.is_bound and form.is_valid():
        try:
            named = visits.name_visit(
                visit, household, actor=request.actor, person_ids=form.cleaned_data["person_ids"]
            )
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.field) if error.field else None, error.message)
        else:
            messages.success(request, f"{named.family}の来所にしました。", extra_tags=_undo(named))
            return go(request, roster_url(named.visited_on))
    context = {
        "visit": visit,
        "form": form,
        "household": household,
        "family": _offer(form, household, met),
        "ticket": request.POST.get("ticket", ""),
    }
    return render(request, "encounters/visit_people.html", context, status=422 if form.errors else 200)


@allow(access.CHECK_IN)
def check_in_anonymous(request: StaffRequest) -> HttpResponse:
    """People without a name: two counts and one button."""
    form = AnonymousForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            visit = visits.check_in_anonymous(
                actor=request.actor,
                site=chosen_site(request, form),
                **{name: data[name] for name in ("adults", "children", "key", "at", "other_town", "note")},
            )
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.field, error.field) or None, error.message)
        else:
            remember_site(request, form)
            messages.success(
                request,
                f"お名前なしの来所（大人{visit.adults}人・子ども{visit.children}人）を受け付けました。",
                extra_tags=_undo(visit),
            )
            return go(request, roster_url(visit.visited_on))
    offer_sites(request, form)
    return render(
        request, "encounters/check_in_anonymous.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@allow(access.UNDO_VISIT)
def visit_undo(request: StaffRequest, visit_id: int) -> HttpResponse:
    """Take a visit back, with a way to bring it back."""
    visit = visits.undo_visit(_visit(request, visit_id), actor=request.actor)
    said = "来所を取り消しました。"
    if visit.closed:
        said += "会っていない家庭は、この機関の家庭から外れます。"
    messages.success(request, said, extra_tags=reverse("visit_restore", args=[visit.pk]))
    return go(request, roster_url(visit.visited_on))


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
    return go(request, roster_url(visit.visited_on))


def _visit(request: StaffRequest, visit_id: int) -> Visit:
    return seen(Visit, request.actor, pk=visit_id)


def _reach(request: StaffRequest, household_id: int, ticket: str) -> tuple[Household, bool]:
    """The family and whether the actor may see it already; 404 when it is out of reach."""
    seen = families.reach(request.actor, household_id)
    if seen is not None:
        return seen, True
    found = families.reach(request.actor, household_id, ticket) if ticket else None
    if found is None:
        raise Http404
    return found, False


def _undo(visit: Visit) -> str:
    return reverse("visit_undo", args=[visit.pk])
