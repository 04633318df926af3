"""A lasting connection: one family from the paper form to one history, through everybody's hands.

Printed form, registration in pregnancy, birth, card; a tablet elsewhere whose network goes; the roster of that day;
last month's book in Excel; the family entered twice, found, joined, parted and joined (D1-D4, D8, X2-X4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, Response, expect

from tests import makers
from tests.browser import test_kiosk as kiosk
from tests.browser.looking import axe_finds, sticks_out
from tests.browser.people import Desk
from tests.browser.working import work_off
from tests.interop.rosters import saved
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.eras import format_wareki_short
from tsunagari.encounters.models import Visit
from tsunagari.families.models import CandidatePair, Card, Household, PaperForm

MOTHER = {
    "family_name": "渡辺", "given_name": "美咲", "family_kana": "わたなべ", "given_kana": "みさき", "relation": "母",
    "address": "架空県つながり市みどり町3-4-5",
}  # fmt: skip
BOOK = "来所簿.xlsx"


@dataclass
class Story:
    """The town, its people at their desks, and the family as it becomes known."""

    desk: Desk
    town: Town
    head: Actor  # 施設長 of みどり
    born: date
    family: int = 0
    twin_entry: int = 0


@pytest.fixture
def story(desk: Desk, town: Town) -> Story:
    desk.watch.expect("Failed to load resource")  # the network of the tablet goes
    desk.watch.expect("ERR_INTERNET_DISCONNECTED")
    with scope(town):
        head = makers.make_actor(town.municipality, Role.MANAGER, town.midori, "館 架空")
    return Story(desk, town, head, clock.today() - timedelta(days=20))


def test_a_lasting_connection(story: Story) -> None:
    register_from_paper(story)
    record_birth(story)
    card = see_the_card(story)
    other = kiosk.family(story.town, "凛", "りん")
    read_at_another_door(story, card, other)
    roster = look_at_the_roster(story)
    look_at_the_months(story)
    bring_the_old_book_in(story)
    enter_the_family_once_more(story)
    counts(roster, 3)
    nurse = find_what_is_alike(story)
    join(nurse, story)
    one_history(nurse, story)
    counts(roster, 2)
    part(nurse, story)
    counts(roster, 3)
    join(nurse, story)
    counts(roster, 2)


def clean(page: Page) -> None:
    """A kind of page nobody looked at yet in this story."""
    assert [*axe_finds(page), *sticks_out(page)] == []


def prints(page: Page, button: Locator) -> None:
    """Pressing it answers with a PDF, in this tab or another."""

    def is_paper(answer: Response) -> bool:
        return answer.headers.get("content-type", "").startswith("application/pdf")

    with page.context.expect_event("response", is_paper) as told:
        button.click()
    assert told.value.status == 200


def fill(page: Page, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)


def register_from_paper(story: Story) -> None:
    """The counselor prints forms, is handed one, and enters it by its code: a mother who expects a child."""
    page = story.desk.sit(story.town.counselor, "/forms/")
    clean(page)
    page.get_by_label("枚数").fill("3")
    prints(page, page.get_by_role("button", name="PDFをつくる"))
    with scope(story.town):
        code = PaperForm.objects.latest("pk").code
        assert PaperForm.objects.count() == 3
    page.goto(f"/f/{code}/")
    page.get_by_label("名前・かな・生年月日・電話番号").last.fill("わたなべ みさき")
    page.get_by_role("button", name="さがす").last.click()
    expect(page.get_by_text("合う家庭は見つかりません")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="新しい家庭として入力する").click()
    due = (clock.today() + timedelta(days=12)).isoformat()
    fill(page, MOTHER | {"birth_date": "1994/3/3", "phone": "090-0000-4321", "due_date": due})
    page.get_by_role("button", name="家庭をつくる").last.click()
    page.wait_for_url(re.compile(r"/families/\d+/$"))
    story.family = number_of(page)
    expect(page.get_by_text(f"かかりつけ：{story.town.aoba.name}")).to_be_visible()
    check_in(page)
    page.goto(f"/f/{code}/")
    expect(page.get_by_role("heading", name="この用紙は、もう入力されています")).to_be_visible()


def number_of(page: Page) -> int:
    found = re.search(r"/families/(\d+)/", page.url)
    assert found
    return int(found.group(1))


def check_in(page: Page) -> None:
    page.locator(".fam").get_by_role("link", name="来所", exact=True).click()
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_text("来所を受け付けました")).to_be_visible()


def record_birth(story: Story) -> None:
    page = story.desk.sit(story.town.nurse, f"/families/{story.family}/")
    page.get_by_role("link", name="生まれた").click()
    clean(page)
    fill(page, {
        "birth0-birth_date": story.born.isoformat(), "birth0-given_name": "芽依", "birth0-given_kana": "めい",
    })  # fmt: skip
    page.get_by_role("button", name="保存する").last.click()
    expect(page.get_by_text("生まれたお子さんを書きました。").first).to_be_visible()
    expect(page.locator(".people")).to_contain_text("芽依")


def see_the_card(story: Story) -> Card:
    """The counselor opens the family's card, made with the registration, and prints it."""
    page = story.desk.sit(story.town.counselor, f"/families/{story.family}/card/")
    with scope(story.town):
        card = Card.objects.get(household=story.family)
    expect(page.get_by_text(card.spoken).first).to_be_visible()
    clean(page)
    prints(page, page.get_by_role("button", name="印刷する"))
    page.reload()
    expect(page.get_by_text("印刷ずみ")).to_be_visible()
    return card


