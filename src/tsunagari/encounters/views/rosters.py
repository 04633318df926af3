"""来所の名簿: a day by place and time of day, on screen and on paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse

from tsunagari.audit import operations as audit
from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import render
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms import DayForm
from tsunagari.encounters.queries import DayBook, RosterLine
from tsunagari.encounters.queries.kiosk import kiosk_news
from tsunagari.encounters.rules import Counts

TEMPLATE = "encounters/paper/roster.typ"
UNWRITTEN = "（名前は書きません）"  # a protected family on paper
LINES_SHOWN = 100  # on one page of the screen
LINES_LEFT = 5  # to write on, under the families of a day
LINES_BLANK = 25  # what fills a sheet
EARLIEST, FURTHEST_AHEAD = date(1900, 1, 1), timedelta(days=366)  # a day beyond is a slip


@allow(access.READ_VISITS)
def roster(request: StaffRequest) -> HttpResponse:
    """Who came on a day, today unless asked otherwise, at one place and in one time of day where asked."""
    day, site, slot = _day(request), _number(request, "site"), _number(request, "slot")
    before, after = queries.neighbours(day)
    book = queries.day_book(request.actor, day, site=site, slot=slot)
    context = {
        "book": book,
        "page": Paginator(book.lines, LINES_SHOWN).get_page(request.GET.get("page")),
        "month": queries.month_counts(request.actor, day, site=site),
        "form": DayForm({"day": day}),
        "site": site,
        "slot": slot,
        "before": before,
        "after": after,
        "today": clock.today(),
        "news": kiosk_news(request.actor) if day == clock.today() else None,
    }
    audit.record(access.READ_VISITS, actor=request.actor, detail={"day": day.isoformat()})
    return render(request, "encounters/roster.html", context)


@allow(access.READ_VISITS)
def roster_pdf(request: StaffRequest) -> HttpResponse:
    """The roster of a day on A4, with a few lines to write on. No address stands on it, and no protected name."""
    day, site = _day(request), _number(request, "site")
    book = queries.day_book(request.actor, day, site=site)
    audit.record(access.READ_VISITS, actor=request.actor, detail={"day": day.isoformat(), "print": True})
    return _pdf(_sheet(request, day, site, book, LINES_LEFT), f"raisho-{day.isoformat()}.pdf")


@allow(access.READ_VISITS)
def roster_blank(request: StaffRequest) -> HttpResponse:
    """A sheet to write on where there is no network."""
    day, site = _day(request), _number(request, "site")
    book = queries.day_book(request.actor, day, site=site)
    sheet = _sheet(request, day, site, book, LINES_BLANK) | {"visits": [], "ages": [], "tallied": ""}
    empty = dict.fromkeys(("families", "adults", "children", "first", "other_town"), "")
    names = [*(part.slot.name for part in book.slots), "合計"]
    sheet["slots"] = [{"name": name} | empty for name in names]
    if "day" not in request.GET:
        sheet["day"] = "　　　　年　　　月　　　日（　　）"
    return _pdf(sheet, "raisho.pdf")


def _sheet(request: StaffRequest, day: date, site: int | None, book: DayBook, blanks: int) -> dict[str, Any]:
    agency = request.actor.agency_name or request.actor.municipality_name
    where = book.site_names.get(site or 0, "")
    return {
        "issuer": agency,
        "issued_on": _written(clock.today()),
        "confidential": True,
        "place": f"{agency}（{where}）" if where else agency,
        "day": _written(day),
        "visits": [_visit(number, line) for number, line in enumerate(book.lines, start=1)],
        "slots": [
            *({"name": part.slot.name} | _figures(part.counts) for part in book.slots),
            {"name": "合計"} | _figures(book.counts),
        ],
        "ages": [{"name": label, "count": number} for label, number in book.counts.ages],
        "tallied": _tallied(book.counts),
        "blanks": blanks,
    }


def _figures(counts: Counts) -> dict[str, int]:
    names = ("families", "adults", "children", "first", "other_town")
    return {name: getattr(counts, name) for name in names}


def _tallied(counts: Counts) -> str:
    people = counts.tallied_adults + counts.tallied_children
    if not (counts.tallied or people):
        return ""
    return f"このうち{counts.tallied}組・{people}人は、お名前をきかずに人数だけ数えたものです。"


def _visit(number: int, line: RosterLine) -> dict[str, Any]:
    """A line of the sheet. Of a protected family only the numbers are written."""
    family, hidden = line.family, line.family is not None and line.family.protected
    name = f"{family}（{family.who}さん）" if family and family.who else str(family or "")
    names = "、".join(f"{one.name} {one.age}".strip() for one in line.people if one.is_child)
    return {
        "number": str(number),
        "time": f"{line.at:%-H:%M}",
        "name": UNWRITTEN if hidden else name,
        "kana": "" if hidden or family is None else family.kana,
        "children": "" if hidden else names,
        "adults": line.adults,
        "children_count": line.children,
        "first": line.first,
        "other_town": line.other_town,
        "note": line.site if hidden else "　".join(part for part in (line.site, line.note) if part),
    }


def _pdf(data: dict[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(paper.render(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _day(request: StaffRequest) -> date:
    form = DayForm(request.GET)
    day: date | None = form.cleaned_data["day"] if form.is_valid() else None
    today = clock.today()
    return day if day is not None and EARLIEST <= day <= today + FURTHEST_AHEAD else today


def _number(request: StaffRequest, name: str) -> int | None:
    """A filter of the address; anything that is no number is none."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None


def _written(day: date) -> str:
    return f"{format_wareki(day)}（{weekday_ja(day)}）"
