"""Seeded chance: each thing draws from a stream of its own name, so that one more family changes no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *names: object) -> Random:
    """A generator that depends on the seed and the names alone (stable over runs and machines)."""
    return Random("/".join(str(part) for part in (seed, *names)))


def weighted(random: Random, choices: Mapping[T, float]) -> T:
    """One of the keys, by weight."""
    return random.choices(tuple(choices), weights=tuple(choices.values()))[0]


class Deck:
    """Deals pieces of text so that one returns only after the others of its list."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._dealt: Counter[str] = Counter()

    def deal(self, pieces: Sequence[str], fits: Callable[[str], bool] = lambda _: True) -> str:
        """A piece that fits, of those dealt least so far; empty when none fits."""
        fitting = [piece for piece in pieces if fits(piece)]
        if not fitting:
            return ""
        least = min(self._dealt[piece] for piece in fitting)
        chosen = self._random.choice([piece for piece in fitting if self._dealt[piece] == least])
        self._dealt[chosen] += 1
        return chosen
