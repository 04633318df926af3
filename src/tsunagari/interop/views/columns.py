"""The page on which a person says what the columns of a roster are, with what its rows then mean."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import render
from tsunagari.base.sheets import SheetError
from tsunagari.interop import access, operations
from tsunagari.interop.forms import ColumnsForm, SheetForm
from tsunagari.interop.imports.roster.mapping import Mapping, problems
from tsunagari.interop.imports.roster.opened import SHOWN, Opened, open_first, open_sheet, surnames
from tsunagari.interop.imports.roster.remembered import kept_for, proposed
from tsunagari.interop.imports.roster.rows import Reader, Taken
from tsunagari.interop.models import Import
from tsunagari.interop.views.steps import roster_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What the first rows mean under a mapping, and what keeps them from being read."""

    rows: list[Taken]
    problems: list[str]
    notes: list[str]
    visits: bool


@allow(access.IMPORT_ROSTER)
@require_http_methods(["GET", "POST"])
def columns(request: StaffRequest, roster_id: int) -> HttpResponse:
    """GET proposes (`sheet`, `header`, `height` in the address); POST with `look` shows, else takes the columns."""
    row = roster_of(request, roster_id, whole=True)
    if row.status != Import.Status.MAPPING or row.content is None:
        return redirect("roster_import", row.pk)
    opened, trouble = _opened(request, row)
    if request.method == "GET":
        operations.note_roster(row, actor=request.actor, what="columns")
        mapping = proposed(opened, row.agency_id or 0, today=clock.today())
        return _page(request, row, opened, ColumnsForm(opened, mapping), mapping, trouble=trouble)
    mapping = proposed(opened, row.agency_id or 0, today=clock.today())
    form = ColumnsForm(opened, mapping, request.POST)
    if form.is_valid():
        mapping = form.mapping()
        if "look" not in request.POST and not getattr(request, "htmx", None):
            try:
                operations.choose_columns(row, opened, mapping, actor=request.actor)
                return redirect("roster_import", row.pk)
            except DomainError as error:
                form.add_error(None, error.message)
    return _page(request, row, opened, form, mapping, status=422 if form.errors else 200)


def _opened(request: StaffRequest, row: Import) -> tuple[Opened, str]:
    """The sheet as it was asked for, and what was wrong with the question; then the one proposed."""
    content, asked = bytes(row.content or b""), request.GET if request.method == "GET" else request.POST
    header, height = asked.get("header", ""), asked.get("height", "1")
    try:
        if not asked.get("sheet") and not header:
            return open_first(content, row.filename), ""
        number = int(header) if header.isdecimal() and not asked.get("anew") else None
        return open_sheet(
            content,
            row.filename,
            sheet=asked.get("sheet", ""),
            header=number,
            height=2 if height == "2" else 1,
        ), ""
    except SheetError as error:
        return open_first(content, row.filename), str(error)


def _page(
    request: StaffRequest, row: Import, opened: Opened, form: ColumnsForm, mapping: Mapping,
    *, status: int = 200, trouble: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "row": row,
        "opened": opened,
        "sheet_form": SheetForm(opened),
        "form": form,
        "trouble": trouble,
        "known": kept_for(opened, row.agency_id or 0) is not None,
        "preview": _preview(opened, mapping),
    }
    fragment = "interop/parts/roster_preview.html"
    return render(request, "interop/roster_columns.html", context, fragment=fragment, status=status)


def _preview(opened: Opened, mapping: Mapping) -> Preview:
    missing = problems(mapping)
    if missing:
        return Preview([], missing, [], mapping.visits)
    reader = Reader(opened.grid, opened.head, mapping, clock.today(), surnames(opened, mapping))
    rows = list(islice(reader, SHOWN))
    passed = [f"{reason}：{len(found)}行" for reason, found in reader.passed.rows.items()]
    return Preview(rows, [], [*passed, *reader.notes.lines()][:5], mapping.visits)
