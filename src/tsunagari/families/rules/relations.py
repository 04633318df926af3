"""続柄 of the resident register (codes 1 to 4 joined by "-", e.g. "20-20" child's child) and what each person
is to the children. The code speaks of the householder; a grandparent may be the householder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tsunagari.families.rules.inputs import CHILD, GUARDIAN, RELATIVE

LABELS: dict[str, str] = {
    "02": "世帯主",
    "11": "夫",
    "12": "妻",
    "13": "夫（未届）",
    "14": "妻（未届）",
    "20": "子",
    "51": "父",
    "52": "母",
    "71": "兄",
    "74": "弟",
    "81": "姉",
    "84": "妹",
    "96": "縁故者",
    "99": "同居人",
}
_CHILD = re.compile("(?:[長二次三四五六七八九十末]|十[一二])?[男女]|子|養子|養女|実子")
_WORDS = {
    **{unicodedata.normalize("NFKC", label): code for code, label in LABELS.items()},
    "本人": "02",
    "孫": "20-20",
    "未届夫": "13",
    "未届妻": "14",
    "夫(内縁)": "13",
    "妻(内縁)": "14",
}
_COUPLE = frozenset({"02", "11", "12", "13", "14"})
_SPOUSE = frozenset({"11", "12", "13", "14"})
ADULT_AT = 18


def relation_label(code: str) -> str:
    """ "20-20" → "子の子", "02" → "世帯主"; an unknown step keeps its code; empty for an empty code."""
    return "の".join(LABELS.get(step, step) for step in _steps(code))


def relation_code(words: str) -> str:
    """The code of a relation in words: "妻の子" → "12-20", "長男" → "20", "孫" → "20-20". Codes stay; "" where unsure."""
    plain = unicodedata.normalize("NFKC", words).replace(" ", "").replace("未届の", "未届")
    if re.fullmatch(r"\d\d(?:-\d\d){0,3}", plain):
        return plain
    steps = [_code_of(step) for step in plain.split("の")]
    return "-".join(steps) if all(steps) else ""


def _code_of(step: str) -> str:
    return "20" if _CHILD.fullmatch(step) else _WORDS.get(step, "")


def kinds_of(members: Sequence[tuple[str, int | None]]) -> list[str]:
    """guardian, child or relative of each member of one household, given (code, age in full years or None).

    Under 18 a member is a child, unless householder or spouse. Where the householder's grandchildren live, their
    parents (子, 子の妻 …) are the guardians and the householder is a relative.
    """
    three_generations = any(_is_grandchild(_steps(code)) and _minor(age) for code, age in members)
    return [_kind(_steps(code), age, three_generations) for code, age in members]


def _kind(steps: list[str], age: int | None, three_generations: bool) -> str:
    if len(steps) == 1 and steps[0] in _COUPLE:
        return RELATIVE if three_generations and _any_adult(age) else GUARDIAN
    if three_generations and _is_middle(steps) and not _minor(age):
        return GUARDIAN
    if _minor(age) or (age is None and steps[-1:] == ["20"]):
        return CHILD
    return RELATIVE


def _steps(code: str) -> list[str]:
    return [step for step in code.split("-") if step]


def _is_grandchild(steps: list[str]) -> bool:
    return len(steps) > 1 and steps[0] == "20" and steps[-1] == "20"


def _is_middle(steps: list[str]) -> bool:
    return steps == ["20"] or (len(steps) == 2 and steps[0] == "20" and steps[1] in _SPOUSE)


def _minor(age: int | None) -> bool:
    return age is not None and age < ADULT_AT


def _any_adult(age: int | None) -> bool:
    return not _minor(age)
