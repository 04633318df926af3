"""The story the system is built for: the city's files in, a family found, checked in, written about, read by the next.

Requirements A1, C6, D1, D2, D4, E1, X1-X4; once with a mouse, once by keyboard alone, once without JavaScript.
"""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.looking import axe_finds
from tests.browser.people import Desk
from tests.browser.working import work_off
from tests.browser.world import person
from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import Household
from tsunagari.families.operations import households

FACILITY = {
    "全国地方公共団体コード": "", "ID": "A-001", "名称": "架空こども園", "名称_カナ": "カクウコドモエン", "種別": "認定こども園",
    "所在地_連結表記": "架空県つながり市みどり町1-2-3", "緯度": "36.05", "経度": "139.05", "電話番号": "0800-000-0000",
}  # fmt: skip
WORDS = "夜に何度も起きて眠れない。"


def _household(actor: Actor, town: Town) -> Household:
    """A family the agency knows: a mother and a boy of two."""
    with scope(town, actor.user_id):
        born = clock.today() - timedelta(days=800)
        mother = person("木村 綾", "きむら あや", relation="母", phone="090-0000-1234")
        return households.create_household(
            actor=actor, people=[mother, person("木村 颯太", "きむら そうた", kind="child", birth_date=born)]
        )


def _import(page: Page, kind: str, name: str, content: str) -> None:
    """Send, look at what would change, apply, and wait for the page to say it is done."""
    page.goto("/imports/new/")
    page.get_by_text(kind, exact=True).click()
    page.get_by_label("ファイル", exact=False).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="送って確かめる").click()
    expect(page.get_by_text("ファイルをいまの登録とくらべています")).to_be_visible()
    work_off()
    page.get_by_role("button", name="この内容で取り込む").click()
    expect(page.locator("#import-progress")).to_be_visible()
    work_off()
    expect(page.get_by_text("取り込みました", exact=True)).to_be_visible()


def _fill_record(page: Page) -> None:
    page.locator(".cat").filter(has_text="養育者のこころ").click()
    page.locator(".cat").filter(has_text="子どもの健康や発達").click()
    page.get_by_label("内容", exact=False).first.fill(WORDS)
    page.get_by_text("話をきいた").click()
    page.get_by_label("次にすること").fill("電話でようすをきく")
    page.get_by_text(re.compile("^1週間後")).click()
    page.locator("label").get_by_text("同意", exact=True).click()


def test_an_officer_brings_the_citys_files_and_a_counselor_meets_the_family(desk: Desk, town: Town) -> None:
    """A1, D1, D2, X3: preview and apply in the browser; a family of the register is found by two exact things."""
    code = town.municipality.code
    officer = desk.sit(town.officer, "/imports/")
    _import(officer, "施設一覧", "facilities.csv", csv_of([FACILITY | {"全国地方公共団体コード": code}]))
    officer.goto("/places/")
    expect(officer.get_by_role("link", name="架空こども園")).to_be_visible()
    _import(officer, "住民の抽出データ", "juki.csv", csv_of(family(市区町村コード=code), HEADERS))

    page = desk.sit(town.counselor)
    search = page.get_by_role("searchbox", name="名前・かな・電話・カード番号でさがす")
    search.press_sequentially("かくう はなこ")
    expect(page.locator("#search-results")).to_contain_text("見つかりません")
    search.fill("かくうはなこ 1991-06-02")
    page.locator("#search-results").get_by_role("button", name="来所を受け付ける").click()
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_role("heading", name="今日の来所")).to_be_visible()
    search = page.get_by_role("searchbox", name="名前・かな・電話・カード番号でさがす")
    search.press_sequentially("かくう")
    expect(page.locator("#search-results .hit")).to_contain_text("架空")


def test_a_family_is_found_checked_in_and_written_about_and_a_colleague_reads_it(
    desk: Desk, town: Town, other_town: Town
) -> None:
    """C6, D2, D4, E1, X1: kana as one types, two presses, a draft that survives, one time line, 404 next door."""
    known = _household(town.counselor, town)
    page = desk.sit(town.counselor)
    page.get_by_role("searchbox").first.press_sequentially("きむ")
    page.locator("#search-results").get_by_role("link", name="来所を受け付ける").click()
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_text("来所を受け付けました")).to_be_visible()
    page.get_by_role("button", name="記録する").first.click()
    page.locator("textarea[name=content]").fill("夜に何度も")
    expect(page.locator("[data-draft-state]")).to_contain_text("下書き保存ずみ")
    page.locator("textarea[name=content]").fill("夜に何度も起きて")
    page.close(run_before_unload=False)

    record = _finish_on_a_tablet(desk.sit(town.counselor, "/"))
    _read_on_the_time_line(desk.sit(town.colleague, "/"), known)
    _closed_to_next_door(desk, other_town, f"/families/{known.pk}/", record)


