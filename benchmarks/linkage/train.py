"""Estimate the parameters of the model from a town whose truth is known, and write them beside the model.

`python -m benchmarks.linkage train`. m: entries of one person in two households. u: pairs of people drawn at
random, children with children and adults with adults. m is mixed with general judgement, so that the habits of one
made-up town do not become law.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pyarrow as pa

from benchmarks.linkage import measure, settings
from benchmarks.linkage.measure import Pair
from tsunagari.families.linkage import engine, frames, model

PEOPLE = 120_000
DRAWN = 1_000_000
AT_ONCE = 250_000
#: How much the made-up town says against general judgement.
TRUST = 0.5
#: A level met less often among pairs drawn at random keeps the general u.
FEW = 50
#: level → (m, u) as somebody who knows registers would guess them.
GENERAL: dict[str, dict[str, tuple[float, float]]] = {
    "given": {
        "same": (0.62, 0.002), "same_text": (0.1, 0.0005), "text_alike_kana": (0.02, 5e-5), "swapped": (0.008, 0.001),
        "crossed": (0.004, 2e-5),
        "same_kana": (0.08, 0.001), "kana_other_text": (0.04, 0.004), "text_other_kana": (0.01, 2e-4),
        "alike": (0.025, 0.02), "text_alike": (0.015, 0.01), "part": (0.01, 5e-4), "nickname": (0.01, 5e-4),
        "differs": (0.03, 0.97),
    },
    "birth": {
        "same": (0.88, 3e-4), "about": (0.015, 8e-4), "hardly": (0.003, 0.002), "digit": (0.035, 0.004),
        "turned": (0.012, 6e-4), "year": (0.012, 4e-4), "month": (0.012, 0.006), "digits": (0.01, 0.05),
        "near": (0.005, 0.1), "differs": (0.015, 0.85),
    },
    "sex": {"same": (0.99, 0.55), "differs": (0.01, 0.45)},
    "family": {
        "same": (0.68, 0.004), "same_text": (0.1, 0.001), "text_alike_kana": (0.02, 2e-4), "swapped": (0.008, 0.001),
        "crossed": (0.004, 0.003),
        "same_kana": (0.06, 0.001), "kana_other_text": (0.02, 5e-4), "text_other_kana": (0.01, 2e-4),
        "alike": (0.02, 0.01), "text_alike": (0.005, 0.01), "married": (0.03, 0.2), "differs": (0.04, 0.8),
    },
    "contact": {"same": (0.6, 2e-5), "differs": (0.4, 0.99998)},
    "address": {"same": (0.6, 2e-4), "near": (0.13, 0.03), "differs": (0.27, 0.97)},
}  # fmt: skip
#: What goes wrong with how a given name is written goes wrong with the family name beside it: there, m is told by that.
FOLLOWS = {"swapped": 0.7, "crossed": 0.7, "same_text": 0.45, "same_kana": 0.35}
TARGET = Path(model.__file__).with_name("parameters.json")


def train() -> None:
    """Write parameters.json."""
    registers = list(settings.registers(settings.TOWNS["train"], people=PEOPLE))
    frame = frames.of_entries(written.entry for register in registers for written in register.people)
    same = _levels(frame, list(measure.people_truth(registers)))
    drawn = _levels(frame, _drawn(frame))
    mixed = {
        name: {
            code: {"m": round(_m(name, code, same[name]), 6), "u": round(_u(name, code, drawn[name]), 8)}
            for code in GENERAL[name]
        }
        for name in model.LADDERS
    }
    TARGET.write_text(
        json.dumps({"made_by": "benchmarks.linkage.train", "comparisons": mixed}, indent=1) + "\n"
    )


def _levels(frame: frames.Frame, pairs: Sequence[Pair]) -> dict[str, Counter[str]]:
    """How many of the pairs stand on each level of each comparison."""
    table = pa.table(
        {
            "join_key_l": [one for one, _ in pairs],
            "join_key_r": [other for _, other in pairs],
            "part": [place // AT_ONCE for place in range(len(pairs))],
        }
    )
    counted: dict[str, Counter[str]] = {name: Counter() for name in model.LADDERS}
    with engine.opened(frame) as town:
        town.connection.register("drawn", table)
        town.connection.execute("CREATE TABLE everybody AS SELECT * FROM drawn")
        for met in engine.scored(town):
            for name, code in zip(model.LADDERS, met.levels, strict=True):
                counted[name][code] += 1
    return counted


def _drawn(frame: frames.Frame) -> list[Pair]:
    chance = Random(7)
    by_kind: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for row in frame.people.select(["unique_id", "household", "child"]).to_pylist():
        by_kind[row["child"]].append((row["unique_id"], row["household"]))
    found = set()
    for people in by_kind.values():
        while len(found) < DRAWN // (2 if people is by_kind[True] else 1):
            one, other = chance.choice(people), chance.choice(people)
            if one[1] != other[1]:
                found.add((min(one[0], other[0]), max(one[0], other[0])))
    return sorted(found)


def _share(code: str, counted: Counter[str]) -> float:
    total = sum(count for level, count in counted.items() if level != model.MISSING)
    return counted[code] / total


def _m(name: str, code: str, counted: Counter[str]) -> float:
    if name == "family" and code in FOLLOWS:
        return FOLLOWS[code]
    return _mixed(_share(code, counted), GENERAL[name][code][0])


def _u(name: str, code: str, counted: Counter[str]) -> float:
    return _share(code, counted) if counted[code] >= FEW else GENERAL[name][code][1]


def _mixed(counted: float, general: float) -> float:
    return TRUST * counted + (1 - TRUST) * general
