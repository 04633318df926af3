"""A second truth, made by other rules than `town` and `noise`: names and their frequency from a public list (see
README), residents from abroad, and things that happen to families rather than to single letters. Nobody is meant.

Every family that stands twice had one to three of these things happen, drawn alike, so that each can be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.linkage import abroad
from benchmarks.linkage.names import Draw, Part
from tsunagari.base.japanese.text import to_hiragana, to_katakana_full

TODAY = date(2026, 11, 1)
#: Shares of families: who stand twice, come from abroad, have a namesake with one birth date, live beside their kin.
TWICE, FOREIGN, NAMESAKES, KIN = 0.12, 0.08, 0.001, 0.06
#: Share of writings in which any one field of the form was left empty.
EMPTY = 0.3
_PLACES = [
    "元町",
    "旭ケ丘",
    "霞ヶ浦",
    "三ツ矢",
    "字大平",
    "東八条",
    "西四方寺",
    "井ノ口",
    "上之郷",
    "十日市",
    "八日町",
    "二本木",
    "千鳥",
    "弥生",
    "神明",
    "大手",
    "船場",
    "桶屋",
    "鍛冶屋敷",
    "七北田",
]


@dataclass(frozen=True, slots=True)
class One:
    """Somebody as they are, and how the last scribe wrote the parts that were written otherwise."""

    human: int
    kind: str
    relation: str
    family: Part
    given: Part
    sex: str
    birth: date | None
    phone: str = ""
    nickname: str = ""
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """A household as it is written down."""

    people: tuple[One, ...]
    town: str
    numbers: tuple[int, ...]
    style: str = "{0}-{1}-{2}"

    @property
    def address(self) -> str:
        return f"架空市{self.town}{self.style.format(*self.numbers)}" if self.town else ""

    def each(self, change: Callable[[One], One], *, kind: str = "") -> Home:
        return replace(
            self, people=tuple(change(one) if kind in ("", one.kind) else one for one in self.people)
        )


@dataclass(slots=True)
class Names:
    """Draws names with the frequency they have in the nation; children's names are many, and written in many ways."""

    families: list[Part]
    sums: list[float]
    women: Draw
    men: Draw
    chance: Random

    def family(self) -> Part:
        return self.chance.choices(self.families, cum_weights=self.sums)[0]

    def given(self, sex: str) -> Part:
        given = self._of(sex)(self.chance)
        return given if self.chance.random() > 0.04 else Part(to_hiragana(given.kana), given.kana)

    def alike(self, given: Part, sex: str) -> Part:
        """A name of a sibling that begins alike: 翔太 and 翔大, ゆい and ゆいか."""
        near = [
            part for part in self._of(sex).parts if part.text[0] == given.text[0] and part.text != given.text
        ]
        return self.chance.choice(near) if near else self.given(sex)

    def spelled(self, given: Part) -> Part:
        """Another spelling of the same reading."""
        near = [part for draw in (self.women, self.men) for part in draw.parts if part.kana == given.kana]
        return self.chance.choice(near) if near else given

    def _of(self, sex: str) -> Draw:
        return self.women if sex == "2" else self.men


def names(seed: int) -> Names:
    """The public list as drawn from; which spellings are common is shuffled, and how common is as in `names.book`."""
    from japanese_personal_name_dataset import load_dataset

    chance = Random(seed)
    men, women, last = load_dataset("opti", include_last_names=True)
    draws = [_draw(chance, several) for several in (women, men)]
    total, sums = 0.0, []
    for entry in last.values():
        total += entry["count"]
        sums.append(total)
    families = [Part(text, to_katakana_full(entry["reading"])) for text, entry in last.items()]
    return Names(families, sums, draws[0], draws[1], chance)


def _draw(chance: Random, several: dict[str, Any]) -> Draw:
    parts = [
        Part(text, to_katakana_full(kana))
        for kana, entry in several.items()
        for text in chance.sample(entry["kanji"], min(len(entry["kanji"]), 15))
    ]
    chance.shuffle(parts)
    return Draw(parts, steep=0.8, offset=8)


@dataclass(slots=True)
class Maker:
    """Makes households one after the other."""

    names: Names
    chance: Random
    humans: int = 0
    phones: int = 0

    def home(self) -> Home:
        foreign = abroad.people(self.chance) if self.chance.random() < FOREIGN else None
        family = foreign.family if foreign else self.names.family()

        def given(sex: str) -> Part:
            return foreign.given(sex) if foreign else self.names.given(sex)

        births = self._births()
        born = births[0] - timedelta(days=self.chance.randint(20 * 365, 42 * 365))
        people = [self._one("guardian", "母", family, given("2"), "2", born, phone=self.phone())]
        if foreign and foreign.apart:
            people[0] = replace(people[0], family=foreign.other_family())
        if self.chance.random() < 0.86:
            born -= timedelta(days=self.chance.randint(-1500, 3000))
            people.append(self._one("guardian", "父", family, given("1"), "1", born, phone=self.phone()))
        for birth in births:
            sex = self.chance.choice("12")
            called = given(sex)
            if people[-1].kind == "child" and not foreign and self.chance.random() < 0.35:
                sex, called = people[-1].sex, self.names.alike(people[-1].given, people[-1].sex)
            people.append(self._one("child", "子", family, called, sex, birth))
        return Home(_distinct(people), self.chance.choice(_PLACES), self._numbers())

    def kin(self, home: Home) -> Home:
        """A brother's family next door: one name, one old telephone, children of the same age."""
        other = self.home()
        phone = self.phone()
        family = home.people[0].family
        other = other.each(lambda one: replace(one, family=family))
        return replace(other, town=home.town, numbers=home.numbers).each(
            lambda one: replace(one, phone=phone if one.relation == "母" else one.phone)
        )

    def namesake(self, home: Home) -> Home:
        """A stranger whose child bears the name and the birth date of a child of this home."""
        other, child = self.home(), next(one for one in home.people if one.kind == "child")
        first = next(one for one in other.people if one.kind == "child")
        other = other.each(lambda one: replace(one, family=child.family))
        return other.each(
            lambda one: (
                one
                if one.human != first.human
                else replace(one, given=child.given, sex=child.sex, birth=child.birth)
            )
        )

    def phone(self) -> str:
        self.phones += 1
        return f"0{self.chance.choice('789')}0{self.phones * 7919 % 10**8:08}"

    def _one(
        self, kind: str, relation: str, family: Part, given: Part, sex: str, birth: date, phone: str = ""
    ) -> One:
        self.humans += 1
        return One(self.humans, kind, relation, family, given, sex, birth, phone)

    def _births(self) -> list[date]:
        last = TODAY - timedelta(days=self.chance.randint(0, 2400))
        births = [last]
        for _ in range(self.chance.choices((0, 1, 2), (48, 40, 12))[0]):
            births.append(births[-1] - timedelta(days=self.chance.randint(330, 1900)))
        if self.chance.random() < 0.012:
            births.append(births[-1])
        return sorted(births)

    def _numbers(self) -> tuple[int, ...]:
        flat = self.chance.random() < 0.35
        return (
            self.chance.randint(1, 4),
            self.chance.randint(1, 25),
            1 if flat else self.chance.randint(2, 40),
        )


def _distinct(people: Sequence[One]) -> tuple[One, ...]:
    seen: set[str] = set()
    kept = []
    for one in people:
        if one.given.kana in seen:
            one = replace(one, given=Part(one.given.text + "香", one.given.kana + "カ"))
        seen.add(one.given.kana)
        kept.append(one)
    return tuple(kept)
