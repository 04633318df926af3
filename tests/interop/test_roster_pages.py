"""The pages of an old roster: send, map with a preview, decide side by side, bring in, take out; and who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.interop.rosters import TODAY, book, family, reread, sent
from tests.makers import Town, client_of, scope
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.encounters.models import Visit
from tsunagari.families.models import Household
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import, RosterMapping, RosterRow

pytestmark = pytest.mark.django_db

ROWS = (
    ("2026/10/1", "架空 花子", "はる", "2024/4/1", "090-0000-1111", 1, 1, ""),
    ("2026/10/2", "星川 みどり", "そら", "", "", 1, 1, ""),
    ("13/45", "月野 あかり", "れん", "", "", 1, 1, ""),
)


def upload(town: Town, content: bytes, name: str = "来所簿.xlsx", **more: object) -> object:
    sent_form = {"agency": town.aoba.pk, "file": SimpleUploadedFile(name, content), **more}
    return client_of(town.manager).post(reverse("roster_import_new"), sent_form)


def work(town: Town, pk: int, job: object) -> Import:
    """One job as the worker runs it for the manager."""
    job(pk, town.municipality.pk, town.manager.membership_id or 0, town.manager.user_id or 0)  # type: ignore[operator]
    return reread(town, pk)


def test_a_manager_sends_maps_decides_brings_in_and_takes_out(town: Town) -> None:
    family(town, ("星川", "みどり"))
    browser = client_of(town.manager)
    answer = upload(town, book(ROWS))
    address = answer["Location"]  # type: ignore[index]
    assert "2026年10月1日（木）" in browser.get(address).content.decode()
    pk = int(address.split("/")[3])
    form = {"header": "1", "height": "1", "column_0": "visited_on", "column_1": "guardian", "column_2": "child",
            "column_3": "child_birth", "column_4": "phone", "year": "2026", "fill_dates": "on"}  # fmt: skip
    assert browser.post(address, form)["Location"] == reverse("roster_import", args=[pk])
    assert work(town, pk, jobs.match).status == "preview"
    assert "星川 みどり" in browser.get(reverse("roster_import_families", args=[pk])).content.decode()
    decide = reverse("roster_import_decide", args=[pk, 3])
    assert "保護者の氏名が同じ" in browser.get(decide).content.decode()
    assert browser.post(decide, {"household": "new"})["Location"] == reverse("roster_import", args=[pk])
    browser.post(reverse("roster_import_apply", args=[pk]))
    done = work(town, pk, jobs.apply)
    assert (done.status, done.added, done.changed) == ("done", 2, 2)
    browser.post(reverse("roster_import_undo", args=[pk]))
    assert work(town, pk, jobs.take_out).status == "undone"
    with scope(town):
        assert (Household.objects.count(), Visit.objects.count()) == (1, 0)
        assert RosterMapping.objects.get().agency_id == town.aoba.pk


def test_the_preview_follows_the_selects_without_keeping_anything(town: Town) -> None:
    address = upload(town, book(ROWS))["Location"]  # type: ignore[index]
    form = {"header": "1", "height": "1", "column_1": "guardian"}
    part = client_of(town.manager).post(address, form, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "登録簿として" in part
    none = client_of(town.manager).post(address, {"header": "1", "look": "1"}).content.decode()
    assert "のどれかの列をえらんでください" in none
    with scope(town):
        assert Import.objects.get().status == "mapping"
        assert not RosterMapping.objects.exists()


def test_missing_columns_are_told_on_the_form(town: Town) -> None:
    address = upload(town, book(ROWS))["Location"]  # type: ignore[index]
    answer = client_of(town.manager).post(address, {"header": "1", "column_0": "visited_on"})
    assert answer.status_code == 422
    twice = {"header": "1", "column_0": "visited_on", "column_3": "visited_on", "column_1": "guardian"}
    assert "2つの列にえらばれています" in client_of(town.manager).post(address, twice).content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空です"),
        (b"%PDF-1.7", "PDF"),
        ("個人番号,氏名\n1,2\n".encode(), "個人番号（マイナンバー）の列"),
        ("氏名,日付\n".encode(), "見出しの下に行がありません"),
        ("氏名\n架空\n".encode(), "列が1つしかありません"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_not_kept(town: Town, content: bytes, said: str) -> None:
    answer = upload(town, content, "r.csv")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert said in answer.content.decode()  # type: ignore[attr-defined]
    with scope(town):
        assert not Import.objects.exists()


@pytest.mark.parametrize("role", ["counselor", "rounds", "nurse", "auditor"])
def test_others_do_not_bring_rosters_in(town: Town, role: str) -> None:
    row = sent(town, book(ROWS))
    browser = client_of(town.actors[role])
    assert browser.get(reverse("roster_import_new")).status_code == 403
    assert browser.get(reverse("roster_import", args=[row.pk])).status_code == 403
    assert browser.post(reverse("roster_import_undo", args=[row.pk])).status_code == 403


def test_the_lead_and_the_officer_choose_the_agency_and_see_all_rosters(town: Town, other_town: Town) -> None:
    row = sent(town, book(ROWS))
    for actor in (town.lead, town.officer):
        browser = client_of(actor)
        assert "みどり児童館" in browser.get(reverse("roster_import_new")).content.decode()
        assert "来所簿.xlsx" in browser.get(reverse("imports")).content.decode()
        assert browser.get(reverse("roster_import", args=[row.pk])).status_code == 200
    for name in ("roster_import", "roster_import_families", "roster_import_columns"):
        assert client_of(other_town.officer).get(reverse(name, args=[row.pk])).status_code == 404


def test_a_manager_sees_only_rosters_of_the_own_agency(town: Town) -> None:
    row = sent(town, book(ROWS))
    with scope(town):
        Import.objects.filter(pk=row.pk).update(agency=town.midori)
    browser = client_of(town.manager)
    assert browser.get(reverse("roster_import", args=[row.pk])).status_code == 404
    assert "来所簿.xlsx" not in browser.get(reverse("imports")).content.decode()


def test_a_manager_cannot_bring_another_agencys_roster_in(town: Town) -> None:
    answer = upload(town, book(ROWS), agency=town.midori.pk)
    assert answer.status_code == 422  # type: ignore[attr-defined]


def test_pages_cost_the_same_however_many_rows(town: Town) -> None:
    def queries(count: int, offset: int) -> int:
        rows = [
            ("2026/10/1", f"架空 花{n:03}", "はる", "", "", 1, 1, "") for n in range(offset, offset + count)
        ]
        row = sent(town, book(rows))
        with CaptureQueriesContext(connection) as found:
            for name in ("roster_import", "roster_import_families"):
                client_of(town.manager).get(reverse(name, args=[row.pk]) + "?state=new")
        return len(found)

    assert queries(40, 100) <= queries(3, 0)


def test_looking_and_deciding_are_on_the_trail(town: Town) -> None:
    home = family(town, ("星川", "みどり"))
    row = sent(town, book(ROWS))
    client_of(town.manager).get(reverse("roster_import_decide", args=[row.pk, 3]))
    with scope(town):
        said = Entry.objects.filter(action="roster.import").order_by("-pk")[0].detail
    assert '"compare"' in said
    assert str(home.pk) in said


def test_the_refused_rows_come_back_as_a_file_with_the_reason(town: Town) -> None:
    row = sent(town, book(ROWS))
    assert [one["row"] for one in row.rejected] == [4]
    answer = client_of(town.manager).get(reverse("roster_import_rejected", args=[row.pk]))
    from tsunagari.base.sheets import read_table

    table = read_table(answer.content, "r.xlsx")
    (line,) = table.rows
    assert line.text("保護者氏名") == "月野 あかり"
    assert "13/45" in line.text("理由")


def test_left_and_taken_up_again(town: Town) -> None:
    family(town, ("星川", "みどり"), number=1)
    family(town, ("架空", "花子"), number=2)
    row = sent(town, book(ROWS))
    browser = client_of(town.manager)
    with scope(town):
        open_ones = list(RosterRow.objects.filter(source=row, match="maybe").values_list("number", flat=True))
    assert open_ones == [2, 3]
    answer = browser.post(reverse("roster_import_decide", args=[row.pk, 2]), {"household": "new"})
    assert answer["Location"] == reverse("roster_import_decide", args=[row.pk, 3])
    assert "1／2" in browser.get(reverse("roster_import", args=[row.pk])).content.decode()
    assert browser.post(reverse("roster_import_apply", args=[row.pk])).status_code == 400
    browser.post(reverse("roster_import_rest", args=[row.pk]))
    assert browser.post(reverse("roster_import_apply", args=[row.pk])).status_code == 303


@pytest.fixture(autouse=True)
def _on_this_day() -> object:
    with clock.stopped_at(clock.at(TODAY, 12)):
        yield
