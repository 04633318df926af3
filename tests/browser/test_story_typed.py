"""Words typed into a form that is no draft outlive a lost connection and the end of a session (X3)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import Desk
from tests.makers import Town, scope
from tsunagari.encounters.models import Partner

NOTE = "電話のあと、担当の人が折り返します。昼休みは出ません。"


def _press(page: Page, then: str) -> None:
    """Press 保存する; the page stays, says what is wrong, and keeps the words."""
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("alert").filter(has_text=then)).to_be_visible()
    expect(page.get_by_label("メモ")).to_have_value(NOTE)


def test_words_stay_until_they_are_saved(desk: Desk, town: Town) -> None:
    desk.watch.expect("ERR_INTERNET_DISCONNECTED")
    desk.watch.expect("401 (Unauthorized)")
    page = desk.sit(town.lead, "/partners/new/")
    page.get_by_label("名称").fill("架空の相談窓口")
    page.get_by_label("種類").select_option("3")
    page.get_by_label("メモ").fill(NOTE)
    page.context.set_offline(True)
    _press(page, "つながりませんでした")
    page.context.set_offline(False)
    page.context.clear_cookies()
    _press(page, "ログインが切れています")
    desk.sign_in(page.context, town.lead)  # in another window
    page.get_by_role("button", name="保存する").dblclick()
    expect(page.get_by_text("「架空の相談窓口」を足しました。")).to_be_visible()
    with scope(town):
        assert [one.note for one in Partner.objects.all()] == [NOTE]


def test_who_leaves_with_words_unsaved_is_asked(desk: Desk, town: Town) -> None:
    page = desk.sit(town.lead, "/partners/new/")
    page.get_by_label("メモ").click()
    page.keyboard.insert_text(NOTE)
    page.once("dialog", lambda asked: asked.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="やめる").click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    expect(page.get_by_label("メモ")).to_have_value(NOTE)
