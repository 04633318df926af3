"""手引き: read by category, concern and age, beside a record being written, and in former versions."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, rules
from tsunagari.encounters.models import GuideBook, GuideEntry
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.queries import keeping
from tsunagari.encounters.queries.drafts import met_marked
from tsunagari.encounters.rules.guide import OLDEST

#: Ages one can choose from, in months.
AGES = (
    (0, "0か月"), (6, "6か月"), (12, "1歳"), (18, "1歳6か月"), (24, "2歳"), (36, "3歳"), (48, "4歳"), (60, "5歳"),
    (84, "小学生"),
)  # fmt: skip


@allow(access.READ_GUIDE)
def guide(request: StaffRequest) -> HttpResponse:
    """The book in force: what is to be done at once on top, then by category, concern and age; PAGE entries at once."""
    book = queries.in_force(request.actor)
    category = _among(request, "category", rules.CATEGORY)
    concern, age = (
        _among(request, "concern", range(len(rules.CONCERNS))),
        _among(request, "age", range(OLDEST + 1)),
    )
    codes = list(rules.CATEGORY) if category is None else [category]
    context = {
        "book": book,
        "categories": rules.CATEGORIES,
        "category": category,
        "concern": concern,
        "age": age,
        "ages": AGES,
        "concerns": keeping.concerns(request.actor).words,
        "narrowed": category is not None or concern is not None or age is not None,
    } | _editing(request)
    if book is not None:
        context |= _paged(request, book, queries.suiting(book, codes, concern, [] if age is None else [age]))
    return render(request, "encounters/guide.html", context)


def _paged(request: StaffRequest, book: GuideBook, rows: QuerySet[GuideEntry]) -> dict[str, Any]:
    """One page of entries, what is to be done at once apart from the chapters."""
    page = Paginator(rows, queries.PAGE).get_page(request.GET.get("page"))
    start = max(page.start_index() - 1, 0)
    found = queries.read(book, rows[start : start + queries.PAGE])
    calm = [one for one in found if not one.urgent]
    return {
        "page": page,
        "urgent": [one for one in found if one.urgent],
        "chapters": [one for one in queries.chapters(calm) if one.entries],
    }


def _editing(request: StaffRequest) -> dict[str, Any]:
    may = request.actor.may(access.MANAGE_GUIDE)
    return {"may_manage": may, "draft": queries.draft(request.actor) if may else None}


def _among(request: StaffRequest, name: str, allowed: Any) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and int(value) in allowed else None


@allow(access.READ_GUIDE)
def guide_books(request: StaffRequest) -> HttpResponse:
    """The books there were, newest first."""
    return render(request, "encounters/guide_books.html", {"books": queries.published(request.actor)})


@allow(access.READ_GUIDE)
def guide_book(request: StaffRequest, book_id: int) -> HttpResponse:
    """One book, PAGE entries at once, with what changed in it; the draft for those who write it."""
    book = guide_book_of(request, book_id)
    context = {
        "book": book,
        "changes": queries.changed_by(book),
        "concerns": keeping.concerns(request.actor).words,
    }
    context |= _paged(request, book, queries.suiting(book, list(rules.CATEGORY)))
    return render(request, "encounters/guide_book.html", context)


def guide_book_of(request: StaffRequest, book_id: int) -> GuideBook:
    """A book; a draft only for who writes it, 404 for others."""
    book = seen(GuideBook, request.actor, pk=book_id)
    if book.published_at is None and not request.actor.may(access.MANAGE_GUIDE):
        raise Http404
    return book


@allow(access.READ_GUIDE)
def draft_guide(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The entries for the record being written: what is pressed on the form (sent along), else what the draft knows.

    The children's ages are looked up and never shown or written into the address."""
    draft = get_object_or_404(met_marked(request.actor), pk=draft_id)
    given = request.GET if request.GET else None
    categories = _codes(given.getlist("categories") if given else draft.fields.get("categories"))
    concern = _codes([given.get("concern", "") if given else draft.fields.get("concern", "")])
    people = _codes(given.getlist("people") if given else draft.fields.get("people"))
    ages = queries.ages_of(draft, people, clock.today()) if getattr(draft, "met", False) else []
    level = concern[0] if concern and concern[0] < len(rules.CONCERNS) else None
    known = [code for code in categories if code in rules.CATEGORY]
    entries = queries.at_hand(request.actor, known, level, ages)
    context = {
        "draft": draft,
        "entries": entries[: queries.AT_HAND],
        "more": len(entries) > queries.AT_HAND,
        "categories": [rules.CATEGORY[code] for code in known],
        "concern": level,
        "concerns": keeping.concerns(request.actor).words,
    }
    fragment = "encounters/parts/guide_at_hand.html"
    return render(request, "encounters/draft_guide.html", context, fragment=fragment)


def _codes(values: Any) -> list[int]:
    return [int(one) for one in values or () if str(one).isdecimal() and len(str(one)) < 18]
