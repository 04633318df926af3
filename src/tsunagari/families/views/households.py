"""A household's own words: address, caution, protection, moving."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.japanese.text import postal_code
from tsunagari.base.offering import offer, offered
from tsunagari.base.pages import render
from tsunagari.families import access, queries
from tsunagari.families.forms.families import EditForm, MoveForm, ProtectForm, ReasonForm
from tsunagari.families.models import Household
from tsunagari.families.operations import households
from tsunagari.families.queries import MASK, protection
from tsunagari.families.rules import AddressInput
from tsunagari.families.views.common import areas, done, household_of, refuse, shown, status_of

ADDRESS = ("postal_code", "address", "address_detail", "area")


@allow(access.CHANGE)
def family_edit(request: StaffRequest, household_id: int) -> HttpResponse:
    """Address and caution. Of a protected family only what is typed anew changes; a stale save shows both."""
    household = household_of(request, household_id)
    form = _edit_form(request, household, request.POST or None)
    both: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            households.change_household(
                household,
                actor=request.actor,
                address=_address(request, form, household),
                caution=data["caution"],
                expected_version=data["version"],
            )
            return done(request, household, "家庭の内容を直しました。")
        except Conflict:
            both = _both(form, household)
            form = _edit_form(request, household, _onto(request.POST, household))
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "both": both, "head": shown(request, household)}
    return render(request, "families/family_edit.html", context, status=409 if both else status_of(form))


def _edit_form(request: StaffRequest, household: Household, data: QueryDict | None) -> EditForm:
    form = EditForm(data, initial=_values(household), areas=areas(request))
    if household.protected:
        offer(form, "area", [("", "変えない"), *offered(form, "area")[1:]])
    return form


def _values(household: Household) -> dict[str, Any]:
    words = {"caution": household.caution, "version": household.version}
    if household.protected:
        return words
    return words | {
        "postal_code": household.postal_code,
        "address": household.address,
        "address_detail": household.address_detail,
        "area": str(household.area_id or ""),
    }


def _address(request: StaffRequest, form: EditForm, household: Household) -> AddressInput:
    """What was typed; blanks of a protected family stay what they were, nobody sees them here."""
    if household.protected:
        for name, kept in (("postal_code", household.postal_code), ("address", household.address)):
            form.cleaned_data[name] = form.cleaned_data[name] or kept
        form.cleaned_data["address_detail"] = form.cleaned_data["address_detail"] or household.address_detail
        form.cleaned_data["area"] = form.cleaned_data["area"] or household.area_id
    address = form.address_input(household)
    if address.area_id is None:
        area = queries.area_for(request.actor, postal_code(address.postal_code) or "")
        address = replace(address, area_id=area)
    return address


def _both(form: EditForm, household: Household) -> list[dict[str, str]]:
    """Each word that differs: as saved now, as typed here."""
    rows = []
    for name in (*ADDRESS, "caution"):
        typed, now = str(form.cleaned_data[name] or ""), _said(household, name)
        choices = dict(getattr(form.fields[name], "choices", []))
        mine = str(choices.get(typed, typed))
        if mine != now:
            hidden = household.protected and name in ADDRESS and now
            rows.append({"label": str(form.fields[name].label), "now": MASK if hidden else now, "mine": mine})
    return rows or [{"label": "内容", "now": "ほかの人の保存", "mine": "同じ内容です"}]


def _said(household: Household, name: str) -> str:
    if name == "area":
        return household.area.name if household.area else ""
    return str(getattr(household, name))


def _onto(data: QueryDict, household: Household) -> QueryDict:
    """The same words, ready to be saved on top of what is there now."""
    mine = data.copy()
    mine["version"] = str(household.version)
    return mine


@allow(access.CHANGE)
def family_protect(request: StaffRequest, household_id: int) -> HttpResponse:
    """支援措置 on or off."""
    household = household_of(request, household_id)
    joined = household.protected and protection.by_join_alone(household.pk)
    usual = "on" if joined or not household.protected else "off"
    form = ProtectForm(request.POST or None, initial={"protected": usual})
    if request.method == "POST" and form.is_valid():
        protected = form.cleaned_data["protected"] == "on"
        households.protect(household, actor=request.actor, protected=protected)
        return done(
            request, household, "支援措置の家庭にしました。" if protected else "支援措置をはずしました。"
        )
    context = {"form": form, "head": shown(request, household), "joined": joined}
    return render(request, "families/family_protect.html", context, status=status_of(form))


@allow(access.UNMASK)
def family_unmask(request: StaffRequest, household_id: int) -> HttpResponse:
    """What protection hides, once, for a reason; the answer is never a redirect and never kept."""
    household = household_of(request, household_id)
    form = ReasonForm(request.POST or None)
    revealed = None
    if request.method == "POST" and form.is_valid():
        try:
            revealed = households.unmask(household, actor=request.actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "head": shown(request, household), "revealed": revealed}
    return render(request, "families/family_unmask.html", context, status=status_of(form))


@allow(access.CHANGE)
def family_move(request: StaffRequest, household_id: int) -> HttpResponse:
    """The family left the town, or came back."""
    household = household_of(request, household_id)
    away = household.status == Household.Status.MOVED
    initial = {"moved": "back" if away else "out", "moved_on": format_wareki(clock.today())}
    form = MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        left = form.cleaned_data["moved"] == "out"
        move = households.move_out if left else households.come_back
        move(household, actor=request.actor, moved_on=form.cleaned_data["moved_on"])
        return done(request, household, "転出にしました。" if left else "もどってきた家庭にしました。")
    context = {"form": form, "head": shown(request, household)}
    return render(request, "families/family_move.html", context, status=status_of(form))
