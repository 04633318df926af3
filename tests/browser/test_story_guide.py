"""A story: the centre puts the guide in force; a counselor has it beside the record, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, WIDE, Desk
from tests.browser.test_story_writing import _family
from tests.makers import Town, scope
from tsunagari.encounters.operations import guide
from tsunagari.encounters.queries import guide as queries


def _write_about(page: Page, family_id: int) -> None:
    page.goto(f"/families/{family_id}/")
    page.get_by_role("button", name="記録する").click()
    page.wait_for_url("**/drafts/*/")


def _in_force(town: Town) -> None:
    with scope(town, town.lead.user_id):
        draft = guide.fill_with_default(actor=town.lead)
        seen = queries.stamp(queries.entries(draft))
        guide.publish(draft, actor=town.lead, note="はじめの版", seen=seen)


def test_the_centre_puts_a_guide_in_force(desk: Desk, town: Town) -> None:
    page = desk.sit(town.lead, "/guide/")
    page.get_by_role("button", name="はじめの手引きを入れる").click()
    page.get_by_role("link", name=re.compile("足す.*離乳食")).click()
    page.get_by_label("見出し").fill("おやつの量")
    page.get_by_label("どうするか").fill("1日の流れをきく。")
    page.get_by_role("button", name="保存する").click()
    page.get_by_role("button", name="「おやつの量」を上へ").click()
    page.get_by_role("link", name="出す", exact=True).click()
    page.get_by_label("かわったところ").fill("はじめの版です")
    page.get_by_role("button", name="出す").click()
    page.wait_for_url("**/guide/")
    reader = desk.sit(town.counselor, "/guide/")
    expect(reader.get_by_role("heading", name="おやつの量")).to_be_visible()
    expect(
        reader.get_by_role("link", name=re.compile("虐待対応ダイヤル）に電話する")).first
    ).to_have_attribute("href", "tel:189")


def test_it_stands_beside_the_record_and_follows_it(desk: Desk, town: Town) -> None:
    _in_force(town)
    family = _family(town)
    page = desk.sit(town.counselor, viewport=WIDE)
    _write_about(page, family.pk)
    beside = page.get_by_role("complementary", name="手引き")
    expect(beside.get_by_text("「なんの相談」を押すと")).to_be_visible()
    page.locator(".cat").filter(has_text="夫婦の関係").click()
    expect(beside.get_by_role("heading", name="暴力・こわいと話した")).to_be_visible()
    expect(beside.get_by_role("heading", name="離れることを考えている")).to_be_visible()
    page.locator("summary", has_text="くわしく書く").click()
    page.get_by_label("気になることはない").check(force=True)
    expect(beside.get_by_role("heading", name="離れることを考えている")).to_have_count(0)
    expect(beside.get_by_role("heading", name="暴力・こわいと話した")).to_be_visible()


def test_on_a_phone_it_is_one_tap(desk: Desk, town: Town) -> None:
    _in_force(town)
    family = _family(town)
    page = desk.sit(town.counselor, viewport=PHONE)
    _write_about(page, family.pk)
    page.locator(".cat").filter(has_text="家庭の経済").click()
    beside = page.get_by_role("complementary", name="手引き")
    expect(beside.get_by_role("heading", level=3)).to_have_count(0)
    beside.get_by_role("link", name="手引きを見る").click()
    expect(beside.get_by_role("heading", name="家賃・食べるもの・光熱費に困っている")).to_be_visible()
    assert page.url.rstrip("/").rpartition("/")[2].isdecimal()  # still the record


@pytest.mark.parametrize("width", [390])
def test_without_script_it_is_a_page(desk: Desk, town: Town, width: int) -> None:
    _in_force(town)
    family = _family(town)
    page = desk.sit(town.counselor)
    _write_about(page, family.pk)
    address = page.url
    plain = desk.device(viewport={"width": width, "height": 844}, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    bare = plain.new_page()
    bare.goto(address)
    with plain.expect_page() as opened:
        bare.get_by_role("link", name="手引きを見る").click()
    expect(opened.value.get_by_role("heading", name="この相談の手引き")).to_be_visible()
