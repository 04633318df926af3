"""相談の分類: the main one × how it came, all of them, and finer ones of the city (item 2)."""

from __future__ import annotations

from tsunagari.encounters.rules.codes import CATEGORIES, CHANNELS
from tsunagari.reports.figures.consultations import TOTAL
from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import grouped, listed
from tsunagari.reports.figures.words import Words
from tsunagari.reports.rules import Line, Section

ITEMS = ("2",)
PARTS = (
    grouped("category", "main_category", "channel"),
    listed("all_category", "categories"),
    listed("detail", "details"),
)
ROWS = (*(Line(str(one.code), f"{one.code}　{one.label}") for one in CATEGORIES), TOTAL)
COLUMNS = (
    *(Line(key, label) for key, label in CHANNELS.items()),
    TOTAL,
    Line("all", "主でないものもふくめて"),
)


def sections(found: Found, words: Words) -> list[Section]:
    main, every = found.sums("category", ITEMS), found.ones("all_category", ITEMS)
    cells = []
    for row in ROWS:
        codes = [one.code for one in CATEGORIES] if row is TOTAL else [int(row.key)]
        channels = [sum(main[str(code), channel, ""] for code in codes) for channel in CHANNELS]
        cells.append((*channels, sum(channels), sum(every[str(code)] for code in codes)))
    note = "「計」は主な分類で1件ずつ。「主でないものもふくめて」は、1件の相談が分類の数だけ入ります。"
    found_sections = [
        Section(
            "category",
            "相談の主な分類と方法",
            ROWS,
            tuple(cells),
            COLUMNS,
            items=ITEMS,
            note=note,
            total=TOTAL.key,
            chart=TOTAL.key,
        )
    ]
    return found_sections + _details(found, words)


def _details(found: Found, words: Words) -> list[Section]:
    counts = found.ones("detail", ITEMS)
    if not words.details:
        return []
    cells = tuple((counts[line.key],) for line in words.details)
    return [
        Section(
            "detail",
            "市の細かい分類",
            words.details,
            cells,
            items=ITEMS,
            overlaps=True,
            note="重なりがあります。",
        )
    ]


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    if section == "detail":
        return "%(row)s = ANY(details)", {"row": int(row)}
    if section != "category":
        return None
    if column == "all":
        return ("true", {}) if row == TOTAL.key else ("%(row)s = ANY(categories)", {"row": int(row)})
    wanted = [] if row == TOTAL.key else ["main_category = %(row)s"]
    wanted += [] if column == TOTAL.key else ["channel = %(column)s"]
    params: dict[str, object] = {"row": int(row) if row.isdecimal() else row, "column": column}
    return " AND ".join(wanted) or "true", params
