"""Tables to hand back, such as the rows an import refused. Text that Excel would run is made harmless.

openpyxl makes a book's frame and its styles; the rows are written here, which takes a tenth of the time of its cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

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
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for index, header in enumerate(headers, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = _column_width(header, notes_column)
    sheet.append([_header_cell(sheet, header) for header in headers])
    styles = _Styles(sheet, headers.index(notes_column) if notes_column in headers else None)
    frame = io.BytesIO()
    book.save(frame)
    return _filled(frame, (_row(number, row, styles) for number, row in enumerate(rows, start=2)))


def _filled(frame: io.BytesIO, rows: Iterable[str]) -> bytes:
    """The saved book with these rows beneath what its only sheet has."""
    out = io.BytesIO()
    with ZipFile(frame) as former, ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name in former.namelist():
            if not name.startswith("xl/worksheets/"):
                book.writestr(name, former.read(name))
                continue
            above, end, beneath = former.read(name).partition(b"</sheetData>")
            with book.open(name, "w") as part:
                part.write(above)
                for row in rows:
                    part.write(row.encode())
                part.write(end + beneath)
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


class _Styles:
    """Numbers of the book's styles: by the kind of a value, and whether it stands in the notes column."""

    def __init__(self, sheet: Any, notes: int | None) -> None:
        self._notes = notes
        self._numbers = {
            (kind, noted): _style_number(sheet, number_format, noted)
            for kind, number_format in (*_FORMATS.items(), (str, None))
            for noted in (False, True)
        }

    def of(self, value: object, column: int) -> int:
        kind = type(value) if type(value) in _FORMATS else str
        return self._numbers[kind, column == self._notes]


def _style_number(sheet: Any, number_format: str | None, noted: bool) -> int:
    cell = WriteOnlyCell(sheet)
    if number_format is not None:
        cell.number_format = number_format
    if noted:
        cell.fill, cell.alignment = _NOTES_FILL, _WRAPPED
    return int(cell.style_id)


def _row(number: int, values: Sequence[object], styles: _Styles) -> str:
    cells = (_cell(number, column, _xlsx_value(value), styles) for column, value in enumerate(values))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(number: int, column: int, value: Any, styles: _Styles) -> str:
    place = f'<c r="{get_column_letter(column + 1)}{number}" s="{styles.of(value, column)}"'
    if value is None or value == "":
        return f"{place}/>"
    if isinstance(value, str):
        kept = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        return f'{place} t="inlineStr"><is><t{kept}>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'{place} t="b"><v>{value:d}</v></c>'
    return f"{place}><v>{to_excel(value) if isinstance(value, (date, time)) else value}</v></c>"


def _xlsx_value(value: object) -> Any:
    if value is None or isinstance(value, (bool, int, float, date, time)):
        return value.replace(tzinfo=None) if isinstance(value, (datetime, time)) else value
    return guard_formula(_ILLEGAL.sub("", str(value))[:_LONGEST_CELL])
