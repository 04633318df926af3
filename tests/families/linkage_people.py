"""A made-up town for the tests of linkage: households nobody means, and pairs of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from tsunagari.families.linkage.frames import Entry

FAMILY = [
    "青葉",
    "アオバ",
    "虹野",
    "ニジノ",
    "星川",
    "ホシカワ",
    "花園",
    "ハナゾノ",
    "若草",
    "ワカクサ",
    "月島",
    "ツキシマ",
    "風間",
    "カザマ",
    "水沢",
    "ミズサワ",
    "朝倉",
    "アサクラ",
    "柏木",
    "カシワギ",
    "桐谷",
    "キリタニ",
    "萩原",
    "ハギワラ",
]
MOTHERS = [
    "美咲",
    "ミサキ",
    "彩",
    "アヤ",
    "麻衣",
    "マイ",
    "千尋",
    "チヒロ",
    "智子",
    "トモコ",
    "香織",
    "カオリ",
    "綾乃",
    "アヤノ",
    "遥",
    "ハルカ",
    "里奈",
    "リナ",
    "文香",
    "フミカ",
    "葉月",
    "ハヅキ",
    "桃子",
    "モモコ",
]
CHILDREN = [
    "結衣",
    "ユイ",
    "葵",
    "アオイ",
    "陽菜",
    "ヒナ",
    "紬",
    "ツムギ",
    "莉子",
    "リコ",
    "心春",
    "コハル",
    "蓮",
    "レン",
    "湊",
    "ミナト",
    "樹",
    "イツキ",
    "朝陽",
    "アサヒ",
    "悠真",
    "ユウマ",
    "颯太",
    "ソウタ",
]


@dataclass(frozen=True, slots=True)
class Home:
    """A household as written down: mother and children, number 0 until it is given one."""

    people: tuple[Entry, ...]

    def but(self, place: int, **changes: Any) -> Home:
        """The same with one person (0: the mother) written otherwise."""
        people = list(self.people)
        people[place] = replace(people[place], **changes)
        return Home(tuple(people))

    def all(self, **changes: Any) -> Home:
        """The same with everybody written otherwise."""
        return Home(tuple(replace(entry, **changes) for entry in self.people))

    def only(self, *places: int) -> Home:
        """The same with these people alone."""
        return Home(tuple(self.people[place] for place in places))


def two_of(words: list[str], place: int) -> tuple[str, str]:
    place = place % (len(words) // 2)
    return words[2 * place], words[2 * place + 1]


def home(seed: int, children: int = 1) -> Home:
    """Mother and children of a household of its own, with telephone and address."""
    chance = Random(seed)
    family, family_kana = two_of(FAMILY, chance.randrange(99))
    common = {
        "household": 0, "family_name": family, "family_kana": family_kana,
        "postal_code": f"99{seed % 7:05}", "address": f"架空市あおば町{seed % 9 + 1}-{seed % 31 + 1}-{seed + 1}",
    }  # fmt: skip
    given, kana = two_of(MOTHERS, chance.randrange(99))
    born = date(1984, 1, 1) + timedelta(days=chance.randrange(5000))
    mother = Entry(
        person=0, kind="guardian", given_name=given, given_kana=kana, relation="母", sex="2", birth_date=born,
        phone=f"0807{chance.randrange(10**7):07}", **common,
    )  # fmt: skip
    first = date(2020, 1, 1) + timedelta(days=chance.randrange(1200))
    start, step, people = chance.randrange(99), chance.choice((1, 5, 7, 11)), [mother]
    for place in range(children):
        given, kana = two_of(CHILDREN, start + step * place)
        people.append(
            Entry(
                person=0,
                kind="child",
                given_name=given,
                given_kana=kana,
                relation="子",
                sex="1",
                birth_date=first + timedelta(days=(600 + chance.randrange(400)) * place),
                **common,
            )
        )
    return Home(tuple(people))


def numbered(homes: list[Home]) -> Iterator[Entry]:
    """Everybody under a number of their own; households are numbered from 1 in the order given."""
    people = count(1)
    for household, each in enumerate(homes, 1):
        for entry in each.people:
            yield replace(entry, person=next(people), household=household)
