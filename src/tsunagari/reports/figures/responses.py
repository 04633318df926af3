"""したこと・見立て: what was done, next steps, concern and marks (item 5)."""

from __future__ import annotations

from tsunagari.encounters.rules.codes import RESPONSES
from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import grouped, listed
from tsunagari.reports.figures.words import Words
from tsunagari.reports.rules import Line, Section

ITEMS = ("5",)
PARTS = (
    listed("response", "responses"),
    grouped(
        "step", "CASE WHEN next_on IS NULL THEN 'none' WHEN next_done_at IS NULL THEN 'open' ELSE 'done' END"
    ),
    grouped("concern", "coalesce(concern, -1)"),
    grouped("mark", "coalesce(mark_id, 0)"),
)
STEPS = (Line("set", "次にすることを決めた相談"), Line("done", "　すんだもの"), Line("open", "　まだのもの"))
UNSAID = Line("-1", "記入なし")


def sections(found: Found, words: Words) -> list[Section]:
    done, steps = found.ones("response", ITEMS), found.ones("step", ITEMS)
    concern = found.ones("concern", ITEMS)
    responses = tuple(Line(key, label) for key, label in RESPONSES.items())
    levels = (*(Line(str(n), words.concerns[n]) for n in range(len(words.concerns))), UNSAID)
    open_or_done = (steps["done"] + steps["open"], steps["done"], steps["open"])
    note = "1件の相談に、したことがいくつもあれば、そのどれにも数えます。"
    return [
        Section(
            "response",
            "対応・支援方針",
            responses,
            tuple((done[row.key],) for row in responses),
            items=ITEMS,
            note=note,
            overlaps=True,
            chart="n",
        ),
        Section("step", "次にすること", STEPS, tuple((n,) for n in open_or_done), items=ITEMS),
        Section(
            "concern", "気がかりの度合い", levels, tuple((concern[row.key],) for row in levels), items=ITEMS
        ),
        *_marks(found, words),
    ]


def _marks(found: Found, words: Words) -> list[Section]:
    counts = found.ones("mark", ITEMS)
    rows = [line for line in words.marks if counts[line.key] or f"mark.{line.key}" not in words.ended]
    if not rows:
        return []
    every = (*rows, Line("0", "印なし"))
    return [Section("mark", "印", every, tuple((counts[row.key],) for row in every), items=ITEMS)]


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    match section:
        case "response":
            return "%(row)s = ANY(responses)", {"row": row}
        case "step":
            done = {"done": "AND next_done_at IS NOT NULL", "open": "AND next_done_at IS NULL"}
            return f"next_on IS NOT NULL {done.get(row, '')}", {}
        case "concern" | "mark":
            column_name = {"concern": "coalesce(concern, -1)", "mark": "coalesce(mark_id, 0)"}[section]
            return f"{column_name} = %(row)s", {"row": int(row)}
    return None
