"""機関ごと: the main numbers of each agency, in a report of the city."""

from __future__ import annotations

from collections import Counter

from tsunagari.reports.figures.consultations import TOTAL
from tsunagari.reports.figures.reading import Found
from tsunagari.reports.rules import Line, Section

COLUMNS = (
    Line("families", "来た家庭"),
    Line("children", "来た子ども"),
    Line("consult", "相談"),
    Line("told", "情報提供"),
    Line("linked", "連携"),
)


def sections(visits: Found, records: Found) -> list[Section]:
    span = records.span
    if not span.city:
        return []
    parts = {"consult": ("named", ("1",)), "told": ("told", ("6",)), "linked": ("linked", ("6",))}
    columns = [visits.by_agency("visit", "families"), visits.by_agency("visit", "children")]
    for name, items in parts.values():
        inside = set(span.of(items))
        columns.append(_only(records.by_agency(name), inside))
    rows = tuple(Line(str(pk), name) for pk, name in span.agencies.items())
    cells = [tuple(of.get(pk, 0) for of in columns) for pk in span.agencies]
    cells.append(tuple(sum(of.values()) for of in columns))
    note = "求めていない機関の欄は0です。"
    return [
        Section(
            "agency",
            "機関ごと",
            (*rows, TOTAL),
            tuple(cells),
            COLUMNS,
            total=TOTAL.key,
            chart="consult",
            note=note,
        )
    ]


def _only(counts: Counter[int], inside: set[int]) -> Counter[int]:
    return Counter({pk: number for pk, number in counts.items() if pk in inside})


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    if section != "agency" or column not in ("consult", "told", "linked"):
        return None
    wanted = "true" if column == "consult" else f"{column} <> '{{}}'"
    return (wanted, {}) if row == TOTAL.key else (f"agency_id = %(row)s AND {wanted}", {"row": int(row)})
