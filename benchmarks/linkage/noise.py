"""How a family comes to stand in the registers: who of it is written down, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import jaconv

from benchmarks.linkage import words
from benchmarks.linkage.names import Book
from benchmarks.linkage.town import TODAY, Family, Human
from tsunagari.base.japanese.text import to_hiragana
from tsunagari.families.linkage.frames import Entry


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of 0 to 1. `twice`: families that are written down a second time (a tenth of them a third time).

    `slips` happen to every writing of every person alike; `turns` are what happens to a family between two
    writings; `shapes` say who is written down the second time (what is left: everybody).
    """

    twice: float
    kin: float
    twins: float
    slips: dict[str, float]
    turns: dict[str, float]
    shapes: dict[str, float]


class Written(NamedTuple):
    """One writing of one person, the true person, and what went wrong."""

    entry: Entry
    human: int
    kinds: frozenset[str]


@dataclass(slots=True)
class Register:
    """One household as written down."""

    household: int
    family: int
    people: list[Written] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()


class Scribe:
    """Writes families down, each household and person under a number of its own."""

    def __init__(self, rates: Rates, book: Book, chance: Random) -> None:
        self.rates, self.book, self.chance = rates, book, chance
        self.households, self.people = 0, 0

    def registers(self, family: Family) -> Iterator[Register]:
        """The first writing, and with the rate `twice` others."""
        yield self._register(family, family.people, frozenset())
        while self.chance.random() < (self.rates.twice if self.households else 0):
            turned, kinds = self._turned(family)
            people, shape = self._shape(turned)
            yield self._register(turned, people, kinds | shape)
            if self.chance.random() > 0.1:
                return

    def _turned(self, family: Family) -> tuple[Family, frozenset[str]]:
        kinds = frozenset(kind for kind, rate in self.rates.turns.items() if self.chance.random() < rate)
        for kind in sorted(kinds):
            family = _TURNS[kind](self, family)
        return family, kinds

    def _shape(self, family: Family) -> tuple[tuple[Human, ...], frozenset[str]]:
        people, parents = family.people, [human for human in family.people if human.kind == "guardian"]
        children = tuple(human for human in people if human.kind == "child")
        for shape, rate in self.rates.shapes.items():
            if self.chance.random() >= rate:
                continue
            if shape == "child_only":
                return (self.chance.choice(children),), frozenset({shape})
            if shape == "mother_only" and parents[0].sex == "2":
                return (parents[0], *children), frozenset({shape})
            if shape == "father_instead" and len(parents) == 2:
                return (parents[1], *children), frozenset({shape})
            if shape == "one_child" and len(children) > 1:
                return (parents[0], self.chance.choice(children)), frozenset({shape})
            if shape == "nickname":
                return people, frozenset({shape})
        return people, frozenset()

    def _register(self, family: Family, people: tuple[Human, ...], kinds: frozenset[str]) -> Register:
        self.households += 1
        register = Register(self.households, family.number, kinds=kinds)
        for human in people:
            if human.kind == "relative" and self.chance.random() < 0.4:
                continue
            register.people.append(self._written(human, family, nickname="nickname" in kinds))
        return register

    def _written(self, human: Human, family: Family, *, nickname: bool) -> Written:
        self.people += 1
        entry = _plain(self.people, self.households, human, family)
        if nickname:
            return Written(self._by_nickname(entry, human), human.number, frozenset({"nickname"}))
        kinds = frozenset(kind for kind, rate in self.rates.slips.items() if self.chance.random() < rate)
        before = entry
        happened = set()
        for kind in sorted(kinds):
            entry = _SLIPS[kind](self.chance, entry)
            if entry != before:
                happened.add(kind)
            before = entry
        return Written(entry, human.number, frozenset(happened))

    def _by_nickname(self, entry: Entry, human: Human) -> Entry:
        """What a teacher remembers: how the child is called, about how old it is; seldom a phone."""
        called = to_hiragana(human.given.kana)
        if len(called) > 2 and self.chance.random() < 0.5:
            called = called[:2]
        months = max(0, (TODAY - human.birth).days // 30 + self.chance.randint(-2, 2))
        child = human.kind == "child"
        return Entry(
            person=entry.person,
            household=entry.household,
            kind=entry.kind,
            nickname=f"{called}ちゃん" if child else "ママ",
            about_months=months if child else None,
            about_on=TODAY if child else None,
            phone=entry.phone if self.chance.random() < 0.3 else "",
        )


def _plain(person: int, household: int, human: Human, family: Family) -> Entry:
    return Entry(
        person=person,
        household=household,
        kind=human.kind,
        family_name=human.family.text,
        given_name=human.given.text,
        family_kana=human.family.kana,
        given_kana=human.given.kana,
        sex=human.sex,
        birth_date=human.birth,
        relation=human.relation,
        phone=human.phone,
        phone_other=family.elder_phone if human.relation == "母" else "",
        email=human.email,
        postal_code=family.post,
        address=family.address,
    )


# what happens to a family between two writings ------------------------------------------------------------------------
def _moved(scribe: Scribe, family: Family) -> Family:
    town = scribe.chance.choice(words.TOWNS.split())
    place = f"架空市{town}{scribe.chance.randint(1, 6)}-{scribe.chance.randint(1, 30)}-{scribe.chance.randint(1, 60)}"
    return replace(family, address=place, post=f"99{scribe.chance.randrange(10**5):05}")


def _new_phones(scribe: Scribe, family: Family) -> Family:
    people = tuple(
        replace(human, phone=f"080{scribe.chance.randrange(10**8):08}", email="") if human.phone else human
        for human in family.people
    )
    return replace(family, people=people, elder_phone="")


def _married(scribe: Scribe, family: Family) -> Family:
    """Mother and children take another name."""
    name = scribe.book.family(scribe.chance)
    return replace(
        family,
        people=tuple(
            replace(human, family=name) if human.relation in ("母", "子") else human
            for human in family.people
        ),
    )


def _newborn(scribe: Scribe, family: Family) -> Family:
    """A child more than the first writing knows."""
    youngest = max(human.birth for human in family.people)
    birth = youngest + timedelta(days=scribe.chance.randint(330, 1200))
    if birth > TODAY:
        return family
    given = scribe.book.girls(scribe.chance)
    child = Human(10**9 + family.number, "child", "子", family.people[0].family, given, "2", birth)
    return replace(family, people=(*family.people, child))


_TURNS: dict[str, Callable[[Scribe, Family], Family]] = {
    "moved": _moved,
    "new_phones": _new_phones,
    "married": _married,
    "newborn": _newborn,
}


# slips in writing one person down -------------------------------------------------------------------------------------
def _other_forms(chance: Random, entry: Entry) -> Entry:
    """髙橋 for 高橋, 渡邉 for 渡辺."""
    written = "".join(chance.choice(words.FORMS.get(char, char)) for char in entry.family_name)
    given = "".join(chance.choice(words.FORMS.get(char, char)) for char in entry.given_name)
    return replace(entry, family_name=written, given_name=given)


def _other_kanji(chance: Random, entry: Entry) -> Entry:
    """The last letter of the given name as a machine converts it first: 結依 for 結衣."""
    if len(entry.given_name) < 2:
        return entry
    wrong = chance.choice("子美香奈菜太斗人介也輝希依")
    return replace(entry, given_name=entry.given_name[:-1] + wrong)


def _in_hiragana(chance: Random, entry: Entry) -> Entry:
    kana = {"family_name": to_hiragana(entry.family_kana), "given_name": to_hiragana(entry.given_kana)}
    return replace(entry, **kana) if entry.given_kana else entry


def _slip_of_kana(chance: Random, entry: Entry) -> Entry:
    part = chance.choice(("family_kana", "given_kana"))
    kana = getattr(entry, part)
    places = [place for place, char in enumerate(kana) if char in words.SLIPS]
    if not places:
        return replace(entry, **{part: kana[:-1]}) if len(kana) > 2 else entry
    place = chance.choice(places)
    return replace(entry, **{part: kana[:place] + words.SLIPS[kana[place]] + kana[place + 1 :]})


def _other_reading(chance: Random, entry: Entry) -> Entry:
    part = chance.choice(("family_kana", "given_kana"))
    kana = getattr(entry, part)
    hits = [piece for piece in words.READINGS if piece in kana]
    if not hits:
        return entry
    piece = chance.choice(hits)
    return replace(entry, **{part: kana.replace(piece, words.READINGS[piece], 1)})


def _swapped(chance: Random, entry: Entry) -> Entry:
    return replace(
        entry,
        family_name=entry.given_name,
        given_name=entry.family_name,
        family_kana=entry.given_kana,
        given_kana=entry.family_kana,
    )


def _half_width(chance: Random, entry: Entry) -> Entry:
    return replace(entry, family_kana=jaconv.z2h(entry.family_kana), given_kana=jaconv.z2h(entry.given_kana))


def _another_day(chance: Random, entry: Entry, digit: bool) -> Entry:
    """One digit of the date mistyped, or any other day of that month."""
    if entry.birth_date is None:
        return entry
    text = entry.birth_date.isoformat()
    for _ in range(20):
        place = chance.choice((2, 3, 5, 6, 8, 9) if digit else (8, 9))
        wrong = text[:place] + str(chance.randrange(10)) + text[place + 1 :]
        try:
            day = date.fromisoformat(wrong)
        except ValueError:
            continue
        if day != entry.birth_date and day.year > 1940 and day <= TODAY:
            return replace(entry, birth_date=day)
    return entry


def _turned(chance: Random, entry: Entry) -> Entry:
    day = entry.birth_date
    if day is None or day.day > 12 or day.day == day.month:
        return entry
    return replace(entry, birth_date=date(day.year, day.day, day.month))


def _era_slip(chance: Random, entry: Entry) -> Entry:
    """和暦 counted one off, or one era for another."""
    if entry.birth_date is None or (entry.birth_date.month, entry.birth_date.day) == (2, 29):
        return entry
    year = entry.birth_date.year + chance.choice((-1, 1, 1, -30))
    return replace(entry, birth_date=entry.birth_date.replace(year=max(year, 1930)))


def _other_writing(chance: Random, entry: Entry) -> Entry:
    """あおば町二丁目3番4号 for あおば町2-3-4."""
    rest = entry.address.rpartition("市")[2]
    town = rest.rstrip("0123456789-")
    numbers = rest[len(town) :].split("-")
    if len(numbers) != 3:
        return entry
    style = chance.choice(
        ("{0}丁目{1}番{2}号", "{0}丁目{1}－{2}", "{0}の{1}の{2}", "{0}-{1}-{2} コーポ架空103")
    )
    return replace(entry, address=town + style.format(*numbers))


def _without(*names: str) -> Callable[[Random, Entry], Entry]:
    return lambda chance, entry: replace(entry, **dict.fromkeys(names, ""))


_SLIPS: dict[str, Callable[[Random, Entry], Entry]] = {
    "other_forms": _other_forms,
    "other_kanji": _other_kanji,
    "hiragana": _in_hiragana,
    "kana_missing": _without("family_kana", "given_kana"),
    "kana_half_width": _half_width,
    "kana_slip": _slip_of_kana,
    "kana_other_reading": _other_reading,
    "name_swapped": _swapped,
    "birth_missing": lambda chance, entry: replace(entry, birth_date=None),
    "birth_digit": lambda chance, entry: _another_day(chance, entry, True),
    "birth_day": lambda chance, entry: _another_day(chance, entry, False),
    "birth_turned": _turned,
    "birth_era": _era_slip,
    "phone_missing": _without("phone", "phone_other", "email"),
    "sex_missing": _without("sex", "relation"),
    "address_missing": _without("address", "postal_code"),
    "address_otherwise": _other_writing,
}
