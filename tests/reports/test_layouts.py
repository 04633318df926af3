"""The city's own form: names filled, unknown ones told, nothing that runs or reaches out let in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.makers import Town, scope
from tests.reports.test_pages import october, stopped, submit, write_in_october
from tsunagari.base.actor import Actor
from tsunagari.reports.models import ReportTemplate
from tsunagari.reports.rules import Line, Section
from tsunagari.reports.workbooks import TEXTS, fill

Clients = Callable[[Actor], Client]
__all__ = ["stopped"]
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
        with_part(book("{{consult.total}}"), "xl/vbaProject.bin"),
        with_part(book("{{consult.total}}"), "xl/externalLinks/externalLink1.xml"),
        with_part(book("{{consult.total}}"), "xl/embeddings/oleObject1.bin"),
    ],
)
def test_what_runs_or_reaches_out_is_refused(town: Town, client_of: Clients, data: bytes) -> None:
    assert send(client_of(town.officer), data).status_code == 422
    with scope(town):
        assert not ReportTemplate.objects.exists()


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
