"""A pregnancy: noted, born, or ended with care."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import render
from tsunagari.families import access
from tsunagari.families.forms.people import BirthForm, EndForm, ExpectForm
from tsunagari.families.models import Household, Person
from tsunagari.families.operations import people
from tsunagari.families.rules import MOST_AT_ONCE
from tsunagari.families.views import by_rule
from tsunagari.families.views.common import done, household_of, person_of, refuse, shown, status_of


@allow(access.CHANGE)
def expect(request: StaffRequest, household_id: int) -> HttpResponse:
    """A child is expected; twins are two."""
    household = household_of(request, household_id)
    form = ExpectForm(request.POST or None, initial={"count": "1"})
    rule = by_rule.proposal(request, household, by_rule.HANDBOOK)
    if request.method == "POST" and all([form.is_valid(), rule is None or _fits(rule)]):
        data = form.cleaned_data
        try:
            with transaction.atomic():
                people.expect_child(
                    household, actor=request.actor, due_date=data["due_date"], count=int(data["count"])
                )
                told = by_rule.register(request, household, rule, by_rule.HANDBOOK)
            return done(request, household, f"出産予定を書きました。{told}")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "rule": rule, "head": shown(request, household)}
    return render(request, "families/expect.html", context, status=status_of(form, *_asked(rule)))


def _fits(rule: forms.Form) -> bool:
    """Whether the proposal can be carried out; one that was not on the page is no hindrance."""
    return not rule.is_bound or rule.is_valid()


def _asked(rule: forms.Form | None) -> list[forms.Form]:
    return [rule] if rule is not None else []


@allow(access.CHANGE)
def birth(request: StaffRequest, household_id: int, person_id: int) -> HttpResponse:
    """The expected child was born, or the children; names may come later."""
    household = household_of(request, household_id)
    expected = person_of(household, person_id, life=Person.Life.EXPECTED)
    rows = _birth_rows(request, len(_pregnancy(household, expected)))
    rule = by_rule.proposal(request, household, by_rule.BIRTH)
    sent = request.method == "POST" and "add_child" not in request.POST
    if sent and all([*(row.is_valid() for row in rows), rule is None or _fits(rule)]):
        try:
            births = [row.birth() for row in rows if row.has_changed()]
            with transaction.atomic():
                people.record_birth(expected, births, actor=request.actor)
                told = by_rule.register(request, household, rule, by_rule.BIRTH)
            return done(request, household, f"生まれたお子さんを書きました。{told}")
        except DomainError as error:
            refuse(rows[0], error)
    context = {"rows": rows, "rule": rule, "head": shown(request, household), "expected": expected}
    return render(request, "families/birth.html", context, status=status_of(*rows, *_asked(rule)))


def _birth_rows(request: StaffRequest, expected: int) -> list[BirthForm]:
    """One form for each expected child and one more when asked; all but the first may stay empty."""
    posted = sum(name.endswith("-birth_date") for name in request.POST)
    more = "add_child" in request.POST
    count = min(max(expected, posted) + more, max(MOST_AT_ONCE, expected))
    rows = []
    for number in range(count):
        options: dict[str, Any] = {
            "prefix": f"birth{number}",
            "empty_permitted": number > 0,
            "use_required_attribute": False,
        }
        typed = {name: request.POST.get(f"birth{number}-{name}", "") for name in BirthForm.base_fields}
        if more or not posted:
            rows.append(BirthForm(initial={**typed, "sex": typed["sex"] or "0"}, **options))
        else:
            rows.append(BirthForm(request.POST, initial={"sex": "0"}, **options))
    return rows


def _pregnancy(household: Household, expected: Person) -> list[Person]:
    return [
        person
        for person in household.people.order_by("birth_order", "pk")
        if person.life == Person.Life.EXPECTED and person.due_date == expected.due_date
    ]


@allow(access.CHANGE)
def pregnancy_end(request: StaffRequest, household_id: int, person_id: int) -> HttpResponse:
    """A pregnancy ended without a birth; of twins, one or both."""
    household = household_of(request, household_id)
    expected = person_of(household, person_id, life=Person.Life.EXPECTED)
    form = _end_form(request, _pregnancy(household, expected))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("who") or [str(person_id)]
        try:
            for person in _pregnancy(household, expected):
                if str(person.pk) in chosen:
                    people.end_pregnancy(person, actor=request.actor, ended_on=form.cleaned_data["ended_on"])
            return done(request, household, "記録しました。出産の予定は、一覧と案内からはずれました。")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "head": shown(request, household), "expected": expected}
    return render(request, "families/pregnancy_end.html", context, status=status_of(form))


def _end_form(request: StaffRequest, pregnancy: list[Person]) -> EndForm:
    form = EndForm(request.POST or None, initial={"who": [str(person.pk) for person in pregnancy]})
    if len(pregnancy) > 1:
        form.fields["who"] = forms.MultipleChoiceField(
            label="どのお子さん",
            choices=[(str(person.pk), f"{person.birth_order}人目") for person in pregnancy],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "お子さんをえらんでください。"},
        )
    return form
