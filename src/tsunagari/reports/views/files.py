"""Reports as files: XLSX and PDF, with the same figures as the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from tsunagari.audit import operations as audit
from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.reports import access, workbooks
from tsunagari.reports.figures import figures_of
from tsunagari.reports.models import Report, ReportKind
from tsunagari.reports.queries import layouts, reading, years
from tsunagari.reports.rules import Period, Section, differences, from_json
from tsunagari.reports.views.common import Shown, period_from, report_of, shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE = "reports/paper/report.typ"
#: Beginnings of the keys of tables whose zeros are said on paper too: who reports, each month, the lines of a form.
WHOLE = ("agency", "month", "official_")


def workbook(data: bytes, name: str) -> HttpResponse:
    """A workbook to save."""
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pdf(data: dict[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(paper.render(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@allow(access.READ)
def report_xlsx(request: StaffRequest, report_id: int) -> HttpResponse:
    """In the city's form where there is one."""
    found = report_of(request, report_id)
    sections, texts = reading.shown(request.actor, found), texts_of(request, found)
    form = layouts.in_force(found.municipality_id, found.kind)
    data = (
        workbooks.fill(bytes(form.data), sections, texts) if form else workbooks.default_book(sections, texts)
    )
    audit.record(access.READ, actor=request.actor, obj=found, detail={"as": "xlsx"})
    return workbook(data, f"{_file(found.kind)}-{reading.period_of(found).code}.xlsx")


@allow(access.READ)
def report_pdf(request: StaffRequest, report_id: int) -> HttpResponse:
    """On paper."""
    found = report_of(request, report_id)
    sections = reading.shown(request.actor, found)
    data = on_paper(request, texts_of(request, found), sections)
    if found.amends is not None:
        changes = differences(from_json(found.amends.figures or []), sections)
        data["amended"] = {
            "reason": found.amend_reason,
            "lines": [[one.label, one.before or 0, one.after or 0] for one in changes],
        }
    audit.record(access.READ, actor=request.actor, obj=found, detail={"as": "pdf"})
    return _pdf(data, f"{_file(found.kind)}-{reading.period_of(found).code}.pdf")


@allow(access.CITY)
def period_xlsx(request: StaffRequest, code: str) -> HttpResponse:
    """The town's month or year."""
    when = period_from(code)
    sections, texts = _of_town(request, when)
    form = (
        layouts.in_force(request.actor.municipality_id, ReportKind.MONTHLY)
        if when.kind == "monthly"
        else None
    )
    data = (
        workbooks.fill(bytes(form.data), sections, texts) if form else workbooks.default_book(sections, texts)
    )
    return workbook(data, f"shukei-{code}.xlsx")


@allow(access.CITY)
def period_pdf(request: StaffRequest, code: str) -> HttpResponse:
    """The same on paper."""
    sections, texts = _of_town(request, period_from(code))
    return _pdf(on_paper(request, texts, sections), f"shukei-{code}.pdf")


def _of_town(request: StaffRequest, when: Period) -> tuple[list[Section], dict[str, str]]:
    span = reading.span_of_city(request.actor, when)
    sections = figures_of(span)
    if when.kind == "yearly":
        sections = [years.trend(span), *sections]
    town = request.actor.municipality_name
    texts = dict.fromkeys(workbooks.TEXTS, "") | {
        "text.town": town,
        "text.agency": town,
        "text.kind": "年報" if when.kind == "yearly" else "月報",
        "text.period": when.text,
        "text.state": "いまの記録から集計",
    }
    return sections, texts


def texts_of(request: StaffRequest, found: Report) -> dict[str, str]:
    """Texts of a report by the names a form may use."""
    town = request.actor.municipality_name
    on = found.submitted_at.astimezone(clock.TOKYO).date() if found.submitted_at else None
    return {
        "text.town": town,
        "text.agency": found.agency.name if found.agency else town,
        "text.kind": found.get_kind_display(),
        "text.period": reading.period_of(found).text,
        "text.state": found.get_state_display(),
        "text.submitted_on": format_wareki(on) if on and reading.is_frozen(found) else "",
        "text.submitted_by": found.submitted_by_name if reading.is_frozen(found) else "",
        "text.number": f"第{found.number}版" if found.number > 1 else "",
        "text.note": found.note,
    }


def on_paper(request: StaffRequest, texts: dict[str, str], sections: Sequence[Section]) -> dict[str, Any]:
    """What the paper's template takes."""
    return {
        "issuer": request.actor.municipality_name,
        "confidential": True,  # small numbers tell of people
        "issued_on": format_wareki(clock.today()),
        "texts": {key.removeprefix("text."): value for key, value in texts.items()},
        "amended": None,
        "sections": [_section_on_paper(one) for one in shown(sections)],
    }


def _section_on_paper(one: Shown) -> dict[str, Any]:
    """A table without its rows of zeros; nothing is left of one that holds nothing else."""
    section = one.section
    whole = section.key.startswith(WHOLE)
    rows = one.rows if whole else [] if one.empty else [row for row in one.rows if not row.zero]
    return {
        "title": section.title,
        "note": section.note,
        "left_out": "、".join(section.left_out),
        "zeros": 0 if whole else one.zeros,
        "wide": section.wide and bool(rows),
        "columns": [column.label for column in section.columns],
        "chart": any(row.share is not None for row in one.rows),
        "rows": [
            {
                "label": row.label,
                "total": row.total,
                "share": row.share,
                "cells": [cell.value for cell in row.cells],
            }
            for row in rows
        ],
    }


def _file(kind: str) -> str:
    return "nippo" if kind == ReportKind.DAILY else "geppo"
