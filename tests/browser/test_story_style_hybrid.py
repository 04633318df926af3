"""An agency that writes by day and follows the marked ones by family (E2, hybrid): the city makes the mark, one touch
puts it on, the marked view follows it; another style afterwards loses nothing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import Desk
from tests.browser.test_story_writing import _begin, _family, _words
from tests.makers import Town, scope
from tsunagari.encounters.models import Consultation


def _city_makes_a_mark(desk: Desk, town: Town) -> None:
    page = desk.sit(town.officer, "/keeping/")
    page.get_by_role("link", name="印をつくる").click()
    page.locator("#id_symbol").fill("●")
    page.locator("#id_name").fill("すぐに読む")
    page.locator("label", has_text="施設長").first.click()
    page.get_by_label("何日以内に読むか").fill("1")
    page.get_by_text("この印の家庭は、家庭ごとにも追う").click()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("印をつくりました")).to_be_visible()


def _style(page: Page, name: str) -> None:
    page.goto("/keeping/")
    page.locator('a[href^="/keeping/agencies/"]').click()
    page.get_by_text(name).click()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("記録のしかたを決めました")).to_be_visible()


def _a_marked_record(desk: Desk, town: Town) -> None:
    _city_makes_a_mark(desk, town)
    manager = desk.sit(town.manager)
    _style(manager, "（ハイブリッド）")
    page = desk.sit(town.counselor)
    _begin(page, _family(town))
    page.get_by_text("● すぐに読む", exact=True).click()
    page.get_by_text("電話", exact=True).click()
    page.locator(".cat").filter(has_text="養育者のこころ").click()
    _words(page).fill("夜に眠れず、つらいとのこと。")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    page.goto("/records/")
    expect(page.locator(".tabs li").nth(1)).to_have_text("印のある記録")
    page.get_by_role("link", name="印のある記録").click()
    expect(page.locator(".book .entry")).to_contain_text("夜に眠れず、つらいとのこと。")


def test_a_mark_is_one_touch_is_followed_and_another_style_loses_nothing(desk: Desk, town: Town) -> None:
    _a_marked_record(desk, town)
    with scope(town):
        before = list(Consultation.objects.values())
    manager = desk.sit(town.manager)
    for style in ("家庭ごと（個人別）", "日ごと（時系列）"):
        _style(manager, style)
        for view in ("day", "family", "marked", "all"):
            manager.goto(f"/records/?view={view}")
            expect(manager.locator("main")).to_contain_text("木村")
    with scope(town):
        assert list(Consultation.objects.values()) == before
