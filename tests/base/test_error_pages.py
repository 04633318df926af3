"""Pages of refusal and failure: what they say, and the way back (X4)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests import makers
from tests.makers import Town

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


def _page(client: Client, referer: str) -> str:
    return client.get("/places/999999/", headers={"Referer": referer}).content.decode()


@pytest.mark.parametrize("came", ["/places/?q=1", "/families/"])
def test_the_page_one_came_from_is_one_press_away(town: Town, came: str) -> None:
    assert f'href="{came}"' in _page(makers.client_of(town.officer), HERE + came)


@pytest.mark.parametrize(
    "referer",
    ["", "https://elsewhere.example/", "javascript:alert(1)", f"{HERE}//elsewhere.example/", "http://[",
     f"{HERE}/places/999999/"],
)  # fmt: skip
def test_no_way_back_leads_elsewhere_or_to_the_same_page(town: Town, referer: str) -> None:
    assert "前の画面へもどる" not in _page(makers.client_of(town.officer), referer)


def test_a_page_that_is_not_there_does_not_point_at_a_search_it_lacks(town: Town) -> None:
    assert "上の検索" not in _page(makers.client_of(town.officer), "")


def test_sign_in_asks_in_our_words_and_promises_no_saving(client: Client) -> None:
    page = client.post(reverse("account_login"), {"login": "", "password": ""}).content.decode()
    assert "ログインできませんでした" in page
    assert "ログイン名を入れてください。" in page
    assert "保存できます" not in page
