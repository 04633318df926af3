"""Nothing typed is lost (E1): the session ends, the line drops, two people write, somebody presses twice."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.looking import axe_finds
from tests.browser.people import Desk
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import records
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household
from tsunagari.families.operations import households

SAVED = "下書き保存ずみ"


def _family(town: Town) -> Household:
    with scope(town, town.counselor.user_id):
        members = [
            person("木村 綾", "きむら あや", relation="母"),
            person("木村 颯太", "きむら そうた", kind="child"),
        ]
        return households.create_household(actor=town.counselor, people=members)


def _record(town: Town) -> Consultation:
    family = _family(town)
    with scope(town, town.counselor.user_id):
        said = RecordInput(
            occurred_at=clock.now(),
            household_id=family.pk,
            content="夜に起きて眠れない。",
            categories=(9,),
            channel="visit",
        )
        return records.write_record(said, actor=town.counselor, key=uuid4())


def _begin(page: Page, family: Household) -> None:
    page.goto(f"/families/{family.pk}/")
    page.get_by_role("button", name="記録する").click()
    page.wait_for_url("**/drafts/*/")


def _words(page: Page) -> Locator:
    return page.locator("textarea[name=content]")


def _state(page: Page) -> Locator:
    return page.locator("[data-draft-state]")


def test_the_end_of_a_session_is_announced_and_can_be_put_off(desk: Desk, town: Town) -> None:
    page = desk.sit(town.counselor)
    page.clock.install()
    page.goto("/")
    page.clock.fast_forward("28:10")
    dialog = page.get_by_role("dialog", name="まもなくログアウトします")
    expect(dialog).to_be_visible()
    assert axe_finds(page) == []
    dialog.get_by_role("button", name="つづける").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("20:00")
    expect(dialog).to_be_hidden()


def test_a_draft_outlives_the_session(desk: Desk, town: Town) -> None:
    family = _family(town)
    page = desk.sit(town.counselor)
    page.clock.install()
    _begin(page, family)
    _words(page).fill("人見知りが強くなった。")
    page.clock.fast_forward("00:04")
    expect(_state(page)).to_contain_text(SAVED)
    Session.objects.all().delete()
    page.clock.fast_forward("31:00")
    page.wait_for_url("**/accounts/login/?next=*drafts*")
    desk.sign_in(page.context, town.counselor)
    page.goto("/")
    page.get_by_role("link", name="つづきを書く").click()
    expect(_words(page)).to_have_value("人見知りが強くなった。")


def test_words_typed_while_the_line_is_down_are_saved_when_it_is_back(desk: Desk, town: Town) -> None:
    desk.watch.expect("net::ERR_INTERNET_DISCONNECTED")
    page = desk.sit(town.counselor)
    page.clock.install()
    _begin(page, _family(town))
    page.context.set_offline(True)
    _words(page).fill("ことばが増えてきた。")
    page.clock.fast_forward("00:04")
    expect(_state(page)).to_contain_text("保存できていません")
    page.context.set_offline(False)
    page.clock.fast_forward("01:30")
    expect(_state(page)).to_contain_text(SAVED)
    page.reload()
    expect(_words(page)).to_have_value("ことばが増えてきた。")


def test_two_presses_on_save_make_one_record(desk: Desk, town: Town) -> None:
    page = desk.sit(town.counselor)
    family = _family(town)
    _begin(page, family)
    page.get_by_text("電話", exact=True).click()
    page.locator(".cat").filter(has_text="その他").click()
    _words(page).fill("靴のサイズの相談。")
    page.get_by_role("button", name="保存する").dblclick()
    expect(page.get_by_text("靴のサイズの相談。")).to_be_visible()
    with scope(town):
        assert Consultation.objects.filter(household=family).count() == 1


GUIDE_ASKED = """
const asked = fetch;
window.guideAsked = 0;
window.fetch = (url, ...more) => { window.guideAsked += String(url).includes("/guide/"); return asked(url, ...more); };
"""


def test_a_record_handed_in_asks_the_guide_no_more(desk: Desk, town: Town) -> None:
    """A press waits a moment before the guide is asked: by then the draft may have become a record."""
    page = desk.sit(town.counselor)
    page.add_init_script(GUIDE_ASKED)
    begun = datetime(2026, 11, 12, 10, tzinfo=clock.TOKYO)
    page.clock.install(time=begun)
    _begin(page, _family(town))
    expect(page.locator("#guide-beside")).not_to_be_empty()
    page.clock.pause_at(begun + timedelta(minutes=1))  # from here on moments pass only when the test says so
    _press_and_wait(page, "健康や発達", 1_000)
    page.wait_for_function("window.guideAsked === 2")
    page.get_by_text("電話", exact=True).click()
    _words(page).fill("靴のサイズの相談。")
    _press_and_wait(page, "その他", 0)
    held: list[Route] = []
    page.route(re.compile(r"/drafts/\d+/save/$"), lambda asked: held.append(asked))
    with page.expect_request("**/save/"):
        page.get_by_role("button", name="保存する").click()
    page.clock.run_for(1_000)  # handed in, on its way
    assert page.evaluate("window.guideAsked") == 2
    held[0].continue_()
    expect(page.get_by_text("靴のサイズの相談。")).to_be_visible()


def _press_and_wait(page: Page, category: str, milliseconds: int) -> None:
    page.locator(".cat").filter(has_text=category).click()
    page.clock.run_for(milliseconds)


def test_two_people_in_one_record_see_each_other(desk: Desk, town: Town) -> None:
    mine, theirs = _both_correct(desk, town)
    expect(theirs.locator("[data-draft-others]")).to_contain_text("三浦 架空さん")
    _words(mine).press("End")
    mine.keyboard.type("父と交代。")
    mine.clock.fast_forward("00:04")
    expect(mine.locator("[data-draft-others]")).to_contain_text("原 架空さん")


def test_who_saves_second_sees_both_texts_and_loses_neither(desk: Desk, town: Town) -> None:
    desk.watch.expect("409 (Conflict)")
    mine, theirs = _both_correct(desk, town)
    mine.get_by_role("button", name="保存する").click()
    expect(mine.get_by_text("夜に2回起きる。")).to_be_visible()
    theirs.get_by_role("button", name="保存する").click()
    expect(theirs.get_by_role("heading", name="2つの文を見くらべる")).to_be_visible()
    expect(theirs.locator(".diff").first).to_contain_text("夜に2回起きる。")
    assert axe_finds(theirs) == []
    theirs.get_by_text("あわせて書く", exact=True).first.click()
    theirs.get_by_role("button", name="えらんだ文で続ける").click()
    expect(_words(theirs)).to_have_value(re.compile("2回起きる.*3回起きて", re.DOTALL))
    theirs.get_by_role("button", name="保存する").click()
    expect(theirs.get_by_text("夜に3回起きて泣く。")).to_be_visible()


def _both_correct(desk: Desk, town: Town) -> list[Page]:
    """Two people with the same record open for correction, each with a saved draft of it."""
    record = _record(town)
    pages = []
    for actor, words in ((town.counselor, "夜に2回起きる。"), (town.colleague, "夜に3回起きて泣く。")):
        page = desk.sit(actor)
        page.clock.install()
        page.goto(f"/records/{record.pk}/")
        page.get_by_role("button", name="直す").click()
        page.wait_for_url("**/drafts/*/")
        _words(page).fill(words)
        page.clock.fast_forward("00:04")
        expect(_state(page)).to_contain_text(SAVED)
        pages.append(page)
    return pages


def test_a_form_with_mistakes_says_where_and_keeps_the_words(desk: Desk, town: Town) -> None:
    """X4: the summary has the focus, each line leads to its field."""
    desk.watch.expect("422 (Unprocessable")
    page = desk.sit(town.counselor)
    _begin(page, _family(town))
    page.get_by_label("次にすること").fill("電話する")
    page.get_by_role("button", name="保存する").click()
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    assert axe_finds(page) == []
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("次にすること")).to_have_value("電話する")
