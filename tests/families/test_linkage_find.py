"""Every kind of slip in a register is seen through, and what only looks alike is left alone (D8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from tests.families.linkage_people import Home, home, numbered
from tsunagari.base.japanese.text import to_hiragana
from tsunagari.families.linkage import engine, frames
from tsunagari.families.linkage.frames import Entry
from tsunagari.families.linkage.households import Found

STRANGERS = [home(seed, children=1 + seed % 3) for seed in range(2000, 2150)]
DAY = timedelta(days=1)

SAME: dict[str, tuple[Home, Home]] = {}
APART: dict[str, tuple[Home, Home]] = {}


def same(name: str, other: Callable[[Home], Home], children: int = 1) -> None:
    one = home(100 + len(SAME), children)
    SAME[name] = (one, other(one))


def apart(name: str, other: Callable[[Home], Home], children: int = 1) -> None:
    one = home(500 + len(APART), children)
    APART[name] = (one, other(one))


def born(one: Home, place: int) -> date:
    day = one.people[place].birth_date
    assert day is not None
    return day


def turned(entry: Entry) -> Entry:
    return replace(
        entry, family_name=entry.given_name, given_name=entry.family_name,
        family_kana=entry.given_kana, given_kana=entry.family_kana,
    )  # fmt: skip


same("nothing", lambda one: one)
same("another form of a letter", lambda one: one.all(family_name="髙邉").but(1, family_name="高辺"))
same("hiragana", lambda one: one.but(0, family_name="あおば", given_name="みさき"))
same("half width", lambda one: one.all(family_kana="ｱｵﾊﾞ"))
same("another letter, same reading", lambda one: one.but(1, given_name="優衣"))
same("no reading", lambda one: one.all(family_kana="", given_kana=""))
same("a slip of the reading", lambda one: one.but(1, given_kana=one.people[1].given_kana + "ン"))
same("another family name", lambda one: one.all(family_name="縁", family_kana="エニシ"))
same(
    "the name the wrong way round",
    lambda one: Home(
        tuple(
            turned(entry)
            for entry in one.people
        )
    ),
)  # fmt: skip
same("no date of birth", lambda one: one.but(1, birth_date=None))
same(
    "a digit of the date",
    lambda one: one.but(1, birth_date=born(one, 1).replace(day=born(one, 1).day % 9 + 1)),
)
same("a year off", lambda one: one.but(1, birth_date=born(one, 1) + 365 * DAY))
same(
    "moved, another telephone",
    lambda one: one.all(address="架空市みどり町9-9-9", postal_code="9988888", phone="07000000001"),
)
same("no telephone, no address", lambda one: one.all(phone="", address="", postal_code=""))
same("the mother alone", lambda one: one.only(0))
same("a child alone", lambda one: one.only(2), children=2)
same(
    "the father instead",
    lambda one: one.but(
        0, given_name="健太", given_kana="ケンタ", sex="1", relation="父", birth_date=date(1980, 2, 3)
    ),
)
same(
    "one more child",
    lambda one: Home((*one.people, *home(77).all(family_name=one.people[0].family_name).people[1:])),
)


def in_one_field(entry: Entry, between: str = "") -> Entry:
    whole = between.join((entry.family_name, entry.given_name))
    return replace(entry, family_name=whole, given_name="", family_kana="", given_kana="")


def without_reading(one: Home) -> Home:
    return one.all(family_kana="", given_kana="", phone="", address="", postal_code="")


def in_hiragana(one: Home) -> Home:
    """As it stands on a name tag, and nothing but the day of birth with it."""
    tags = [
        replace(entry, family_name=to_hiragana(entry.family_kana), given_name=to_hiragana(entry.given_kana))
        for entry in one.people
    ]
    return Home(tuple(tags)).all(phone="", address="", postal_code="", family_kana="", given_kana="")


def pair(name: str, one: Home, other: Home) -> None:
    SAME[name] = (one, other)


MOVED = {"phone": "07000000002", "address": "架空市みどり町8-8-8", "postal_code": "9977777"}
LAN = home(140).all(family_name="NGUYEN", family_kana="グエン")
LAN = LAN.but(0, given_name="THI THU LAN", given_kana="ティ・トゥ・ラン").but(
    1, given_name="GIA BAO", given_kana="ザー・バオ"
)
pair(
    "a middle name left out",
    LAN,
    LAN.but(0, given_name="LAN", given_kana="ラン").but(1, given_name="BAO", given_kana="バオ").all(**MOVED),
)
pair(
    "ヴ, ヅ and a long vowel written otherwise",
    home(141).all(family_name="", family_kana="オオヅカ").but(1, given_name="", given_kana="シルヴィア"),
    home(141)
    .all(family_name="", family_kana="おーずか", **MOVED)
    .but(0, birth_date=None)
    .but(1, given_name="", given_kana="しるびあ", birth_date=None),
)
same(
    "the whole name in one field, moved",
    lambda one: Home(tuple(in_one_field(entry) for entry in one.all(**MOVED).people)),
    children=2,
)
pair("letters without a reading here, kana there", without_reading(home(142, 3)), in_hiragana(home(142, 3)))


def known_by_nickname(one: Home) -> Home:
    """The teacher knows what the child is called, about how old it is, and the telephone."""
    months = (date(2026, 11, 1) - born(one, 1)).days // 30
    mother = Entry(person=0, household=0, kind="guardian", nickname="ママ", phone=one.people[0].phone)
    child = Entry(
        person=0, household=0, kind="child", nickname="さよちゃん", about_months=months, about_on=date(2026, 11, 1)
    )  # fmt: skip
    return Home((mother, child))


RARE = home(99).but(1, given_name="小夜子", given_kana="サヨコ")
SAME["a nickname with the telephone"] = (RARE, known_by_nickname(RARE))

apart(
    "a twin of another house",
    lambda one: (
        one.all(phone="", address="")
        .but(0, given_name="芽衣", given_kana="メイ", birth_date=date(1991, 3, 4))
        .but(1, given_name="小雪", given_kana="コユキ")
    ),
)
apart(
    "cousins with the grandparents' telephone and house",
    lambda one: one.but(0, given_name="節子", given_kana="セツコ", birth_date=date(1990, 1, 9)).but(
        1, given_name="大地", given_kana="ダイチ", birth_date=born(one, 1) + 200 * DAY
    ),
)
apart(
    "cousins of one name",
    lambda one: one.but(0, given_name="京子", given_kana="キョウコ", birth_date=date(1988, 7, 30)).but(
        1, birth_date=born(one, 1) + 411 * DAY
    ),
)
apart(
    "a namesake",
    lambda one: (
        home(871)
        .all(family_name=one.people[0].family_name, family_kana=one.people[0].family_kana)
        .but(0, given_name=one.people[0].given_name, given_kana=one.people[0].given_kana)
    ),
)
apart("one date of birth", lambda one: home(872).but(1, birth_date=born(one, 1)))
apart(
    "the office's telephone",
    lambda one: (
        one.all(address="")
        .but(0, given_name="澄子", given_kana="スミコ", birth_date=date(1994, 11, 2))
        .but(1, given_name="岳", given_kana="ガク", birth_date=born(one, 1) + 200 * DAY)
    ),
)


@cache
def found() -> dict[tuple[int, int], Found]:
    """Everything found in one town that holds all pairs; a pair's households are numbered 2n+1 and 2n+2."""
    pairs = [*SAME.values(), *APART.values()]
    homes = [each for pair in pairs for each in pair]
    frame = frames.of_entries(numbered([*homes, *STRANGERS]))
    return {(pair.left, pair.right): pair for pair in engine.find(frame)}


