"""連携先: the city's register of whom to turn to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.guide import PartnerForm
from tsunagari.encounters.models import Partner
from tsunagari.encounters.operations import partners as operations
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.views.keeping import refuse

SHOWN = 100
MANY = 20  # from here on it helps to look for one by its name


@allow(access.READ_GUIDE)
def partners(request: StaffRequest) -> HttpResponse:
    """Partners by kind with their telephones; ended ones below."""
    text = request.GET.get("q", "").strip()[:80]
    page = Paginator(queries.listed_partners(request.actor, text), SHOWN).get_page(request.GET.get("page"))
    kinds, ended = queries.by_kind(page)
    context = {
        "kinds": kinds,
        "ended": ended,
        "page": page,
        "text": text,
        "many": page.paginator.count > MANY,
        "may_manage": request.actor.may(access.MANAGE_GUIDE),
    }
    return render(request, "encounters/partners.html", context)


@allow(access.MANAGE_GUIDE)
def partner_new(request: StaffRequest) -> HttpResponse:
    """A new partner."""
    form = PartnerForm(request.POST or None)
    if form.is_valid():
        try:
            made = operations.add_partner(form.partner(), actor=request.actor)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"「{made.name}」を足しました。記録の画面でえらべます。")
            return go(request, reverse("partners"))
    return form_page(request, "encounters/partner.html", form, partner=None)


@allow(access.MANAGE_GUIDE)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    """Change a partner, end it, or take it back."""
    found = seen(Partner, request.actor, pk=partner_id)
    begun = {name: getattr(found, name) for name in PartnerForm.base_fields}
    end_or_back = request.method == "POST" and ("end" in request.POST or "back" in request.POST)
    form = PartnerForm(None if end_or_back else request.POST or None, initial=begun)
    if end_or_back:
        return _ended(request, found)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.change_partner(found, form.partner(), actor=request.actor, version=version)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "連携先を変えました。手引きにもすぐに出ます。")
            return go(request, reverse("partners"))
    return form_page(request, "encounters/partner.html", form, partner=found)


def _ended(request: StaffRequest, found: Partner) -> HttpResponse:
    version = posted_version(request)
    if "end" in request.POST:
        operations.end_partner(found, actor=request.actor, version=version)
        messages.success(request, f"「{found.name}」を終わりにしました。記録には残ります。")
    else:
        operations.take_partner_back(found, actor=request.actor, version=version)
        messages.success(request, f"「{found.name}」をもどしました。")
    return go(request, reverse("partners"))


def posted_version(request: StaffRequest) -> int:
    """The version the page was made with; 0 when it says none, which no row has."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() else 0


def form_page(request: StaffRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    """The page of a form: 422 with errors, 409 when somebody was faster; what was typed stays."""
    status = 409 if getattr(form, "conflict", False) else 422 if form.errors else 200
    return render(request, template, context | {"form": form}, status=status)
