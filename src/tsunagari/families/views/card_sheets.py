"""Cards still to be printed, of many families, and the sheets they are printed on."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.families import access
from tsunagari.families.forms.cards import SheetForm
from tsunagari.families.operations import cards as operations
from tsunagari.families.queries import cards as queries
from tsunagari.families.views.cards import on_paper
from tsunagari.families.views.common import agencies, areas

PER_PAGE = 50
AGAIN = "残りにチェックを残してあります。たしかめて、もう一度押してください。"


@allow(access.CARD_PRINT)
def cards(request: StaffRequest) -> HttpResponse:
    """The list: of the own agency; for the centre and the city of the town, by agency or area."""
    return _list(request, SheetForm(initial={"layout": "sheet", "start": "1"}))


@require_POST
@allow(access.CARD_PRINT)
def card_sheet(request: StaffRequest) -> HttpResponse:
    """The chosen cards as one PDF, at most forms.cards.MOST of them; else the list as it is now, with what is to do."""
    form = SheetForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    wanted = form.cleaned_data["card"]
    chosen = queries.to_print(request.actor, wanted)
    if len(chosen) < len(wanted):
        form.add_error(
            None, f"えらんだ{len(wanted)}枚のうち{len(wanted) - len(chosen)}枚は、もう使えません。{AGAIN}"
        )
        return _list(request, form, status=409)
    operations.printed(chosen, actor=request.actor)
    return on_paper(request, chosen, form)


def _list(request: StaffRequest, form: SheetForm, *, status: int = 200) -> HttpResponse:
    """The cards that wait; all of them ticked, or those that were, when something was wrong with them."""
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
    ticked = set(request.POST.getlist("card")) if form.is_bound else None
    context = {
        "page": page,
        "ticked": {row.card_id for row in page.rows if ticked is None or str(row.card_id) in ticked},
        "further": after is not None,
        "form": form,
        "agencies": agencies(request) if town_wide else [],
        "areas": areas(request) if town_wide else [],
        "agency": agency,
        "area": area,
        "town_wide": town_wide,
    }
    return render(request, "families/cards.html", context, status=status)


def _number(request: StaffRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
