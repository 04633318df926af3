"""記録: the same entries by day, by family, marked, or all; the agency's style says which comes first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms import DayForm, FilterForm
from tsunagari.encounters.queries import MarkChoice, books
from tsunagari.encounters.rules import Words
from tsunagari.families import access as families_access
from tsunagari.families.models import Household

LINES_SHOWN = 100
#: Words of the tabs; the last two are pages of their own, with the action that opens them.
TABS = {"day": "日ごと", "family": "家庭ごと", "marked": "印のある記録", "all": "新しい順"}
BESIDE = (("charts", "個別記録", "chart.read"), ("record_search", "さがす", "record.search"))


@allow(access.READ_RECORD)
def records(request: StaffRequest) -> HttpResponse:
    """The records of the agency in one of the views; without one named, the one that its style puts first."""
    style = books.style_of(request.actor)
    view = request.GET.get("view", "")
    if view not in TABS:
        view = "all" if set(request.GET) & {*FilterForm.base_fields, "before"} else books.ORDER[style][0]
    page = {"day": _day, "family": _family, "marked": _marked, "all": _all}[view]
    context = {"view": view, "tabs": tabs(request, view, style), "style": style, "drafts": _drafts(request)}
    template, more = page(request)
    return render(request, template, context | more)


def tabs(request: StaffRequest, here: str, style: str) -> list[dict[str, Any]]:
    """The tabs of 記録 in the order of the style, with the pages beside that the actor may open."""
    first = [
        {"label": TABS[view], "url": f"{reverse('records')}?view={view}", "here": view == here}
        for view in books.ORDER[style]
    ]
    return first + [
        {"label": label, "url": address, "here": name == here}
        for name, label, action in BESIDE
        if request.actor.may(action) and (address := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _drafts(request: StaffRequest) -> list[Any]:
    first = not request.GET.get("before") and not request.GET.get("page")
    return queries.drafts(request.actor) if first and request.actor.may(access.WRITE_RECORD) else []


def mark_words(marks: Iterable[MarkChoice]) -> Words:
    """Lines of a book say nothing but the mark in the city's words."""
    return Words({one.id: str(one) for one in marks})


def _words(request: StaffRequest) -> Words:
    return mark_words(queries.marks_of_town(request.actor))


def _day(request: StaffRequest) -> tuple[str, dict[str, Any]]:
    day = day_of(request)
    sheet = books.day_sheet(request.actor, day, _words(request))
    page = Paginator(sheet.lines, LINES_SHOWN).get_page(request.GET.get("page"))
    _read(request, [line.id for line in page], day=day.isoformat())
    context = {"sheet": sheet, "page": page, "form": DayForm({"day": day}), "today": clock.today()}
    return "encounters/records_day.html", context


def day_of(request: StaffRequest) -> date:
    """The day of the address; today when there is none or it is no day."""
    form = DayForm(request.GET)
    day: date | None = form.cleaned_data["day"] if form.is_valid() else None
    return day if day is not None and day.year >= 1990 and day <= clock.today() else clock.today()


def _family(request: StaffRequest) -> tuple[str, dict[str, Any]]:
    before, chosen = request.GET.get("before", ""), request.GET.get("family", "")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        household = seen(Household, request.actor, pk=int(chosen))
        book = books.family_book(request.actor, household, _words(request), before=before)
        audit.record(families_access.READ, actor=request.actor, household_id=household.pk)
        _read(request, book.ids)
        context = {"book": book, "before": before, "family": queries.family_name(household)}
        return "encounters/records_family.html", context
    page = books.families_by_entry(request.actor, _words(request), before=before)
    _read(request, [line.latest.id for line in page.lines])
    return "encounters/records_families.html", {"page": page, "before": before}


def _marked(request: StaffRequest) -> tuple[str, dict[str, Any]]:
    before, given = request.GET.get("before", ""), request.GET.get("mark", "")
    mark = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    marks = queries.marks_of_town(request.actor)
    book = books.marked(request.actor, mark_words(marks), mark=mark, before=before)
    _read(request, book.ids)
    context = {"book": book, "before": before, "mark": mark, "marks": marks}
    return "encounters/records_marked.html", context


def _all(request: StaffRequest) -> tuple[str, dict[str, Any]]:
    form = FilterForm(request.GET)
    before = request.GET.get("before", "")
    page = queries.records(request.actor, form.wanted(), before=before)
    _read(request, [line.id for line in page.lines])
    narrowed = any(form.cleaned_data.get(name) for name in form.fields)
    return "encounters/records.html", {"page": page, "form": form, "before": before, "narrowed": narrowed}


def _read(request: StaffRequest, ids: list[int], **more: str) -> None:
    audit.record(access.READ_RECORD, actor=request.actor, detail={"list": ids, **more})
