"""What agrees and what differs between two people, in words (D8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.families.rules import sameness
from tsunagari.families.rules.sameness import One, compare_people, pair_people

MOTHER = One(1, "guardian", "母", "渡邉", "綾", "わたなべ", "あや", phones=("090-1234-5678",))
CHILD = One(2, "child", "", "渡邉", "颯太", "わたなべ", "そうた", birth_date=date(2024, 8, 9))
TWIN = replace(CHILD, id=3, given_name="陽太", given_kana="ようた")


def states(one: One, other: One) -> dict[str, str]:
    return {fact.label.removeprefix("子の"): fact.state for fact in compare_people(one, other, "子")}


@pytest.mark.parametrize(
    ("change", "label", "state"),
    [
        ({}, "なまえ", "agrees"),
        ({"family_name": "渡辺"}, "なまえ", "similar"),
        ({"family_name": "鈴木"}, "なまえ", "similar"),
        ({"family_name": "鈴木", "given_name": "一郎"}, "なまえ", "differs"),
        ({"family_name": "颯太", "given_name": "渡邉"}, "なまえ", "similar"),
        ({"given_name": "隼人"}, "なまえ", "differs"),
        ({"family_kana": "ワタナベ", "given_kana": "ソウタ"}, "よみ", "agrees"),
        ({"given_kana": "そうだ"}, "よみ", "similar"),
        ({"given_kana": ""}, "よみ", "similar"),
        ({"birth_date": date(2023, 8, 9)}, "生年月日", "similar"),
        ({"birth_date": date(2024, 9, 8)}, "生年月日", "similar"),
        ({"birth_date": date(2024, 8, 19)}, "生年月日", "similar"),
        ({"birth_date": date(2021, 12, 25)}, "生年月日", "differs"),
        ({"birth_date": None}, "生年月日", "one_sided"),
    ],
)
def test_what_agrees_is_said_in_words(change: dict[str, object], label: str, state: str) -> None:
    assert states(CHILD, replace(CHILD, id=9, **change))[label] == state  # type: ignore[arg-type]


def test_phones_agree_in_any_form() -> None:
    other = replace(MOTHER, id=9, phones=("0312345678", "０９０１２３４５６７８"))
    assert states(MOTHER, other)["電話"] == "agrees"
    assert states(MOTHER, replace(other, phones=("0312345678",)))["電話"] == "differs"


def test_twins_are_paired_with_themselves() -> None:
    there = [replace(TWIN, id=12), replace(CHILD, id=11, given_kana="")]
    assert pair_people([CHILD, TWIN], there) == {2: 11, 3: 12}


def test_children_of_other_birthdays_are_nobody_of_the_other_house() -> None:
    assert pair_people([CHILD], [replace(TWIN, id=11, birth_date=date(2020, 1, 1))]) == {}


def test_a_nickname_child_of_the_same_birthday_is_proposed() -> None:
    there = One(11, "child", nickname="帽子の子", birth_date=CHILD.birth_date)
    assert pair_people([CHILD], [there]) == {2: 11}


people = st.builds(
    One, st.integers(1, 99), st.sampled_from(["guardian", "child"]), st.sampled_from(["母", "父", ""]),
    st.sampled_from(["木村", "渡辺", ""]), st.sampled_from(["綾", "颯太", ""]),
    birth_date=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 3))),
)  # fmt: skip


@given(
    st.lists(people, max_size=4, unique_by=lambda one: one.id),
    st.lists(people, max_size=4, unique_by=lambda one: one.id),
)
def test_nobody_is_two_people(left: list[One], right: list[One]) -> None:
    pairs = pair_people(left, right)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= {one.id for one in left}
    kinds = {one.id: one.kind for one in right}
    assert all(kinds[theirs] == next(o.kind for o in left if o.id == mine) for mine, theirs in pairs.items())


@given(st.text(max_size=6), st.text(max_size=6))
def test_comparing_texts_does_not_depend_on_the_side(left: str, right: str) -> None:
    one, other = sameness.compare_text("住所", left, right), sameness.compare_text("住所", right, left)
    assert (one.state, one.words) == (other.state, other.words)


def test_two_fathers_are_another_person_and_two_grandmothers_may_be() -> None:
    left = [MOTHER, One(7, "guardian", "父", "渡邉", "蓮"), One(8, "relative", "祖母", "森", "和")]
    right = [
        replace(MOTHER, id=11),
        One(17, "guardian", "父", "星川", "湊"),
        One(18, "relative", "祖母", "林", "幸"),
    ]
    facts = sameness.compare_families(left, right, pair_people(left, right))
    assert [(fact.label, fact.words) for fact in facts if fact.state == sameness.DIFFERS] == [
        ("父", "別の人のようです")
    ]
