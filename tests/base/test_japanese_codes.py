"""Check digits catch the slips they promise to catch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.base.japanese.codes import (
    CodeError,
    check,
    lg_check_digit,
    normalize_lg_code,
    with_check_digit,
)

KNOWN = {"011002", "131016", "112038", "092011", "431001"}
DIGITS = st.from_regex(r"[0-9]{1,12}", fullmatch=True)


@pytest.mark.parametrize("code", ["131016", "011002", "112038", "131041", "431001", "130001"])
def test_check_digit_of_real_municipalities(code: str) -> None:
    assert lg_check_digit(code[:5]) == code[5]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("131016", "131016"),
        ("13101", "131016"),
        ("１３１０１", "131016"),
        ("13101.0", "131016"),
        ("92011", "092011"),
        ("09201", "092011"),
        ("1100", "011002"),
        ("11002", "011002"),
        (" 112038 ", "112038"),
    ],
)
def test_codes_that_lost_digits_on_the_way(raw: str, code: str) -> None:
    assert normalize_lg_code(raw, KNOWN) == code


@pytest.mark.parametrize("raw", ["131017", "99999", "", "高松市", "37201", "1310161"])
def test_unknown_codes_are_refused(raw: str) -> None:
    with pytest.raises(CodeError, match="団体コード"):
        normalize_lg_code(raw, KNOWN)


def test_a_code_that_fits_two_places_is_left_to_a_person() -> None:
    both = {"092011", "92011" + lg_check_digit("92011")}
    with pytest.raises(CodeError, match="どれか分かりません"):
        normalize_lg_code("92011", both)


@given(DIGITS)
def test_a_number_with_its_check_digit_is_sound(digits: str) -> None:
    assert check(with_check_digit(digits))


@given(DIGITS, st.data())
def test_every_single_wrong_digit_is_caught(digits: str, data: st.DataObject) -> None:
    card = with_check_digit(digits)
    place = data.draw(st.integers(0, len(card) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != card[place]]))
    assert not check(card[:place] + wrong + card[place + 1 :])


@given(DIGITS, st.data())
def test_every_swap_of_two_neighbours_is_caught(digits: str, data: st.DataObject) -> None:
    card = with_check_digit(digits)
    place = data.draw(st.integers(0, len(card) - 2))
    swapped = card[:place] + card[place + 1] + card[place] + card[place + 2 :]
    assert swapped == card or not check(swapped)


def test_what_is_no_number_is_no_card() -> None:
    assert with_check_digit("572") == "5724"
    assert not check("57a4")
    assert not check("")
    with pytest.raises(CodeError):
        with_check_digit("12a")