def read_at_another_door(story: Story, card: Card, other: Card) -> None:
    """みどり's head unlocks a tablet; the network goes while cards are read, and comes back."""
    page = kiosk.unlock(story.desk, story.town, story.head)
    kiosk.hold(page, card)
    expect(page.get_by_role("button", name="めい")).to_be_visible()
    clean(page)
    kiosk.end(page)
    kiosk.cut(page.context, page, True)
    for held in (other, card, other):
        kiosk.hold(page, held)
        expect(page.locator("#later").get_by_text("あとで おくります")).to_be_visible()
        kiosk.end(page)
    expect(page.get_by_text("送信待ち 3件")).to_be_visible()
    kiosk.cut(page.context, page, False)
    expect(page.get_by_text("送信待ち")).to_have_count(0)
    with scope(story.town):
        seen = Visit.objects.filter(agency=story.town.midori, undone_at=None).order_by("pk")
        assert list(seen.values_list("household_id", flat=True)) == [story.family, other.household_id]


def look_at_the_roster(story: Story) -> Page:
    """The day at みどり: this family and another; printed as a roster."""
    page = story.desk.sit(story.head, "/visits/")
    clean(page)
    page.locator("summary", has_text="印刷").click()
    prints(page, page.get_by_role("link", name="この日の名簿（PDF）"))
    return page


def counts(roster: Page, families: int) -> None:
    """Families of the day at みどり; all but one are, rightly or not, this one."""
    roster.goto("/visits/")
    expect(roster.locator(".tile").first).to_contain_text(f"{families}組")
    expect(roster.get_by_role("link", name=re.compile("渡[辺邊]"))).to_have_count(2)


def look_at_the_months(story: Story) -> None:
    """Both agencies stand above the time line."""
    page = story.desk.sit(story.town.counselor, f"/families/{story.family}/")
    strip = page.locator(".strip-table tbody")
    for name in (story.town.aoba.name, story.town.midori.name):
        expect(strip.get_by_role("row", name=name)).to_contain_text("来所1回")
    clean(page)


def messy_book(town: Town) -> bytes:
    """Last month at みどり: a title above, 和暦 on the day's first line, 〃 below, a total at the end."""
    day = (clock.today().replace(day=1) - timedelta(days=20)).replace(day=8)
    made = Workbook()
    page = made.active
    page.title = f"{day.month}月"
    page.append([f"{town.midori.name}　来所簿（{day.month}月分）"])
    page.merge_cells("A1:F1")
    page.append([])
    for line in (
        ("日付", "時刻", "保護者氏名", "お子さん", "大人", "備考"),
        (format_wareki_short(day), "10:15", "渡辺　美咲", "", 1, "おなかに赤ちゃん"),
        ("〃", "〃", "星架　みどり", "そら", 1, ""),
        ("〃", "〃", "〃", "うみ", "", "〃"),
        ("計", "", "2組", "", "", ""),
    ):
        page.append(line)
    return saved(made)


