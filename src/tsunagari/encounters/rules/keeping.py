"""How records are kept, as decided by people: checked before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsunagari.encounters.rules.codes import CONCERNS, SIGHTS
from tsunagari.encounters.rules.record import LONGEST, Problem

#: Roles that can be made to read: the first two and the last at the agency, the others at the centre.
READERS: dict[str, str] = {
    "manager": "施設長",
    "counselor": "相談員",
    "rounds": "巡回支援員",
    "lead": "統括支援員",
    "nurse": "センター保健師",
}
#: Text fields a snippet can be meant for.
SNIPPET_FIELDS: dict[str, str] = {
    "content": "内容",
    "assessment": "見立て",
    "response_note": "対応の内容",
    "progress": "その後の経過",
}
MOST_MARKS, MOST_SNIPPETS, LONGEST_SNIPPET = 12, 60, 1_000


@dataclass(frozen=True, slots=True)
class MarkInput:
    """A mark and what follows from it. `within_days` None: no term."""

    symbol: str
    name: str
    meaning: str = ""
    follow: bool = False
    readers: tuple[str, ...] = ()
    within_days: int | None = None
    sight: str = "usual"
    position: int = 0


def mark_problems(mark: MarkInput) -> Iterator[Problem]:
    """What keeps a mark from being saved."""
    if not mark.symbol.strip() or len(mark.symbol.strip()) > 4:
        yield Problem("symbol", "印を4文字までで入れてください（●、○、別紙 など）。")
    if not mark.name.strip() or len(mark.name.strip()) > 40:
        yield Problem("name", "名前を40文字までで入れてください。")
    if len(mark.meaning) > 200:
        yield Problem("meaning", "200文字までで書いてください。")
    if set(mark.readers) - set(READERS):
        yield Problem("readers", "読む人をえらびなおしてください。")
    if mark.within_days is not None and not 0 <= mark.within_days <= 90:
        yield Problem("within_days", "0日から90日の間で入れてください。")
    if mark.within_days is not None and not mark.readers:
        yield Problem("readers", "日数を決めるときは、読む人もえらんでください。")
    if mark.sight not in SIGHTS:
        yield Problem("sight", "見られる人をえらびなおしてください。")
    if mark.sight == "manager" and {"counselor", "rounds"} & set(mark.readers):
        yield Problem("readers", "施設長とセンターだけが見られる印です。相談員・巡回支援員には回せません。")


def concern_problems(words: Sequence[str]) -> Iterator[Problem]:
    """What keeps the city's four levels of concern, lowest first, from being saved."""
    if len(words) != len(CONCERNS) or any(not word.strip() or len(word.strip()) > 30 for word in words):
        yield Problem("", "4つとも、30文字までで書いてください。")
    elif len({word.strip() for word in words}) != len(words):
        yield Problem("", "同じ言い方が2つあります。ちがう言い方にしてください。")


def snippet_problems(title: str, text: str, field: str) -> Iterator[Problem]:
    """What keeps a text to start from from being saved."""
    if not title.strip() or len(title.strip()) > 30:
        yield Problem("title", "見出しを30文字までで入れてください。")
    if not text.strip() or len(text) > LONGEST_SNIPPET:
        yield Problem("text", f"文を{LONGEST_SNIPPET}文字までで書いてください。")
    if field not in SNIPPET_FIELDS or field not in LONGEST:
        yield Problem("field", "入れる欄をえらびなおしてください。")
