"""An agency that keeps its records by day (E2): the day's sheet, on paper too, and a paper sheet typed in later."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.looking import axe_finds
from tests.browser.people import PHONE, Desk
from tests.encounters.test_attachments import photo
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import Attachment, Consultation
from tsunagari.encounters.operations import keeping, sheets


def _style(town: Town, style: str) -> None:
    with scope(town, town.manager.user_id):
        keeping.choose_style(town.aoba, actor=town.manager, style=style, version=0)
        keeping.add_snippet(actor=town.manager, title="様子", text="表情は明るい。")


def test_a_phone_call_from_nobody_known_is_on_the_days_sheet(desk: Desk, town: Town) -> None:
    """C2, E1: eight touches and thirty seconds: the call, what about, the words, save; then the sheet of the day."""
    _style(town, "day")
    page = desk.sit(town.counselor, "/records/")
    touches = _a_call(page)
    assert touches <= 8
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    page.goto("/records/")
    entry = page.locator(".book .entry")
    expect(entry).to_contain_text(re.compile("お名前なし.*電話.*離乳食を食べない。表情は明るい。", re.DOTALL))
    expect(page.locator(".tabs [aria-current]")).to_have_text("日ごと")
    assert axe_finds(page) == []
    answer = page.request.get(page.get_by_role("link", name="この日の記録を印刷").get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"


def _a_call(page: Page) -> int:
    """The presses it took; typing is none."""
    presses = [
        page.get_by_role("link", name="記録する").first,
        page.get_by_role("button", name="電話・お名前なし"),
        page.locator(".cat").filter(has_text="離乳食"),
    ]
    for press in presses:
        press.click()
    page.locator("textarea[name=content]").fill("離乳食を食べない。")
    more = [
        page.locator("summary", has_text="定型文"),
        page.get_by_role("button", name="「様子」を入れる"),
        page.get_by_role("button", name="保存する"),
    ]
    for press in more:
        press.click()
    return len(presses) + len(more) + 1  # one into the text


def test_a_sheet_of_paper_is_typed_in_on_a_phone_with_its_day_and_writer(desk: Desk, town: Town) -> None:
    """X5: the QR brings the page up; two lines of yesterday by a colleague."""
    _style(town, "day")
    with scope(town, town.counselor.user_id):
        [sheet] = sheets.print_sheets(1, actor=town.counselor, form="day")
    page = desk.sit(town.counselor, f"/s/{sheet.code}/", viewport=PHONE, has_touch=True, is_mobile=True)
    yesterday = clock.today() - timedelta(days=1)
    page.get_by_label("紙に書いてある日").fill(yesterday.isoformat())
    page.get_by_label("紙に書いた人").select_option(label=town.colleague.name)
    for number, text in enumerate(("1行目のこと。", "2行目のこと。"), start=1):
        page.locator(".cat").filter(has_text="その他").tap()
        page.locator("textarea[name=content]").fill(text)
        page.get_by_role("button", name="保存して、つぎを入れる").tap()
        expect(page.get_by_text(f"{number}件目を保存しました")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_role("button", name="この用紙は終わり").tap()
    expect(page.get_by_text("入力を終わりにしました")).to_be_visible()
    with scope(town):
        rows = Consultation.objects.order_by("pk").values_list("content", "author_name", "occurred_on")
        wanted = [(text, town.colleague.name, yesterday) for text in ("1行目のこと。", "2行目のこと。")]
        assert list(rows) == wanted


def test_a_photo_of_a_paper_form_is_added_while_writing(desk: Desk, town: Town) -> None:
    """E2: chosen, it is there at once; what cannot be kept is said and the words stay."""
    page = desk.sit(town.counselor, "/records/new/", viewport=PHONE)
    page.get_by_role("button", name="電話・お名前なし").click()
    page.locator("textarea[name=content]").fill("紙の写真をつける。")
    files = page.locator("#id_files")
    files.set_input_files({"name": "紙.jpg", "mimeType": "image/jpeg", "buffer": photo((300, 200))})
    expect(page.locator(".files li")).to_have_count(1)
    page.locator("#id_files").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-x"}
    )
    expect(page.locator("#attachments .error")).to_contain_text("こわれて")
    expect(page.locator("textarea[name=content]")).to_have_value("紙の写真をつける。")
    assert axe_finds(page) == []
    page.locator(".cat").filter(has_text="その他").click()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("記録を保存しました")).to_be_visible()
    expect(page.locator(".files li")).to_contain_text("紙.jpg")
    with scope(town):
        assert Attachment.objects.get().consultation_id is not None
