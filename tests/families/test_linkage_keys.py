"""What of a name, a nickname, an address and a contact is compared."""

from __future__ import annotations

from datetime import date

import jaconv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.linkage_people import home, numbered
from tsunagari.base.japanese.text import to_hiragana
from tsunagari.families.linkage import frames, keys, model
from tsunagari.families.linkage.frames import Entry
from tsunagari.families.linkage.keys import Name, Place


@pytest.mark.parametrize(
    ("text", "kana", "expected"),
    [
        ("髙橋", "タカハシ", Name("高橋", "タカハシ")),
        ("渡邉", "ﾜﾀﾅﾍﾞ", Name("渡辺", "ワタナヘ")),
        ("ひなた", "", Name(None, "ヒナタ")),
        ("陽向", "", Name("陽向", None)),
        ("陽向", "陽向", Name("陽向", None)),
        ("", "", Name(None, None)),
    ],
)
def test_a_name_is_its_written_form_and_its_reading(text: str, kana: str, expected: Name) -> None:
    assert keys.name(text, kana) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("しづか", "しずか"), ("オオノ", "オーノ"), ("オウノ", "おおの"), ("シルヴァ", "ｼﾙﾊﾞ"), ("シルヴア", "シルバ"), ("ユーマ", "ユウマ"),
        ("リー", "リイ"), ("ケーコ", "ケイコ"), ("チヂワ", "チジワ"), ("ショウタ", "シヨウタ"), ("ヴー", "ブー"),
    ],
)  # fmt: skip
def test_readings_that_sound_alike_meet(one: str, other: str) -> None:
    assert keys.reading(one) == keys.reading(other)


@pytest.mark.parametrize(
    ("one", "other"), [("オノ", "オオノ"), ("ユマ", "ユウマ"), ("ショタ", "ショウタ"), ("リ", "リー")]
)
def test_the_length_of_a_vowel_tells_two_names_apart(one: str, other: str) -> None:
    assert keys.reading(one) != keys.reading(other)


@given(st.text(alphabet="アイウエオカキコゴジヂズヅトヴヨァィョッー ・\n\x00"))
def test_a_reading_is_one_in_hiragana_and_in_half_width(kana: str) -> None:
    assert keys.reading(to_hiragana(kana)) == keys.reading(kana) == keys.reading(jaconv.z2h(kana))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("架空市あおば町2-3-4", Place("あおば町2-3-4", "あおば町")),
        ("あおば町 二丁目 ３番４号", Place("あおば町2-3-4", "あおば町")),
        ("架空県架空市あおば町２丁目３－４ コーポ103", Place("あおば町2-3-4", "あおば町")),
        ("緑が丘十二番", Place("緑が丘12", "緑が丘")),
        ("あおば町", Place(None, "あおば町")),
        ("", Place(None, None)),
    ],
)
def test_an_address_is_its_town_and_its_numbers(text: str, expected: Place) -> None:
    assert keys.address(text) == expected


