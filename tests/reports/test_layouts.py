"""The city's own form: names filled, unknown ones told, nothing that runs or reaches out let in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.makers import Town, scope
from tests.reports.test_pages import october, stopped, submit, write_in_october
from tsunagari.audit.models import Entry
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.reports.models import ReportTemplate
from tsunagari.reports.operations import layouts
from tsunagari.reports.rules import Line, Section
from tsunagari.reports.workbooks import TEXTS, fill

Clients = Callable[[Actor], Client]
__all__ = ["stopped"]
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "takamatsu"
TEXT = dict.fromkeys(TEXTS, "")


def book(*cells: object) -> bytes:
    """A form with these cells under each other."""
    made = Workbook()
    for number, value in enumerate(cells, start=1):
        made.active.cell(number, 1, value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str) -> bytes:
    """The same workbook with one more part in it."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"x")
    return out.getvalue()


def declaring_macros(data: bytes, *parts: str) -> bytes:
    """The workbook as a widespread writer makes it: endings of macro books declared, whether there are any or not."""
    out, kind = io.BytesIO(), b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                said = b'<Default Extension="bin" ContentType="' + kind + b'"/></Types>'
                content = content.replace(b"</Types>", said)
            new.writestr(name, content)
        for name in parts:
            new.writestr(name, b"x")
    return out.getvalue()


def send(client: Client, data: bytes, name: str = "yoshiki.xlsx") -> object:
    return client.post("/reports/layout/", {"kind": "monthly", "file": SimpleUploadedFile(name, data)})


def column(data: bytes) -> list[object]:
    return [row[0].value for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]


