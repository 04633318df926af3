"""Reports as XLSX: the default layout, and the city's own form with its {{names}} filled in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tsunagari.base.sheets.write import guard_formula
from tsunagari.reports.rules import Section, named_cells

NAME = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
#: Names of texts a form may ask for beside the figures.
TEXTS: dict[str, str] = {
    "text.town": "市町村",
    "text.agency": "機関（市の月報では市町村）",
    "text.kind": "月報・日報",
    "text.period": "期間",
    "text.state": "提出のようす",
    "text.submitted_on": "提出した日",
    "text.submitted_by": "提出した人",
    "text.number": "第何版",
    "text.note": "所見",
}
_TITLE, _HEAD, _SMALL = Font(bold=True, size=14), Font(bold=True), Font(size=9, color="595959")
_FILL, _TOTAL = PatternFill("solid", start_color="E8F1FE"), PatternFill("solid", start_color="F2F2F2")
_LINE = Border(*[Side("thin", color="B3B3B3")] * 4)
_WRAP = Alignment(wrap_text=True, vertical="center")
_LABEL_WIDTH, _NUMBER_WIDTH = 44, 11


def default_book(sections: Sequence[Section], texts: Mapping[str, str], *, names: bool = False) -> bytes:
    """Everything on one sheet, wide tables on sheets of their own. `names` puts {{names}} where figures would be:
    the form to start a layout from."""
    book = Workbook()
    sheet = book.active
    sheet.title = texts["text.kind"] or "月報"
    row = _head(sheet, texts, names=names)
    for section in sections:
        if section.wide:
            wide = book.create_sheet(section.title[:31])
            _widths(wide, section)
            _table(wide, section, 1, names=names)
        else:
            row = _table(sheet, section, row, names=names) + 1
    _widths(sheet, max(sections, key=lambda one: 0 if one.wide else len(one.columns)) if sections else None)
    for one in book.worksheets:
        one.page_setup.paperSize, one.page_setup.fitToHeight = one.PAPERSIZE_A4, 0
        one.sheet_properties.pageSetUpPr.fitToPage = True
    return _bytes(book)


def fill(form: bytes, sections: Sequence[Section], texts: Mapping[str, str]) -> bytes:
    """The city's form with its names filled in; a figure that is not reported leaves the cell empty.

    Figures are numbers; texts can be no formula. Formulas of the form itself stay.
    """
    values: dict[str, int | str] = dict(texts)
    values |= {name: value for name, (_, value) in named_cells(sections).items()}
    book = load_workbook(io.BytesIO(form))
    for cell in _named(book):
        cell.value = _filled(str(cell.value), values)
    return _bytes(book)


def names_in(form: bytes) -> list[str]:
    """Names a form asks for, each once, in the order of its cells."""
    book = load_workbook(io.BytesIO(form))
    return list(dict.fromkeys(name for cell in _named(book) for name in NAME.findall(str(cell.value))))


def formulas_in(form: bytes) -> Iterator[str]:
    """Formulas of a form as they are written."""
    for sheet in load_workbook(io.BytesIO(form)).worksheets:
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "f")


def _named(book: Workbook) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if isinstance(cell.value, str) and NAME.search(cell.value))


def _filled(text: str, values: Mapping[str, int | str]) -> int | str | None:
    """A number where the cell is one name alone, else the text with the values put in."""
    alone = NAME.fullmatch(text.strip())
    if alone:
        value = values.get(alone[1])
        return guard_formula(value) if isinstance(value, str) else value
    if text.startswith("="):  # a formula of the form: figures alone may stand in it
        return NAME.sub(lambda found: str(_number(values.get(found[1]))), text)
    return guard_formula(NAME.sub(lambda found: str(values.get(found[1], "")), text))


def _number(value: int | str | None) -> int:
    return value if isinstance(value, int) else 0


def _head(sheet: Worksheet, texts: Mapping[str, str], *, names: bool) -> int:
    shown = (
        {key: f"{{{{{key}}}}}" for key in TEXTS} if names else {k: guard_formula(v) for k, v in texts.items()}
    )
    sheet["A1"] = f"{shown['text.kind']}　{shown['text.period']}"
    sheet["A1"].font = _TITLE
    sheet["A2"] = f"{shown['text.town']}　{shown['text.agency']}"
    sheet["A3"] = f"{shown['text.state']}　{shown['text.submitted_on']}　{shown['text.submitted_by']}".strip()
    sheet["A4"] = shown["text.note"]
    sheet["A4"].alignment = Alignment(wrap_text=True, vertical="top")
    return 6


def _table(sheet: Worksheet, section: Section, start: int, *, names: bool) -> int:
    """Write the section from row `start`; the first row after it."""
    sheet.cell(start, 1, guard_formula(section.title)).font = _HEAD
    row = start + 1
    if section.note or section.left_out:
        out = f"　この表に入らない機関：{'、'.join(section.left_out)}" if section.left_out else ""
        sheet.cell(row, 1, guard_formula(section.note + out)).font = _SMALL
        row += 1
    for number, label in enumerate(["", *(column.label for column in section.columns)], start=1):
        _put(sheet, row, number, guard_formula(label), head=True)
    for line, cells in section.lines:
        row += 1
        _put(sheet, row, 1, guard_formula(line.label), total=line.key == section.total)
        for number, (name, value) in enumerate(cells, start=2):
            _put(sheet, row, number, f"{{{{{name}}}}}" if names else value, total=line.key == section.total)
    return row + 1


def _put(
    sheet: Worksheet, row: int, column: int, value: Any, *, head: bool = False, total: bool = False
) -> None:
    cell = sheet.cell(row, column, value)
    cell.border, cell.alignment = _LINE, _WRAP
    if head:
        cell.font, cell.fill = _HEAD, _FILL
    elif total:
        cell.font, cell.fill = _HEAD, _TOTAL


def _widths(sheet: Worksheet, section: Section | None) -> None:
    sheet.column_dimensions["A"].width = _LABEL_WIDTH
    for number in range(len(section.columns) if section else 0):
        sheet.column_dimensions[get_column_letter(number + 2)].width = _NUMBER_WIDTH


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
