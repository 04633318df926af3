"""担当のひきつぎ: what each colleague is in charge of, and all of one person's to another with one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.encounters import access
from tsunagari.encounters.forms.charts import HandAllForm
from tsunagari.encounters.operations.leaving import hand_all_over
from tsunagari.encounters.queries.owned import OwnerLine, owners
from tsunagari.encounters.queries.workers import workers


@allow(access.REASSIGN)
def owners_list(request: StaffRequest) -> HttpResponse:
    """Who is in charge of how much; those who are gone first."""
    audit.record(access.REASSIGN, actor=request.actor, detail={"list": True})
    context = {"lines": owners(request.actor), "town": request.actor.scope == "municipality"}
    return render(request, "desk/owners.html", context)


@allow(access.REASSIGN)
def owner(request: StaffRequest, agency_id: int, user_id: int) -> HttpResponse:
    """Everything of one person at one agency, to a colleague there."""
    line = _line(request, agency_id, user_id)
    colleagues = {pk: name for pk, name in workers(agency_id, clock.today()).items() if pk != user_id}
    form = HandAllForm(request.POST or None, colleagues=colleagues)
    if form.is_bound and form.is_valid():
        try:
            went = hand_all_over(user_id, agency_id, actor=request.actor, to_user_id=form.cleaned_data["to"])
        except DomainError as error:
            form.add_error(None, f"{error.message}{error.what_to_do}")
        else:
            name = colleagues[form.cleaned_data["to"]]
            messages.success(request, f"{'、'.join(went.words)}を、{name}さんにひきつぎました。")
            return go(request, reverse("owners"))
    context = {"line": line, "form": form, "colleagues": colleagues}
    return render(request, "desk/owner.html", context, status=422 if form.errors else 200)


def _line(request: StaffRequest, agency_id: int, user_id: int) -> OwnerLine:
    """404 for another agency, and for somebody who is in charge of nothing there."""
    for line in owners(request.actor):
        if (line.agency_id, line.user_id) == (agency_id, user_id):
            return line
    raise Http404
