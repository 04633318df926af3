"""手引き on paper: the whole book, or where it is long one part of a category at a time."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from django.http import Http404, HttpResponse

from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import render
from tsunagari.encounters import access, rules
from tsunagari.encounters.models import GuideBook
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.queries import keeping
from tsunagari.encounters.views.guide import guide_book_of

TEMPLATE = "encounters/paper/guide.typ"
AT_ONCE = 500  # entries, and partners behind them, in one PDF: more would hold everybody up


@allow(access.READ_GUIDE)
def guide_pdf(request: StaffRequest, book_id: int) -> HttpResponse:
    """A book on A4, as the manual it replaces. Of a long one a page to choose a category's part from, and that part."""
    book = guide_book_of(request, book_id)
    counts = queries.counted(book)
    if sum(counts.values()) <= AT_ONCE:
        return _pdf(request, book, queries.entries(book), "")
    asked, part = request.GET.get("category", ""), request.GET.get("part", "1")
    category = int(asked) if asked.isdecimal() and int(asked) in rules.CATEGORY else None
    if category is None:
        parts = [
            (rules.CATEGORY[code], count, range(1, ceil(count / AT_ONCE) + 1))
            for code, count in counts.items()
        ]
        context = {"book": book, "parts": parts, "count": sum(counts.values())}
        return render(request, "encounters/guide_print.html", context)
    last = max(1, ceil(counts.get(category, 0) / AT_ONCE))
    if not part.isdecimal() or not 1 <= int(part) <= last:
        raise Http404
    found = queries.urgent_first(book, category, slice((int(part) - 1) * AT_ONCE, int(part) * AT_ONCE))
    of = f"　{rules.CATEGORY[category].short}" + (f"（{last}つのうち{part}つ目）" if last > 1 else "")
    return _pdf(request, book, found, of)


def _pdf(request: StaffRequest, book: GuideBook, found: Sequence[queries.Entry], of: str) -> HttpResponse:
    words = keeping.concerns(request.actor).words
    chapters = queries.chapters([one for one in found if not one.urgent])
    data = {
        "issuer": request.actor.municipality_name,
        "issued_on": format_wareki(clock.today()),
        "confidential": False,
        "title": "子育て相談の手引き",
        "edition": _edition(book) + of,
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
    request: StaffRequest, book: GuideBook, found: Sequence[queries.Entry]
) -> list[dict[str, str]]:
    """The register at the end of the book; of a former one, and of a very long one, those who are named."""
    register = queries.partners_in_use(request.actor, AT_ONCE + 1) if book.replaced_at is None else []
    if 0 < len(register) <= AT_ONCE:
        return [
            {"name": one.name, "phone": one.phone, "hours": one.hours, "place": one.place} for one in register
        ]
    named = {one.partner.id: one.partner for one in found if one.partner is not None}
    return [{"name": one.name, "phone": one.phone, "hours": one.hours, "place": ""} for one in named.values()]
