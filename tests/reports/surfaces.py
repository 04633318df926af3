"""Figures as people see them: on the screen, in the workbook, on paper. Each by title, row and column in words."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

from openpyxl import load_workbook
from pypdf import PdfReader

from tsunagari.reports.rules import Line, Section

Figures = dict[tuple[str, str, str], int]
BIG = "（大きな表）"


class _Page(HTMLParser):
    """The tables of figures of a page: what stands in their cells, under the heading or summary before them."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self._said, self._title, self._inside = "", "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside = ("class", "figures") in attrs
            if self._inside:
                self.tables.append((self._title, []))
        elif tag == "tr" and self._inside:
            self.tables[-1][1].append([])
        if tag in ("th", "td", "h2", "summary"):
            self._said = ""

    def handle_data(self, data: str) -> None:
        self._said += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h2", "summary"):
            self._title = self._said.strip().removesuffix(BIG)
        elif tag in ("th", "td") and self._inside:
            self.tables[-1][1][-1].append(self._said)
        elif tag == "table":
            self._inside = False


def on_screen(page: str) -> Figures:
    """Every figure of every table; bars are no figures."""
    reader = _Page()
    reader.feed(page)
    return {
        (title, row[0], column): int(value)
        for title, (heads, *rows) in reader.tables
        for row in rows
        for column, value in zip(heads[1:], row[1:], strict=True)
        if column != "グラフ"
    }


def in_workbook(data: bytes, sections: list[Section]) -> Figures:
    """Every figure on any sheet: a title, perhaps a note, the headings, then rows until an empty one."""
    titles, found = {one.title for one in sections}, {}
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        title, heads = "", ()
        for label, *cells in sheet.iter_rows(values_only=True):
            if label in titles and cells[0] is None:
                title, heads = str(label), ()
            elif label is None:
                heads = tuple(cells)
            elif title and heads and cells[0] is not None:
                found |= {
                    (title, label, column): value
                    for column, value in zip(heads, cells, strict=True)
                    if column
                }
    return found


def on_paper(data: bytes, sections: list[Section]) -> Figures:
    """Every figure of the PDF, read from its text: titles, headings and rows in their order, wide tables last. A dash
    is 0; rows of zeros that are left out are counted by the line that says so."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    found: Figures = {}
    place = 0
    for section in sorted(sections, key=lambda one: one.wide and any(map(any, one.cells))):
        place = _after(text, place, section.title).end()
        printed, left_out = _printed(section)
        if left_out == len(section.rows):
            place = _after(text, place, "すべて0です。").end()
        else:
            for column in section.columns:
                place = _after(text, place, column.label).end()
        for row in section.rows:
            values = ["–"] * len(section.columns)
            if row in printed:
                line = _after(text, place, row.label, rf"((?:\s+(?:[\d,]+|–)){{{len(values)}}})(?![\d,])")
                place, values = line.end(), line[1].split()
            for column, value in zip(section.columns, values, strict=True):
                found[section.title, row.label, column.label] = (
                    0 if value == "–" else int(value.replace(",", ""))
                )
        if printed and left_out:
            place = _after(text, place, f"0の行（{left_out}行）は省いています。").end()
    return found


def _printed(section: Section) -> tuple[list[Line], int]:
    """Rows of a section that stand on paper, and how many are left out: those of zeros, but for agencies and official
    tables, and for a sum that sums something."""
    if section.key.startswith(("agency", "official_")):
        return list(section.rows), 0
    if not any(map(any, section.cells)):
        return [], len(section.rows)
    rows = zip(section.rows, section.cells, strict=True)
    printed = [row for row, cells in rows if any(cells) or row.key == section.total]
    return printed, len(section.rows) - len(printed)


def _after(text: str, place: int, words: str, then: str = "") -> re.Match[str]:
    """Where these words stand next, however they are broken into lines."""
    letters = [re.escape(letter) for letter in words if not letter.isspace()]
    met = re.compile(r"\s*".join(letters) + then).search(text, place)
    assert met is not None, f"{words} is not on paper"
    return met
