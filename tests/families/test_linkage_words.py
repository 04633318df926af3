"""Every level of the model has a sentence for people, and evidence holds codes alone."""

from __future__ import annotations

from tsunagari.families.linkage import model, words
from tsunagari.families.linkage.words import AGREES, DIFFERS, SIMILAR


def entry(who: str = "child", **levels: str) -> dict[str, object]:
    return {"left": 1, "right": 2, "who": who, "weight": 9.0, "levels": levels}


def said(*entries: dict[str, object]) -> list[tuple[str, str]]:
    return [(line.state, line.words) for line in words.explain(entries)]


def test_every_level_of_every_comparison_has_words() -> None:
    for name, ladder in model.LADDERS.items():
        for code in [*(level.code for level in ladder), model.DIFFERS]:
            if (name, code) not in {("sex", "same"), ("sex", "missing")}:
                assert words.explain([entry(**{name: code})]), (name, code)


def test_people_are_told_in_words_a_teacher_knows() -> None:
    assert said(
        entry(given="same", birth="same", family="married"),
        entry("mother", given="same_kana", family="married", birth="turned"),
    ) == [
        (AGREES, "お子さんの名が同じ"),
        (DIFFERS, "お子さんの氏がちがいます（結婚などで変わったかもしれません）"),
        (AGREES, "お子さんの生年月日が同じ"),
        (AGREES, "お母さんの名の読みが同じ（漢字は片方だけ）"),
        (DIFFERS, "お母さんの氏がちがいます（結婚などで変わったかもしれません）"),
        (SIMILAR, "お母さんの生年月日の月と日が入れかわっています"),
    ]


def test_two_fathers_are_one_sentence() -> None:
    other = {
        "apart": [3, 4],
        "who": "father",
        "weight": -6.0,
        "levels": {"given": "differs", "birth": "same"},
    }
    assert said(other) == [(DIFFERS, "お父さんが別の人のようです")]


def test_the_household_is_said_once_by_the_best_of_what_several_say() -> None:
    lines = said(entry(contact="same", address="near"), entry("mother", contact="differs", address="same"))
    assert lines == [(AGREES, "電話番号かメールアドレスが同じ"), (AGREES, "住所が同じ")]


def test_children_are_numbered_and_unknown_codes_left_out() -> None:
    lines = said(entry(given="same"), entry(given="alike", birth="of another age"), {"strange": True})
    assert [text[:5] for _, text in lines] == ["1人目のお", "2人目のお"]


def test_codes_follow_what_splink_counts() -> None:
    assert model.codes("sex") == {-1: "missing", 0: "differs", 1: "same"}
    assert model.codes("address") == {-1: "missing", 0: "differs", 1: "near", 2: "same"}


def test_every_level_has_its_parameters() -> None:
    for name, ladder in model.LADDERS.items():
        codes = {level.code for level in ladder if level.code != model.MISSING} | {model.DIFFERS}
        assert set(model.parameters()[name]) == codes
        assert all(0 < value["m"] < 1 and 0 < value["u"] < 1 for value in model.parameters()[name].values())
