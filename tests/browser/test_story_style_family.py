"""An agency that keeps its records by family (E2): the family's entries together, last time's next step while writing,
and a talk of several families as an entry of each."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.looking import axe_finds
from tests.browser.people import Desk
from tests.browser.test_story_style_day import _style
from tests.browser.test_story_writing import _family
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import records
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household


def _last_time(town: Town, family: Household) -> None:
    with scope(town, town.counselor.user_id):
        said = RecordInput(
            occurred_at=clock.now() - timedelta(days=14),
            household_id=family.pk,
            content="2語文がまだ出ない。",
            categories=(5,),
            next_step="ことばのようすをきく",
            next_on=clock.today(),
        )
        records.write_record(said, actor=town.counselor, key=uuid4())


def test_a_familys_entries_stand_together_and_the_last_step_is_at_hand(desk: Desk, town: Town) -> None:
    _style(town, "family")
    family = _family(town)
    _last_time(town, family)
    page = desk.sit(town.counselor, "/records/")
    expect(page.locator(".tabs li").first).to_have_text("家庭ごと")
    page.get_by_role("link", name=re.compile("木村")).first.click()
    page.get_by_role("button", name="この家庭のことを書く").click()
    expect(page.locator(".last-time")).to_contain_text(re.compile("ことばのようすをきく.*まだ", re.DOTALL))
    page.locator("#id_channel_set").get_by_text("来所").click()
    page.locator(".cat").filter(has_text="子どもの健康や発達").click()
    page.locator("textarea[name=content]").fill("2語文が出た。")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    page.goto(f"/records/?view=family&family={family.pk}")
    expect(page.locator(".book .entry")).to_have_count(2)
    expect(page.locator(".book .entry").first).to_contain_text("2語文が出た。")
    assert axe_finds(page) == []


def test_a_talk_of_several_is_an_entry_of_each(desk: Desk, town: Town) -> None:
    family = _family(town)
    page = desk.sit(town.counselor, "/records/groups/new/")
    page.get_by_role("button", name="書きはじめる").click()
    page.get_by_label("なんの話か").fill("夜泣き")
    page.locator(".cat").filter(has_text="離乳食").click()
    page.get_by_label("みんなで話したこと").fill("寝かせ方を話しあった。")
    page.get_by_label("名前の分からない組").fill("2")
    page.get_by_label("家庭をさがす").fill("きむら")
    page.get_by_role("button", name="家庭をさがす").click()
    page.locator(".talk-family label").first.click()
    page.locator(".talk-family textarea").fill("うちは2時ごろ。")
    expect(page.get_by_label("みんなで話したこと")).to_have_value("寝かせ方を話しあった。")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("1家庭の記録を保存しました")).to_be_visible()
    expect(page.get_by_text("名前の分からない組 2組")).to_be_visible()
    assert axe_finds(page) == []
    with scope(town):
        assert Consultation.objects.get(household=family).kind == "group"
