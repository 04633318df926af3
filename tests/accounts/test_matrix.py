"""The page of the access matrix is what the program does."""

from __future__ import annotations

from pathlib import Path

from django.urls import get_resolver

from tsunagari.accounts import matrix
from tsunagari.base.access import registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "access-matrix.md"


def test_the_page_is_fresh() -> None:
    assert get_resolver().url_patterns
    assert PAGE.read_text(encoding="utf-8") == matrix.render()


def test_every_action_has_its_row() -> None:
    page = matrix.render()
    for name in registry():
        assert f"| `{name}` |" in page
