"""かかりつけ: registration with an agency, its end."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.pages import render
from tsunagari.families import access, queries
from tsunagari.families.forms.families import EndRegistrationForm, RegisterForm
from tsunagari.families.models import Household
from tsunagari.families.operations import registrations
from tsunagari.families.views.common import agencies, done, household_of, refuse, shown, status_of
from tsunagari.places.models import Agency

REASONS = ["転居", "保育所などに入った", "別の機関にかえた", "希望により"]


@allow(access.REGISTER)
def registration_new(request: StaffRequest, household_id: int) -> HttpResponse:
    """Register a family, or make another agency home. A family found outside one's own comes with a ticket."""
    ticket = request.POST.get("ticket", "")
    household = queries.reach(request.actor, household_id, ticket)
    if household is None:
        raise Http404
    known = queries.reach(request.actor, household_id) is not None
    typed = request.POST if "agency" in request.POST else None
    form = _form(request, household, known, typed)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            registrations.register(
                household,
                get_object_or_404(Agency, pk=data["agency"], municipality_id=request.actor.municipality_id),
                actor=request.actor,
                is_home=data["is_home"],
                source=data["source"],
                starts_on=data["starts_on"],
            )
            return done(request, household, "登録しました。")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "ticket": ticket, **_about(request, household, known)}
    return render(request, "families/registration_new.html", context, status=status_of(form))


def _about(request: StaffRequest, household: Household, known: bool) -> dict[str, object]:
    """The head of one's own family; of another only what recognising needs."""
    if known:
        return {"head": shown(request, household), "proposed": queries.proposed_agency(household)}
    return {"hit": queries.hits(request.actor, [household], outside=frozenset([household.pk]))[0]}


def _form(request: StaffRequest, household: Household, known: bool, typed: object) -> RegisterForm:
    choices = agencies(request)
    first = queries.proposed_agency(household) if known else None
    if not known and request.actor.scope == "agency":
        choices = [choice for choice in choices if choice[0] == request.actor.agency_id]
    initial = {
        "agency": str(first.pk if first else request.actor.agency_id or ""),
        "is_home": True,
        "source": "counter",
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
        data = form.cleaned_data
        try:
            registrations.end_registration(
                row, actor=request.actor, ends_on=data["ends_on"], reason=data["reason"]
            )
            return done(request, household, "登録を終わりにしました。")
        except DomainError as error:
            refuse(form, error)
    head = shown(request, household)
    line = next(line for line in head.registrations if line.id == row.pk)
    context = {"form": form, "head": head, "line": line, "reasons": REASONS}
    return render(request, "families/registration_end.html", context, status=status_of(form))
