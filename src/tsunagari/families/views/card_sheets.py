"""Cards still to be printed, of many families, and the sheets they are printed on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import go, render
from tsunagari.families import access
from tsunagari.families.forms.cards import SheetForm
from tsunagari.families.operations import cards as operations
from tsunagari.families.queries import cards as queries
from tsunagari.families.views.cards import on_paper
from tsunagari.families.views.common import agencies, areas

PER_PAGE = 50


@allow(access.CARD_PRINT)
def cards(request: StaffRequest) -> HttpResponse:
    """The list: of the own agency; for the centre and the city of the town, by agency or area."""
    agency, area, after = (_number(request, name) for name in ("agency", "area", "after"))
    page = queries.waiting_to_print(
        request.actor, agency_id=agency, area_id=area, after=after, limit=PER_PAGE
    )
    audit.record(
        access.FIND,
        actor=request.actor,
        detail={"list": "cards", "agency": agency, "area": area, "hits": len(page.rows)},
    )
    town_wide = request.actor.scope == "municipality"
    context = {
        "page": page,
        "further": after is not None,
        "form": SheetForm(initial={"layout": "sheet", "start": "1"}),
        "agencies": agencies(request) if town_wide else [],
        "areas": areas(request) if town_wide else [],
        "agency": agency,
        "area": area,
        "town_wide": town_wide,
    }
    return render(request, "families/cards.html", context)


@require_POST
@allow(access.CARD_PRINT)
def card_sheet(request: StaffRequest) -> HttpResponse:
    """The chosen cards as one PDF, at most forms.cards.MOST of them."""
    form = SheetForm(request.POST)
    if not form.is_valid():
        return _refused(request, "、".join(str(error) for errors in form.errors.values() for error in errors))
    chosen = queries.to_print(request.actor, form.cleaned_data["card"])
    if len(chosen) < len(form.cleaned_data["card"]):
        return _refused(
            request, "止められたカードが入っていました。一覧が新しくなったので、もう一度えらんでください。"
        )
    operations.printed(chosen, actor=request.actor)
    return on_paper(request, chosen, form)


def _refused(request: StaffRequest, said: str) -> HttpResponse:
    messages.error(request, said)
    return go(request, reverse("cards"))


def _number(request: StaffRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
