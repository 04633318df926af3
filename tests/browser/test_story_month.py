"""A month that reports itself (E3, F1): record → figure → back by drill-down → submitted → sent back → amended."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.looking import axe_finds, sticks_out
from tests.browser.people import Desk
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.operations import records
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.operations import households

OCTOBER = clock.at(date(2026, 10, 20), 10)
NOVEMBER = clock.at(date(2026, 11, 4), 10)


def _write(town: Town, name: str, kana: str) -> None:
    """A family, and what its mother said on the phone in October."""
    with scope(town, town.counselor.user_id), clock.stopped_at(OCTOBER):
        family = households.create_household(actor=town.counselor, people=[person(name, kana, relation="母")])
        mother = family.people.get().pk
        said = RecordInput(
            occurred_at=OCTOBER,
            content="夜に何度も起きる。",
            categories=(5,),
            household_id=family.pk,
            person_ids=(mother,),
            consulting_ids=(mother,),
            channel="phone",
            responses=("listened",),
        )
        records.write_record(said, actor=town.counselor, key=uuid4())


def _table(page: Page, title: str) -> str:
    """The text of a section's table."""
    return page.get_by_role("region", name=title, exact=True).inner_text()


def _sound(page: Page) -> None:
    assert axe_finds(page) == []
    assert sticks_out(page) == []


def _submit(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="所見").fill(words)
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("提出しました。")).to_be_visible()


def _open_october(page: Page) -> None:
    line = page.get_by_role("region", name="月報").get_by_role("listitem").filter(has_text="令和8年10月")
    line.get_by_role("button", name="つくる").click()
    expect(page.get_by_role("heading", name="月報　令和8年10月")).to_be_visible()


def test_from_record_to_figure_and_back_and_to_the_city(desk: Desk, town: Town) -> None:
    desk.site.moment = NOVEMBER
    _write(town, "木村 綾", "きむら あや")
    manager = desk.sit(town.manager, "/reports/")
    _open_october(manager)
    assert re.search(r"母\s+1", _table(manager, "相談した人"))
    _sound(manager)
    manager.get_by_role("region", name="相談の主な分類と方法", exact=True).get_by_role("link").first.click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("電話")
    _sound(manager)
    manager.get_by_role("link", name="木村").click()
    expect(manager.get_by_text("夜に何度も起きる。")).to_be_visible()
    manager.go_back()
    manager.go_back()
    _submit(manager, "落ち着いた月でした。")
    _the_city_sends_it_back(desk, town)
    _again_and_amended(desk, town, manager)


def _the_city_sends_it_back(desk: Desk, town: Town) -> None:
    officer = desk.sit(town.officer, "/reports/city/")
    _sound(officer)
    officer.get_by_role("region", name="機関ごとの月報").get_by_role("link", name="提出").click()
    expect(officer.get_by_text("落ち着いた月でした。")).to_be_visible()
    officer.get_by_text("差しもどす", exact=True).click()
    officer.get_by_label("理由").fill("電話の数を確かめてください。")
    officer.get_by_role("button", name="理由を伝えて差しもどす").click()
    expect(officer.get_by_text("差しもどしました。")).to_be_visible()


def _again_and_amended(desk: Desk, town: Town, manager: Page) -> None:
    manager.reload()
    expect(manager.get_by_text("電話の数を確かめてください。")).to_be_visible()
    _submit(manager, "確かめました。")
    _write(town, "星川 みどり", "ほしかわ みどり")
    manager.reload()
    expect(manager.get_by_text("提出したあとに記録が変わりました")).to_be_visible()
    manager.get_by_label("訂正する理由").fill("書きもれが1件ありました。")
    manager.get_by_role("button", name="訂正版をつくる").click()
    expect(manager.get_by_role("heading", name="訂正したところ")).to_be_visible()
    _submit(manager, "訂正しました。")
    officer = desk.sit(town.officer, "/reports/city/")
    officer.get_by_role("region", name="機関ごとの月報").get_by_role("link", name="提出・訂正").click()
    expect(officer.get_by_text("書きもれが1件ありました。")).to_be_visible()
    expect(officer.get_by_role("row", name=re.compile("相談 › 相談の記録 1 2"))).to_be_visible()
    _sound(officer)
    officer.get_by_role("button", name="受け取る").click()
    expect(officer.get_by_text("受け取りました。")).to_be_visible()
