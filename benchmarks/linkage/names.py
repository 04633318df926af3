"""Names of a made-up municipality: common family names in their usual order of frequency, a long tail put together from
pieces, and given names that share readings among many written forms. Nobody is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from benchmarks.linkage import words


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: as written and as read (katakana)."""

    text: str
    kana: str


def pairs(text: str) -> list[Part]:
    """ "佐藤 サトウ 鈴木 スズキ" as parts."""
    found = text.split()
    return [Part(*pair) for pair in zip(found[::2], found[1::2], strict=True)]


def joined(first: str, second: str) -> list[Part]:
    """Every piece of the first list before every piece of the second."""
    return [
        Part(a.text + b.text, a.kana + b.kana)
        for a, b in product(pairs(first), pairs(second))
        if a.text != b.text
    ]


class Draw:
    """Draws from a list whose n-th entry is met about 1 / (n + offset) ** steep as often as the first."""

    def __init__(self, parts: Sequence[Part], *, steep: float, offset: float) -> None:
        self.parts = list(parts)
        total, self.sums = 0.0, []
        for place in range(len(self.parts)):
            total += 1 / (place + offset) ** steep
            self.sums.append(total)

    def __call__(self, chance: Random) -> Part:
        return chance.choices(self.parts, cum_weights=self.sums)[0]


@dataclass(frozen=True, slots=True)
class Book:
    """Where the names of one town are drawn from."""

    family: Draw
    girls: Draw
    boys: Draw
    mothers: Draw
    fathers: Draw


def book(seed: int, *, tail: str, steep: float) -> Book:
    """Names of a town; `tail` ("east" or "west") chooses the pieces, `seed` the order of the long tails."""
    chance = Random(seed)
    first, second = words.FAMILY_PIECES[tail]
    return Book(
        family=Draw(_ordered(chance, pairs(words.COMMON), joined(first, second)), steep=steep, offset=6),
        girls=Draw(
            _ordered(chance, pairs(words.GIRLS), joined(*words.GIRL_PIECES[tail])), steep=0.75, offset=8
        ),
        boys=Draw(_ordered(chance, pairs(words.BOYS), joined(*words.BOY_PIECES[tail])), steep=0.75, offset=8),
        mothers=Draw(
            _ordered(chance, pairs(words.MOTHERS), joined(*words.MOTHER_PIECES[tail])), steep=0.9, offset=8
        ),
        fathers=Draw(
            _ordered(chance, pairs(words.FATHERS), joined(*words.FATHER_PIECES[tail])), steep=0.9, offset=8
        ),
    )


def _ordered(chance: Random, common: list[Part], tail: list[Part]) -> list[Part]:
    known = {part.text for part in common}
    rest = [part for part in tail if part.text not in known]
    chance.shuffle(rest)
    return [*common, *rest]
