"""相談した人: what they are to the child (item 3)."""

from __future__ import annotations

from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import listed
from tsunagari.reports.figures.words import Words
from tsunagari.reports.rules import Line, Section

ITEMS = ("3",)
PARTS = (listed("who", "who"),)
ROWS = (
    Line("mother", "母"),
    Line("father", "父"),
    Line("grand", "祖父母"),
    Line("guardian", "そのほかの保護者（続柄の記入なしもふくむ）"),
    Line("family", "親族など"),
    Line("child", "子ども本人"),
    Line("unsaid", "記入なし"),
    Line("unnamed", "お名前なし"),
)


def sections(found: Found, words: Words) -> list[Section]:
    counts = found.ones("who", ITEMS)
    cells = tuple((counts[row.key],) for row in ROWS)
    note = "母と父がいっしょに来たときは、どちらにも数えます。"
    return [Section("who", "相談した人", ROWS, cells, items=ITEMS, note=note, overlaps=True, chart="n")]


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    return ("%(row)s = ANY(who)", {"row": row}) if section == "who" else None
