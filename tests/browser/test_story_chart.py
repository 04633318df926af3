"""E2, E4: a call without a name becomes part of a family's chart, which goes to a colleague and comes to an end."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.looking import axe_finds
from tests.browser.people import PHONE, Desk
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.encounters.models import Chart, Consultation
from tsunagari.families.models import Household
from tsunagari.families.operations import households

CALL = "夜中に泣きやまず、どうしていいか分からないと電話があった。"
NOTE = "産休に入ります。水曜の午前に電話すると約束しています。"
SUMMARY = "一時預かりを使いはじめ、眠れるようになった。"


def _family(town: Town) -> Household:
    with scope(town, town.counselor.user_id):
        members = [
            person("木村 綾", "きむら あや", relation="母"),
            person("木村 颯太", "きむら そうた", kind="child"),
        ]
        return households.create_household(actor=town.counselor, people=members)


def test_a_call_without_a_name_is_followed_handed_over_and_brought_to_an_end(desk: Desk, town: Town) -> None:
    family = _family(town)
    page = desk.sit(town.counselor, "/records/new/")
    _take_the_call(page)
    _begin_the_chart(page, family)
    _put_the_call_in(page)
    _ask_the_colleague(page, town)
    colleague = desk.sit(town.colleague, "/charts/?list=waiting", viewport=PHONE)
    _take_it_on(colleague)
    _end_it(colleague)
    page.goto(f"/families/{family.pk}/")
    expect(page.locator("ol.tl")).to_contain_text(CALL)
    with scope(town):
        chart, call = Chart.objects.get(), Consultation.objects.get()
        assert (chart.owner_id, chart.closed_reason) == (town.colleague.user_id, "settled")
        assert (call.author_id, call.household_id) == (town.counselor.user_id, family.pk)


def _take_the_call(page: Page) -> None:
    page.get_by_role("button", name="電話・お名前なし").click()
    page.get_by_label("だれの相談", exact=False).fill("きむらさんと名のった。2歳の子")
    page.locator(".cat").filter(has_text="養育者のこころ").click()
    page.locator("textarea[name=content]").fill(CALL)
    page.get_by_label("次にすること").fill("電話でようすをきく")
    page.get_by_text(re.compile("^1週間後")).click()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("heading", name=re.compile("お名前なし"))).to_be_visible()


def _begin_the_chart(page: Page, family: Household) -> None:
    page.goto(f"/families/{family.pk}/")
    page.get_by_role("link", name="個別記録をはじめる").click()
    page.get_by_label("追うことにした理由", exact=False).fill("眠れない日が続き、電話が増えた。")
    page.locator("label").get_by_text("とても気になる", exact=True).click()
    page.get_by_role("button", name="はじめる").click()
    expect(page.get_by_text("まだ記録が入っていません")).to_be_visible()


def _put_the_call_in(page: Page) -> None:
    """The words of the caller are the family's own: it is offered, and says why."""
    page.get_by_role("link", name="記録を入れる").first.click()
    expect(page.get_by_text("「きむら」が同じ")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile(CALL)).check()
    assert axe_finds(page) == []
    page.get_by_role("button", name="えらんだ記録を入れる").click()
    expect(page.locator("ol.tl")).to_contain_text(CALL)
    expect(page.get_by_role("region", name="これからすること")).to_contain_text("電話でようすをきく")


def _ask_the_colleague(page: Page, town: Town) -> None:
    page.get_by_role("link", name="ひきつぐ").click()
    page.get_by_label("だれにひきつぐ", exact=False).select_option(label=town.colleague.name)
    page.get_by_label("申し送り", exact=False).fill(NOTE)
    page.get_by_role("button", name="ひきつぎをたのむ").click()
    expect(page.get_by_text("ひきつぎの返事を待っています")).to_be_visible()


def _take_it_on(page: Page) -> None:
    page.get_by_role("link", name=re.compile("から$")).click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    page.get_by_role("button", name="引き受ける", exact=True).click()
    expect(page.get_by_role("region", name="これからすること")).to_contain_text("原 架空")
    assert axe_finds(page) == []


def _end_it(page: Page) -> None:
    page.get_by_role("link", name="終える", exact=True).click()
    page.get_by_text("落ち着いた", exact=True).click()
    page.get_by_label("終わりのまとめ", exact=False).fill(SUMMARY)
    page.get_by_role("button", name="個別記録を終える").click()
    expect(page.get_by_role("region", name="終わりのまとめ")).to_contain_text(SUMMARY)