def test_two_ways_to_write_an_address_meet() -> None:
    ways = [
        "架空市あおば町2-3-4",
        "あおば町二丁目3番4号",
        "あおば町２丁目３－４",
        "架空県架空市あおば町2の3の4 305号",
    ]
    assert len({keys.address(way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ゆいちゃん", "ユイ"),
        ("ゆいちゃんのママ", "ユイ"),
        ("さとう ゆいちゃん（2歳）", "ユイ"),
        ("ユイくん親子", "ユイ"),
        ("赤い帽子の子", None),
        ("ママ", None),
        ("", None),
    ],
)
def test_a_nickname_is_the_reading_it_is_made_of(text: str, expected: str | None) -> None:
    assert keys.nickname(text) == expected


def test_contacts_are_digits_and_small_letters_and_no_placeholders() -> None:
    assert keys.contacts("090-1234-5678", "", "Kazoku@Example.jp", "000-0000-0000", "110") == [
        "09012345678",
        "kazoku@example.jp",
    ]


@given(st.text(), st.text())
def test_no_text_breaks_a_key(text: str, other: str) -> None:
    assert keys.address(text) == keys.address(text)
    keys.nickname(text), keys.contacts(text, other), keys.parts(text, other)
    sound = keys.sound(keys.name(text, other).kana)
    assert sound is None or sound.isascii()


def test_a_grandmother_is_a_relative_whoever_brings_the_child() -> None:
    assert keys.who("guardian", "祖母", "2") == "relative"
    assert keys.who("guardian", "", keys.sex("", "母")) == "mother"


def test_an_office_number_and_a_placeholder_birthday_say_nothing() -> None:
    homes = [home(seed).all(phone="0990000000", birth_date=date(1900, 1, 1)) for seed in range(60)]
    people = frames.of_entries(numbered(homes)).people
    assert people["contacts"].null_count == people["birth"].null_count == people["about"].null_count == 120


def test_names_the_wrong_way_round_are_turned_back_where_the_town_leaves_no_doubt() -> None:
    homes = [home(seed).all(family_name="佐藤", family_kana="サトウ") for seed in range(40)]
    wrong = Entry(
        person=0, household=0, kind="child", family_name="蓮", given_name="佐藤", birth_date=date(2024, 1, 2)
    )
    homes[0] = type(homes[0])((*homes[0].people, wrong))
    row = frames.of_entries(numbered(homes)).people.to_pylist()[2]
    assert (row["family"], row["given"], row["turned"]) == ("佐藤", "蓮", True)


def test_a_name_in_one_field_is_taken_apart_at_its_space() -> None:
    assert keys.parts("青葉　結衣", "") == ("青葉", "結衣")
    assert keys.parts("青葉", "") == ("青葉", "")


def test_codes_follow_what_splink_counts() -> None:
    assert model.codes("sex") == {-1: "missing", 0: "differs", 1: "same"}
    assert model.codes("address") == {-1: "missing", 0: "differs", 1: "near", 2: "same"}


def whole_names(*rows: tuple[str, str, str, str]) -> list[tuple[str | None, ...]]:
    """(family, given, family_kana, given_kana) as they stand after the town was read; one person a household."""
    entries = [
        Entry(place, place, "guardian", *names, birth_date=date(1990, 1, 1))
        for place, names in enumerate(rows, 1)
    ]
    people = frames.of_entries(entries).people
    columns = ("family", "given", "family_kana", "given_kana")
    return list(zip(*(people[column].to_pylist() for column in columns), strict=True))


def test_a_whole_name_in_one_field_is_parted_by_the_names_of_the_town() -> None:
    town = [("井上", "結衣", "イノウエ", "ユイ"), ("SOUZA", "ANA CLARA", "ソウザ", "アナ・クララ")]
    whole = whole_names(*town, ("井上結衣", "", "", ""), ("ANA CLARA SOUZA", "", "アナ・クララ　ソウザ", ""))
    assert whole[2][:2] == ("井上", "結衣")
    assert whole[3] == whole[1] == ("souza", "anaclara", "ソウサ", "アナクララ")


def test_a_family_name_alone_stays_one() -> None:
    town = [("長谷", "結衣", "ハセ", "ユイ"), ("長谷川", "葵", "ハセガワ", "アオイ")]
    assert whole_names(*town, ("長谷川", "", "ハセガワ", ""))[2] == ("長谷川", None, "ハセカワ", None)
    assert whole_names(*town, ("長谷部", "", "", ""))[2] == ("長谷部", None, None, None)


def test_letters_get_the_reading_everybody_else_has_and_none_where_there_are_two() -> None:
    town = [("井上", "葵", "イノウエ", "アオイ")] * 6 + [("山崎", "葵", "ヤマザキ", "アオイ")] * 3
    town += [("山崎", "葵", "ヤマサキ", "アオイ")] * 3
    plain = whole_names(*town, ("井上", "結衣", "", ""), ("山崎", "結衣", "", ""))
    assert [row[2] for row in plain[-2:]] == ["イノウエ", "ヤマサキ"]
