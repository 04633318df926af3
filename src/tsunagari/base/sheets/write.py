"""Tables to hand back, such as the rows an import refused. Text that Excel would run is made harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_NUMERIC = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TITLE_FORBIDDEN = re.compile(r"[\[\]:*?/\\']|" + _ILLEGAL.pattern)
_LONGEST_CELL = 32_000
_HEADER_FILL = PatternFill("solid", start_color="E8F1FE")
_NOTES_FILL = PatternFill("solid", start_color="FFF3E0")
_HEADER_FONT = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMATS: dict[type, str] = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm"}
_NARROW, _WIDE, _NOTES_WIDTH = 10, 40, 60


def guard_formula(text: str) -> str:
    """Text with an apostrophe before it when Excel would take it for a formula; numbers stay as they are.

    `read_table` takes the apostrophe off again, so a refused row can be mended and sent back.
    """
    risky = len(text) > 1 and text.startswith(_FORMULA_STARTS) and not _NUMERIC.fullmatch(text)
    return "'" + text if risky else text


def write_csv(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "utf-8-sig"
) -> bytes:
    """A comma-separated file with CRLF line ends; the default encoding is the one Excel opens by a click.

    A character that another encoding (cp932) lacks becomes "?".
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (headers, *rows):
        writer.writerow([_csv_text(value) for value in row])
    return out.getvalue().encode(encoding, errors="replace")


def _csv_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return guard_formula(_ILLEGAL.sub("", str(value)))


def write_xlsx(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str,
    notes_column: str | None = None,
) -> bytes:
    """An Excel book of one sheet named `title`, header frozen, the notes column wide and tinted.

    Text stays text (leading zeros survive); numbers, dates and times keep their kind.
    """
    notes_index = headers.index(notes_column) if notes_column in headers else None
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for index, header in enumerate(headers, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = _column_width(header, notes_column)
    sheet.append([_header_cell(sheet, header) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, value, notes=i == notes_index) for i, value in enumerate(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_title(title: str) -> str:
    return _TITLE_FORBIDDEN.sub(" ", title).strip()[:31] or "Sheet1"


def _column_width(header: str, notes_column: str | None) -> int:
    if header == notes_column:
        return _NOTES_WIDTH
    return max(_NARROW, min(_WIDE, len(header) * 2 + 4))


def _header_cell(sheet: Any, header: str) -> Any:
    cell = WriteOnlyCell(sheet, value=_xlsx_value(header))
    cell.font, cell.fill, cell.alignment = _HEADER_FONT, _HEADER_FILL, _WRAPPED
    return cell


def _cell(sheet: Any, value: object, *, notes: bool) -> Any:
    """A plain value where no style is needed: styled cells take twice as long to write."""
    plain = _xlsx_value(value)
    number_format = _FORMATS.get(type(plain))
    if not notes and number_format is None:
        return plain
    cell = WriteOnlyCell(sheet, value=plain)
    if number_format is not None:
        cell.number_format = number_format
    if notes:
        cell.fill, cell.alignment = _NOTES_FILL, _WRAPPED
    return cell


def _xlsx_value(value: object) -> Any:
    if value is None or isinstance(value, (bool, int, float, date, time)):
        return value.replace(tzinfo=None) if isinstance(value, (datetime, time)) else value
    return guard_formula(_ILLEGAL.sub("", str(value))[:_LONGEST_CELL])
