"""What the pages of reports do alike: reach the report, show its sections."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import Http404

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest
from tsunagari.base.errors import DomainError
from tsunagari.reports.models import Report
from tsunagari.reports.queries import reports
from tsunagari.reports.rules import Period, Section, month_of, named_cells, year_of
from tsunagari.reports.rules.asking import ITEMS

OLDEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; `url` opens what is behind it, `changed` marks one that was otherwise."""

    name: str
    value: int
    column: str
    url: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `share` is the length of its bar, 0 to 100, None without a bar."""

    label: str
    cells: tuple[Cell, ...]
    total: bool
    share: int | None

    @property
    def zero(self) -> bool:
        """Nothing but zeros, none of them new; a sum always stands."""
        return not self.total and not any(cell.value or cell.changed for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as a page or paper shows it."""

    section: Section
    rows: tuple[Row, ...]
    items: str
    empty: bool

    @property
    def zeros(self) -> int:
        """How many rows say nothing but zero."""
        return sum(row.zero for row in self.rows)


def shown(
    sections: Sequence[Section], link: Callable[[str], str] | None = None, changed: Collection[str] = ()
) -> list[Shown]:
    """Sections for a template; `link` gives the address behind a cell's name."""
    return [_shown(one, link, changed) for one in sections]


def _shown(section: Section, link: Callable[[str], str] | None, changed: Collection[str]) -> Shown:
    bars = _bars(section)
    rows = []
    for number, (line, cells) in enumerate(section.lines):
        made = tuple(
            Cell(name, value, column.label, link(name) if link and value else "", name in changed)
            for (name, value), column in zip(cells, section.columns, strict=True)
        )
        rows.append(Row(line.label, made, line.key == section.total, bars[number]))
    items = "・".join(ITEMS[code] for code in section.items)
    return Shown(section, tuple(rows), items, not any(any(values) for values in section.cells))


def _bars(section: Section) -> list[int | None]:
    """Lengths relative to the longest, none for the sum."""
    keys = [column.key for column in section.columns]
    if section.chart not in keys:
        return [None] * len(section.rows)
    values = [cells[keys.index(section.chart)] for cells in section.cells]
    parts = [value for row, value in zip(section.rows, values, strict=True) if row.key != section.total]
    longest = max(parts, default=0) or 1
    return [
        None if row.key == section.total else round(100 * value / longest)
        for row, value in zip(section.rows, values, strict=True)
    ]


def report_of(request: StaffRequest, report_id: int) -> Report:
    """The report with its comments, if the actor may see it; 404 otherwise."""
    found = reports.with_comments(request.actor, report_id)
    if found is None:
        raise Http404
    return found


def period_from(code: str) -> Period:
    """ "2026-11" is a month, "2026" a fiscal year. 404 for anything else, and for days to come."""
    year, _, month = code.partition("-")
    if not (year.isdecimal() and len(year) == 4 and OLDEST_YEAR <= int(year) < 9999):
        raise Http404
    if month and not (month.isdecimal() and len(month) == 2 and 1 <= int(month) <= 12):
        raise Http404
    period = month_of(date(int(year), int(month), 1)) if month else year_of(int(year))
    if period.first > clock.today():
        raise Http404
    return period


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Put a refusal at the field it speaks of."""
    form.add_error(error.field if error.field in form.fields else None, f"{error.message}{error.what_to_do}")


#: What stands in large numbers at the head of a page: name of the cell, unit, words.
TILES = (
    ("visit.families", "組", "来た家庭（のべ）"),
    ("visit.children", "人", "来た子ども（のべ）"),
    ("consult.total", "件", "相談の記録"),
    ("partner.total.linked", "件", "連携（つないだ先）"),
)


def tiles(sections: Sequence[Section]) -> list[tuple[int, str, str]]:
    """The month at a glance, as far as it is reported."""
    found = named_cells(sections)
    return [(found[name][1], unit, words) for name, unit, words in TILES if name in found]
