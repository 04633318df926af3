"""A new family. Searching comes first; what was typed there is carried over in the body of a POST."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.text import postal_code
from tsunagari.base.pages import render
from tsunagari.base.seen import seen
from tsunagari.families import access, queries
from tsunagari.families.forms.families import FamilyForm, NicknameForm, child_rows, typed_before
from tsunagari.families.forms.people import RELATIONS, ChildRow
from tsunagari.families.models import Household, Registration
from tsunagari.families.operations import forms_paper, households, registrations, search
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.rules import AddressInput, PersonInput
from tsunagari.families.views.common import agencies, areas, done, refuse, status_of
from tsunagari.families.views.paper import form_of
from tsunagari.places.models import Agency


@allow(access.CREATE, busy=True)
def family_new(request: StaffRequest) -> HttpResponse:
    """Search first; then the form; then families it may already be; then the family."""
    data = request.POST
    if request.method != "POST" or not data:
        return render(request, "families/family_search_first.html")
    if "start" in data or "key" not in data:
        return _started(request)
    if "add_child" in data or "propose" in data:
        return _continued(request)
    form, rows = _form(request, data), child_rows(data)
    if all([form.is_valid(), *(row.is_valid() for row in rows if row.is_bound)]):
        if _asks_first(request, form):
            return _continued(request, asked=True)
        try:
            return _make(request, form, [row for row in rows if row.is_bound])
        except DomainError as error:
            refuse(form, error)
    return _show(request, form, rows)


def _form(request: StaffRequest, data: QueryDict | None = None, **options: Any) -> FamilyForm:
    return FamilyForm(data, areas=areas(request), agencies=agencies(request), **options)


def _asks_first(request: StaffRequest, form: FamilyForm) -> bool:
    """A pregnancy met by the city, without an agency chosen: its policy may have the area's agency proposed, once."""
    data = form.cleaned_data
    if request.actor.scope != "municipality" or not data["due_date"] or data["agency"]:
        return False
    policy = policy_of(request.actor.municipality_id)
    if "asked" in request.POST or policy.at_handbook != policy.HomeRule.PROPOSE:
        return False
    typed = request.POST.copy()
    _propose(request, typed)
    return bool(typed.get("agency"))


def _show(
    request: StaffRequest,
    form: FamilyForm,
    rows: list[ChildRow],
    status: int | None = None,
    *,
    asked: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "relations": RELATIONS,
        "paper": form_of(request),
        "asked": asked or "asked" in request.POST,
        "just_asked": asked,
    }
    return render(
        request, "families/family_new.html", context, status=status or status_of(form, *_bound(rows))
    )


def _bound(rows: list[ChildRow]) -> list[ChildRow]:
    return [row for row in rows if row.is_bound]


def _started(request: StaffRequest) -> HttpResponse:
    """The empty form with what the search already said."""
    initial = typed_before(request.POST.get("q", ""))
    own = request.actor.agency_id if request.actor.scope == "agency" else None
    paper = form_of(request)
    initial["agency"] = str((paper.agency_id if paper else None) or own or "")
    initial["source"] = Registration.Source.PAPER if paper else Registration.Source.COUNTER
    initial["count"] = "1"
    form = _form(request, initial=initial)
    return _show(request, form, child_rows(None, first=initial.get("child0-birth_date")))


def _continued(request: StaffRequest, *, asked: bool = False) -> HttpResponse:
    """The form as typed, with one more line for a child, or with area and agency proposed; nothing is judged yet."""
    data = request.POST.copy()
    if "propose" in data or asked:
        _propose(request, data)
    if asked:
        data["source"], data["is_home"] = Registration.Source.HANDBOOK, "on"
    rows = child_rows(data, more=1 if "add_child" in data else 0)
    form = _form(request, initial=data.dict())
    loose = [ChildRow(prefix=row.prefix, initial=_typed_row(row, data)) for row in rows]
    return _show(request, form, loose, asked=asked)


def _typed_row(row: ChildRow, data: QueryDict) -> dict[str, str]:
    return {name: data.get(row.add_prefix(name), "") for name in row.fields}


def _propose(request: StaffRequest, data: QueryDict) -> None:
    chosen = str(data.get("area", ""))
    area = int(chosen) if chosen.isdecimal() else _area_of(request, str(data.get("postal_code", "")))
    if area is None:
        return
    data["area"] = str(area)
    agency = queries.agency_of_area(request.actor.municipality_id, area)
    if agency is not None:
        data["agency"] = str(agency.pk)


def _area_of(request: StaffRequest, postal: str) -> int | None:
    return queries.area_for(request.actor, postal_code(postal) or "")


def _make(request: StaffRequest, form: FamilyForm, rows: list[ChildRow]) -> HttpResponse:
    people = form.people(rows)
    duplicates = (
        [] if "different" in request.POST else search.look_for_duplicates(people, actor=request.actor)
    )
    if duplicates:
        return _ask(request, people, duplicates)
    address = form.address_input()
    if address.area_id is None:
        address = replace(address, area_id=_area_of(request, address.postal_code))
    household = _keep(request, form, people, address)
    return done(request, household, "家庭をつくりました。")


def _keep(
    request: StaffRequest, form: FamilyForm, people: list[PersonInput], address: AddressInput
) -> Household:
    data = form.cleaned_data
    agency = seen(Agency, request.actor, pk=data["agency"]) if data["agency"] else None
    with transaction.atomic():  # a registration that cannot be leaves no family behind
        household = households.create_household(
            actor=request.actor, people=people, address=address, key=data["key"]
        )
        if agency is not None:
            registrations.register_new(
                household,
                agency,
                actor=request.actor,
                is_home=data["is_home"],
                source=data["source"] or "counter",
            )
        elif data["due_date"] and request.actor.scope == "municipality":
            registrations.register_by_rule(household, actor=request.actor, occasion="handbook")
        if (paper := form_of(request)) is not None:
            forms_paper.enter(paper, household, actor=request.actor)
    return household


def _ask(request: StaffRequest, people: list[PersonInput], found: list[queries.FamilyHit]) -> HttpResponse:
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return render(request, "families/duplicates.html", {"people": people, "found": found, "typed": typed})


@allow(access.CREATE)
def nickname_new(request: StaffRequest) -> HttpResponse:
    """A family by nickname, in one step (C6)."""
    form = NicknameForm(request.POST or None, initial={"sex": "0", "nickname": ""})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            household = households.create_nickname_family(
                actor=request.actor,
                nickname=data["nickname"],
                age_hint_months=int(data["age"]) if data["age"] else None,
                sex=data["sex"] or "0",
                key=data["key"],
            )
            return done(request, household, "呼び名で家庭をつくりました。お名前が分かったら書きたせます。")
        except DomainError as error:
            refuse(form, error)
    return render(
        request,
        "families/nickname_new.html",
        {"form": form, "back": reverse("families")},
        status=status_of(form),
    )
