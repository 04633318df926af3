"""What the pages about visits share: the way back to a day's roster, and where people came."""

from __future__ import annotations

from datetime import date

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest
from tsunagari.places.models import Site


def roster_url(day: date) -> str:
    """The roster of a day; without the day when it is today."""
    return reverse("roster") if day == clock.today() else f"{reverse('roster')}?day={day.isoformat()}"


def chosen_site(request: StaffRequest, form: Form) -> Site | None:
    """The site a valid form names, None for the agency itself; 404 for one that is not the town's."""
    site_id = form.cleaned_data.get("site")
    if not site_id:
        return None
    found: Site = get_object_or_404(Site.objects.visible_to(request.actor), pk=site_id)
    return found
