"""Comparing what was found with the truth: over the whole list, and for each thing that went wrong in writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from benchmarks.linkage.noise import Register
from tsunagari.families.linkage.households import Found

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over a list of pairs."""

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def score(truth: set[Pair], found: Iterable[Pair]) -> Score:
    """How many of the pairs found are true."""
    shown = set(found)
    return Score(len(truth), len(shown), len(truth & shown))


def household_truth(registers: Sequence[Register]) -> dict[Pair, frozenset[str]]:
    """Pairs of households of one family → everything that went wrong in either writing.

    Two writings that have nobody in common (one child here, another there) say nothing and are left out.
    """
    families: dict[int, list[Register]] = defaultdict(list)
    for register in registers:
        families[register.family].append(register)
    truth = {}
    for group in families.values():
        for one, other in combinations(sorted(group, key=lambda register: register.household), 2):
            if any(True for _ in _common(one, other)):
                truth[one.household, other.household] = _kinds(one) | _kinds(other)
    return truth


def people_truth(registers: Sequence[Register]) -> dict[Pair, frozenset[str]]:
    """Pairs of entries of one person in two households → what went wrong in writing either."""
    families: dict[int, list[Register]] = defaultdict(list)
    for register in registers:
        families[register.family].append(register)
    return {
        pair: kinds
        for group in families.values()
        for one, other in combinations(group, 2)
        for pair, kinds in _common(one, other)
    }


def found_households(found: Iterable[Found]) -> list[Pair]:
    """The list as shown."""
    return [(pair.left, pair.right) for pair in found]


def found_people(found: Iterable[Found]) -> list[Pair]:
    """Everybody said to be one with somebody."""
    return [
        (min(entry["left"], entry["right"]), max(entry["left"], entry["right"]))
        for pair in found
        for entry in pair.evidence
        if "left" in entry
    ]


def by_kind(truth: dict[Pair, frozenset[str]], found: Iterable[Pair]) -> Iterator[tuple[str, Score]]:
    """Recall of the pairs in which one kind of thing went wrong, by name; "nothing" where nothing did."""
    shown = set(found)
    kinds = sorted({kind for several in truth.values() for kind in several})
    for kind in ["nothing", *kinds]:
        pairs = {
            pair for pair, several in truth.items() if (kind in several if kind != "nothing" else not several)
        }
        yield kind, Score(len(pairs), len(pairs & shown), len(pairs & shown))


def _kinds(register: Register) -> frozenset[str]:
    return register.kinds.union(*(written.kinds for written in register.people))


def _common(one: Register, other: Register) -> Iterator[tuple[Pair, frozenset[str]]]:
    for mine, theirs in product(one.people, other.people):
        if mine.human == theirs.human:
            ids = sorted((mine.entry.person, theirs.entry.person))
            yield (ids[0], ids[1]), one.kinds | other.kinds | mine.kinds | theirs.kinds
