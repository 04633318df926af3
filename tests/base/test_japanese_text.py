"""Folds meet where people expect them to, and what is stored stays as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.base.japanese.text import (
    TextError,
    bigrams,
    digits_only,
    fold_kana,
    fold_kanji,
    format_phone,
    is_kana,
    normalise_name,
    phone_digits,
    postal_code,
    to_hiragana,
    to_katakana_full,
)
from tsunagari.base.japanese.variants import VARIANT_FORMS

JAPANESE = st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x30FF) | st.characters())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("がっこう", "カツコウ"),
        ("ｶﾞｯｺｳ", "ガッコウ"),
        ("ヴァイオリン", "ウアイオリン"),
        ("ちづこ", "ちつこ"),
        ("はなぢ", "ハナチ"),
        ("ローラ", "ろら"),
        ("ヱミ・ヲリエ", "エミオリエ"),
        ("みすゞ", "ミスズ"),
        ("いすゝ", "イスス"),
        ("José Maria", "josemaria"),
        ("シヵゴ", "しかご"),
    ],
)
def test_readings_that_sound_alike_share_a_key(one: str, other: str) -> None:
    assert fold_kana(one) == fold_kana(other)


def test_kana_key_holds_only_base_katakana() -> None:
    assert fold_kana("ぎゃっぷ　ー・ｳﾞ") == "キヤツフウ"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡邉\U000e0101"),
        ("山﨑", "山崎"),
        ("齋藤", "斉藤"),
        ("斎藤", "齊藤"),
        ("神\ufe00田", "神田"),
        ("濵﨑　澤國", "浜崎沢国"),
        ("廣嶌冨眞惠榮德瀨槇彌與圓", "広島富真恵栄徳瀬槙弥与円"),
        ("佐々木", "佐佐木"),
        ("ＡＢＥ", "abe"),
        ("𠮷田", "吉田"),
    ],
)
def test_old_and_variant_forms_share_a_key(one: str, other: str) -> None:
    assert fold_kanji(one) == fold_kanji(other)


@pytest.mark.parametrize(("one", "other"), [("高橋", "高端"), ("斉藤", "佐藤"), ("田中", "中田")])
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert fold_kanji(one) != fold_kanji(other)


def test_no_form_is_folded_into_one_that_is_folded_again() -> None:
    assert len(VARIANT_FORMS) > 200
    assert not {ord(target) for target in VARIANT_FORMS.values()} & set(VARIANT_FORMS)


@given(JAPANESE)
def test_kana_fold_is_idempotent(text: str) -> None:
    assert fold_kana(fold_kana(text)) == fold_kana(text)


@given(JAPANESE)
def test_kanji_fold_is_idempotent(text: str) -> None:
    assert fold_kanji(fold_kanji(text)) == fold_kanji(text)


def test_stored_name_keeps_old_forms_and_selectors() -> None:
    assert normalise_name(" 髙橋 \u3000 邉\U000e0101子\u200b ") == "髙橋\u3000邉\U000e0101子"


def test_stored_name_keeps_compatibility_kanji_but_composes_kana() -> None:
    assert normalise_name("\ufa19\u3000か\u3099く") == "\ufa19\u3000がく"


@pytest.mark.parametrize("bad", ["山田\x00花子", "山田\x1b", "山\ufffd田", "a\u202eb", "山\ud842"])
def test_name_that_cannot_be_stored_is_refused(bad: str) -> None:
    with pytest.raises(TextError, match="文字"):
        normalise_name(bad)


@given(st.text())
def test_a_stored_name_is_stored_as_itself(text: str) -> None:
    try:
        stored = normalise_name(text)
    except TextError:
        return
    assert normalise_name(stored) == stored


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("たかはし ﾊﾅｺ", "タカハシ　ハナコ"),
        (" ｶﾞｳﾞｧ　", "ガヴァ"),
        ("ろ-ら", "ローラ"),
        ("ロ―ラ−ナ", "ローラーナ"),
        ("いすゞ", "イスヾ"),
    ],
)
def test_reading_is_stored_as_full_width_katakana(raw: str, stored: str) -> None:
    assert to_katakana_full(raw) == stored


def test_furigana_is_hiragana_of_any_width() -> None:
    assert to_hiragana("タカハシ　ﾊﾞﾅｺ ー髙") == "たかはし　ばなこ ー髙"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("たかはし ハナコ", True),
        ("ﾊﾅｺ", True),
        ("ローラ・ベル", True),
        ("高ハシ", False),
        ("  ", False),
        ("", False),
    ],
)
def test_what_counts_as_kana(text: str, expected: bool) -> None:
    assert is_kana(text) is expected


def test_bigrams_are_distinct_and_in_order() -> None:
    assert bigrams("ヤマタヤマ") == ["ヤマ", "マタ", "タヤ"]
    assert bigrams("ア") == ["ア"]
    assert bigrams("") == []


@given(st.text(min_size=2), st.text(min_size=2))
def test_bigrams_of_a_part_are_among_those_of_the_whole(part: str, rest: str) -> None:
    assert set(bigrams(part)) <= set(bigrams(rest + part + rest))


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("087-839-2860", "0878392860"),
        ("（０８７）８３９−２８６０", "0878392860"),
        ("０９０ー１２３４ー５６７８", "09012345678"),
        ("+81 87 839 2860", "0878392860"),
        ("+81(0)90-1234-5678", "09012345678"),
        ("TEL:03-1234-5678（代表）", "0312345678"),
        ("0742-22-7018 内線12", "0742227018"),
        ("090-1234-5678 x12", "09012345678"),
        ("（A課）087-839-2860 （B課）087-839-2870", None),
        ("+1 212 555 0100", None),
        ("119", None),
        ("878392860", None),
        ("なし", None),
        ("", None),
    ],
)
def test_phone_number_in_any_form(text: str, digits: str | None) -> None:
    assert phone_digits(text) == digits


@given(st.text())
def test_phone_of_any_text_is_plausible_digits_or_none(text: str) -> None:
    digits = phone_digits(text)
    assert digits is None or (digits.isascii() and digits[0] == "0" and 9 <= len(digits) <= 11)


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("09012345678", "090-1234-5678"),
        ("0120123456", "0120-123-456"),
        ("08001234567", "0800-123-4567"),
        ("0312345678", "03-1234-5678"),
        ("0612345678", "06-1234-5678"),
        ("0878392860", "087-839-2860"),
        ("012345678", "012345678"),
    ],
)
def test_phone_number_is_shown_in_groups(digits: str, shown: str) -> None:
    assert format_phone(digits) == shown


@given(st.from_regex(r"0[1-9][0-9]{8,9}", fullmatch=True))
def test_shown_phone_reads_back(digits: str) -> None:
    assert phone_digits(format_phone(digits)) == digits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("〒760-8571", "7608571"),
        ("７６０８５７１", "7608571"),
        ("760ー8571", "7608571"),
        ("760", None),
        ("", None),
    ],
)
def test_post_code_in_any_form(text: str, code: str | None) -> None:
    assert postal_code(text) == code


def test_digits_of_any_width() -> None:
    assert digits_only("第１２-3号") == "123"
