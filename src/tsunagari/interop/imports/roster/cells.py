"""Single cells of old rosters: ages, numbers of people, marks, phones, times. Each raises ValueError in Japanese."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time

from tsunagari.base.japanese import text, times
from tsunagari.base.sheets import Cell
from tsunagari.interop.imports.cells import as_text

MOST_PEOPLE = 99
MOST_MONTHS = 18 * 12
#: What Excel shows where a formula failed; nobody wrote it.
FAILED = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
DITTO = frozenset({"〃", "”", "“", "\"", "''", "″", "〻", "仝", "々", "同上", "同", "上に同じ", "〃〃", "ゞ", "ヾ"})  # fmt: skip
_YES = frozenset(
    [
        "○",
        "◯",
        "〇",
        "●",
        "◎",
        "✓",
        "✔",
        "☑",
        "レ",
        "初",
        "新",
        "有",
        "はい",
        "yes",
        "y",
        "1",
        "true",
        "初めて",
        "はじめて",
        "初回",
        "新規",
        "該当",
    ]
)
_NO = frozenset(
    [
        "×",
        "✕",
        "✗",
        "x",
        "無",
        "なし",
        "いいえ",
        "no",
        "n",
        "0",
        "false",
        "-",
        "ー",
        "―",
        "2回目",
        "再",
        "継続",
        "既",
    ]
)
_OUTSIDE = re.compile(r"市外|町外|区外|村外|県外|圏外")
_INSIDE = re.compile(r"市内|町内|区内|村内")
_AGE = re.compile(
    r"(?:(\d{1,2})(?:歳|才|さい|y|years?))?(?:(\d{1,2})(?:か月|ヶ月|カ月|ヵ月|ケ月|ヶ|か|箇月|ヵ|m|months?)?)?(半)?(?:\d{1,2}日)?"
)
_COLON = re.compile(r"(\d{1,2})[:;](\d{1,2})")
_NEWBORN = re.compile(r"(?:生後)?(\d{1,3})(?:日|d)目?")
_COUNT = re.compile(
    r"(?:(?:大人|おとな|大|親|子ども|子供|こども|子|小|計)\s*)?(\d{1,3})(?:\.0+)?(?:人|名|組)?"
)


def plain(cell: Cell) -> str:
    """The cell in half width, lower case, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", as_text(cell))).lower()


def age_months(cell: Cell) -> int:
    """About how old in months: 1歳3か月, 1:3 (also where Excel made a time of it), 2y, 2歳半, 8か月, 生後20日, 2."""
    if isinstance(cell, (time, datetime)):
        return _months(cell.hour, cell.minute, as_text(cell))
    value = plain(cell).removeprefix("満").removeprefix("約")
    if found := _NEWBORN.fullmatch(value):
        return int(found[1]) // 30
    if found := _COLON.fullmatch(value):
        return _months(int(found[1]), int(found[2]), value)
    if re.fullmatch(r"\d{1,2}", value):
        return _months(int(value), 0, value)
    found = _AGE.fullmatch(value)
    if not found or not (found[1] or found[2]):
        raise ValueError("年齢を読み取れません。「1歳3か月」のように書いてください。")
    return _months(int(found[1] or 0), (6 if found[3] else 0) + int(found[2] or 0), value)


def _months(years: int, months: int, shown: str) -> int:
    total = years * 12 + months
    if total > MOST_MONTHS or (years and months > 11):
        raise ValueError(f"「{shown[:12]}」という年齢は、お子さんの年齢として読み取れません。")
    return total


def people(cell: Cell) -> int:
    """A number of people: 2, ２, 2人, 大人2; a dash is nobody."""
    value = plain(cell)
    if value in ("-", "ー", "―", "なし", "無"):
        return 0
    found = _COUNT.fullmatch(value)
    if not found or int(found[1]) > MOST_PEOPLE:
        raise ValueError(f"人数を読み取れません。0から{MOST_PEOPLE}の数字で書いてください。")
    return int(found[1])


def mark(cell: Cell) -> bool:
    """Whether a mark stands there: ○, ✓, 初 …"""
    value = plain(cell)
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise ValueError("印を読み取れません。「○」か空欄にしてください。")


def outside(cell: Cell) -> bool:
    """Whether a family comes from another town: a mark, 市外, or the name of another town."""
    value = plain(cell)
    if _INSIDE.search(value):
        return False
    if _OUTSIDE.search(value) or re.fullmatch(r".{1,10}[市区町村]", value):
        return True
    return mark(cell)


def phones(cell: Cell) -> list[str]:
    """Digits of the phones in the cell, at most two; the leading zero Excel dropped is put back."""
    value = unicodedata.normalize("NFKC", as_text(cell))
    found: list[str] = []
    for part in [value, *re.split(r"[\n/、,;・]|\s{2,}|または|\(携\)|\(自\)", value)]:
        digits = text.phone_digits(part) or _without_zero(part)
        if digits and digits not in found:
            found.append(digits)
    if not found:
        raise ValueError("電話番号として読み取れません。市外局番から書いてください。")
    return found[:2]


def _without_zero(part: str) -> str | None:
    digits = re.sub(r"[^0-9]", "", part)
    written = re.fullmatch(r"\s*[1-9][0-9-]{8,11}\s*", part)
    return text.phone_digits(f"0{digits}") if written and len(digits) in (9, 10) else None


def clock_time(cell: Cell) -> time:
    """A time of day; of a span (10:00～12:00) the beginning."""
    if isinstance(cell, str):
        first = re.split(r"[~〜～]|から|(?<=\d)\s*[-－]\s*(?=\d)", cell.strip())[0]
        if re.fullmatch(r"0?\.\d+", first):
            return times.parse_time(float(first))
        return times.parse_time(first)
    return times.parse_time(cell)
