"""相談: how many, how they came and of what kind (item 1)."""

from __future__ import annotations

from tsunagari.encounters.rules.codes import CHANNELS, KINDS
from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import Part, grouped
from tsunagari.reports.figures.words import Words
from tsunagari.reports.rules import Line, Section

ITEMS = ("1",)
PARTS = (
    grouped("named", "household_id IS NOT NULL"),
    grouped("channel", "channel"),
    grouped("kind", "kind"),
    Part(
        "different",
        "SELECT 'different', NULL::bigint, '', '', '', count(DISTINCT household_id) FROM facts "
        "WHERE agency_id = ANY(%(asked_for_count)s)",
    ),
)
TOTAL = Line("total", "計")
ROWS = (
    Line("total", "相談の記録"),
    Line("named", "　うちお名前の分かるもの"),
    Line("unnamed", "　うちお名前なし"),
    Line("different", "ちがう家庭の数"),
)


def sections(found: Found, words: Words) -> list[Section]:
    named, different = found.ones("named", ITEMS), found.ones("different", ITEMS)
    counts = (sum(named.values()), named["true"], named["false"], different[""])
    return [
        Section(
            "consult",
            "相談",
            ROWS,
            tuple((n,) for n in counts),
            items=ITEMS,
            note="同行・巡回などもふくみます。",
        ),
        _by(found, "channel", "相談の方法", CHANNELS),
        _by(found, "kind", "記録の種類", KINDS),
    ]


def _by(found: Found, name: str, title: str, labels: dict[str, str]) -> Section:
    counts = found.ones(name, ITEMS)
    rows = (*(Line(key, label) for key, label in labels.items()), TOTAL)
    cells = (*((counts[key],) for key in labels), (sum(counts.values()),))
    return Section(name, title, rows, cells, items=ITEMS, total=TOTAL.key, chart="n")


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    if section == "consult":
        return {"named": "household_id IS NOT NULL", "unnamed": "household_id IS NULL"}.get(row, "true"), {}
    if section in ("channel", "kind"):
        return ("true", {}) if row == TOTAL.key else (f"{section} = %(row)s", {"row": row})
    return None
