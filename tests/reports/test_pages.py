"""The pages of reports: from a record to the submitted month, back again, and corrected."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.encounters.cast import kimura, said, trail, visit
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.operations import records
from tsunagari.reports.models import Report
from tsunagari.reports.operations import rules
from tsunagari.reports.rules import Asked

OCTOBER = clock.at(date(2026, 10, 20), 10)
NOW = clock.at(date(2026, 11, 4), 10)
Clients = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def stopped() -> Any:
    with clock.stopped_at(NOW):
        yield


def write_in_october(town: Town, **more: Any) -> int:
    """A record of 木村さん on 20 October; its id."""
    with scope(town, town.counselor.user_id):
        family = kimura(town.counselor)
        visit(town.counselor, family, at=OCTOBER)
        given = {"occurred_at": OCTOBER, "channel": "phone"} | more
        return records.write_record(said(family, **given), actor=town.counselor, key=uuid4()).pk


def october(client: Client) -> int:
    """Open the month's report; its id."""
    answer = client.post("/reports/new/", {"kind": "monthly", "day": "2026-10-01"})
    assert answer.status_code == 303
    return int(answer.headers["Location"].strip("/").split("/")[-1])


def submit(client: Client, report: int, note: str = "") -> Any:
    page = client.get(f"/reports/{report}/").content.decode()
    version = page.split('name="version" value="')[1].split('"')[0]
    return client.post(f"/reports/{report}/note/", {"note": note, "version": version, "submit": "1"})


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_month_goes_from_record_to_received(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    manager, officer = client_of(town.manager), client_of(town.officer)
    assert "令和8年10月" in text(manager, "/reports/")
    number = october(manager)
    assert f"/reports/{number}/cells/category.5.phone/" in text(manager, f"/reports/{number}/")
    assert officer.get(f"/reports/{number}/").status_code == 404  # a draft is the agency's own
    assert submit(manager, number, "落ち着いた月でした。").status_code == 303
    assert "落ち着いた月でした。" in text(officer, f"/reports/{number}/")
    assert officer.post(f"/reports/{number}/receive/").status_code == 303
    assert "受領" in text(officer, "/reports/city/")


def test_sent_back_it_shows_why_and_is_submitted_again(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    manager, officer = client_of(town.manager), client_of(town.officer)
    number = october(manager)
    submit(manager, number)
    assert officer.post(f"/reports/{number}/return/", {"reason": " "}).status_code == 422
    officer.post(f"/reports/{number}/return/", {"reason": "電話の数を確かめてください。"})
    assert "電話の数を確かめてください。" in text(manager, f"/reports/{number}/")
    assert submit(manager, number).status_code == 303
    assert "提出ずみ" in text(manager, f"/reports/{number}/")


def test_an_amended_report_says_what_changed_and_why(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    manager, officer = client_of(town.manager), client_of(town.officer)
    number = october(manager)
    submit(manager, number)
    write_in_october(town)
    assert "提出したあとに記録が変わりました" in text(manager, f"/reports/{number}/")
    answer = manager.post(f"/reports/{number}/amend/", {"reason": "書きもれが1件ありました。"})
    newer = int(answer.headers["Location"].strip("/").split("/")[-1])
    submit(manager, newer)
    page = text(officer, f"/reports/{newer}/")
    assert "書きもれが1件ありました。" in page
    assert "相談 › 相談の記録" in page
    assert "この報告には訂正版があります" in text(officer, f"/reports/{number}/")


def test_a_month_that_is_not_over_is_not_submitted(town: Town, client_of: Clients) -> None:
    manager = client_of(town.manager)
    answer = manager.post("/reports/new/", {"kind": "monthly", "day": "2026-11-01"})
    number = int(answer.headers["Location"].strip("/").split("/")[-1])
    refused = submit(manager, number, "まだ途中")
    assert refused.status_code == 422
    assert "11月30日から提出できます" in refused.content.decode()
    assert "まだ途中" in refused.content.decode()


def test_a_stale_note_is_a_conflict_and_keeps_what_was_typed(town: Town, client_of: Clients) -> None:
    manager = client_of(town.manager)
    number = october(manager)
    manager.post(f"/reports/{number}/note/", {"note": "先に", "version": "1"})
    stale = manager.post(f"/reports/{number}/note/", {"note": "あとから", "version": "1"})
    assert stale.status_code == 409
    assert "あとから" in stale.content.decode()
    with scope(town):
        assert Report.objects.get(pk=number).note == "先に"


def test_behind_a_figure_stand_records_one_may_read_and_how_many_others(
    town: Town, client_of: Clients
) -> None:
    first = write_in_october(town)
    narrow = write_in_october(town, sight="manager")
    number = october(client_of(town.manager))
    page = text(client_of(town.colleague), f"/reports/{number}/cells/category.5.phone/")
    assert f"/records/{first}/" in page
    assert f"/records/{narrow}/" not in page
    assert "このほかに1件あります" in page
    with scope(town):
        detail = trail("report.drill")[-1].detail
    assert f'"records":[{first}]' in detail
    assert '"cell":"category.5.phone"' in detail


def test_workbook_and_paper_say_what_the_page_says(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    manager = client_of(town.manager)
    number = october(manager)
    book = load_workbook(io.BytesIO(manager.get(f"/reports/{number}/report.xlsx").content))
    cells = [
        str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None
    ]
    assert "相談の主な分類と方法" in cells
    paper = manager.get(f"/reports/{number}/report.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "月報" in words


def test_rows_of_zeros_can_be_folded_on_screen_and_are_left_out_on_paper(
    town: Town, client_of: Clients
) -> None:
    write_in_october(town)
    manager = client_of(town.manager)
    number = october(manager)
    table = (
        manager.get(f"/reports/{number}/").content.decode().split('id="s-category"')[1].split("</table>")[0]
    )
    rows = re.findall(r'<tr( class="\w+")?><th scope="row">([^<]+)<', table)
    zeros = [label for mark, label in rows if "zero" in mark]
    assert (len(zeros), "" in {mark for mark, _ in rows}) == (11, True)  # the record has two of the 13
    paper = manager.get(f"/reports/{number}/report.pdf").content
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).replace("\n", "")
    assert "0の行（11行）は省いています。" in words


def test_the_town_sees_months_and_years(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    officer = client_of(town.officer)
    with clock.stopped_at(datetime(2026, 11, 9, 10, tzinfo=clock.TOKYO)):
        assert "日おくれ" not in text(officer, "/reports/city/")  # the city has not asked yet
    with scope(town):
        rules.ask(None, Asked(), actor=town.officer, expected_version=0)
    assert "日おくれ" not in text(officer, "/reports/city/")  # due on 5 November
    assert "機関ごと" in text(officer, "/reports/city/2026-10/")
    assert "月ごと" in text(officer, "/reports/city/2026/")
    assert officer.get("/reports/city/2026-13/").status_code == 404
    assert officer.get("/reports/city/2030-01/").status_code == 404
    for name in ("report.pdf", "report.xlsx"):
        assert officer.get(f"/reports/city/2026-10/{name}").status_code == 200
    with clock.stopped_at(datetime(2026, 11, 9, 10, tzinfo=clock.TOKYO)):
        assert "4日おくれ" in text(officer, "/reports/city/")
        assert "あおば" in text(officer, "/reports/late/")
