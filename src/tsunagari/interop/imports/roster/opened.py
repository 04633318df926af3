"""An uploaded roster, opened: the sheet, its header, the rows a person is shown, and 個人番号 refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from django.db import connection

from tsunagari.base.japanese.text import FULL_SPACE, TextError, normalise_name
from tsunagari.base.sheets import (
    Cell,
    Grid,
    RawRow,
    SheetError,
    every_grid,
    is_blank,
    read_grid,
    to_cell,
    write_xlsx,
)
from tsunagari.interop.imports import guard
from tsunagari.interop.imports.cells import as_text
from tsunagari.interop.imports.roster.days import DayReader, Period, period_of
from tsunagari.interop.imports.roster.mapping import Mapping, guess
from tsunagari.interop.imports.roster.names import Surnames, to_kana
from tsunagari.interop.imports.roster.sheet import Head, Passed, SheetRow, pointed_at, propose, rows

SAMPLE = 200
SHOWN = 10
REASON = "理由"
_SURNAMES = "SELECT DISTINCT family_name, family_kana FROM families_person WHERE family_name <> ''"


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet with its header, the first rows below it, and what was passed over among them."""

    grid: Grid
    head: Head
    sample: Sequence[SheetRow]
    period: Period
    filename: str

    @property
    def letters(self) -> list[str]:
        """Excel's letter of each column."""
        return [_letter(index) for index in range(len(self.head.names))]


def refuse_my_number(data: bytes, filename: str) -> None:
    """Raise `Unreadable` when any sheet of the file, also a hidden one, holds 個人番号. Raises `SheetError`."""
    for grid in every_grid(data, filename):
        guard.refuse_in_grid(grid)


def open_sheet(
    data: bytes, filename: str, *, sheet: str = "", header: int | None = None, height: int = 1
) -> Opened:
    """The sheet and header that were chosen, else those a reader would choose. Raises `SheetError`."""
    grid = read_grid(data, filename, sheet=sheet or None)
    head = propose(grid) if header is None else pointed_at(grid, header, height)
    sample = list(islice(rows(grid, head, Passed()), SAMPLE))
    period = period_of(" ".join(head.above), grid.sheet, filename)
    if period.month is None:
        period = replace(period, month=period_of(grid.sheet).month)
    return Opened(grid, head, sample, period, filename)


def open_first(data: bytes, filename: str) -> Opened:
    """The first sheet that can be a roster; a cover sheet is passed over. Raises what the first sheet says."""
    try:
        return open_sheet(data, filename)
    except SheetError as error:
        for name in _other_sheets(data, filename):
            with suppress(SheetError):
                return open_sheet(data, filename, sheet=name)
        raise error from None


def opened_as(data: bytes, filename: str, *, sheet: str = "", header: int | None = None) -> Opened:
    """The sheet and header that were named, if any were; else the first that can be a roster."""
    if not sheet and header is None:
        return open_first(data, filename)
    return open_sheet(data, filename, sheet=sheet, header=header)


def _other_sheets(data: bytes, filename: str) -> tuple[str, ...]:
    grid = read_grid(data, filename)
    return tuple(name for name in grid.sheets if name != grid.sheet)


def guessed(opened: Opened, *, today: date) -> Mapping:
    """The mapping proposed for the sheet; without a year in it, this fiscal year's."""
    year = today.year if today.month >= 4 else today.year - 1
    period = opened.period if opened.period.year else replace(opened.period, year=year, fiscal=True)
    return guess(opened.head, opened.sample, period, DayReader(today, period))


def surnames(opened: Opened, mapping: Mapping) -> Surnames:
    """Family names of the town and of the sheet itself, with their readings. Needs the town's scope."""
    known = Surnames()
    with connection.cursor() as cursor:
        cursor.execute(_SURNAMES)
        known.add_all(cursor)
    names, kana = mapping.of("guardian"), mapping.of("guardian_kana")
    for raw in islice(opened.grid.walk(), opened.head.last, None):
        reading = to_kana(_text(raw, kana[0])) if kana else ""
        for column in names:
            family = _family(_text(raw, column))
            if family and len(family) <= 5:
                known.add(family, reading.partition(FULL_SPACE)[0] if FULL_SPACE in reading else "")
    return known


def _text(raw: RawRow, column: int) -> str:
    value = raw[column] if column < len(raw) else ""
    return value if isinstance(value, str) else ""


def _family(written: str) -> str:
    try:
        family, space, _ = normalise_name(written).partition(FULL_SPACE)
    except TextError:
        return ""
    return family if space else ""


def rejected_file(opened: Opened, reasons: dict[int, str]) -> bytes:
    """The rows that were not taken, in their own columns, with the reason: an XLSX to mend and send again."""
    headings = [name or f"列{letter}" for name, letter in zip(opened.head.names, opened.letters, strict=True)]
    kept = [index for index, name in enumerate(opened.head.names) if name != REASON]
    lines = _lines(opened, reasons, kept)
    return write_xlsx(
        [*(headings[i] for i in kept), REASON], lines, title="取り込めなかった行", notes_column=REASON
    )


def _lines(opened: Opened, reasons: dict[int, str], kept: Sequence[int]) -> Iterator[list[Cell]]:
    for row in rows(opened.grid, opened.head, Passed(), with_hidden=True):
        if row.number in reasons:
            yield [*(row.cells[index] for index in kept), reasons[row.number]]


def first_lines(grid: Grid, count: int = 12) -> list[tuple[int, list[str]]]:
    """The first rows of the sheet as they stand, for choosing the header: (number, cells)."""
    found = []
    for number, raw in enumerate(islice(grid.walk(), count), start=1):
        cells = [as_text(to_cell(value)).strip() for value in raw if not is_blank(value)]
        found.append((number, cells[:8]))
    return found


def _letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
