"""The made-up municipalities: one to train on, others to measure on. Names, rates and seeds differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from benchmarks.linkage.names import book
from benchmarks.linkage.noise import Rates, Register, Scribe
from benchmarks.linkage.town import Maker

TRAIN = Rates(
    twice=0.10,
    kin=0.05,
    twins=0.012,
    slips={
        "other_forms": 0.06, "other_kanji": 0.02, "hiragana": 0.03, "kana_missing": 0.08, "kana_half_width": 0.03,
        "kana_slip": 0.02, "kana_other_reading": 0.02, "name_swapped": 0.006, "birth_missing": 0.02,
        "birth_digit": 0.015, "birth_day": 0.005, "birth_turned": 0.004, "birth_era": 0.006, "phone_missing": 0.2,
        "sex_missing": 0.05, "address_missing": 0.1, "address_otherwise": 0.15,
    },
    turns={"moved": 0.15, "new_phones": 0.12, "married": 0.04, "newborn": 0.08},
    shapes={"mother_only": 0.2, "child_only": 0.05, "father_instead": 0.08, "one_child": 0.08},
)  # fmt: skip
TEST = Rates(
    twice=0.06,
    kin=0.08,
    twins=0.02,
    slips={
        "other_forms": 0.10, "other_kanji": 0.03, "hiragana": 0.05, "kana_missing": 0.12, "kana_half_width": 0.05,
        "kana_slip": 0.03, "kana_other_reading": 0.03, "name_swapped": 0.01, "birth_missing": 0.04,
        "birth_digit": 0.02, "birth_day": 0.008, "birth_turned": 0.008, "birth_era": 0.01, "phone_missing": 0.25,
        "sex_missing": 0.1, "address_missing": 0.15, "address_otherwise": 0.25,
    },
    turns={"moved": 0.25, "new_phones": 0.2, "married": 0.08, "newborn": 0.12},
    shapes={"mother_only": 0.2, "child_only": 0.06, "father_instead": 0.1, "one_child": 0.08},
)  # fmt: skip
#: the same with everything twice as often: registers nobody looked after
HARSH = replace(
    TEST,
    slips={kind: min(0.5, 2 * rate) for kind, rate in TEST.slips.items()},
    turns={kind: 1.5 * rate for kind, rate in TEST.turns.items()},
    shapes={**TEST.shapes, "child_only": 0.1, "one_child": 0.1},
)
#: half of those written down twice are known by nicknames alone
NICKNAMES = replace(TEST, shapes={"nickname": 0.5, **TEST.shapes})
#: a town that has hardly anybody twice: what is wrongly shown weighs six times as much
FEW = replace(TEST, twice=0.01)


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality to make: how it is written down, and what its names are like (see `names.book`)."""

    rates: Rates
    seed: int
    tail: str
    steep: float


TOWNS = {
    "train": Town(TRAIN, 1, "east", 1.0),
    "test": Town(TEST, 20, "west", 0.85),
    "harsh": Town(HARSH, 99, "east", 1.15),
    "few": Town(FEW, 31, "east", 1.0),
    "nicknames": Town(NICKNAMES, 5, "west", 0.9),
}


def registers(town: Town, *, people: int) -> Iterator[Register]:
    """Everybody as written down, family after family."""
    names = book(town.seed, tail=town.tail, steep=town.steep)
    chance = Random(town.seed)
    maker = Maker(names, chance, town.rates.kin, town.rates.twins)
    scribe = Scribe(town.rates, names, chance)
    for family in maker.families(people):
        yield from scribe.registers(family)