def test_a_month_comes_out_in_the_citys_form(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    officer, manager = client_of(town.officer), client_of(town.manager)
    form = book(
        "相談は {{consult.total}} 件", "{{consult.total}}", "{{text.period}}", "=A2*2", "{{text.note}}"
    )
    assert send(officer, form).status_code == 303
    number = october(manager)
    submit(manager, number, "=HYPERLINK(1)")
    cells = column(manager.get(f"/reports/{number}/report.xlsx").content)
    assert cells == ["相談は 1 件", 1, "令和8年10月", "=A2*2", "'=HYPERLINK(1)"]


def test_names_that_are_no_figure_are_told_and_stay_empty(town: Town, client_of: Clients) -> None:
    officer = client_of(town.officer)
    send(officer, book("{{consult.total}}", "{{soudan.kensu}}"))
    page = officer.get("/reports/layout/").content.decode()
    assert "soudan.kensu" in page
    assert "consult.total</code></li>" not in page
    officer.post("/reports/layout/monthly/end/")
    assert "soudan.kensu" not in officer.get("/reports/layout/").content.decode()


@pytest.mark.parametrize(
    "data",
    [
        b"PK not a workbook",
        b"name,number\r\n",
        book("no name at all"),
        book("{{consult.total}}", '=WEBSERVICE("http://example.invalid/")'),
        book("{{consult.total}}", "=[1]Sheet1!A1"),
        book("{{consult.total}}", '=HYPERLINK("http://example.invalid/", "#")'),
        declaring_macros(book("{{consult.total}}"), "xl/workbook.BIN"),
        with_part(book("{{consult.total}}"), "xl/vbaProject.bin"),
        with_part(book("{{consult.total}}"), "xl/externalLinks/externalLink1.xml"),
        with_part(book("{{consult.total}}"), "xl/embeddings/oleObject1.bin"),
    ],
)
def test_what_runs_or_reaches_out_is_refused(town: Town, client_of: Clients, data: bytes) -> None:
    assert send(client_of(town.officer), data).status_code == 422
    with scope(town):
        assert not ReportTemplate.objects.exists()


def test_what_only_seems_to_run_or_reach_out_is_taken(town: Town, client_of: Clients) -> None:
    form = book("{{consult.total}}", '=HYPERLINK("#A1", "上へ")')
    assert send(client_of(town.officer), declaring_macros(form)).status_code == 303


@pytest.mark.skipif(not REAL.is_dir(), reason="skipped: no shared data")
@pytest.mark.parametrize(
    "name", ["0068", "0092_2025", "community_center", "regional_child_rearing_support_base"]
)
def test_what_a_city_published_can_be_its_form(in_town: Town, name: str) -> None:
    """Workbooks by several programs: each takes a figure below its table, and nothing else of it changes."""
    given = load_workbook(REAL / f"{name}.xlsx")
    last = given.worksheets[0].max_row
    put = [[cell.value or None for cell in row] for row in given.worksheets[0].iter_rows()]
    data = (REAL / f"{name}.xlsx").read_bytes()
    with pytest.raises(DomainError, match="書いた名前がありません"):  # it is plain, but asks for nothing yet
        layouts.upload("monthly", name, data, actor=in_town.officer, known=[])
    given.worksheets[0].cell(last + 1, 1, "{{consult.total}}")
    out = io.BytesIO()
    given.save(out)
    kept = layouts.upload("monthly", name, out.getvalue(), actor=in_town.officer, known=["consult.total"])
    section = Section("consult", "相談", (Line("total", "計"),), ((7,),))
    sheet = load_workbook(io.BytesIO(fill(bytes(kept.data), [section], TEXT))).worksheets[0]
    assert [[cell.value or None for cell in row] for row in sheet.iter_rows(max_row=last)] == put
    assert (sheet.cell(last + 1, 1).value, kept.problems) == (7, [])


def test_a_figure_in_a_formula_is_a_number_and_a_text_is_none() -> None:
    section = Section("consult", "相談", (Line("total", "計"),), ((7,),))
    filled = column(
        fill(
            book("={{consult.total}}+1", "{{nothing}}", "={{text.note}}"),
            [section],
            TEXT | {"text.note": "1+1"},
        )
    )
    assert filled == ["=7+1", None, "=0"]


def test_only_the_city_changes_the_form(town: Town, client_of: Clients) -> None:
    for actor in (town.manager, town.counselor, town.lead):
        assert client_of(actor).get("/reports/layout/").status_code == 403
    assert client_of(town.officer).get("/reports/layout/names/").status_code == 200
    assert client_of(town.officer).get("/reports/layout/sample.xlsx").status_code == 200


def test_the_same_file_twice_is_one_form_and_is_said_to_be_the_same(town: Town, client_of: Clients) -> None:
    client, data = client_of(town.officer), book("{{consult.total}}")

    def send(content: bytes, kind: str = "monthly") -> str:
        file = SimpleUploadedFile("市の月報.xlsx", content)
        return client.post("/reports/layout/", {"kind": kind, "file": file}, follow=True).content.decode()

    assert "様式を入れかえました" in send(data)
    again = send(data)
    assert "同じものです" in again
    assert "様式を入れかえました" not in again
    assert "様式を入れかえました" in send(data, "daily")
    with scope(town):
        assert ReportTemplate.objects.count() == 2
    assert "様式を入れかえました" in send(book("{{consult.total}}", "{{text.note}}"))
    assert "様式を入れかえました" in send(data)
    with scope(town):
        assert ReportTemplate.objects.filter(kind="monthly", ended_at=None).count() == 1
        assert ReportTemplate.objects.count() == 4


def test_names_that_are_no_longer_known_are_noted_with_a_trail(town: Town) -> None:
    data = book("{{consult.total}}")
    with scope(town, town.officer.user_id):
        made = layouts.upload("monthly", "市の月報.xlsx", data, actor=town.officer, known=["consult.total"])
        layouts.upload("monthly", "市の月報.xlsx", data, actor=town.officer, known=["consult.total"])
        same = layouts.upload("monthly", "市の月報.xlsx", data, actor=town.officer, known=[])
    with scope(town):
        told = list(
            Entry.objects.filter(action="report.layout").order_by("pk").values_list("detail", flat=True)
        )
    assert (same.pk, same.problems) == (made.pk, ["consult.total"])
    assert ['"again"' in detail for detail in told] == [False, True]
