"""今日: what came in, what is due, what is late; each line one click from being done."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.news import of_today
from tsunagari.base.pages import render
from tsunagari.desk import access, queries
from tsunagari.encounters import queries as encounters
from tsunagari.encounters.queries.kiosk import kiosk_news
from tsunagari.encounters.queries.work import work
from tsunagari.families.queries.home_changes import unseen
from tsunagari.families.queries.waiting import waiting
from tsunagari.reports.queries import sharing


@allow(access.OPEN_DESK, busy=True)
def today(request: StaffRequest) -> HttpResponse:
    """The first page after signing in; auditors go on to the trail, which is their work."""
    if not request.actor.may(access.READ_TODAY):
        return HttpResponseRedirect(reverse("trail"))
    day = clock.today()
    found = encounters.today(request.actor, day, all_unread=request.GET.get("unread") == "all")
    waits = work(request.actor, day)
    request.menu_numbers = {"circulation": waits.seals}  # type: ignore[attr-defined]
    context = {
        "work": waits,
        "at_once": sharing.of_today(request.actor, day),
        "today": found,
        "home_changes": unseen(request.actor),
        "waiting": waiting(request.actor),
        "news": kiosk_news(request.actor),
        "weekday": weekday_ja(day),
        "greeting": greeting(clock.now().hour),
    }
    if request.actor.agency_id is not None:
        context["told"] = of_today(request.actor)
    else:
        context["town"] = queries.town_day(request.actor, day)
        context["came"] = sum(agency.visits for agency in found.agencies)
    audit.record(access.READ_TODAY, actor=request.actor)
    return render(request, "desk/today.html", context)


def greeting(hour: int) -> str:
    """A word of welcome for the hour of the day (0 to 23)."""
    if hour < 11:
        return "おはようございます。"
    return "こんにちは。" if hour < 17 else "おつかれさまです。"
