"""公の表: the same records in the lines of tables the city reports in, by the mapping of that fiscal year (item 2)."""

from __future__ import annotations

from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import grouped
from tsunagari.reports.figures.words import TableWords, Words
from tsunagari.reports.rules import Line, Section

ITEMS = ("2",)
PARTS = (grouped("main_detail", "main_category", "details"),)
REST = Line("rest", "どこにも当てていないもの")
PREFIX = "official_"


def sections(found: Found, words: Words) -> list[Section]:
    return [_section(found, table) for table in words.tables]


def _section(found: Found, table: TableWords) -> Section:
    counts = dict.fromkeys([line.key for line in table.lines] + [REST.key], 0)
    for (category, details, _), number in found.sums("main_detail", ITEMS).items():
        counts[line_of(table, int(category), ids_of(details))] += number
    rows = (*table.lines, REST)
    note = "主な分類（と市の細かい分類）から、この年度の対応表で1件ずつ当てています。"
    checked = "" if table.checked else "この表は、原本との照合がまだです。"
    return Section(
        PREFIX + table.key,
        table.label,
        rows,
        tuple((counts[row.key],) for row in rows),
        items=ITEMS,
        note=note + checked,
    )


def line_of(table: TableWords, category: int, details: list[int]) -> str:
    """The line a record stands in: by the first of its finer categories that is mapped, else by its main category."""
    for detail in details:
        if (category, detail) in table.mapping:
            return table.mapping[category, detail]
    return table.mapping.get((category, None), REST.key)


def ids_of(text: str) -> list[int]:
    """Members of an array as PostgreSQL writes it: "{3,17}"."""
    return [int(part) for part in text.strip("{}").split(",") if part]


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    return None  # lines are computed after reading: `queries.drill` asks line_of for each record
