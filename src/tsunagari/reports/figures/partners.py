"""情報提供と連携: partners the family was told about, and those turned to for it (item 6; Itabashi's figure 31)."""

from __future__ import annotations

from tsunagari.reports.figures.consultations import TOTAL
from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import listed
from tsunagari.reports.figures.words import Words
from tsunagari.reports.rules import Line, Section

ITEMS = ("6",)
PARTS = (listed("told", "told"), listed("linked", "linked"))
COLUMNS = (Line("told", "情報提供"), Line("linked", "連携"))


def sections(found: Found, words: Words) -> list[Section]:
    counts = [found.ones(column.key, ITEMS) for column in COLUMNS]
    rows = [
        line
        for line in words.partners
        if any(of[line.key] for of in counts) or f"partner.{line.key}" not in words.ended
    ]
    if not rows:
        return []
    cells = [tuple(of[row.key] for of in counts) for row in rows]
    cells.append(tuple(sum(of.values()) for of in counts))
    note = "情報提供は家庭に伝えた数、連携は家庭のためにその先へつないだ数です。1件の相談に先がいくつもあれば、先の数だけ数えます。"
    return [
        Section(
            "partner",
            "情報提供と連携の件数",
            (*rows, TOTAL),
            tuple(cells),
            COLUMNS,
            items=ITEMS,
            note=note,
            total=TOTAL.key,
        )
    ]


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    if section != "partner" or column not in ("told", "linked"):
        return None
    if row == TOTAL.key:
        return f"{column} <> '{{}}'", {}
    return f"%(row)s = ANY({column})", {"row": int(row)}
