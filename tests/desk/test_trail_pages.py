"""操作の記録 as those read it who look after it: filters, wrong filters, who had to do with a family (X2)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from tests import makers
from tests.makers import Town, scope

from tsunagari.audit import rules
from tsunagari.base import clock
from tsunagari.desk import queries
from tsunagari.desk.queries import trail as trail_queries
from tsunagari.desk.queries import trail_checks
from tsunagari.families.models import Household
from tsunagari.families.operations import households


@pytest.fixture
def family(town: Town) -> Household:
    """Made at あおば forty days ago, seen there twice today, and refused to みどり."""
    long_ago = clock.now() - timedelta(days=40)
    with clock.stopped_at(long_ago), scope(town, town.counselor.user_id):
        found = households.create_nickname_family(
            actor=town.counselor, nickname="帽子の子", age_hint_months=2
        )
    for actor in (town.counselor, town.counselor, town.stranger):
        makers.client_of(actor).get(f"/families/{found.pk}/")
    return found


def _lines(town: Town, query: str, status: int = 200) -> str:
    response = makers.client_of(town.auditor).get(f"/trail/?{query}")
    assert response.status_code == status
    return response.content.decode().partition("<tbody>")[2]


def test_only_refusals_can_be_asked_for(town: Town, family: Household) -> None:
    lines = _lines(town, "what=-refused")
    assert "ことわられた" in lines
    assert town.stranger.name in lines
    assert town.counselor.name not in lines


def test_only_reads_only_changes_or_one_action_can_be_asked_for(town: Town, family: Household) -> None:
    asked = f"household={family.pk}"
    seen, changed = _lines(town, f"{asked}&what=-reads"), _lines(town, f"{asked}&what=-writes")
    assert ("家庭を見る" in seen, "家庭を見る" in changed) == (True, False)
    assert "家庭をひらいた" in changed
    assert "家庭をひらいた" not in _lines(town, f"{asked}&what=family.read")


def test_an_agency_can_be_asked_for(town: Town, family: Household) -> None:
    lines = _lines(town, f"agency={town.midori.pk}")
    assert (town.stranger.name in lines, town.counselor.name in lines) == (True, False)


def test_lines_of_a_family_are_found_however_old(town: Town, family: Household) -> None:
    assert "家庭をひらいた" in _lines(town, f"household={family.pk}")
    assert "家庭をひらいた" not in _lines(town, "")
    until = (clock.today() - timedelta(days=35)).isoformat()
    assert "家庭をひらいた" in _lines(town, f"until={until}")


@pytest.mark.parametrize("query", ["household=x", "household=0", "since=2026-12-01&until=2026-01-01"])
def test_wrong_filters_show_no_lines_at_all(town: Town, family: Household, query: str) -> None:
    assert _lines(town, query, 422) == ""


def test_who_had_to_do_with_a_family_is_counted(town: Town, family: Household) -> None:
    makers.client_of(town.auditor).get(f"/families/{family.pk}/trail/")
    with scope(town):
        found = queries.family_readers(town.auditor, family.pk)
    told = {one.user_id: (one.saw, one.changed > 0, one.refused) for one in found}
    assert told == {town.counselor.user_id: (2, True, 0), town.stranger.user_id: (0, False, 1)}


def test_a_manager_counts_the_own_agency_alone(town: Town, family: Household) -> None:
    with scope(town):
        found = queries.family_readers(town.manager, family.pk)
    assert {one.user_id for one in found} == {town.counselor.user_id}


def test_search_is_offered_to_those_alone_who_may_search(town: Town) -> None:
    assert 'id="search-q"' not in makers.client_of(town.auditor).get("/trail/").content.decode()
    assert 'id="search-q"' in makers.client_of(town.manager).get("/trail/").content.decode()


def _rows(town: Town, query: str) -> list[tuple[Any, ...]]:
    answer = makers.client_of(town.auditor).get(f"/trail/lines.xlsx?{query}")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))[1:]


def test_the_shown_lines_go_into_a_workbook_with_the_words_of_the_screen(
    town: Town, family: Household
) -> None:
    rows = _rows(town, f"household={family.pk}&what=family.read")
    assert {row[2] for row in rows} == {town.counselor.name, town.stranger.name}
    assert {row[5] for row in rows} == {"家庭を見る"}
    assert [row[6] or "" for row in rows].count("ことわられた") == 1
    assert {row[7] for row in rows} == {family.pk}
    assert "帽子" not in str(rows)
    assert len(rows) == _lines(town, f"household={family.pk}&what=family.read").count("<tr")
    assert len(_rows(town, "what=trail.export")) == 1


def test_a_workbook_that_is_cut_says_so(
    town: Town, family: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_queries, "EXPORTED", 2)
    rows = _rows(town, "")
    assert len(rows) == 3
    assert "新しい2行だけ" in str(rows[-1])


def test_a_wrong_filter_leads_back_to_the_form(town: Town) -> None:
    answer = makers.client_of(town.auditor).get("/trail/lines.xlsx?household=x")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trail/?household=x")


def test_only_the_auditor_takes_lines_along_and_verifies(town: Town) -> None:
    for actor in (town.manager, town.officer, town.counselor):
        client = makers.client_of(actor)
        assert client.get("/trail/lines.xlsx").status_code == 403
        assert client.post("/trail/check/").status_code == 403
    assert "いま確かめる" not in makers.client_of(town.manager).get("/trail/").content.decode()


@pytest.mark.parametrize("most", [3, 50_000])
def test_the_chain_is_verified_from_the_screen(
    town: Town, other_town: Town, family: Household, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(trail_checks, "CHECKED", most)
    client = makers.client_of(town.auditor)
    assert "まだ画面から確かめていません" in client.get("/trail/").content.decode()
    assert client.post("/trail/check/").status_code == 303
    with scope(town):
        check = queries.last_check(town.auditor)
    assert check is not None
    assert (check.broken, check.who) == (None, town.auditor.name)
    assert check.first == (1 if most > 100 else check.last - 2)
    page = client.get("/trail/").content.decode()
    assert f"{check.first}番目から{check.last}番目までを確かめました" in page
    with scope(other_town):
        assert queries.last_check(other_town.auditor) is None


def test_a_line_that_does_not_hold_is_said(
    town: Town, family: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = rules.digest
    monkeypatch.setattr(rules, "digest", lambda row: "x" if row["seq"] == 2 else digest(row))
    client = makers.client_of(town.auditor)
    client.post("/trail/check/")
    page = client.get("/trail/").content.decode()
    assert "2番目で合いません" in page
    assert "2番目の記録が書きかえられています" in page
