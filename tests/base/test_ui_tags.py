"""Marks in words that keep a line from breaking where it must not, furigana, and what an error summary says."""

from __future__ import annotations

import pytest
from django import forms

from tsunagari.base.templatetags.ui import form_errors, ruby, whole_numbers


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("つながり市駅前4-10-1 ハイツ205", 'つながり市駅前<span class="nowrap">4-10-1</span> ハイツ205'),
        ("〒000-0002 東町", '<span class="nowrap">〒000-0002</span> 東町'),
        ("２－３", '<span class="nowrap">２－３</span>'),
        ("コーポ<b>", "コーポ&lt;b&gt;"),
        ("●●●", "●●●"),
    ],
)
def test_numbers_with_hyphens_stay_whole(text: str, shown: str) -> None:
    assert whole_numbers(text) == shown


@pytest.mark.parametrize("written", ["シュレスタ", "ｼｭﾚｽﾀ", "しゅれすた"])
def test_a_name_in_kana_needs_no_furigana(written: str) -> None:
    assert ruby(written, "しゅれすた") == written


def test_a_name_in_kanji_has_its_furigana() -> None:
    assert "<rt>うらの</rt>" in ruby("浦野", "うらの")


class Asked(forms.Form):
    wish = forms.CharField(label="意向", error_messages={"required": "「意向」を書いてください。"})
    day = forms.DateField(label="次に見直す日", error_messages={"required": "日付を入れてください。"})


def test_a_summary_names_each_field_once() -> None:
    lines = form_errors(Asked({}))["lines"]
    said = [(line["label"], line["message"]) for line in lines]
    assert said == [("", "「意向」を書いてください。"), ("次に見直す日", "日付を入れてください。")]
