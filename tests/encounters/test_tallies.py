"""D2, C5: counted by figures alone."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import makers
from tests.encounters.cast import trail
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import queries
from tsunagari.encounters.models import Tally
from tsunagari.encounters.operations import tallies
from tsunagari.places.models import Site
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput

MOMENT = clock.at(date(2026, 11, 23), 10, 30)
GIVEN: dict[str, Any] = {"families": 5, "adults": 6, "children": [1, 2, 0, 0, 0, 0, 0, 3]}


def tally(town: Town, **more: Any) -> Tally:
    with clock.stopped_at(MOMENT + timedelta(hours=5)):
        return tallies.add_tally(actor=town.counselor, **({"key": uuid4(), "at": MOMENT} | GIVEN | more))


def park(town: Town, **more: Any) -> Site:
    given = {"actor": town.officer, "valid_from": date(2026, 4, 1)} | more
    return sites.add_site(town.aoba, SiteInput("中央公園", kind="outing"), **given)


def test_a_tally_keeps_when_and_how_many(in_town: Town) -> None:
    made = tally(in_town, newcomers=1, other_town=2, note="　秋まつり ")
    assert (made.day, made.at, made.agency_id, made.note) == (
        MOMENT.date(),
        time(10, 30),
        in_town.aoba.pk,
        "秋まつり",
    )
    [line] = queries.tallies(in_town.counselor, MOMENT.date())
    assert line.words == "5組　大人6人　子ども6人（0歳 1・1歳 2・年齢不明 3）　はじめて1組　市外2組"


def test_an_outing_counts_at_its_site(in_town: Town) -> None:
    site = park(in_town)
    tally(in_town, site=site)
    assert [line.site_id for line in queries.tallies(in_town.counselor, MOMENT.date())] == [site.pk]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"families": -1}, "families"),
        ({"adults": 1000}, "adults"),
        ({"children": [1, 2]}, "children"),
        ({"children": [-1, *[0] * 7]}, "children"),
        ({"families": 0, "adults": 0, "children": [0] * 8}, "families"),
        ({"newcomers": 6}, "newcomers"),
        ({"other_town": 6}, "other_town"),
        ({"at": MOMENT + timedelta(days=1)}, "time"),
    ],
)
def test_what_cannot_be_is_refused(in_town: Town, more: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        tally(in_town, **more)
    assert refused.value.field == field
    assert not Tally.objects.exists()


def test_a_site_of_another_agency_or_another_time_is_refused(in_town: Town) -> None:
    strange = sites.add_site(in_town.midori, SiteInput("西公園"), actor=in_town.officer)
    later = park(in_town, valid_from=date(2026, 11, 24))
    for site in (strange, later):
        with pytest.raises(DomainError) as refused:
            tally(in_town, site=site)
        assert refused.value.field == "site"


def test_two_clicks_are_one_tally(in_town: Town) -> None:
    key = uuid4()
    first, second = tally(in_town, key=key), tally(in_town, key=key)
    assert (first.pk, first.already, second.already) == (second.pk, False, True)


def test_a_key_of_another_town_tells_nothing(town: Town, other_town: Town) -> None:
    key = uuid4()
    with makers.scope(town):
        tally(town, key=key)
    with makers.scope(other_town), pytest.raises(Conflict):
        tally(other_town, key=key)


def test_taking_back_and_bringing_back_leave_a_trail(town: Town) -> None:
    with makers.scope(town):
        made = tally(town)
        for _ in range(2):
            tallies.undo_tally(made, actor=town.colleague)
        assert [line.undone for line in queries.tallies(town.counselor, MOMENT.date())] == [True]
        tallies.restore_tally(made, actor=town.colleague)
        assert [line.undone for line in queries.tallies(town.counselor, MOMENT.date())] == [False]
    with makers.scope(town):
        details = [entry.detail for entry in trail("visit.tally")]
    assert details == ["", '{"undone":true}', '{"undone":false}']


def test_other_agencies_and_roles_without_one_do_not_count_here(in_town: Town) -> None:
    made = tally(in_town)
    for actor in (in_town.stranger, in_town.nurse):
        with pytest.raises(Forbidden):
            tallies.undo_tally(made, actor=actor)
    with pytest.raises(Forbidden):
        tallies.add_tally(actor=in_town.officer, key=uuid4(), **GIVEN)
    assert queries.tallies(in_town.stranger, MOMENT.date()) == []
    assert queries.tallies(in_town.officer, MOMENT.date()) == []


def typed(**more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "families": "2", "adults": "2", "children_0": "2"} | more


def test_each_press_without_javascript_changes_one_number_and_saves_nothing(
    town: Town, client_of: Any
) -> None:
    client = client_of(town.counselor)
    page = client.post("/visits/tallies/new/", typed(step="families+1", note="公園")).content.decode()
    assert 'name="families" value="3"' in page
    assert 'value="公園"' in page
    page = client.post("/visits/tallies/new/", typed(step="children_7-1")).content.decode()
    assert 'name="children_7" value="0"' in page
    with makers.scope(town):
        assert not Tally.objects.exists()


def test_the_page_counts_once_and_can_take_it_back(town: Town, client_of: Any) -> None:
    client, given = client_of(town.counselor), typed()
    for _ in range(2):
        assert client.post("/visits/tallies/new/", given).status_code == 303
    with makers.scope(town):
        [made] = Tally.objects.all()
        assert (made.families, made.children) == (2, [2, 0, 0, 0, 0, 0, 0, 0])
    assert client.post(f"/visits/tallies/{made.pk}/undo/").status_code == 303
    assert client.post(f"/visits/tallies/{made.pk}/restore/").status_code == 303
    assert client_of(town.stranger).post(f"/visits/tallies/{made.pk}/undo/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"families": "たくさん"}, "来た組を数字で入れてください。"),
        ({"families": "1000"}, "999までにしてください。"),
        ({"newcomers": "3"}, "組の数より多くなっています。"),
        ({"families": "", "adults": "", "children_0": ""}, "来た人の数を入れてください。"),
        ({"day": "2199-01-01"}, "これからの時刻です。"),
    ],
)
def test_typing_errors_are_explained(town: Town, client_of: Any, wrong: dict[str, str], said: str) -> None:
    answer = client_of(town.counselor).post("/visits/tallies/new/", typed(**wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_outing_is_chosen_by_the_link_from_its_page(town: Town, client_of: Any) -> None:
    with makers.scope(town):
        site = park(town)
    client = client_of(town.counselor)
    assert f"/visits/tallies/new/?site={site.pk}" in client.get(f"/places/sites/{site.pk}/").content.decode()
    page = client.get(f"/visits/tallies/new/?site={site.pk}").content.decode()
    assert f'value="{site.pk}" id="id_site_1" checked' in page
    client.post("/visits/tallies/new/", typed(site=str(site.pk)))
    with makers.scope(town):
        assert Tally.objects.get().site_id == site.pk
