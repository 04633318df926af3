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
from tsunagari.reports.rules import ITEMS, month_of
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
    return _edit(request, agency)


def _edit(request: StaffRequest, agency: Agency | None) -> HttpResponse:
    rules, key = asking.Rules(request.actor.municipality_id), agency.pk if agency else None
    standing, since = rules.newest(key), asking.usual_start(rules, key)
    version, starts = standing.version if standing else 0, [since]
    form = AskForm(
        request.POST or None,
        initial=AskForm.initial_of(rules.asked(key, since), since, version),
        starts=starts,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(request, agency, form)
                return go(request, reverse("report_rules"))
            except Conflict as error:
                typed = request.POST.copy()
                typed["version"] = str(version)
                form, status = AskForm(typed, starts=starts), error.status
                refuse(form, error)
            except DomainError as error:
                refuse(form, error)
    own = standing is not None and standing.items is not None
    context = {"form": form, "agency": agency, "own": own}
    return render(request, "reports/rule_edit.html", context, status=status)


def _save(request: StaffRequest, agency: Agency | None, form: AskForm) -> None:
    """Put it in force, or end the agency's own rule, and say from when."""
    actor, data = request.actor, form.cleaned_data
    if agency is not None and "as_all" in request.POST:
        first = operations.as_all(agency, actor=actor, since=data["since"])
        said = f"{agency.name}は、{month_of(first).text}分の報告から、市のきまりと同じになります。"
    else:
        put = operations.ask(
            agency, form.asked(), actor=actor, expected_version=data["version"], since=data["since"]
        )
        said = f"報告のきまりを保存しました。{month_of(put.starts_on).text}分の報告から使われます。"
    messages.success(request, said)
