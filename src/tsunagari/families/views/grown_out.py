"""大きくなった家庭: registrations that have had their time, closed in one go, taken up again when it was a mistake."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.families import access
from tsunagari.families.operations import grown_out as operations
from tsunagari.families.queries import grown_out as queries
from tsunagari.families.queries.policies import policy_of

PER_PAGE = 50


@allow(access.REGISTER)
def grown_out(request: StaffRequest) -> HttpResponse:
    """Who has grown out, a page by kana; those ticked are closed. `all` ticks the whole page."""
    if request.method == "POST":
        return _close(request)
    asked = request.GET.get("after", "")
    page = queries.grown_out(request.actor, after=int(asked) if asked.isdecimal() else None, limit=PER_PAGE)
    closed = queries.closed_lately(request.actor)
    audit.record(
        access.FIND,
        actor=request.actor,
        detail={"list": "grown_out", "hits": len(page.rows), "closed": len(closed)},
    )
    context = {
        "page": page,
        "closed": closed,
        "all": "all" in request.GET,
        "further": bool(asked),
        "age": policy_of(request.actor.municipality_id).grown_out_after,
        "limit_text": format_wareki(queries.limit_of(request.actor)),
    }
    return render(request, "families/grown_out.html", context)


def _close(request: StaffRequest) -> HttpResponse:
    chosen = [int(pk) for pk in request.POST.getlist("household") if pk.isdecimal()]
    if not chosen:
        messages.error(request, "家庭をえらんでから押してください。")
        return go(request, reverse("grown_out"))
    visible = queries.chosen(request.actor, chosen)
    try:
        ended = operations.close_grown_out(visible, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
        return go(request, reverse("grown_out"))
    families = len({row.household_id for row in ended})
    messages.success(request, f"{families}組の登録を終わりにしました。まちがいは、下の「もどす」で直せます。")
    return go(request, reverse("grown_out"))
