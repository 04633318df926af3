"""What the city asks for: the table of 質問4(1), and the form for all or for one agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.places.models import Agency
from tsunagari.reports import access
from tsunagari.reports.forms import AskForm
from tsunagari.reports.operations import rules as operations
from tsunagari.reports.queries import asking
from tsunagari.reports.rules import ITEMS
from tsunagari.reports.views.common import refuse


@allow(access.READ)
def rules(request: StaffRequest) -> HttpResponse:
    """For everybody who makes reports to read."""
    context = {"asking": asking.asking(request.actor), "items": ITEMS}
    return render(request, "reports/rules.html", context)


@allow(access.ASK)
def town_rule(request: StaffRequest) -> HttpResponse:
    """What all agencies are asked that have no rule of their own."""
    return _edit(request, None)


@allow(access.ASK)
def agency_rule(request: StaffRequest, agency_id: int) -> HttpResponse:
    """What one agency is asked."""
    agency = seen(Agency, request.actor, pk=agency_id)
    if request.method == "POST" and "as_all" in request.POST:
        operations.as_all(agency, actor=request.actor)
        messages.success(request, f"{agency.name}は、市のきまりと同じになりました。")
        return go(request, reverse("report_rules"))
    return _edit(request, agency)


def _edit(request: StaffRequest, agency: Agency | None) -> HttpResponse:
    standing = asking.rules_of(request.actor.municipality_id)
    own = standing.get(agency.pk if agency else None)
    asked = asking.asked_of(own or standing.get(None))
    version = own.version if own else 0
    form = AskForm(request.POST or None, initial=AskForm.initial_of(asked, version))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                expected = form.cleaned_data["version"]
                operations.ask(agency, form.asked(), actor=request.actor, expected_version=expected)
                messages.success(request, "報告のきまりを保存しました。これから提出する報告に使われます。")
                return go(request, reverse("report_rules"))
            except Conflict as error:
                typed = request.POST.copy()
                typed["version"] = str(version)
                form, status = AskForm(typed), error.status
                refuse(form, error)
            except DomainError as error:
                refuse(form, error)
    context = {"form": form, "agency": agency, "own": own}
    return render(request, "reports/rule_edit.html", context, status=status)
