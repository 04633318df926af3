"""Nothing written is ever lost (E1), at the browser: closed, crashed, signed out, wrong clock, full disk, long text."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser.people import Desk
from tests.browser.test_story_writing import SAVED, _begin, _family, _state, _words
from tests.encounters.test_faults import full_disk
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import Consultation

LONG = "きょうの話をながく書きうつした文です。" * 1_000  # 19,000 characters, as dictation gives them


def _ready(desk: Desk, town: Town, begun: datetime | None = None) -> Page:
    """A record that lacks only its words; the page's clock can be held where it is told when it was `begun`."""
    page = desk.sit(town.counselor)
    if begun:
        page.clock.install(time=begun)
    _begin(page, _family(town))
    page.get_by_text("電話", exact=True).click()
    page.locator(".cat").filter(has_text="その他").click()
    return page


def _paste(page: Page, text: str) -> None:
    """As from the clipboard: the event of pasting, then the text at once."""
    _words(page).dispatch_event("paste")
    _words(page).fill(text)


def _save(page: Page) -> None:
    page.get_by_role("button", name="保存する").click()


def _saved(town: Town) -> list[str]:
    with scope(town):
        return list(Consultation.objects.values_list("content", flat=True))


def test_a_long_pasted_text_is_saved_at_once_and_survives_the_browser(desk: Desk, town: Town) -> None:
    begun = clock.now()
    page = _ready(desk, town, begun)
    page.clock.pause_at(begun + timedelta(minutes=15))
    expect(_state(page)).to_contain_text(SAVED)
    with page.expect_response("**/save/"):
        _paste(page, LONG)
        page.clock.run_for(1_000)  # what is typed is saved after three seconds
    expect(page.locator(".count").first).to_contain_text("19000 / 20000文字")
    expect(_state(page)).to_contain_text(SAVED)
    page.close(run_before_unload=False)
    again = desk.sit(town.counselor, "/")
    again.get_by_role("link", name="つづきを書く").click()
    expect(_words(again)).to_have_value(LONG)
    _words(again).fill(LONG + LONG)
    expect(again.locator(".count").first).to_contain_text("文字多いです")


def test_saving_after_the_session_ended_keeps_the_words_until_one_is_back(desk: Desk, town: Town) -> None:
    desk.watch.expect("403 (Forbidden)")
    desk.watch.expect("401 (Unauthorized)")
    page = _ready(desk, town)
    expect(_state(page)).to_contain_text(SAVED)
    Session.objects.all().delete()
    _words(page).fill("ログインが切れたあとの文。")
    _save(page)
    expect(page.get_by_role("alert")).to_contain_text("ログインが切れています")
    expect(_words(page)).to_have_value("ログインが切れたあとの文。")
    desk.sign_in(
        page.context, town.counselor
    )  # in another window: cookies and the token of forms are new ones
    page.context.new_page().goto("/")
    _save(page)
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    assert _saved(town) == ["ログインが切れたあとの文。"]


def test_a_full_disk_is_told_and_the_words_stay(desk: Desk, town: Town) -> None:
    desk.watch.expect("503 (Service Unavailable)")
    page = _ready(desk, town)
    expect(_state(page)).to_contain_text(SAVED)
    with full_disk("encounters_draft"):
        _words(page).fill("空きがないときの文。")
        _save(page)
        expect(page.get_by_role("alert")).to_contain_text("サーバーの空きがなくなった")
        expect(_words(page)).to_have_value("空きがないときの文。")
    _save(page)
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    assert _saved(town) == ["空きがないときの文。"]


def test_a_disk_that_fills_at_the_last_moment_gives_the_words_back(desk: Desk, town: Town) -> None:
    desk.watch.expect("503 (Service Unavailable)")
    page = _ready(desk, town)
    _words(page).fill("さいごのところで。\n" * 10)
    with full_disk("encounters_consultation"):
        _save(page)
        expect(page.get_by_role("heading", name="まだ保存できていません")).to_be_visible()
        expect(page.locator("textarea[name=content]")).to_have_value("さいごのところで。\n" * 10)
    page.get_by_role("button", name="もう一度保存する").click()
    expect(page.get_by_text("記録を保存しました")).to_be_visible()


@pytest.mark.parametrize("year", [1999, 2044])
def test_a_wrong_clock_at_the_desk_changes_nothing(desk: Desk, town: Town, year: int) -> None:
    page = desk.sit(town.counselor)
    page.clock.install(time=datetime(year, 1, 1, 3, 0, tzinfo=clock.TOKYO))
    _begin(page, _family(town))
    page.get_by_text("電話", exact=True).click()
    page.locator(".cat").filter(has_text="その他").click()
    _words(page).fill("時計のくるったパソコンから。")
    page.clock.fast_forward("00:04")
    expect(_state(page)).to_contain_text(SAVED)
    _save(page)
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    with scope(town):
        record = Consultation.objects.get()
    assert abs(record.created_at - clock.now()) < timedelta(minutes=5)
    assert record.occurred_on == clock.today()


def test_a_crashed_page_loses_no_more_than_the_last_three_seconds(desk: Desk, town: Town) -> None:
    page = _ready(desk, town)
    _words(page).fill("落ちる前の文。")
    expect(_state(page)).to_contain_text(SAVED)
    with pytest.raises(Exception, match="crash"):
        page.goto("chrome://crash")
    again = desk.sit(town.counselor, "/")
    again.get_by_role("link", name="つづきを書く").click()
    expect(_words(again)).to_have_value("落ちる前の文。")
