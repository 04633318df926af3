"""What a scanner or a hurried hand makes of a card, and what is read from it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.families import rules

NUMBER = rules.card_number(12345678)
TOKEN = "3469CDFHJKMPRTVX3469CDFHJK"
#: What each key of a JIS keyboard types in kana mode.
KANA_KEYS = dict(
    zip(
        "1234567890-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ぬふあうえおやゆよわほちこそしいはきくにまのりもみらせたすとかなひてさんつ",
        strict=True,
    )
)
numbers = st.integers(0, rules.CARD_NUMBERS - 1).map(rules.card_number)
tokens = st.text(rules.CODE_SIGNS, min_size=rules.TOKEN_LENGTH, max_size=rules.TOKEN_LENGTH)


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def in_kana(text: str) -> str:
    return "".join(KANA_KEYS[char] for char in text)


def test_cards_made_are_cards_read() -> None:
    made = {rules.new_token() for _ in range(200)}
    assert len(made) == 200
    assert all(rules.read_card(token) == ("token", token) for token in made)
    assert all(rules.read_card(number) == ("number", number) for number in (rules.new_number(), NUMBER))


@given(numbers)
def test_a_number_is_read_as_it_is_printed(number: str) -> None:
    assert rules.read_card(rules.grouped(number)) == ("number", number)


@pytest.mark.parametrize(
    "text",
    [
        wide(NUMBER),
        f" {NUMBER[:3]}　{NUMBER[3:6]} {NUMBER[6:]}\r\n",
        "ー".join((NUMBER[:3], NUMBER[3:6], NUMBER[6:])),
        "－".join((wide(NUMBER[:3]), wide(NUMBER[3:]))),
        in_kana(rules.grouped(NUMBER)),
        unicodedata.normalize("NFKC", in_kana(NUMBER)),
        f"\ufeff{NUMBER}\t",
    ],
)
def test_a_number_survives_input_methods_and_spaces(text: str) -> None:
    assert rules.read_card(text) == ("number", NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        TOKEN.lower(),
        wide(TOKEN),
        wide(TOKEN.lower()),
        in_kana(TOKEN),
        f"{TOKEN}\r\n",
        f" {TOKEN[:13]} {TOKEN[13:]}",
    ],
)
def test_a_token_survives_input_methods_and_spaces(text: str) -> None:
    assert rules.read_card(text) == ("token", TOKEN)


@given(tokens)
def test_kana_mode_is_undone_for_every_token(token: str) -> None:
    assert rules.read_card(in_kana(token)) == ("token", token)


@given(numbers, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_no_card(number: str, place: int, off: int) -> None:
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert rules.read_card(wrong) == (None, wrong)


@given(numbers, st.integers(0, 7))
def test_two_digits_swapped_are_no_card(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or rules.read_card(swapped).kind is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "　",
        "あおば",
        NUMBER[:-1],
        NUMBER + "0",
        TOKEN[:-1],
        TOKEN + "3",
        TOKEN[:-1] + "O",
        TOKEN * 9,
        "0901234567",
    ],
)
def test_what_is_no_card_is_none(text: str) -> None:
    assert rules.read_card(text).kind is None


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    kind, value = rules.read_card(text)
    assert kind is None or rules.is_card_number(value) or rules.is_token(value)


def test_tokens_make_no_words_and_no_kana() -> None:
    assert not set("AEIOUN") & set(rules.CODE_SIGNS)
    assert not set("0O1I2Z5S8B") & set(rules.CODE_SIGNS)
