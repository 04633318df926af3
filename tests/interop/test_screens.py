"""The officer's pages: send, look, apply, give up; nobody else; nothing half-done."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family, row
from tests.makers import Town, client_of, scope
from tsunagari.audit.models import Entry
from tsunagari.base.sheets import read_table
from tsunagari.families.models import Household, Person
from tsunagari.families.operations import search
from tsunagari.interop import jobs
from tsunagari.interop.models import Import

pytestmark = pytest.mark.django_db


def send(town: Town, content: str, kind: str = "residents", name: str = "juki.csv") -> object:
    sent = {"kind": kind, "file": SimpleUploadedFile(name, content.encode())}
    return client_of(town.officer).post(reverse("import_new"), sent)


def previewed(town: Town, *rows: dict[str, str]) -> Import:
    """An import as the worker leaves it for the officer."""
    send(town, csv_of(rows or family(), [*HEADERS, "理由"]))
    with scope(town):
        pk = Import.objects.latest("pk").pk
    jobs.preview(pk, town.municipality.pk)
    return reread(town, pk)


def reread(town: Town, pk: int) -> Import:
    with scope(town):
        return Import.objects.get(pk=pk)


def apply(town: Town, pk: int) -> Import:
    client_of(town.officer).post(reverse("import_apply", args=[pk]))
    jobs.apply(pk, town.municipality.pk, town.officer.membership_id or 0, town.officer.user_id or 0)
    return reread(town, pk)


def test_the_officer_sends_looks_and_applies(town: Town) -> None:
    row = previewed(town)
    page = client_of(town.officer).get(reverse("import", args=[row.pk])).content.decode()
    assert "この内容で取り込む" in page
    assert "架空　あおい" in page
    with scope(town):
        assert not Household.objects.exists()
    done = apply(town, row.pk)
    assert (done.status, done.added, done.content) == ("done", 3, None)
    with scope(town):
        assert Person.objects.count() == 3
        assert Entry.objects.filter(action="import.run", household_id__isnull=False).exists()


def test_while_it_runs_the_page_asks_again_and_then_moves_on(town: Town) -> None:
    send(town, csv_of(family(), HEADERS))
    with scope(town):
        pk = Import.objects.get().pk
    browser, address = client_of(town.officer), reverse("import", args=[pk])
    part = browser.get(address, headers={"HX-Request": "true"})
    assert b"every 2s" in part.content
    assert b"<html" not in part.content
    assert "画面を読み込みなおす" in browser.get(address).content.decode()
    jobs.preview(pk, town.municipality.pk)
    assert browser.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == address


def test_refused_rows_can_be_fetched_mended_and_sent_again(town: Town) -> None:
    wrong = row(44, 1, "架空　ひかり", "カクウ　ヒカリ", "2024-13-40", "20")
    sent = previewed(town, *family(), wrong)
    answer = client_of(town.officer).get(reverse("import_rejected", args=[sent.pk]))
    table = read_table(answer.content, "r.xlsx")
    refused = list(table.rows)
    assert [r.text("宛名番号") for r in refused] == [f"{44:015}"]
    assert "2024-13-40" in refused[0].text("理由")
    mended = [{h: r.text(h) for h in table.headers} | {"生年月日": "2025-01-02"} for r in refused]
    apply(town, sent.pk)
    again = previewed(town, *mended)
    assert (again.added, again.rejected) == (1, [])


def test_a_failure_in_the_middle_leaves_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    row = previewed(town)

    def broken(ids: object) -> None:
        raise ValueError("架空　あおい")

    monkeypatch.setattr(search, "refresh", broken)
    stopped = apply(town, row.pk)
    assert (stopped.status, stopped.message) == ("preview", jobs.UNKNOWN)
    assert "架空" not in caplog.text
    with scope(town):
        assert not Household.objects.exists()
    monkeypatch.undo()
    assert apply(town, row.pk).status == "done"


def test_a_job_that_runs_twice_writes_once(town: Town) -> None:
    row = previewed(town)
    apply(town, row.pk)
    jobs.apply(row.pk, town.municipality.pk, town.officer.membership_id or 0, town.officer.user_id or 0)
    jobs.preview(row.pk, town.municipality.pk)
    assert reread(town, row.pk).added == 3


def test_counts_are_taken_anew_when_the_register_changed_since_the_preview(town: Town) -> None:
    first, second = previewed(town), previewed(town)
    apply(town, first.pk)
    done = apply(town, second.pk)
    assert (done.added, done.unchanged) == (0, 3)
    assert any("件数が確認の画面と違います" in note for note in done.notes)


def test_giving_up_removes_the_file(town: Town) -> None:
    row = previewed(town)
    client_of(town.officer).post(reverse("import_discard", args=[row.pk]))
    gone = reread(town, row.pk)
    assert (gone.status, gone.content, gone.samples) == ("discarded", None, [])
    assert client_of(town.officer).post(reverse("import_apply", args=[row.pk])).status_code == 409


def test_an_unreadable_file_says_why_on_the_form_and_is_not_kept(town: Town) -> None:
    answer = send(town, "a,b\n1,2\n")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    answer = send(town, "個人番号,氏名\n1,2\n")
    assert "個人番号（マイナンバー）の列" in answer.content.decode()  # type: ignore[attr-defined]
    with scope(town):
        assert not Import.objects.exists()


@pytest.mark.parametrize("name", ["import", "import_rejected", "import_apply", "import_discard"])
def test_another_towns_import_is_not_there(town: Town, other_town: Town, name: str) -> None:
    row = previewed(town, *family(), row_without_name())
    browser = client_of(other_town.officer)
    ask = browser.post if name in ("import_apply", "import_discard") else browser.get
    assert ask(reverse(name, args=[row.pk])).status_code == 404
    assert reread(town, row.pk).status == "preview"


def row_without_name() -> dict[str, str]:
    return row(45, 1, "", "", "2024-01-01", "20")


@pytest.mark.parametrize("role", ["counselor", "manager", "rounds", "nurse", "lead", "auditor"])
def test_only_the_officer_imports(town: Town, role: str) -> None:
    browser = client_of(town.actors[role])
    assert browser.get(reverse("import_new")).status_code == 403
    assert browser.get(reverse("imports")).status_code == (200 if role in ("manager", "lead") else 403)
    assert browser.post(reverse("import_new"), {"file": io.BytesIO(b"x")}).status_code == 403


def test_the_list_costs_the_same_however_many_there_are(town: Town) -> None:
    for _ in range(4):
        previewed(town)
    browser = client_of(town.officer)
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(reverse("imports"))
    assert page.content.decode().count("juki.csv") == 4
    assert len(queries) <= 14