def bring_the_old_book_in(story: Story) -> None:
    page = story.desk.sit(story.head, "/imports/rosters/new/")
    clean(page)
    kind, book = "application/octet-stream", messy_book(story.town)
    page.get_by_label("名簿のファイル").set_input_files([{"name": BOOK, "mimeType": kind, "buffer": book}])
    page.get_by_role("button", name="送って、列をえらぶ").click()
    expect(page.locator("#roster-preview")).to_contain_text("星架")
    clean(page)
    page.get_by_role("button", name="この読み方で、家庭とつきあわせる").click()
    follow(page, "確認待ち")
    page.get_by_role("link", name="決める（あと1組）").click()
    page.get_by_role("link", name="はじめから決める").click()
    clean(page)
    page.get_by_role("button", name="この家庭です").click()
    page.get_by_role("button", name="この内容で取り込む").click()
    follow(page, "取り込みました")
    clean(page)
    with scope(story.town):
        assert Visit.objects.filter(household=story.family, agency=story.town.midori).count() == 2
        assert Household.objects.filter(people__family_name="星架").distinct().count() == 1


def follow(page: Page, done: str) -> None:
    """The worker does what waits while the page asks."""
    expect(page.locator("#roster-progress")).to_be_visible()
    work_off()
    expect(page.get_by_text(done).first).to_be_visible()


def enter_the_family_once_more(story: Story) -> None:
    """A counselor of みどり does not search: other kanji, a slip in the birth date, a new telephone."""
    page = story.desk.sit(story.town.stranger, "/families/new/")
    page.get_by_role("button", name="もうさがしました。新しく書きはじめる").click()
    slip = story.born.replace(day=story.born.day % 9 + 1)
    fill(page, MOTHER | {"family_name": "渡邊", "phone": "070-0000-9876"})
    fill(
        page,
        {"child0-given_name": "芽衣", "child0-given_kana": "めい", "child0-birth_date": slip.isoformat()},
    )
    page.locator("#id_agency").select_option("")
    page.get_by_role("button", name="家庭をつくる").last.click()
    page.wait_for_url(re.compile(r"/families/\d+/$"))
    story.twin_entry = number_of(page)
    check_in(page)


def find_what_is_alike(story: Story) -> Page:
    """The nurse has the town searched; the machine proposes the two and joins nothing."""
    page = story.desk.sit(story.town.nurse, "/families/same/")
    expect(page.get_by_text("似ている家庭は見つかっていません")).to_be_visible()
    page.get_by_role("button", name="いま、さがす").click()
    expect(page.get_by_text("いま、さがしています")).to_be_visible()
    work_off()
    page.goto("/families/same/")
    expect(pairs_of(page)).to_have_count(1)
    expect(pairs_of(page)).to_contain_text("母のよみ：同じです")
    clean(page)
    pairs_of(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name="同じ家庭ですか")).to_be_visible()
    clean(page)
    return page


def pairs_of(page: Page) -> Locator:
    return page.get_by_role("region", name="似ている家庭の一覧").locator("li").filter(has_text="⇔")


def join(page: Page, story: Story) -> None:
    """Side by side, then one family: the one that was there first stays."""
    page.goto("/families/same/")
    pairs_of(page).get_by_role("link").click()
    facts = page.get_by_role("region", name="あっているところ、ちがうところ")
    expect(facts.get_by_role("row", name="住所")).to_contain_text("同じです")
    page.locator(f"input[name=keep][value='{story.family}']").check(force=True)
    page.get_by_role("button", name="同じ家庭（まとめる）").click()
    page.wait_for_url(f"**/families/{story.family}/")
    expect(page.get_by_text("ひとつの家庭にまとめました")).to_be_visible()


def one_history(page: Page, story: Story) -> None:
    """What both were part of stands in one line of time, and nobody is there twice."""
    line = page.locator("ol.tl")
    expect(line).to_contain_text(story.town.aoba.name)
    expect(line.locator("li").filter(has_text=story.town.midori.name).filter(has_text="来所")).to_have_count(
        3
    )
    expect(page.locator(".people li").filter(has_text="めい")).to_have_count(1)
    page.goto("/families/same/")
    expect(pairs_of(page)).to_have_count(0)


def part(page: Page, story: Story) -> None:
    page.goto(f"/families/{story.family}/")
    page.get_by_role("link", name="もとにもどす").click()
    clean(page)
    page.get_by_role("button", name="もとにもどす").click()
    page.wait_for_url(f"**/families/{story.twin_entry}/")
    with scope(story.town):
        assert CandidatePair.objects.get().decision == CandidatePair.Decision.OPEN
        assert Visit.objects.filter(household=story.twin_entry).count() == 1
