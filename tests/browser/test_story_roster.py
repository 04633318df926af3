"""A morning at the hall: a site is planned, a family comes, a busy hour is counted by figures, the day looked at.

Requirements A4, C5, D2, D4; the counting once more without JavaScript.
"""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.looking import axe_finds
from tests.browser.people import Desk
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.families.models import Household
from tsunagari.families.operations import households
from tsunagari.places.models import Site
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput

TUESDAY = clock.at(date(2026, 11, 24), 10, 40)


def _family(town: Town) -> Household:
    with scope(town, town.counselor.user_id):
        people = [
            person("木村 綾", "きむら あや", relation="母"),
            person("木村 颯太", "きむら そうた", kind="child", birth_date=date(2024, 8, 9)),
        ]
        return households.create_household(actor=town.counselor, people=people)


def _plan_hall(desk: Desk, town: Town) -> None:
    page = desk.sit(town.manager, "/places/")
    page.get_by_role("link", name="出張ひろば・外出先").click()
    page.get_by_role("link", name="加える").click()
    page.locator("#id_name").fill("東公民館")
    row = page.get_by_role("group", name="1行目")
    row.get_by_label("曜日").select_option("火曜")
    row.get_by_label("始まり").fill("10:00")
    row.get_by_label("終わり").fill("09:00")
    page.get_by_role("button", name="保存する").last.click()
    expect(page.get_by_text("終わりを、始まりより後にしてください。").last).to_be_visible()
    page.get_by_role("group", name="1行目").get_by_label("終わり").fill("12:00")
    page.get_by_role("button", name="保存する").last.click()
    expect(page.get_by_text("毎週 火曜 10:00〜12:00")).to_be_visible()
    assert axe_finds(page) == []


def _count(page: Page) -> None:
    """Five families, by pressing; three zero-year-olds."""
    for _ in range(5):
        page.get_by_role("button", name="来た組を1増やす").click()
    for _ in range(4):
        page.get_by_role("button", name="子ども 0歳を1増やす").click()
    page.get_by_role("button", name="子ども 0歳を1減らす").click()
    expect(page.get_by_label("来た組", exact=True).last).to_have_value("5")
    page.get_by_role("button", name="記録する").last.click()


def test_a_morning_at_the_hall(desk: Desk, town: Town) -> None:
    desk.site.moment = TUESDAY
    desk.watch.expect("422 (Unprocessable Entity)")
    family = _family(town)
    _plan_hall(desk, town)
    page = desk.sit(town.counselor, f"/families/{family.pk}/visit/")
    page.get_by_text("東公民館", exact=True).click()
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_role("listitem").filter(has_text="木村").get_by_text("東公民館")).to_be_visible()
    page.get_by_role("link", name="人数だけ").click()
    _count(page)
    expect(page.get_by_text("うち人数だけ 5組")).to_be_visible()
    page.get_by_role("button", name=re.compile("^取り消す.*5組")).click()
    expect(page.get_by_text("うち人数だけ")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^もどす.*5組")).click()
    expect(page.get_by_text("うち人数だけ 5組")).to_be_visible()
    page.get_by_role("link", name="東公民館").click()
    expect(page.get_by_text("うち人数だけ")).to_have_count(0)
    page.goto(f"/families/{family.pk}/")
    expect(page.get_by_role("cell", name="来所1回").first).to_be_attached()
    expect(page.get_by_text("（東公民館）")).to_be_visible()


def test_an_outing_is_counted_without_javascript(desk: Desk, town: Town) -> None:
    desk.site.moment = TUESDAY
    with scope(town):
        given = SiteInput("ハローワーク", kind="outing")
        park: Site = sites.add_site(town.aoba, given, actor=town.manager, valid_from=date(2026, 4, 1))
    page = desk.sit(town.counselor, f"/places/sites/{park.pk}/", java_script_enabled=False)
    page.get_by_role("link", name="きょうの外出を記録").click()
    expect(page.get_by_label("ハローワーク")).to_be_checked()
    _count(page)
    expect(page.get_by_text("うち人数だけ 5組")).to_be_visible()
    expect(page.get_by_text("0歳 3").first).to_be_visible()
