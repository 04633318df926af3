"""Marks in words that keep a line from breaking where it must not."""

from __future__ import annotations

import pytest

from tsunagari.base.templatetags.ui import whole_numbers


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
