"""What a file becomes once read: headers, and rows that remember where they stood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

#: A cell is text ("" when empty) unless the sheet itself holds a date or a time.
Cell = str | date | datetime | time

#: A cell before conversion, as the readers of CSV (text only) and Excel give it.
RawCell = str | int | float | bool | date | datetime | time | timedelta
RawRow = Sequence[RawCell]

DAMAGED = "\ufffd"

_GUARDED = re.compile("'[=+\\-@\t\r＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `number` counts from 1 as Excel shows it; `cells` has every header of the table."""

    number: int
    cells: dict[str, Cell]

    def text(self, header: str) -> str:
        """The cell as text, dates in ISO form; "" for a header the table lacks."""
        value = self.cells.get(header, "")
        return value if isinstance(value, str) else value.isoformat()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, made one at a time; may be walked through any number of times."""

    make: Callable[[], Iterator[Row]] = field(repr=False)
    count: int

    def __iter__(self) -> Iterator[Row]:
        return self.make()

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True)
class Table:
    """A table read in full and found sound; walking its rows raises nothing.

    `encoding` is a codec name for text files, "xlsx" or "xls" otherwise; `sheet` is None for text files.
    `preface` are the lines above the header. `damaged_cells` are (row number, header) of cells that hold
    the replacement character: their text was destroyed before it reached us. `warnings` are Japanese.
    """

    headers: list[str]
    rows: Rows
    encoding: str
    header_number: int
    sheet: str | None = None
    preface: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    damaged_cells: list[tuple[int, str]] = field(default_factory=list)


def to_cell(value: RawCell) -> Cell:
    """A raw cell as kept: numbers as the digits Excel shows (5.0 → "5"), text trimmed, dates as dates.

    The apostrophe that `write_csv` and `write_xlsx` put before formula-like text is taken off again.
    """
    if isinstance(value, str):
        text = value.strip()
        return text[1:] if _GUARDED.match(text) else text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return value


def _number_text(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def is_blank(value: RawCell) -> bool:
    """Whether a raw cell holds nothing a person would see."""
    return isinstance(value, str) and not value.strip()


def cells_by_header(headers: Sequence[str], raw: RawRow) -> dict[str, Cell]:
    """The raw row under its headers; missing cells are ""."""
    padded = [*raw, *[""] * (len(headers) - len(raw))]
    return {header: to_cell(value) for header, value in zip(headers, padded, strict=False)}


def fill_blanks(cells: dict[str, Cell], above: Mapping[str, Cell], columns: Sequence[str]) -> None:
    """Give blank cells of the columns the value of the row above, as a cell merged downwards means it."""
    for column in columns:
        if cells[column] == "":
            cells[column] = above.get(column, "")