def _closed_to_next_door(desk: Desk, other_town: Town, family_page: str, record: str) -> None:
    desk.watch.expect("404 (Not Found)")
    desk.watch.expect("403 (Forbidden)")  # an officer reads no records, whosever they are
    counselor, officer = desk.sit(other_town.counselor), desk.sit(other_town.officer)
    for page, address, status in (
        (counselor, family_page, 404),
        (counselor, record, 404),
        (officer, family_page, 404),
        (officer, record, 403),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status


def _finish_on_a_tablet(tablet: Page) -> str:
    """Continue the draft at another machine and save it; the record's address."""
    tablet.get_by_role("link", name="つづきを書く").click()
    expect(tablet.locator("textarea[name=content]")).to_have_value(re.compile("^夜に何度も"))
    _fill_record(tablet)
    assert axe_finds(tablet) == []
    tablet.get_by_role("button", name="保存する").click()
    expect(tablet.get_by_role("heading", name=re.compile("木村.*の相談"))).to_be_visible()
    return tablet.url


def _read_on_the_time_line(colleague: Page, known: Household) -> None:
    unread = colleague.get_by_role("region", name="読む記録")
    unread.get_by_role("link").first.click()
    expect(colleague.get_by_text(WORDS)).to_be_visible()
    colleague.goto(f"/families/{known.pk}/")
    expect(colleague.locator("ol.tl")).to_contain_text(WORDS)
    expect(colleague.locator("ol.tl")).to_contain_text("来所")


def test_the_same_by_keyboard_alone(desk: Desk, town: Town) -> None:
    """X4: `/`, arrows, Enter, Tab and Space do it all."""
    known = _household(town.counselor, town)
    page = desk.sit(town.counselor)
    keys = page.keyboard
    keys.press("/")
    keys.type("きむら")
    expect(page.locator("#search-results .hit")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url(f"**/families/{known.pk}/")
    _tab_to(page, "来所")
    keys.press("Enter")
    page.wait_for_url("**/visit/")
    _tab_to(page, "受け付ける")
    keys.press("Enter")
    expect(page.get_by_text("来所を受け付けました")).to_be_visible()
    _tab_to(page, "記録する")
    keys.press("Enter")
    _write_by_keys(page)
    expect(page.get_by_role("heading", name=re.compile("木村.*の相談"))).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()


def _write_by_keys(page: Page) -> None:
    page.wait_for_url("**/drafts/*/")
    _tab_to(page, "養育者のこころ")
    page.keyboard.press("Space")
    _tab_to(page, "内容")
    page.keyboard.type(WORDS)
    _tab_to(page, "話をきいた")
    page.keyboard.press("Space")
    _tab_to(page, "保存する")
    page.keyboard.press("Enter")


FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const named = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText || "";
  const main = document.getElementById("main");
  return (main && main.contains(one) ? "main " : "frame ") + named.trim();
}"""


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what has these words, in the page's own part, has the focus and shows it."""
    page.locator("#main").wait_for()
    for _ in range(90):
        page.keyboard.press("Tab")
        if re.match(f"main {words}", page.evaluate(FOCUSED)):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or page.evaluate(
                "document.activeElement.matches('.cat input, .choices input')"
            )
            return
    raise AssertionError(f"Tab does not reach {words}")


def test_reading_and_plain_forms_work_without_javascript(desk: Desk, town: Town) -> None:
    """X4: sign-in aside (it has its story), search, family, check-in and record without any script."""
    known = _household(town.counselor, town)
    page = desk.sit(town.counselor, "/", java_script_enabled=False)
    page.get_by_role("searchbox").first.fill("きむら")
    page.get_by_role("searchbox").first.press("Enter")
    page.locator("main").get_by_role("link", name="木村").first.click()
    page.locator("main").get_by_role("link", name="来所", exact=True).first.click()
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_text("来所を受け付けました")).to_be_visible()
    page.get_by_role("button", name="記録する").first.click()
    page.get_by_text("養育者のこころ").first.click()
    page.get_by_label("主な分類").select_option(label="養育者のこころ")
    page.get_by_label("内容", exact=False).first.fill(WORDS)
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("heading", name=re.compile("木村.*の相談"))).to_be_visible()
    page.goto(f"/families/{known.pk}/")
    expect(page.locator("ol.tl")).to_contain_text(WORDS)
