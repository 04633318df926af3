"""A sheet as it stands, before anybody says which row is its header: rows, merged cells, hidden rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tsunagari.base.sheets import containers
from tsunagari.base.sheets.apart import read_excel_apart
from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.excel import EMPTY, Book, read_excel, sheet_names
from tsunagari.base.sheets.hidden import hidden_rows
from tsunagari.base.sheets.read import check_size, text_source
from tsunagari.base.sheets.table import RawRow


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows from the first, to be walked any number of times. `sheets` are the names a person can choose from.

    `merged` are ranges (top, left, bottom, right) counted from 0; `hidden` are row numbers from 1.
    """

    walk: Callable[[], Iterator[RawRow]]
    encoding: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    every_sheet: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()


def read_grid(data: bytes, filename: str, *, sheet: str | None = None) -> Grid:
    """The named sheet, else the first that holds anything; CSV and TSV too. Raises `SheetError` as `read_table`."""
    check_size(data)
    kind = containers.kind_of(data)
    if kind in ("text", "zip"):
        source = text_source(data, filename)
        return Grid(source.walk, source.encoding, warnings=tuple(source.warnings))
    if kind == "xls":
        return _of_book(read_excel_apart(data, sheet), "xls", frozenset())
    containers.check_xlsx(data)
    book = read_excel(data, sheet)
    return _of_book(book, "xlsx", hidden_rows(data, book.sheet))


def every_grid(data: bytes, filename: str) -> Iterator[Grid]:
    """All sheets that hold anything, hidden sheets too: what must not be kept may stand in any of them."""
    first = read_grid(data, filename)
    yield first
    for name in first.every_sheet:
        if name == first.sheet:
            continue
        try:
            yield read_grid(data, filename, sheet=name)
        except SheetError as error:
            if str(error) != EMPTY:
                raise


def other_grids(data: bytes, filename: str, read: str) -> Iterator[Grid]:
    """The sheets of a book that hold anything beside the one named `read`, hidden ones too. Raises `SheetError`."""
    if containers.kind_of(data) == "xlsx" and sheet_names(data) == (read,):
        return
    yield from (grid for grid in every_grid(data, filename) if grid.sheet != read)


def _of_book(book: Book, encoding: str, hidden: frozenset[int]) -> Grid:
    return Grid(
        walk=lambda: iter(book.rows),
        encoding=encoding,
        sheet=book.sheet,
        sheets=book.visible,
        every_sheet=book.every,
        merged=book.merged,
        hidden=hidden,
    )
