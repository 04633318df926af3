"""A manager brings last month's book of visits in, decides who is who, and takes it out again, as at the counter."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import Desk
from tests.browser.working import work_off
from tests.browser.world import MOMENT
from tests.interop.rosters import family
from tests.makers import Town, scope
from tsunagari.demo import rosters as demo
from tsunagari.encounters.models import Visit
from tsunagari.families.models import Household

SHOTS = os.environ.get("ROSTER_SHOTS", "")
WIDTHS = ((1280, 900), (820, 1180), (390, 844))


def look(page: Page, name: str) -> None:
    """Keep the page at three widths when ROSTER_SHOTS names a folder."""
    for width, height in WIDTHS if SHOTS else ():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def upload(page: Page, name: str, content: bytes) -> None:
    page.goto("/imports/")
    page.get_by_role("link", name="これまでの名簿を取り込む").first.click()
    look(page, f"{name}-new")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("名簿のファイル").set_input_files([{"name": name, "mimeType": kind, "buffer": content}])
    page.get_by_role("button", name="送って、列をえらぶ").click()
    expect(page.get_by_role("heading", name="何の列かをえらぶ")).to_be_visible()


def follow(page: Page, done: str) -> None:
    """The worker does what waits while the page asks."""
    expect(page.locator("#roster-progress")).to_be_visible()
    work_off()
    expect(page.get_by_text(done).first).to_be_visible()


def test_a_book_of_visits_is_mapped_decided_brought_in_and_taken_out(desk: Desk, town: Town) -> None:
    families = demo.made_up_families(MOMENT.date())
    family(town, ("星架", "みどり"), number=101)
    family(town, ("月架", "あかり"), number=102, phone="09000010002")
    page = desk.sit(town.manager)
    upload(page, "来所簿.xlsx", demo.visit_book(families, date(2026, 10, 1)))
    expect(page.locator("#roster-preview tbody tr").first).to_contain_text("2026年10月1日（木）")
    look(page, "columns")
    with page.expect_response(lambda answer: "/columns/" in answer.url):
        page.get_by_label("「備考」").select_option("")
    page.get_by_role("button", name="この読み方で、家庭とつきあわせる").click()
    follow(page, "確認待ち")
    look(page, "matched")
    page.get_by_role("link", name="決める（あと").click()
    look(page, "families")
    page.get_by_role("link", name="はじめから決める").click()
    look(page, "decide")
    expect(page.get_by_role("button", name="この家庭です").first).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="この内容で取り込む").click()
    follow(page, "取り込みました")
    look(page, "done")
    with scope(town):
        assert (Household.objects.count(), Visit.objects.filter(undone_at=None).count() > 15) == (8, True)
    undo(page, town)


def undo(page: Page, town: Town) -> None:
    page.get_by_role("button", name="元にもどす").first.click()
    page.locator("dialog[open]").get_by_role("button", name="元にもどす").click()
    follow(page, "元にもどしました")
    with scope(town):
        assert (Household.objects.count(), Visit.objects.count()) == (2, 0)


def test_a_register_in_japanese_years_is_read_with_two_lines_of_headings(desk: Desk, town: Town) -> None:
    content = demo.register_book(demo.made_up_families(MOMENT.date()), MOMENT.date())
    page = desk.sit(town.officer)
    page.goto("/imports/rosters/new/")
    page.get_by_label("どの機関の名簿ですか").select_option(label=town.aoba.name)
    page.get_by_label("名簿のファイル").set_input_files(
        [{"name": "登録簿.xlsx", "mimeType": "application/octet-stream", "buffer": content}]
    )
    page.get_by_role("button", name="送って、列をえらぶ").click()
    expect(page.locator("#roster-preview")).to_contain_text("登録簿として")
    look(page, "register")
    page.get_by_role("button", name="この読み方で、家庭とつきあわせる").click()
    follow(page, "確認待ち")
    page.get_by_role("button", name="この内容で取り込む").click()
    follow(page, "取り込みました")
    with scope(town):
        assert Household.objects.filter(registrations__agency=town.aoba).count() == 8
