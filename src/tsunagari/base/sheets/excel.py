"""Rows of an Excel book, read with calamine (a Rust reader; numbers come as floats)."""

from __future__ import annotations

import io
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from tsunagari.base.sheets.table import RawRow


@dataclass(frozen=True, slots=True)
class Book:
    """One sheet of a book: its rows from the first, and indexes of those with cells merged sideways.

    `visible` and `every` are the names of the book's sheets; `merged` are ranges (top, left, bottom, right) from 0.
    """

    rows: list[RawRow]
    sheet: str
    merged_rows: frozenset[int]
    warnings: list[str]
    visible: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read_excel(data: bytes, sheet: str | None) -> Book:
    """The named sheet of an XLSX or XLS, with a warning about sheets left unread.

    Without a name, the first visible sheet that holds anything. Raises `SheetError`.
    """
    try:
        return _read(data, sheet)
    except SheetError:
        raise
    except PasswordError:
        raise SheetError("パスワードがかかっています。パスワードを外して保存し直してください。") from None
    except (CalamineError, OSError, ValueError):
        raise SheetError(BROKEN) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the Rust reader gave up on a damaged book
            raise SheetError(BROKEN) from None
        raise


def sheet_names(data: bytes) -> tuple[str, ...]:
    """All sheets of a book that was read before, hidden ones too."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return tuple(book.sheet_names)


EMPTY = "表に何も書かれていません。シートを確かめてください。"
BROKEN = "ファイルが壊れているか、Excel の表ではありません。Excel で開き、xlsx で保存し直してください。"


def _read(data: bytes, wanted: str | None) -> Book:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        if wanted is not None and wanted not in book.sheet_names:
            names = "」「".join(visible)
            raise SheetError(f"シート「{wanted[:40]}」がありません。「{names}」から選んでください。")
        for name in [wanted] if wanted is not None else visible:
            found = book.get_sheet_by_name(name)
            if found.end is not None:
                others = _others(name, visible) if wanted is None else []
                every = tuple(book.sheet_names)
                merged = _merged_rows(found), others, tuple(visible), every, _merged(found)
                return Book(_rows(found), name, *merged)
    raise SheetError(EMPTY)


def _rows(sheet: CalamineSheet) -> list[RawRow]:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        limits = f"{MAX_ROWS:,}行、{MAX_COLUMNS:,}列まで"
        raise SheetError(f"表が大きすぎます（{limits}）。分けて取り込んでください。")
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise SheetError("表が大きすぎます。分けて取り込んでください。")
    return list(sheet.to_python(skip_empty_area=False))


def _merged_rows(sheet: CalamineSheet) -> frozenset[int]:
    ranges = sheet.merged_cell_ranges or []
    return frozenset(top for (top, left), (bottom, right) in ranges if top == bottom and left < right)


def _merged(sheet: CalamineSheet) -> tuple[tuple[int, int, int, int], ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple(sorted((top, left, bottom, right) for (top, left), (bottom, right) in ranges))


def _others(name: str, visible: list[str]) -> list[str]:
    others = [other for other in visible if other != name]
    if not others:
        return []
    return [f"シート「{name}」を読みました。ほかのシート（{'、'.join(others)[:100]}）は読んでいません。"]
