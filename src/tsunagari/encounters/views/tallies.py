"""人数だけの記録: a busy hour or an outing, counted by figures alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.tallies import STEP, TallyForm
from tsunagari.encounters.models import Tally
from tsunagari.encounters.operations import tallies
from tsunagari.encounters.views.common import chosen_site, roster_url
from tsunagari.places import queries as places


@allow(access.TALLY)
@require_http_methods(["GET", "POST"])
def tally_new(request: StaffRequest) -> HttpResponse:
    """Numbers with large + and −; without JavaScript each press comes here and brings the page back."""
    sites = places.sites_on(request.actor.agency_id or 0, clock.today())
    if STEP in request.POST:
        return _page(request, TallyForm(typed=request.POST, sites=sites))
    form = TallyForm(request.POST or None, sites=sites, initial={"site": request.GET.get("site", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = tallies.add_tally(actor=request.actor, site=chosen_site(request, form), **form.numbers())
        except DomainError as error:
            field = "children_0" if error.field == "children" else error.field
            form.add_error(field if field in form.fields else None, error.message)
        else:
            if not made.already:
                said = "人数だけの記録を加えました。"
                messages.success(request, said, extra_tags=reverse("tally_undo", args=[made.pk]))
            return go(request, roster_url(made.day))
    return _page(request, form)


def _page(request: StaffRequest, form: TallyForm) -> HttpResponse:
    return render(request, "encounters/tally.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@allow(access.TALLY)
def tally_undo(request: StaffRequest, tally_id: int) -> HttpResponse:
    """Take a tally back, with a way to bring it back."""
    tally = tallies.undo_tally(_tally(request, tally_id), actor=request.actor)
    said = "人数だけの記録を取り消しました。"
    messages.success(request, said, extra_tags=reverse("tally_restore", args=[tally.pk]))
    return go(request, roster_url(tally.day))


@require_POST
@allow(access.TALLY)
def tally_restore(request: StaffRequest, tally_id: int) -> HttpResponse:
    """Bring a tally back that was taken back."""
    tally = tallies.restore_tally(_tally(request, tally_id), actor=request.actor)
    said = "人数だけの記録をもどしました。"
    messages.success(request, said, extra_tags=reverse("tally_undo", args=[tally.pk]))
    return go(request, roster_url(tally.day))


def _tally(request: StaffRequest, tally_id: int) -> Tally:
    return seen(Tally, request.actor, pk=tally_id)
