"""Furigana by what stands around a word; and none at all where a reading is not sure."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tsunagari.demo
from tsunagari.encounters.rules.furigana import ruby, unread
from tsunagari.encounters.views.plan_paper import HEADS


def read(text: str) -> str:
    """The text with readings in brackets."""
    return "".join(f"{written}（{kana}）" if kana else written for written, kana in ruby(text))


@pytest.mark.parametrize(
    "said",
    [
        "令和（れいわ）8年（ねん）12月（がつ）1日（ついたち）",
        "12月（がつ）20日（はつか）、15日（にち）",
        "1日（いちにち）に2回（かい）、月（つき）に1回（かい）、3か月（げつ）",
        "2人（ふたり）で、5人（にん）で、あの人（ひと）と",
        "10分（ぷん）と5分（ふん）、気持（きも）ちを分（わ）ける",
        "来（く）る、来（き）た、来（こ）ない",
        "話（はなし）を聞（き）く、話（はな）し合（あ）う",
        "2か所（しょ）見学（けんがく）する",
        "お母（かあ）さんと父（ちち）が休（やす）み方（かた）を決（き）める",
    ],
)
def test_a_word_is_read_by_what_stands_around_it(said: str) -> None:
    assert read(re.sub("（.*?）", "", said)) == said


@pytest.mark.parametrize(
    "text", ["市役所の3階", "外車で水道の前を", "開く", "一人前", "支援を行った", "方がよい", "気に入る絵本"]
)
def test_what_is_not_sure_stays_bare_and_is_told(text: str) -> None:
    assert unread(text)


def test_the_names_of_a_family_come_first() -> None:
    assert ruby("木村さんが行く", {"木村": "きむら"}) == [
        ("木村", "きむら"),
        ("さんが", ""),
        ("行", "い"),
        ("く", ""),
    ]


def test_the_headings_of_the_sheet_are_read_whole() -> None:
    assert [word for said in HEADS.values() for word in unread(said)] == []


def test_the_demo_towns_plans_are_read_whole() -> None:
    found = tomllib.loads((Path(tsunagari.demo.__path__[0], "texts", "following.toml")).read_text())
    for course in found["course"]:
        said = [course["plain_words"], course["family_words"], course["wishes"], course["supports"]]
        said += [*_leaves(course["goals"]), *_leaves(course["actions"])]
        assert [word for text in said for word in unread(text)] == []


def _leaves(nested: Any) -> list[str]:
    if isinstance(nested, list):
        return [text for one in nested for text in _leaves(one)]
    return [nested] if isinstance(nested, str) else []


@given(st.text(alphabet="話来日月人2か1所分を。さ年家方\n", max_size=12))
def test_what_was_written_stays_as_it_was(text: str) -> None:
    assert "".join(written for written, _ in ruby(text)) == text
