"""What every family page does: reach the family, say why not, go back to it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go
from tsunagari.base.seen import seen
from tsunagari.families import access, queries
from tsunagari.families.models import Household, Person
from tsunagari.families.queries import FamilyHead


def household_of(request: StaffRequest, household_id: int) -> Household:
    """The family, if the actor may see it; 404 otherwise."""
    return seen(Household, request.actor, "area", pk=household_id)


def person_of(household: Household, person_id: int, **being: str) -> Person:
    """A person of this family, e.g. `life="expected"`; 404 otherwise."""
    found: Person = get_object_or_404(household.people, pk=person_id, **being)
    return found


def shown(request: StaffRequest, household: Household) -> FamilyHead:
    """The head for a page about the family; reading it leaves its trail."""
    audit.record(access.READ, actor=request.actor, household_id=household.pk)
    return queries.head(request.actor, household)


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Put an operation's refusal under the field it speaks of."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message}{error.what_to_do}")


def done(request: StaffRequest, household: Household | int, message: str) -> HttpResponse:
    """Say what was done and go to the family."""
    messages.success(request, message)
    pk = household if isinstance(household, int) else household.pk
    return go(request, reverse("family", args=[pk]))


def status_of(*shown_forms: forms.BaseForm) -> int:
    """422 when a form could not be taken."""
    return 422 if any(form.is_bound and form.errors for form in shown_forms) else 200


def agencies(request: StaffRequest) -> list[tuple[int, str]]:
    """Open agencies of the town for a list of choices."""
    return queries.agency_choices(request.actor, clock.today())


def areas(request: StaffRequest) -> list[tuple[int, str]]:
    """Areas of the town for a list of choices."""
    return queries.area_choices(request.actor, clock.today())
