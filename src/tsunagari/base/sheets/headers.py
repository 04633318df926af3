"""Which row is the header, and which header means which field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from tsunagari.base.sheets.table import RawCell, RawRow, is_blank, to_cell

#: Told by the caller: names it knows (one set for each layout), or a function that scores a row.
Hint = Iterable[Collection[str]] | Callable[[Sequence[str]], int]
Score = Callable[[Sequence[str]], int]

_SEARCHED_ROWS = 30
_LONGEST_NAME = 60
#: Words above columns that say nothing their names do not say.
_PLAIN_GROUPS = frozenset(
    (
        "施設",
        "施設情報",
        "基本情報",
        "機関",
        "所在",
        "所在地",
        "位置",
        "位置情報",
        "連絡先",
        "問い合わせ先",
        "時間",
        "利用時間",
        "開所時間",
        "利用日時",
        "開所日時",
    )
)
_REQUIRED_MARKS = "※*"
_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+%?")


def normalise_header(name: str) -> str:
    """A header as it is compared: NFKC, case-folded, no spaces, line breaks or `_`, no ※ or * at its ends."""
    plain = re.sub(r"[\s_]", "", unicodedata.normalize("NFKC", name).casefold())
    return plain.strip(_REQUIRED_MARKS)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands: index of its row, number of rows it takes (1 or 2), raw names."""

    index: int
    height: int
    names: list[str]


def find_header(
    rows: Sequence[RawRow],
    known: Collection[str],
    hint: Hint | None,
    merged_rows: Collection[int] = (),
) -> Header | None:
    """The header among the first rows, or None when every row is blank.

    With known names, the row that holds most of them; else the first row filled and worded like one.
    `merged_rows` are the indexes of rows in which cells are merged sideways, if the format tells.
    """
    head = rows[:_SEARCHED_ROWS]
    score = _scorer(known, hint)
    best = max(range(len(head)), key=lambda i: (score(_texts(head[i])), -i), default=None)
    if best is None or score(_texts(head[best])) < 1:
        best = _likely_header(head)
    if best is None:
        return None
    for top in (best - 1, best):
        if top >= 0 and (double := _double_header(rows, top, score, best, merged_rows)):
            return double
    return Header(best, 1, _texts(rows[best]))


def header_at(rows: Sequence[RawRow], index: int, height: int) -> Header:
    """The header a person pointed at: its row from 0, and whether it takes one row or two."""
    top = _texts(rows[index])
    if height == 1 or index + 1 >= len(rows):
        return Header(index, 1, top)
    return Header(index, 2, _join(top, _texts(rows[index + 1])))


def _scorer(known: Collection[str], hint: Hint | None) -> Score:
    if callable(hint):
        return hint
    layouts = [{layout} if isinstance(layout, str) else layout for layout in hint or ()]
    names = {normalise_header(name) for layout in (known, *layouts) for name in layout}
    return lambda row: len(names.intersection(map(normalise_header, row)))


def _texts(row: RawRow) -> list[str]:
    return [str(to_cell(value)) for value in row]


def _filled(row: RawRow) -> int:
    return sum(not is_blank(value) for value in row)


def _likely_header(rows: Sequence[RawRow]) -> int | None:
    widest = max((_filled(row) for row in rows), default=0)
    usual = Counter(_filled(row) for row in rows if _filled(row) > 1).most_common(1)
    enough = min(widest, usual[0][0] if usual else widest) * 0.6
    for index, row in enumerate(rows):
        if _filled(row) >= max(1, enough) and _is_wording(row) and not _is_comment(row, widest):
            return index
    return next((index for index, row in enumerate(rows) if _filled(row)), None)


def _is_wording(row: RawRow) -> bool:
    """Whether every filled cell could be a column's name: short text, no number, no date."""
    return all(is_blank(value) or _is_name(value) for value in row)


def _is_name(value: RawCell) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NAME and not _NUMBER.fullmatch(value.strip())


def _is_comment(row: RawRow, widest: int) -> bool:
    first = str(row[0]).strip() if row else ""
    return first.startswith("#") and _filled(row) <= 2 < widest


def _double_header(
    rows: Sequence[RawRow], top: int, score: Score, best: int, merged_rows: Collection[int]
) -> Header | None:
    """A header of two rows, groups above names, when there is proof of it.

    Proof is a cell merged sideways in the upper row, or more known names in the two rows joined than in the
    best row alone. Shape by itself is no proof: a data row may look the same, and a person would be lost.
    """
    below = rows[top + 1] if top + 1 < len(rows) else []
    if not _names_the_gaps(rows[top], below):
        return None
    joined = _without_plain_groups(_join(_texts(rows[top]), _texts(below)), score)
    if top in merged_rows or score(joined) > score(_texts(rows[best])):
        return Header(top, 2, joined)
    return None


def _without_plain_groups(joined: Sequence[str], score: Score) -> list[str]:
    """施設_住所 is the 住所 of the list, where nobody knows the whole name; 設置者_住所 would be somebody else's."""
    parts = [name.partition("_") for name in joined]
    plain = Counter(under for group, _, under in parts if group in _PLAIN_GROUPS)
    return [
        under if plain[under] == 1 and group in _PLAIN_GROUPS and score([under]) > score([name]) else name
        for name, (group, _, under) in zip(joined, parts, strict=True)
    ]


def _names_the_gaps(top: RawRow, below: RawRow) -> bool:
    """Whether the lower row is pure wording and names every column that the upper row leaves blank."""
    if not top or is_blank(top[0]) or _filled(top) < 2 or not _is_wording(below) or not _is_wording(top):
        return False
    width = max(i + 1 for row in (top, below) for i, value in enumerate(row) if not is_blank(value))
    gaps = [i for i in range(width) if i >= len(top) or is_blank(top[i])]
    return bool(gaps) and all(i < len(below) and not is_blank(below[i]) for i in gaps)


def _join(top: Sequence[str], below: Sequence[str]) -> list[str]:
    names: list[str] = []
    group = ""
    for i in range(max(len(top), len(below))):
        over = top[i] if i < len(top) else ""
        under = below[i] if i < len(below) else ""
        group = over or group
        names.append("_".join(part for part in (group, under) if part))
    return names


def unique_headers(names: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    """Names for `width` columns, and warnings: repeats get a number, blanks become 列3."""
    headers: list[str] = []
    warnings: list[str] = []
    for i in range(width):
        name = re.sub(r"\s*\n\s*", "", names[i]) if i < len(names) and names[i] else f"列{i + 1}"
        unique, suffix = name, 1
        while unique in headers:
            suffix += 1
            unique = f"{name}_{suffix}"
        if unique != name:
            warnings.append(f"見出し「{name}」が2つ以上あります。後のものを「{unique}」としました。")
        headers.append(unique)
    return headers, warnings
