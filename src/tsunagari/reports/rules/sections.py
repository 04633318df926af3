"""Figures as screen, workbook, paper and the frozen report all know them: sections of whole numbers.

A cell has a name, `section.row` or `section.row.column`, that stays the same for years: layouts use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ONE = "n"  # the column of a section that has only one


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column: its code in names of cells, and its words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """One table. `items` are the items of 質問4(1) it tells of: it is reported where all are asked for. `total` is a
    row that sums the others; `overlaps` says that a record may stand in several rows. `wide` tables stand at the
    end of paper and folded on screen; `chart` names the column drawn as bars. `left_out` names agencies that are
    not asked for it and therefore not in a city's figures. `opens` says what is behind a cell: records, visits …"""

    key: str
    title: str
    rows: tuple[Line, ...]
    cells: tuple[tuple[int, ...], ...]
    columns: tuple[Line, ...] = (Line(ONE, "件"),)
    items: tuple[str, ...] = ()
    note: str = ""
    total: str = ""
    overlaps: bool = False
    wide: bool = False
    chart: str = ""
    left_out: tuple[str, ...] = ()
    opens: str = "records"

    @property
    def lines(self) -> list[tuple[Line, list[tuple[str, int]]]]:
        """Each row with (name, value) of its cells."""
        return [
            (row, [(cell_name(self, row, column), value) for column, value in self._of(values)])
            for row, values in zip(self.rows, self.cells, strict=True)
        ]

    def _of(self, values: Sequence[int]) -> Iterator[tuple[Line, int]]:
        return zip(self.columns, values, strict=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that was otherwise: None where it stood (or stands) in no section."""

    name: str
    label: str
    before: int | None
    after: int | None


def cell_name(section: Section, row: Line, column: Line) -> str:
    """ "category.5.phone", "consult.total"."""
    return f"{section.key}.{row.key}" + ("" if column.key == ONE else f".{column.key}")


def named_cells(sections: Sequence[Section]) -> dict[str, tuple[str, int]]:
    """(what it is in words, value) of every cell by its name."""
    found: dict[str, tuple[str, int]] = {}
    for section in sections:
        for row, values in zip(section.rows, section.cells, strict=True):
            for column, value in zip(section.columns, values, strict=True):
                words = [section.title, row.label.strip(), *([] if column.key == ONE else [column.label])]
                found[cell_name(section, row, column)] = (" › ".join(words), value)
    return found


def cell_value(sections: Sequence[Section], name: str) -> int:
    """The figure of that name. Raises KeyError."""
    return named_cells(sections)[name][1]


def differences(before: Sequence[Section], after: Sequence[Section]) -> list[Difference]:
    """Cells that are not what they were, in the order of the report. A table that only one of the two has, such as an
    official one that was made ready later, says nothing about the records."""
    both = {one.key for one in before} & {one.key for one in after}
    old, new = (named_cells([one for one in of if one.key in both]) for of in (before, after))
    names = dict.fromkeys([*old, *new])
    found = [
        Difference(
            name, (new.get(name) or old[name])[0], *(of[name][1] if name in of else None for of in (old, new))
        )
        for name in names
    ]
    # a line that appeared or went (a partner, a mark) with nothing in it is no difference
    return [one for one in found if (one.before or 0) != (one.after or 0)]


def to_json(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """As kept with a submitted report."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "rows": [[line.key, line.label] for line in one.rows],
            "columns": [[line.key, line.label] for line in one.columns],
            "cells": [list(values) for values in one.cells],
            "items": list(one.items),
            "note": one.note,
            "total": one.total,
            "overlaps": one.overlaps,
            "wide": one.wide,
            "chart": one.chart,
            "left_out": list(one.left_out),
            "opens": one.opens,
        }
        for one in sections
    ]


def from_json(kept: Sequence[Mapping[str, Any]]) -> list[Section]:
    """What `to_json` kept; keys a later version brought are left aside."""
    return [
        Section(
            key=one["key"],
            title=one["title"],
            rows=tuple(Line(*line) for line in one["rows"]),
            columns=tuple(Line(*line) for line in one["columns"]),
            cells=tuple(tuple(values) for values in one["cells"]),
            items=tuple(one.get("items", ())),
            note=one.get("note", ""),
            total=one.get("total", ""),
            overlaps=bool(one.get("overlaps")),
            wide=bool(one.get("wide")),
            chart=one.get("chart", ""),
            left_out=tuple(one.get("left_out", ())),
            opens=one.get("opens", ""),
        )
        for one in kept
    ]
