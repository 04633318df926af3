"""個人番号 is refused before anything of the file is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tsunagari.base.sheets import Grid, Table, is_blank, normalise_header, other_grids, to_cell
from tsunagari.interop.imports.plan import Unreadable
from tsunagari.interop.rules import is_my_number, names_my_number

#: Headers under which twelve digits are usual; a few rows that pass the check digit by chance prove nothing.
_NUMBERED = {normalise_header(name) for name in ("宛名番号", "世帯番号", "ID", "NO", "識別番号")}
_ENOUGH = 5
#: Of a sheet without a known header: rows in which a column's name may stand, its length, proof by digits alone.
_HEAD, _HEADING, _FEW = 40, 30, 2
_DIGITS = range(12, 15)


def refuse_my_number(table: Table) -> None:
    """Raise `Unreadable` when a column is named as, or holds, 個人番号; nothing of it is in the message."""
    refuse_names(table.headers)
    filled = dict.fromkeys(table.headers, 0)
    valid = dict.fromkeys(table.headers, 0)
    suspects = list(table.headers)
    for row in table.rows:
        for header in suspects:
            value = row.text(header)
            if value[:1].isdigit():  # なし and － between the numbers say nothing
                filled[header] += 1
                valid[header] += is_my_number(value)
        suspects = [h for h in suspects if valid[h] * 2 >= filled[h]]
        if not suspects:
            return
    for header in suspects:
        if _too_many(header, filled, valid):
            raise Unreadable(_message(header))


def refuse_names(headers: Iterable[str]) -> None:
    """Raise `Unreadable` when something in a file is named as 個人番号."""
    for header in headers:
        if names_my_number(header):
            raise Unreadable(_message(header))


def refuse_in_other_sheets(data: bytes, filename: str, table: Table) -> None:
    """The same for all sheets beside the one that is read: a book is kept as a whole. Raises `SheetError`."""
    if table.sheet is not None:
        for grid in other_grids(data, filename, table.sheet):
            refuse_in_grid(grid)


def refuse_in_grid(grid: Grid) -> None:
    """The same for a sheet whose header is not chosen yet: wherever a column's name may stand, and in every column."""
    filled: dict[str, int] = {}
    valid: dict[str, int] = {}
    for number, raw in enumerate(grid.walk(), start=1):
        for index, value in enumerate(raw):
            if is_blank(value):
                continue
            cell = to_cell(value)
            text = cell if isinstance(cell, str) else ""
            if number <= _HEAD and len(text) <= _HEADING and names_my_number(text):
                raise Unreadable(_message(text))
            column = f"{index + 1}列目"
            digits = len(text) in _DIGITS and is_my_number(text)
            filled[column] = filled.get(column, 0) + any(map(str.isdigit, text))
            valid[column] = valid.get(column, 0) + digits
    for column, count in valid.items():
        if count >= _FEW and _too_many(column, filled, valid):
            raise Unreadable(_message(column))


def _too_many(header: str, filled: Mapping[str, int], valid: Mapping[str, int]) -> bool:
    enough = _ENOUGH if normalise_header(header) in _NUMBERED else 1
    return valid[header] >= enough and valid[header] * 10 >= filled[header] * 9


def _message(header: str) -> str:
    return (
        f"個人番号（マイナンバー）の列「{header[:40]}」があるため、取り込みません。ファイルは保存していません。"
        "この列を除いて抽出し直してください。"
    )
