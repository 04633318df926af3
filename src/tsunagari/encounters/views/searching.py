"""さがす: records by their words. What was typed stays in the session, never in an address."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import go, render
from tsunagari.encounters import access
from tsunagari.encounters.forms.searching import SearchForm
from tsunagari.encounters.queries import books
from tsunagari.encounters.queries.search_choices import search_choices
from tsunagari.encounters.queries.searching import Hits, Wanted, search
from tsunagari.encounters.views.books import tabs

TYPED = "record_search"  # in the session: the workplace, and what was typed there


@allow(access.SEARCH_RECORDS)
def record_search(request: StaffRequest) -> HttpResponse:
    """POST keeps what is wanted and shows it; GET shows the last search of this session, page by page."""
    choices = search_choices(request.actor)
    if request.method == "POST":
        typed = {
            name: value[:200] for name in SearchForm.base_fields if (value := request.POST.get(name, ""))
        }
        form = SearchForm(typed, choices=choices)
        if "clear" in request.POST:
            request.session.pop(TYPED, None)
        elif form.is_valid():
            request.session[TYPED] = [request.actor.membership_id, typed]
        else:
            return _page(request, form, None, Wanted(), status=422)
        return go(request, reverse("record_search"))
    place, typed = request.session.get(TYPED, [None, {}])
    if not typed or place != request.actor.membership_id:
        return _page(request, SearchForm(choices=choices), None, Wanted())
    form = SearchForm(typed, choices=choices)
    if not form.is_valid():
        return _page(request, form, None, Wanted())
    wanted = form.wanted()
    found = search(request.actor, wanted, before=request.GET.get("before", ""))
    shown = [hit.line.id for hit in found.hits]
    audit.record(access.SEARCH_RECORDS, actor=request.actor, detail={"found": len(shown), "records": shown})
    return _page(request, form, found, wanted)


def _page(
    request: StaffRequest, form: SearchForm, found: Hits | None, wanted: Wanted, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "wanted": wanted,
        "narrowed": bool(wanted.tokens or wanted.since or wanted.until) or bool(form.errors),
        "before": request.GET.get("before", ""),
        "tabs": tabs(request, "record_search", books.style_of(request.actor)),
        "drafts": [],
    }
    return render(request, "encounters/record_search.html", context, status=status)
