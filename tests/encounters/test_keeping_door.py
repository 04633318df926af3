"""E2: those who decide how records are kept find the page, also when they read no record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.makers import Town
from tsunagari.base.actor import Actor


@pytest.mark.parametrize(
    ("role", "path"), [("officer", "/"), ("manager", "/records/"), ("lead", "/records/")]
)
def test_the_page_of_keeping_is_one_press_away(
    town: Town, client_of: Callable[[Actor], Client], role: str, path: str
) -> None:
    page = client_of(town.actors[role]).get(path).content.decode()
    assert 'href="/keeping/"' in page
