"""How a day is counted: each family and each child once, tallies added, time of day by time of day (D2, C5)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from tsunagari.places.rules import Slot, slot_of

AGE_GROUPS = ("0歳", "1歳", "2歳", "3歳", "4歳", "5歳", "6歳以上", "年齢不明")
UNKNOWN_AGE = len(AGE_GROUPS) - 1
NOBODY = (0,) * len(AGE_GROUPS)


@dataclass(frozen=True, slots=True)
class Came:
    """One visit as it counts. `who` is the same for two visits of one family; `kids` holds the age in months (None:
    unknown) of each child known by name, by the person it stands for; `at` is the wall-clock time."""

    who: Hashable
    at: time
    adults: int = 0
    children: int = 0
    kids: Mapping[int, int | None] = field(default_factory=dict)
    first: bool = False
    other_town: bool = False
    named: bool = True


@dataclass(frozen=True, slots=True)
class Tallied:
    """People counted by figures alone; `children` by AGE_GROUPS."""

    at: time
    families: int = 0
    adults: int = 0
    children: tuple[int, ...] = NOBODY
    newcomers: int = 0
    other_town: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """A day, or a part of it, in numbers. `unnamed` families came without a name; `tallied` families, adults and
    children were counted by figures alone, and are in the totals."""

    families: int = 0
    adults: int = 0
    by_age: tuple[int, ...] = NOBODY
    first: int = 0
    other_town: int = 0
    unnamed: int = 0
    tallied: int = 0
    tallied_adults: int = 0
    tallied_children: int = 0

    @property
    def children(self) -> int:
        return sum(self.by_age)

    @property
    def ages(self) -> tuple[tuple[str, int], ...]:
        """Age groups with somebody in them."""
        return tuple((label, n) for label, n in zip(AGE_GROUPS, self.by_age, strict=True) if n)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.families + other.families,
            self.adults + other.adults,
            tuple(one + more for one, more in zip(self.by_age, other.by_age, strict=True)),
            self.first + other.first,
            self.other_town + other.other_town,
            self.unnamed + other.unnamed,
            self.tallied + other.tallied,
            self.tallied_adults + other.tallied_adults,
            self.tallied_children + other.tallied_children,
        )


def age_group(months: int | None) -> int:
    """Position in AGE_GROUPS of an age in months."""
    return UNKNOWN_AGE if months is None else min(max(months, 0) // 12, 6)


def count(visits: Iterable[Came], tallies: Iterable[Tallied] = ()) -> Counts:
    """Everybody once: a family that came twice, or under a nickname as well, is one family with the most people it
    came with."""
    families = (_family(group) for group in _families(visits))
    return sum((*families, *map(_tally, tallies)), Counts())


def count_slots(visits: Iterable[Came], tallies: Iterable[Tallied], slots: Sequence[Slot]) -> list[Counts]:
    """The same for each time of day. A family counts, with all who came, where it came first, so that the sum of
    the slots is the day."""
    found = [Counts()] * len(slots)
    parts = [(min(visit.at for visit in group), _family(group)) for group in _families(visits)]
    parts += [(tally.at, _tally(tally)) for tally in tallies]
    for at, counts in parts:
        number = slot_of(slots, at)
        found[number] = found[number] + counts
    return found


def _families(visits: Iterable[Came]) -> list[list[Came]]:
    found: dict[Hashable, list[Came]] = {}
    for visit in visits:
        found.setdefault(visit.who, []).append(visit)
    return list(found.values())


def _family(visits: Sequence[Came]) -> Counts:
    kids: dict[int, int | None] = {}
    for pk, months in ((pk, months) for visit in visits for pk, months in visit.kids.items()):
        if kids.get(pk) is None:  # a nickname's child has no birth date; the child it turned out to be has
            kids[pk] = months
    by_age = [0] * len(AGE_GROUPS)
    for months in kids.values():
        by_age[age_group(months)] += 1
    by_age[UNKNOWN_AGE] += max(max(visit.children for visit in visits) - len(kids), 0)
    return Counts(
        families=1,
        adults=max(visit.adults for visit in visits),
        by_age=tuple(by_age),
        first=int(any(visit.first for visit in visits)),
        other_town=int(any(visit.other_town for visit in visits)),
        unnamed=int(not visits[0].named),
    )


def _tally(tally: Tallied) -> Counts:
    return Counts(
        families=tally.families,
        adults=tally.adults,
        by_age=tally.children,
        first=tally.newcomers,
        other_town=tally.other_town,
        tallied=tally.families,
        tallied_adults=tally.adults,
        tallied_children=sum(tally.children),
    )
