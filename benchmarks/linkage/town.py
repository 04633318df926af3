"""Families of a made-up municipality, as they are. Grandparents lend their phone, brothers live next door, and a few
couples have parted: all of them look alike and are not one family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from benchmarks.linkage import words
from benchmarks.linkage.names import Book, Part

TODAY = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody, as they are."""

    number: int
    kind: str
    relation: str
    family: Part
    given: Part
    sex: str
    birth: date
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """People who live together. `kin`: the family whose grandparents they share, None without."""

    number: int
    people: tuple[Human, ...]
    address: str
    post: str
    kin: int | None = None
    elder_phone: str = ""


@dataclass(slots=True)
class Maker:
    """Draws families one after the other. `kin_share`: how many have a brother's or sister's family in town."""

    book: Book
    chance: Random
    kin_share: float
    twin_share: float
    humans: int = 0
    phones: int = 0
    towns: list[str] = field(default_factory=lambda: words.TOWNS.split())

    def families(self, people: int) -> Iterator[Family]:
        """Families until that many people live in them."""
        number, before = 0, None
        while self.humans < people:
            related = before is not None and self.chance.random() < self.kin_share
            before = self._family(number, before if related else None)
            number += 1
            yield before

    def _family(self, number: int, kin: Family | None) -> Family:
        chance = self.chance
        name = kin.people[0].family if kin and chance.random() < 0.6 else self.book.family(chance)
        births = self._births()
        people = [*self._parents(name, births[0]), *(self._child(name, birth) for birth in births)]
        elder_phone = kin.elder_phone if kin and kin.elder_phone else ""
        if chance.random() < 0.12 or kin:
            elder_phone = elder_phone or self._landline()
            if chance.random() < 0.4:
                people.append(self._elder(name, births[0], elder_phone))
        address, post = (kin.address, kin.post) if kin and chance.random() < 0.3 else self._address()
        return Family(number, _distinct(people), address, post, kin.number if kin else None, elder_phone)

    def _births(self) -> list[date]:
        """Birth dates of the children, oldest first: 0 to 9 years old, ten months and more apart, or twins."""
        births = [TODAY - timedelta(days=int(self.chance.triangular(0, 3300, 900)))]
        if self.chance.random() < self.twin_share:
            births.append(births[0])
        for _ in range(self.chance.choices((0, 1, 2), (46, 41, 13))[0]):
            births.append(births[-1] - timedelta(days=int(self.chance.triangular(330, 2000, 850))))
        return sorted(births)

    def _parents(self, name: Part, first: date) -> Iterator[Human]:
        age = int(self.chance.triangular(19, 43, 31) * 365.25) + self.chance.randrange(365)
        born = first - timedelta(days=age)
        alone = self.chance.random()
        if alone > 0.015:
            yield self._human(
                "guardian", "母", name, self.book.mothers(self.chance), "2", born, phone=self._mobile()
            )
        if alone < 0.015 or alone > 0.12:
            other = born - timedelta(days=int(self.chance.triangular(-1800, 3600, 500)))
            yield self._human(
                "guardian", "父", name, self.book.fathers(self.chance), "1", other, phone=self._mobile()
            )

    def _child(self, name: Part, birth: date) -> Human:
        girl = self.chance.random() < 0.488
        given = (self.book.girls if girl else self.book.boys)(self.chance)
        return self._human("child", "子", name, given, "2" if girl else "1", birth)

    def _elder(self, name: Part, first: date, phone: str) -> Human:
        born = first - timedelta(days=int(self.chance.triangular(50, 72, 60) * 365))
        return self._human("relative", "祖母", name, self.book.mothers(self.chance), "2", born, phone=phone)

    def _human(
        self, kind: str, relation: str, family: Part, given: Part, sex: str, birth: date, *, phone: str = ""
    ) -> Human:
        self.humans += 1
        email = (
            f"kazoku{self.humans}@example.jp" if kind == "guardian" and self.chance.random() < 0.35 else ""
        )
        return Human(self.humans, kind, relation, family, given, sex, birth, phone, email)

    def _address(self) -> tuple[str, str]:
        """A house of its own, or a flat in a block that thirty families share."""
        chance = self.chance
        town = chance.choice(self.towns)
        block = f"{chance.randint(1, 6)}-{chance.randint(1, 30)}"
        number = f"{chance.randint(1, 3)}" if chance.random() < 0.3 else f"{chance.randint(4, 60)}"
        return f"架空市{town}{block}-{number}", f"99{self.towns.index(town):02}{block[0]}00"

    def _mobile(self) -> str:
        self.phones += 1
        return f"0{self.chance.choice('789')}0{self.phones * 7 % 10**8:08}"

    def _landline(self) -> str:
        self.phones += 1
        return f"099{self.phones:07}"


def _distinct(people: list[Human]) -> tuple[Human, ...]:
    """No two of one family with one reading: parents do not do that."""
    seen: set[str] = set()
    kept = []
    for human in people:
        if human.given.kana in seen:
            human = replace(human, given=Part(human.given.text + "子", human.given.kana + "コ"))
        seen.add(human.given.kana)
        kept.append(human)
    return tuple(kept)
