"""家庭: one's own families."""

from __future__ import annotations

from django.http import HttpResponse

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.families import access, queries, rules
from tsunagari.families.queries import pairs

PER_PAGE = 50


@allow(access.FIND)
def families(request: StaffRequest) -> HttpResponse:
    """The families by kana, narrowed by a filter or a row of the syllabary, a page at a time."""
    show, gyo, after = request.GET.get("show", ""), request.GET.get("gyo", ""), request.GET.get("after", "")
    page = queries.own_families(
        request.actor, after=int(after) if after.isdecimal() else None, limit=PER_PAGE, show=show, gyo=gyo
    )
    audit.record(access.FIND, actor=request.actor, detail={"list": show, "hits": len(page.rows)})
    context = {
        "page": page,
        "show": show,
        "gyo": gyo,
        "further": bool(after),
        "filters": queries.FILTERS,
        "rows_of_kana": list(rules.GYO),
        "town_wide": request.actor.scope == "municipality",
        "alike": pairs.open_count(request.actor) if request.actor.may(access.REVIEW) else 0,
    }
    return render(request, "families/families.html", context)
