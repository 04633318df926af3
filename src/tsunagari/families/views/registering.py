"""登録とカード: the way to everything about registrations that is not about one family."""

from __future__ import annotations

from django.http import HttpResponse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.families import access
from tsunagari.families.queries import forms_paper, renewals


@allow(access.READ_POLICY)
def registering(request: StaffRequest) -> HttpResponse:
    """What there is to do, with counts where somebody waits."""
    actor = request.actor
    season = renewals.season(actor.municipality_id) if actor.may(access.RENEW) else None
    counts = None
    if season is not None and actor.scope == "agency" and actor.agency_id is not None:
        counts = renewals.counts(actor.agency_id, season)
    context = {
        "season": season,
        "counts": counts,
        "forms": forms_paper.counts(actor) if actor.may(access.PRINT_FORM) else None,
    }
    return render(request, "families/registering.html", context)
