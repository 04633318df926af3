"""かかりつけ: registration with an agency, its end, its return, and both ends told of a change."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.families import access, queries
from tsunagari.families.forms.families import EndRegistrationForm, RegisterForm
from tsunagari.families.models import HomeChange, Household, PaperForm, Registration
from tsunagari.families.operations import forms_paper, home_changes, registrations
from tsunagari.families.queries.registrations import homes
from tsunagari.families.views.common import agencies, done, household_of, refuse, shown, status_of
from tsunagari.families.views.paper import form_of
from tsunagari.places.models import Agency


@allow(access.REGISTER)
def registration_new(request: StaffRequest, household_id: int) -> HttpResponse:
    """Register a family, or make another agency home. A family found outside one's own comes with a ticket, one
    whose paper form is being typed in with the form's code (`paper`)."""
    ticket = request.POST.get("ticket", "")
    household = queries.reach(request.actor, household_id, ticket)
    if household is None:
        raise Http404
    known = queries.reach(request.actor, household_id) is not None
    paper = form_of(request)
    typed = request.POST if "agency" in request.POST else None
    form = _form(request, household, known, typed, paper)
    if form.is_bound and form.is_valid():
        try:
            _register(request, household, form, paper)
            return done(request, household, "登録しました。")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "ticket": ticket, "paper": paper, **_about(request, household, known)}
    return render(request, "families/registration_new.html", context, status=status_of(form))


def _register(
    request: StaffRequest, household: Household, form: RegisterForm, paper: PaperForm | None
) -> None:
    data = form.cleaned_data
    town = request.actor.municipality_id
    agency = get_object_or_404(Agency, pk=data["agency"], municipality_id=town)
    with transaction.atomic():  # a form that was used meanwhile registers nobody
        registrations.register(
            household,
            agency,
            actor=request.actor,
            is_home=data["is_home"],
            source=_source(request, agency, data["source"]),
            starts_on=data["starts_on"],
        )
        if paper is not None:
            forms_paper.enter(paper, household, actor=request.actor)


def _source(request: StaffRequest, agency: Agency, typed: str) -> str:
    """Another agency's counter is no counter: an agency that registers a family elsewhere does so on its behalf."""
    elsewhere = request.actor.scope == "agency" and agency.pk != request.actor.agency_id
    if elsewhere and typed == Registration.Source.COUNTER:
        return str(Registration.Source.AGENCY)
    return typed


def _about(request: StaffRequest, household: Household, known: bool) -> dict[str, object]:
    """The head of one's own family; of another only what recognising needs."""
    if known:
        return {
            "head": shown(request, household),
            "proposed": queries.proposed_agency(household),
            "homes": homes(household),
        }
    return {"hit": queries.hits(request.actor, [household], outside=frozenset([household.pk]))[0]}


def _form(
    request: StaffRequest, household: Household, known: bool, typed: object, paper: PaperForm | None
) -> RegisterForm:
    choices = agencies(request)
    first = queries.proposed_agency(household) if known else None
    if not known and request.actor.scope == "agency":
        choices = [choice for choice in choices if choice[0] == request.actor.agency_id]
    wanted = paper.agency_id if paper and paper.agency_id else None
    initial = {
        "agency": str(wanted or (first.pk if first else request.actor.agency_id or "")),
        "is_home": True,
        "source": "paper" if paper else "counter",
        "starts_on": format_wareki(clock.today()),
    }
    return RegisterForm(typed, initial=initial, agencies=choices)


@allow(access.REGISTER)
def registration_end(request: StaffRequest, household_id: int, registration_id: int) -> HttpResponse:
    """End a registration, saying why."""
    household = household_of(request, household_id)
    row = get_object_or_404(household.registrations, pk=registration_id)
    form = EndRegistrationForm(request.POST or None, initial={"ends_on": format_wareki(clock.today())})
    if request.method == "POST" and form.is_valid():
        try:
            registrations.end_registration(row, actor=request.actor, **form.cleaned_data)
            return done(request, household, "登録を終わりにしました。")
        except DomainError as error:
            refuse(form, error)
    head = shown(request, household)
    line = next(line for line in head.registrations if line.id == row.pk)
    context = {"form": form, "head": head, "line": line}
    return render(request, "families/registration_end.html", context, status=status_of(form))


@require_POST
@allow(access.REGISTER)
def registration_reopen(request: StaffRequest, household_id: int, registration_id: int) -> HttpResponse:
    """The end was a mistake."""
    household = household_of(request, household_id)
    row = get_object_or_404(household.registrations, pk=registration_id)
    try:
        registrations.reopen(row, actor=request.actor)
    except DomainError as error:
        messages.error(request, f"{error.message}{error.what_to_do}")
    else:
        messages.success(request, "登録をもどしました。")
    back = request.POST.get("back", "")
    return go(
        request, reverse("grown_out") if back == "grown_out" else reverse("family", args=[household.pk])
    )


@require_POST
@allow(access.REGISTER)
def home_change_seen(request: StaffRequest, household_id: int, change_id: int) -> HttpResponse:
    """確認しました."""
    household = household_of(request, household_id)
    change = get_object_or_404(HomeChange, pk=change_id, household=household)
    try:
        home_changes.seen(change, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
    return go(request, f"{reverse('today')}#home-changes")
