"""操作の記録 as those read it who look after it: filters, wrong filters, who had to do with a family (X2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import makers
from tests.makers import Town, scope

from tsunagari.base import clock
from tsunagari.desk import queries
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
