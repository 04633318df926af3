"""手引き: read by category, concern and age, beside a record being written, in former versions, and on paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, rules
from tsunagari.encounters.models import GuideBook
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.queries import keeping
from tsunagari.encounters.queries.drafts import met_marked
from tsunagari.encounters.rules.guide import OLDEST, chosen

TEMPLATE = "encounters/paper/guide.typ"
#: Ages one can choose from, in months.
AGES = (
    (0, "0か月"), (6, "6か月"), (12, "1歳"), (18, "1歳6か月"), (24, "2歳"), (36, "3歳"), (48, "4歳"), (60, "5歳"),
    (84, "小学生"),
)  # fmt: skip


@allow(access.READ_GUIDE)
def guide(request: StaffRequest) -> HttpResponse:
    """The book in force: what is to be done at once on top, then by category, concern and age."""
    book = queries.in_force(request.actor)
    found = queries.entries(book) if book is not None else ()
    category = _among(request, "category", rules.CATEGORY)
    concern, age = (
        _among(request, "concern", range(len(rules.CONCERNS))),
        _among(request, "age", range(OLDEST + 1)),
    )
    codes = list(rules.CATEGORY) if category is None else [category]
    ages = [] if age is None else [age]
    suiting = chosen(found, codes, concern, ages)
    context = {
        "book": book,
        "urgent": [one for one in suiting if one.urgent],
        "chapters": [
            one for one in queries.chapters([one for one in suiting if not one.urgent]) if one.entries
        ],
        "counts": queries.chapters(found),
        "category": category,
        "concern": concern,
        "age": age,
        "ages": AGES,
        "concerns": keeping.concerns(request.actor).words,
        "narrowed": category is not None or concern is not None or age is not None,
    } | _editing(request)
    return render(request, "encounters/guide.html", context)


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
    """One book whole, with what changed in it; the draft for those who write it."""
    book = _book(request, book_id)
    found = queries.entries(book)
    context = {
        "book": book,
        "urgent": [one for one in found if one.urgent],
        "chapters": [
            one for one in queries.chapters([one for one in found if not one.urgent]) if one.entries
        ],
        "changes": queries.changed_by(book),
        "concerns": keeping.concerns(request.actor).words,
    }
    return render(request, "encounters/guide_book.html", context)


@allow(access.READ_GUIDE)
def guide_pdf(request: StaffRequest, book_id: int) -> HttpResponse:
    """A book on A4, as the manual it replaces."""
    book = _book(request, book_id)
    words = keeping.concerns(request.actor).words
    found = queries.entries(book)
    chapters = queries.chapters([one for one in found if not one.urgent])
    data = {
        "issuer": request.actor.municipality_name,
        "issued_on": format_wareki(clock.today()),
        "confidential": False,
        "title": "子育て相談の手引き",
        "edition": _edition(book),
        "note": book.note,
        "urgent": [_on_paper(one, words) for one in found if one.urgent],
        "chapters": [
            {
                "number": one.category.code,
                "label": one.category.label,
                "entries": [_on_paper(entry, words) for entry in one.entries],
            }
            for one in chapters
            if one.entries
        ],
        "partners": _partners_on_paper(request, book, found),
    }
    response = HttpResponse(paper.render(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="tebiki-{book.number}.pdf"'
    return response


def _edition(book: GuideBook) -> str:
    if book.published_at is None:
        return f"第{book.number}版　下書き"
    since = format_wareki(book.published_at.astimezone(clock.TOKYO).date())
    return f"第{book.number}版　{since}から" + ("　いまは使われていません" if book.replaced_at else "")


def _on_paper(one: queries.Entry, words: tuple[str, ...]) -> dict[str, Any]:
    concern = f"「{words[one.concern_from]}」から" if one.concern_from else ""
    whom = one.partner
    return {
        "title": one.title,
        "category": one.category_label,
        "when": "　".join(part for part in (concern, one.ages) if part),
        "partner": whom.name if whom is not None else "",
        "phone": whom.phone if whom is not None else "",
        "hours": whom.hours if whom is not None else "",
        "how": one.how,
        "say": one.say,
    }


def _partners_on_paper(
    request: StaffRequest, book: GuideBook, found: tuple[queries.Entry, ...]
) -> list[dict[str, str]]:
    """The register at the end of the book; of a former one those it names."""
    if book.replaced_at is None:
        kinds, _ = queries.partners(request.actor)
        return [
            {"name": one.name, "phone": one.phone, "hours": one.hours, "place": one.place}
            for kind in kinds
            for one in kind.partners
        ]
    named = {one.partner.id: one.partner for one in found if one.partner is not None}
    return [{"name": one.name, "phone": one.phone, "hours": one.hours, "place": ""} for one in named.values()]


def _book(request: StaffRequest, book_id: int) -> GuideBook:
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
    context = {
        "draft": draft,
        "entries": queries.at_hand(request.actor, known, level, ages),
        "categories": [rules.CATEGORY[code] for code in known],
        "concern": level,
        "concerns": keeping.concerns(request.actor).words,
    }
    fragment = "encounters/parts/guide_at_hand.html"
    return render(request, "encounters/draft_guide.html", context, fragment=fragment)


def _codes(values: Any) -> list[int]:
    return [int(one) for one in values or () if str(one).isdecimal() and len(str(one)) < 18]