def numbers(name: str) -> tuple[int, int]:
    place = [*SAME, *APART].index(name)
    return 2 * place + 1, 2 * place + 2


@pytest.mark.parametrize("name", SAME)
def test_the_same_family_is_found_through(name: str) -> None:
    assert numbers(name) in found()


@pytest.mark.parametrize("name", APART)
def test_another_family_is_left_alone_that_is(name: str) -> None:
    assert numbers(name) not in found()


def test_nothing_else_is_found_among_strangers() -> None:
    assert found().keys() == {numbers(name) for name in SAME}


def test_the_list_is_best_first_and_says_who_is_whom_without_names() -> None:
    weights = [pair.weight for pair in found().values()]
    assert weights == sorted(weights, reverse=True)
    pair = found()[numbers("nothing")]
    assert [entry["who"] for entry in pair.evidence] == ["child", "mother"] or len(pair.evidence) == 2
    assert all(entry["levels"]["given"] == "same" for entry in pair.evidence)  # type: ignore[index]
    assert "アオバ" not in str(pair.evidence)


def test_a_father_instead_of_the_mother_is_no_contradiction() -> None:
    assert not any("apart" in entry for entry in found()[numbers("the father instead")].evidence)


def test_households_known_to_be_apart_are_not_found() -> None:
    one = home(1)
    frame = frames.of_entries(numbered([one, one, home(2)]), apart=frozenset({(1, 2)}))
    assert engine.find(frame) == []


def test_a_village_of_two_households_works() -> None:
    one = home(1)
    assert [(pair.left, pair.right) for pair in engine.find(frames.of_entries(numbered([one, one])))] == [
        (1, 2)
    ]


@pytest.mark.parametrize("homes", [[], [home(1, children=2)]])
def test_no_household_and_one_have_no_pairs(homes: list[Home]) -> None:
    assert engine.find(frames.of_entries(numbered(homes))) == []


def test_twins_of_one_household_are_never_a_pair() -> None:
    twin = home(3).people[1]
    both = Home((*home(3).people, replace(twin, given_name="陽翔", given_kana="ハルト")))
    assert engine.find(frames.of_entries(numbered([both, home(4), home(5)]))) == []
