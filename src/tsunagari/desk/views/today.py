"""今日: what came in, what is due, what is late; each line one click from being done."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.desk import access
from tsunagari.encounters import queries as encounters


@allow(access.OPEN_DESK)
def today(request: StaffRequest) -> HttpResponse:
    """The first page after signing in; auditors go on to the trail, which is their work."""
    if not request.actor.may(access.READ_TODAY):
        return HttpResponseRedirect(reverse("trail"))
    context = {"today": encounters.today(request.actor, clock.today()), "now": clock.now()}
    return render(request, "desk/today.html", context)
