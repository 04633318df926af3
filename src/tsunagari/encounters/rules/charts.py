"""Charts: their numbers, why they end, what has to be said, and words that may mean one family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.base.japanese.eras import era_of
from tsunagari.base.japanese.text import to_hiragana
from tsunagari.encounters.rules.codes import CONCERNS
from tsunagari.encounters.rules.record import Problem

CLOSINGS: dict[str, str] = {
    "settled": "落ち着いた",
    "moved": "転居した",
    "grown": "大きくなった",
    "handed": "ほかの窓口が引き継いだ",
    "wish": "ご家族の希望",
    "other": "そのほか",
}
LONGEST = 5_000
LONGEST_REASON = 200
FURTHEST_REVIEW = timedelta(days=3 * 366)
_APART = re.compile(
    r"[\s、。・，．,.\-－ー―（）()「」『』/／0-9０-９]+"
    r"|さん|ちゃん|くん|君|様|の|と|か月|ヶ月|カ月|歳|才|ぐらい|くらい"
)
#: Words that mean anybody.
_COMMON = frozenset(
    [
        "お母",
        "お父",
        "母親",
        "父親",
        "ママ",
        "パパ",
        "男の子",
        "女の子",
        "子ども",
        "お子",
        "はじめて",
        "親子",
        "祖母",
        "祖父",
        "おばあ",
        "おじい",
        "妊婦",
        "双子",
        "きょうだい",
        "家庭",
        "匿名",
        "電話",
        "男児",
        "女児",
        "保護者",
        "名前",
    ]
)
SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class ChartInput:
    """The head of a chart as typed. `concern` is 0 to 3; `shared`: with the family's consent the centre may read it."""

    why: str
    concern: int = 1
    review_on: date | None = None
    shared: bool = False


def chart_problems(head: ChartInput, *, today: date) -> Iterator[Problem]:
    """What keeps the head from being saved."""
    if not head.why.strip():
        yield Problem("why", "追うことにした理由を書いてください。")
    yield from too_long("why", head.why)
    if head.concern not in range(len(CONCERNS)):
        yield Problem("concern", "気がかりの度合いをえらんでください。")
    if head.review_on is not None and head.review_on < today:
        yield Problem("review_on", "次の見直しは、今日よりあとの日をえらんでください。")
    if head.review_on is not None and head.review_on > today + FURTHEST_REVIEW:
        yield Problem("review_on", "次の見直しが先すぎます。3年のうちの日をえらんでください。")


def too_long(field: str, text: str, longest: int = LONGEST) -> Iterator[Problem]:
    """A text that is longer than is kept, or holds what cannot be kept."""
    if len(text) > longest:
        yield Problem(field, f"{longest}文字までです（いま{len(text)}文字）。短くしてください。")
    if "\x00" in text:
        yield Problem(field, "使えない文字が入っています。入力しなおしてください。")


def year_mark(day: date) -> str:
    """ "R8": the fiscal year of a day, as it begins a chart's number."""
    first = date(fiscal_year(day), 4, 1)
    era = era_of(first)
    return f"{era.letter}{first.year - era.year_zero}" if era else str(first.year)


def next_number(given: Iterable[str], day: date) -> str:
    """ "R8-013": the number after those given out in the fiscal year of a day."""
    mark = year_mark(day)
    serials = [number.partition("-")[2] for number in given if number.startswith(f"{mark}-")]
    last = max((int(serial) for serial in serials if serial.isdecimal()), default=0)
    return f"{mark}-{last + 1:03}"


def telling_words(text: str) -> set[str]:
    """Words of a 「どんな人」 that may name somebody, in hiragana where they are kana."""
    words = {to_hiragana(word) for word in _APART.split(text) if len(word) >= SHORTEST_WORD}
    return {word for word in words if word not in _COMMON and not any(one in word for one in _COMMON)}


def same_words(hint: str, names: Iterable[str]) -> set[str]:
    """Words of a 「どんな人」 that a family is called by."""
    called = {to_hiragana(name) for name in names if len(name) >= SHORTEST_WORD}
    said = telling_words(hint)
    return {word for word in said if word in called} | {
        name for name in called if any(name in word for word in said)
    }
