"""From pairs of people to pairs of households: what several people of two households say together.

Everybody is matched with at most one. What each match says of the person is added up; what it says of the
household (氏, phone, address) counts once. Parents, and children born too close together, who cannot be one
speak against.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from tsunagari.families.linkage import model
from tsunagari.families.linkage.frames import Frame

#: Two different people who are the mother (or the father) of the two households: it happens in one family (a second
#: guardian is recorded, a slip beyond reading), but seldom.
OTHER_PARENT = -6.0
#: The least such a parent counts, however alike the rest of them is.
ANOTHER_NAME = -2.0
#: Relatives share a name, a house and a telephone. That two households are of one kin is about four times as likely as
#: that they are one, and what they share cannot tell the two apart: only the people in them can.
KIN = -2.0
#: Children on both sides and not one of them the same.
NO_CHILD_SHARED = -3.0
#: Children of two households born so close together that they have not one mother.
BORN_TOO_CLOSE = -4.0
_DAYS_BETWEEN_SIBLINGS = range(3, 220)
#: What somebody is called who is one thing here and another there: the plainer word gives way.
_OF_TWO = {"mother": "mother", "father": "father"}


class Met(NamedTuple):
    """Two people of two households, compared. `shared` is in the order of model.SHARED, `levels` of model.LADDERS."""

    left: int
    right: int
    left_person: int
    right_person: int
    left_who: str
    right_who: str
    left_birth: str | None
    right_birth: str | None
    personal: float
    shared: tuple[float, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Two households that may be one; `left` is the smaller id. `weight` is log2 of the odds.

    `evidence`: one entry for each two people who seem to be one ({left, right: person ids, who, weight, levels:
    {comparison: level}}), then one for each two parents who do not ({apart: [left, right], who, …}). No names.
    """

    left: int
    right: int
    weight: float
    evidence: list[dict[str, object]]


def weigh(scored: Iterable[Met], *, of: Frame) -> Iterator[Found]:
    """Every pair of households in which somebody seems to be the same. `scored` comes household by household."""
    prior = math.log2(2 * model.STANDING_TWICE / max(of.households - 1, 1))
    for (left, right), everybody in groupby(scored, key=lambda met: met[:2]):
        if (left, right) in of.apart:
            continue
        found = _weigh(left, right, list(everybody), prior)
        if found is not None:
            yield found


def _weigh(left: int, right: int, everybody: list[Met], prior: float) -> Found | None:
    same = list(_same_people(everybody))
    if not any(_counts(met) for met, _ in same):
        return None
    others = list(_other_parents(everybody, same))
    people = sum(worth for _, worth in [*same, *others]) + _children(everybody, same)
    shared = sum(max(each) for each in zip(*(met.shared for met, _ in same), strict=True))
    weight = min(prior + people + shared, people + KIN)
    return Found(left, right, round(weight, 3), [*map(_one, same), *map(_apart, others)])


def _counts(met: Met) -> bool:
    """A grandparent known in two households is no sign that they are one."""
    return "relative" not in (met.left_who, met.right_who)


def _same_people(everybody: list[Met]) -> Iterator[tuple[Met, float]]:
    """The best match first; each person once. Who could be any of several is worth the less for it."""
    lefts, rights = set[int](), set[int]()
    choices = {
        child: _choices(met for met in everybody if (met.left_who == "child") is child)
        for child in (True, False)
    }
    for met in sorted(everybody, key=lambda met: (-met.personal, met.left_person, met.right_person)):
        if met.left_person in lefts or met.right_person in rights or not _may_be_one(met):
            continue
        worth = met.personal - math.log2(choices[met.left_who == "child"])
        if worth <= 0:
            continue
        lefts.add(met.left_person)
        rights.add(met.right_person)
        yield met, worth


def _choices(mets: Iterable[Met]) -> int:
    pairs = [(met.left_person, met.right_person) for met in mets]
    return max(len({left for left, _ in pairs}), len({right for _, right in pairs}), 1)


def _may_be_one(met: Met) -> bool:
    """Twins agree in all but the name, and often share a letter of it: such a name is another child's."""
    return met.levels[0] != model.DIFFERS and not (met.left_who == "child" and met.levels[0] == "text_alike")


def _other_parents(everybody: list[Met], same: list[tuple[Met, float]]) -> Iterator[tuple[Met, float]]:
    """Mother and mother, father and father, neither of whom was found on the other side."""
    known = {person for met, _ in same for person in (met.left_person, met.right_person)}
    for role in ("mother", "father"):
        others = [
            met
            for met in everybody
            if met.left_who == met.right_who == role and not {met.left_person, met.right_person} & known
        ]
        if others:
            best = max(others, key=lambda met: met.personal)
            yield best, max(OTHER_PARENT, min(best.personal, ANOTHER_NAME))


def _children(everybody: list[Met], same: list[tuple[Met, float]]) -> float:
    """What the children who were not found on the other side say."""
    children = [met for met in everybody if met.left_who == "child"]
    if not children:
        return 0.0
    known = {person for met, _ in same for person in (met.left_person, met.right_person)}
    apart = [met for met in children if not {met.left_person, met.right_person} & known]
    weight = BORN_TOO_CLOSE if any(_too_close(met) for met in apart) else 0.0
    return weight + (NO_CHILD_SHARED if len(apart) == len(children) else 0.0)


def _too_close(met: Met) -> bool:
    if met.left_birth is None or met.right_birth is None:
        return False
    return abs((_day(met.left_birth) - _day(met.right_birth)).days) in _DAYS_BETWEEN_SIBLINGS


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _one(found: tuple[Met, float]) -> dict[str, object]:
    met, _ = found
    return {"left": met.left_person, "right": met.right_person, **_said(found)}


def _apart(found: tuple[Met, float]) -> dict[str, object]:
    met, _ = found
    return {"apart": [met.left_person, met.right_person], **_said(found)}


def _said(found: tuple[Met, float]) -> dict[str, object]:
    met, worth = found
    return {
        "who": met.left_who if met.left_who == met.right_who else _OF_TWO.get(met.left_who, met.right_who),
        "weight": round(worth, 2),
        "levels": dict(zip(model.LADDERS, met.levels, strict=True)),
    }
