"""Search from anywhere: a fragment under the search box, or a page."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.families import access as families_access
from tsunagari.families.operations import search as families

LONGEST = 100


@allow(families_access.FIND, busy=True)
def search(request: StaffRequest) -> HttpResponse:
    """Families that fit the words of the POST body; words never stand in an address."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("families"))
    words = request.POST.get("q", "").strip()[:LONGEST]
    found = families.look_up(words, actor=request.actor) if words else None
    context = {"q": words, "found": found}
    return render(request, "desk/search.html", context, fragment="desk/parts/search_results.html")
