"""相談の子ども: their ages as they were that day, by category and by how it came (items 4, 2)."""

from __future__ import annotations

from tsunagari.encounters.rules.codes import CATEGORIES, CHANNELS
from tsunagari.reports.figures.consultations import TOTAL
from tsunagari.reports.figures.reading import Found
from tsunagari.reports.figures.records import grouped
from tsunagari.reports.figures.words import Words
from tsunagari.reports.rules import Line, Section

PARTS = (
    grouped("cube", "main_category", "channel", "age"),
    grouped("kid", "x", of="facts CROSS JOIN LATERAL unnest(kids) AS x"),
)
AGES = tuple(
    Line(str(number), label)
    for number, label in enumerate(
        ("0歳", "1歳", "2歳", "3歳", "4歳", "5歳", "6歳以上", "おなかの中", "不明・子どものことでない")
    )
)
NOTE = "記録のときの年齢です。1件に2人以上のときは、いちばん小さい子の年齢で1件と数えます。"


def sections(found: Found, words: Words) -> list[Section]:
    return [_ages(found), _by_category(found), _cube(found)]


def _ages(found: Found) -> Section:
    cube, kids = found.sums("cube", ("4",)), found.ones("kid", ("4",))
    columns = (
        *(Line(key, label) for key, label in CHANNELS.items()),
        TOTAL,
        Line("kids", "子どもの数（延べ）"),
    )
    cells = []
    for row in (*AGES, TOTAL):
        ages = [line.key for line in AGES] if row is TOTAL else [row.key]
        channels = [
            sum(n for (_, by, age), n in cube.items() if by == channel and age in ages)
            for channel in CHANNELS
        ]
        cells.append((*channels, sum(channels), sum(kids[age] for age in ages)))
    return Section(
        "age",
        "子どもの年齢",
        (*AGES, TOTAL),
        tuple(cells),
        columns,
        items=("4",),
        note=NOTE,
        total=TOTAL.key,
        chart=TOTAL.key,
    )


def _by_category(found: Found) -> Section:
    cube = found.sums("cube", ("2", "4"))
    rows = tuple(Line(str(one.code), f"{one.code}　{one.short}") for one in CATEGORIES)
    cells = []
    for row in (*rows, TOTAL):
        codes = [line.key for line in rows] if row is TOTAL else [row.key]
        ages = [sum(cube[code, channel, age.key] for code in codes for channel in CHANNELS) for age in AGES]
        cells.append((*ages, sum(ages)))
    return Section(
        "category_age",
        "相談の主な分類と子どもの年齢",
        (*rows, TOTAL),
        tuple(cells),
        (*AGES, TOTAL),
        items=("2", "4"),
        note=NOTE,
        total=TOTAL.key,
    )


def _cube(found: Found) -> Section:
    cube = found.sums("cube", ("2", "4"))
    rows, cells = [], []
    for one in CATEGORIES:
        for channel, label in CHANNELS.items():
            rows.append(Line(f"{one.code}.{channel}", f"{one.code}　{one.short}　{label}"))
            cells.append(tuple(cube[str(one.code), channel, age.key] for age in AGES))
    title = "相談の主な分類と方法と子どもの年齢"
    return Section("cube", title, tuple(rows), tuple(cells), AGES, items=("2", "4"), note=NOTE, wide=True)


def behind(section: str, row: str, column: str) -> tuple[str, dict[str, object]] | None:
    if section == "age" and column == "kids":
        return ("kids <> '{}'", {}) if row == TOTAL.key else ("%(row)s = ANY(kids)", {"row": int(row)})
    if section == "age":
        return _where({"age": row, "channel": column})
    if section == "category_age":
        return _where({"main_category": row, "age": column})
    if section == "cube":
        category, _, channel = row.partition(".")
        return _where({"main_category": category, "channel": channel, "age": column})
    return None


def _where(wanted: dict[str, str]) -> tuple[str, dict[str, object]]:
    """All columns have these values; TOTAL asks for none."""
    given: dict[str, object] = {
        name: value if name == "channel" else int(value)
        for name, value in wanted.items()
        if value != TOTAL.key
    }
    return " AND ".join(f"{name} = %({name})s" for name in given) or "true", given
