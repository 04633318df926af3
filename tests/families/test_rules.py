"""Pure rules: who is who in a household, card numbers, what may be kept, sort keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.people import AYA, SOTA
from tsunagari.base.access import Role, registry
from tsunagari.families import access, rules

TODAY = date(2026, 11, 23)
WORKERS = {Role.COUNSELOR, Role.MANAGER, Role.NURSE, Role.LEAD, Role.OFFICER}


@pytest.mark.parametrize(
    ("members", "kinds"),
    [
        ([("02", 34), ("12", 33), ("20", 2), ("20", None)], "guardian guardian child child"),
        (
            [("02", 66), ("12", 64), ("20", 34), ("20-12", 33), ("20-20", 2)],
            "relative relative guardian guardian child",
        ),
        ([("02", 34), ("20", 4), ("52", 66), ("81", 40)], "guardian child relative relative"),
        ([("02", 34), ("12", 30), ("12-20", 6)], "guardian guardian child"),
        ([("02", 60), ("20", 25)], "guardian relative"),
        ([("02", 30), ("84", 9), ("96", 3), ("99", None)], "guardian child child relative"),
        ([("02", 17), ("20", 0)], "guardian child"),
        ([("", None)], "relative"),
    ],
)
def test_relation_codes_say_who_raises_whom(members: list[tuple[str, int | None]], kinds: str) -> None:
    assert rules.kinds_of(members) == kinds.split()


def test_relation_codes_are_read_step_by_step() -> None:
    assert [rules.relation_label(code) for code in ("02", "20-20", "12-20", "77", "")] == [
        "世帯主",
        "子の子",
        "妻の子",
        "77",
        "",
    ]


@given(st.integers(0, rules.CARD_NUMBERS - 1), st.integers(0, 8), st.integers(1, 9))
def test_a_card_number_misread_in_one_digit_is_no_card(number: int, place: int, off: int) -> None:
    card = rules.card_number(number)
    wrong = card[:place] + str((int(card[place]) + off) % 10) + card[place + 1 :]
    assert rules.is_card_number(card)
    assert not rules.is_card_number(wrong)


def test_what_is_stored_is_tidy() -> None:
    kept = rules.tidy_person(
        replace(AYA, family_kana="ﾀｶﾊｼ", given_kana=" あや ", phone="(090)1234-5678"), today=TODAY
    )
    assert (kept.family_kana, kept.given_kana, kept.phone) == ("タカハシ", "アヤ", "09012345678")


def test_only_a_child_is_expected() -> None:
    with pytest.raises(rules.InputProblem) as problem:
        rules.tidy_person(rules.PersonInput(due_date=date(2027, 1, 1)), today=TODAY)
    assert problem.value.field == "due_date"


def test_the_second_person_without_a_name_is_named_by_place() -> None:
    with pytest.raises(rules.InputProblem) as problem:
        rules.check_people([AYA, replace(SOTA, family_name="", given_name="", family_kana="", given_kana="")])
    assert problem.value.index == 1


@pytest.mark.parametrize(
    ("words", "kana"),
    [
        (
            [rules.Words(family_name="髙橋", family_kana="タカハシ", given_name="綾", given_kana="アヤ")],
            "タカハシアヤ",
        ),
        ([rules.Words(), rules.Words(nickname="ぼうしの子")], "ホウシノ子"),
        ([rules.Words(family_name="髙橋")], "高橋"),
        ([rules.Words(family_name="Nguyen")], "nguyen"),
        ([], ""),
    ],
)
def test_a_family_is_listed_under_its_first_named_person(words: list[rules.Words], kana: str) -> None:
    assert rules.sort_keys(words)[0] == kana


@given(
    st.sampled_from(sorted(rules.GYO)),
    st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3093), min_size=1),
)
def test_every_kana_stands_in_exactly_one_row(gyo: str, reading: str) -> None:
    key = rules.sort_keys([rules.Words(family_kana=reading)])[0]
    spans = [rules.gyo_range(row) for row in rules.GYO]
    holding = [
        span for span in spans if key and span and span[0] <= key and (span[1] is None or key < span[1])
    ]
    assert len(holding) == (1 if key else 0)
    assert rules.gyo_range(gyo) is not None
    assert rules.gyo_range("x") is None


def test_actions_stand_as_in_the_matrix() -> None:
    mine = {name: set(action.roles) for name, action in registry().items() if name.startswith("family.")}
    assert mine["family.find"] == mine["family.read"] == WORKERS | {Role.ROUNDS}
    assert mine["family.create"] == mine["family.change"] == mine["family.register"] == WORKERS
    assert mine["family.join"] == WORKERS - {Role.OFFICER}
    assert mine["family.unmask"] == WORKERS - {Role.COUNSELOR}
    assert access.OPENED not in mine
