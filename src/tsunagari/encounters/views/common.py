"""What the pages about visits share: the way back to a day's roster, and where people came."""

from __future__ import annotations

from datetime import date

from django.forms import Form
from django.urls import reverse

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest
from tsunagari.base.seen import seen
from tsunagari.encounters.forms.visits import VisitForm
from tsunagari.places import queries as places
from tsunagari.places.models import Site

CAME_TO = "came_to"  # in the session: the day and the site (None: the agency) of the latest check-in


def roster_url(day: date) -> str:
    """The roster of a day; without the day when it is today."""
    return reverse("roster") if day == clock.today() else f"{reverse('roster')}?day={day.isoformat()}"


def chosen_site(request: StaffRequest, form: Form) -> Site | None:
    """The site a valid form names, None for the agency itself; 404 for one that is not the town's."""
    site_id = form.cleaned_data.get("site")
    if not site_id:
        return None
    return seen(Site, request.actor, pk=site_id)


def offer_sites(request: StaffRequest, form: VisitForm) -> None:
    """Put the agency's sites on a form, the one chosen last today pressed. One query."""
    last = request.session.get(CAME_TO)
    today = clock.today()
    form.offer_sites(
        places.sites_on(request.actor.agency_id or 0, today),
        last[1] if last and last[0] == today.isoformat() else None,
    )


def remember_site(request: StaffRequest, form: VisitForm) -> None:
    """Keep today's choice for the next family; a late entry says nothing about who comes next."""
    if form.cleaned_data["at"] is not None:
        return
    chosen = [clock.today().isoformat(), form.cleaned_data["site"]]
    if request.session.get(CAME_TO, [chosen[0], None]) != chosen:
        request.session[CAME_TO] = chosen
