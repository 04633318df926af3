"""特典・チケット: the city defines them and sees what was given; the counter gives them, once, with one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.families import access
from tsunagari.families.forms.benefits import BenefitForm, EndBenefitForm, UseForm, benefit_values
from tsunagari.families.models import Benefit, BenefitUse, Household, Person
from tsunagari.families.operations import benefits as operations
from tsunagari.families.queries import benefits as queries
from tsunagari.families.rules.benefits import conditions
from tsunagari.families.views.common import household_of, refuse, shown, status_of


@allow(access.MANAGE_BENEFIT)
def benefits(request: StaffRequest) -> HttpResponse:
    """All of them with what was given."""
    context = {"lines": queries.of_town(request.actor), "today": clock.today()}
    return render(request, "families/benefits.html", context)


@allow(access.MANAGE_BENEFIT)
def benefit_new(request: StaffRequest) -> HttpResponse:
    """A new benefit."""
    initial = {
        "each": "household",
        "quantity": 1,
        "unit": "回",
        "needs_registration": True,
        "valid_from": format_wareki(clock.today()),
    }
    form = BenefitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.define_benefit(form.rule(), actor=request.actor)
            messages.success(request, f"「{made.name}」をつくりました。")
            return go(request, reverse("benefits"))
        except DomainError as error:
            refuse(form, error)
    return render(request, "families/benefit_form.html", {"form": form}, status=status_of(form))


@allow(access.MANAGE_BENEFIT)
def benefit(request: StaffRequest, benefit_id: int) -> HttpResponse:
    """One benefit and what was given: in all, by month, by agency."""
    row = _benefit(request, benefit_id)
    context = {
        "benefit": row,
        "conditions": conditions(queries.rule_of(row)),
        "given": queries.given(row),
        "over": row.valid_to is not None and row.valid_to < clock.today(),
    }
    return render(request, "families/benefit.html", context)


@allow(access.MANAGE_BENEFIT)
def benefit_edit(request: StaffRequest, benefit_id: int) -> HttpResponse:
    """Change it; a stale save tells and goes on top the second time."""
    row = _benefit(request, benefit_id)
    form = BenefitForm(request.POST or None, initial=benefit_values(row))
    stale = False
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_benefit(
                row,
                form.rule(),
                actor=request.actor,
                expected_version=form.cleaned_data["version"] or 0,
            )
            messages.success(request, "保存しました。")
            return go(request, reverse("benefit", args=[row.pk]))
        except Conflict:
            stale, typed = True, request.POST.copy()
            typed["version"] = str(row.version)
            form = BenefitForm(typed)
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "benefit": row, "stale": stale}
    return render(request, "families/benefit_form.html", context, status=409 if stale else status_of(form))


@allow(access.MANAGE_BENEFIT)
def benefit_end(request: StaffRequest, benefit_id: int) -> HttpResponse:
    """It is given until a day."""
    row = _benefit(request, benefit_id)
    form = EndBenefitForm(request.POST or None, initial={"ends_on": format_wareki(clock.today())})
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_benefit(row, actor=request.actor, ends_on=form.cleaned_data["ends_on"])
            messages.success(request, f"「{row.name}」のおわりの日を決めました。")
            return go(request, reverse("benefit", args=[row.pk]))
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "benefit": row}
    return render(request, "families/benefit_end.html", context, status=status_of(form))


def _benefit(request: StaffRequest, benefit_id: int) -> Benefit:
    return get_object_or_404(Benefit, pk=benefit_id, municipality_id=request.actor.municipality_id)


@allow(access.USE_BENEFIT)
def benefit_use(request: StaffRequest, household_id: int, benefit_id: int) -> HttpResponse:
    """渡した・使った: one press on the family page; as a page of its own for another day, several or a note."""
    household = household_of(request, household_id)
    row = _benefit(request, benefit_id)
    person = _child(household, request.POST.get("person") or request.GET.get("person", ""))
    initial = {"count": 1, "person": person.pk if person else None, "used_on": format_wareki(clock.today())}
    form = UseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            use = operations.use_benefit(
                row,
                household,
                actor=request.actor,
                person=person,
                count=data["count"],
                key=data["key"],
                used_on=data["used_on"],
                note=data["note"],
            )
            return _used(request, household, use)
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "benefit": row, "person": person, "head": shown(request, household)}
    return render(request, "families/benefit_use.html", context, status=status_of(form))


def _child(household: Household, text: str) -> Person | None:
    if not text.isdecimal():
        return None
    return get_object_or_404(household.people, pk=int(text), kind=Person.Kind.CHILD)


def _used(request: StaffRequest, household: Household, use: BenefitUse) -> HttpResponse:
    name, unit = use.benefit.name, use.benefit.unit
    if use.undone_at is None:
        said = (
            f"「{name}」を渡しました。"
            if use.benefit.quantity == 1
            else f"「{name}」を{use.count}{unit}使いました。"
        )
        undo = reverse("benefit_undo", args=[household.pk, use.pk])
        messages.success(request, said, extra_tags=undo)
    return go(request, f"{reverse('family', args=[household.pk])}#benefits")


@require_POST
@allow(access.USE_BENEFIT)
def benefit_undo(request: StaffRequest, household_id: int, use_id: int) -> HttpResponse:
    """A use was a mistake."""
    household = household_of(request, household_id)
    use = get_object_or_404(household.benefit_uses.select_related("benefit", "household"), pk=use_id)
    operations.take_back(use, actor=request.actor)
    messages.success(request, f"「{use.benefit.name}」を取り消しました。")
    return go(request, f"{reverse('family', args=[household.pk])}#benefits")
