"""Partners looked for while a record is written, where there are too many to offer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import go
from tsunagari.encounters import access
from tsunagari.encounters.operations import drafts as operations
from tsunagari.encounters.queries import PartnerChoice, open_draft_of
from tsunagari.encounters.queries.partners import FOUND, found_partners
from tsunagari.encounters.views.posted import posted_draft

FIELDS = ("told", "linked")
LONGEST = 80


@allow(access.WRITE_RECORD)
def draft_partners(request: StaffRequest, draft_id: int) -> HttpResponse:
    """As one types: check boxes of partners of which the words are said. Without scripts the draft is kept as typed
    and its page opened with them."""
    draft = open_draft_of(request.actor, draft_id)
    if draft is None:
        raise operations.no_draft()
    field, text = looked_for(request.POST or request.GET)
    if getattr(request, "htmx", False) and request.method == "GET":
        return render(request, "encounters/parts/partners_found.html", found(request, field, text))
    if request.method == "POST":
        operations.save_draft(draft, actor=request.actor, **posted_draft(request))
    return go(
        request,
        f"{reverse('draft', args=[draft.pk])}?{urlencode({'look': field, f'find_{field}': text})}#id_{field}_set",
    )


def looked_for(given: QueryDict) -> tuple[str, str]:
    """Which field partners are looked for, and the words; the first field with words where none is named."""
    words = {name: given.get(f"find_{name}", "").strip()[:LONGEST] for name in FIELDS}
    field = given.get("look", "")
    if field not in FIELDS:
        field = next((name for name in FIELDS if words[name]), FIELDS[0])
    return field, words[field]


def found(request: StaffRequest, field: str, text: str) -> dict[str, Any]:
    """What the fragment shows: `partners` for the field, at most FOUND, and whether there are `more`."""
    partners: list[PartnerChoice] = found_partners(request.actor, text)
    return {"field": field, "text": text, "partners": partners[:FOUND], "more": len(partners) > FOUND}
