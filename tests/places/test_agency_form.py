"""A1: the form keeps all that is on file, however much an import brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from tests.makers import Town, scope
from tests.places.browsing import untouched

from tsunagari.places import queries
from tsunagari.places.models import Agency
from tsunagari.places.operations import agencies, areas
from tsunagari.places.rules import ChannelInput, HourInput, PeriodInput, differences

OPENED = date(2024, 4, 1)
FULL = PeriodInput(
    name="ひばり広場 ",
    ages=("2", "1"),
    programmes=("kyoten", "5"),
    languages=("en", "zh"),
    url="http://example.jp",
    latitude=36.05,
    longitude=139.05,
    hours_note="月曜は休み\n第3土曜は開く",
    note="一行目\r\n二行目",
    private_room=False,
    capacity=0,
    channels=(
        ChannelInput("phone", "0480-00-0001", "平日"),
        ChannelInput("form"),
        ChannelInput("phone", "0480-00-0002", "夜間"),
        ChannelInput("fax-modem", "旧式"),
    ),
    hours=(
        HourInput(0, time(9), time(11)),
        HourInput(0, time(9), time(17), "phone"),
        HourInput(0, time(12), time(14)),
        HourInput(0, time(15), time(16)),
        HourInput(0, time(18), time(23, 59, 59)),
        HourInput(7, time(10), time(12)),
    ),
)


@pytest.fixture
def hibari(town: Town) -> Agency:
    with scope(town):
        return agencies.open_agency(FULL, actor=town.officer, opened_on=OPENED)


def on_file(town: Town, agency: Agency) -> PeriodInput:
    with scope(town):
        return queries.period_input(agency.periods.get(valid_to=None))


def press(client: Any, agency: Agency, **changes: object) -> Any:
    path = f"/places/{agency.pk}/edit/"
    return client.post(path, untouched(client.get(path).content.decode()) | {"when": "correct"} | changes)


def test_opening_and_saving_without_touching_changes_nothing(
    town: Town, client_of: Any, hibari: Agency
) -> None:
    assert press(client_of(town.officer), hibari).status_code == 303
    assert differences(FULL, on_file(town, hibari)) == ()
    with scope(town):
        assert hibari.periods.count() == 1


def test_one_change_leaves_the_third_opening_and_the_second_telephone(
    town: Town, client_of: Any, hibari: Agency
) -> None:
    changed = {"name": "ひばりテラス", "channel_1_value": "0480-99-9999"}
    assert press(client_of(town.officer), hibari, **changed).status_code == 303
    channels = (replace(FULL.channels[0], value="0480-99-9999"), *FULL.channels[1:])
    wanted = replace(FULL, name="ひばりテラス", channels=channels)
    assert differences(wanted, on_file(town, hibari)) == ()


def test_the_empty_rows_at_the_end_take_one_more(town: Town, client_of: Any, hibari: Agency) -> None:
    more = {"opens_0_5": "6:00", "closes_0_5": "7:00", "channel_5_kind": "mail", "channel_5_value": "a@b.jp"}
    assert press(client_of(town.officer), hibari, **more).status_code == 303
    found = on_file(town, hibari)
    assert set(found.hours) == {*FULL.hours, HourInput(0, time(6), time(7))}
    assert found.channels == (*FULL.channels, ChannelInput("mail", "a@b.jp"))


def test_a_row_is_taken_away_by_emptying_it(town: Town, client_of: Any, hibari: Agency) -> None:
    gone = {"opens_7_1": "", "closes_7_1": "", "channel_1_kind": "", "channel_1_value": ""}
    gone["channel_1_hours"] = ""
    assert press(client_of(town.officer), hibari, **gone).status_code == 303
    found = on_file(town, hibari)
    assert set(found.hours) == set(FULL.hours[:-1])
    assert found.channels == FULL.channels[1:]


@pytest.mark.parametrize("grown", ["hours", "channels"])
def test_one_more_row_keeps_what_was_typed_and_judges_nothing(
    town: Town, client_of: Any, hibari: Agency, grown: str
) -> None:
    client, path = client_of(town.officer), f"/places/{hibari.pk}/edit/"
    first = untouched(client.get(path).content.decode())
    typed = first | {"name": [""], "postal_code": ["12"], "when": ["correct"], "more": [grown]}
    answer = client.post(path, typed)
    again = untouched(answer.content.decode())
    assert answer.status_code == 200
    assert "has-error" not in answer.content.decode()
    del typed["more"]
    assert {name: value for name, value in again.items() if name in typed} == typed
    new = {"hours": "opens_7_3", "channels": "channel_6_kind"}
    assert [name for name in new.values() if name in again] == [new[grown]]


def test_a_new_place_grows_its_rows_too(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    typed = untouched(client.get("/places/new/").content.decode()) | {"name": ["みらい広場"]}
    page = client.post("/places/new/", typed | {"more": ["channels"]}).content.decode()
    grown = untouched(page) | {"channel_2_kind": ["visit"]}
    assert client.post("/places/new/", grown).status_code == 303
    with scope(town):
        made = Agency.objects.get(name="みらい広場")
        assert queries.period_input(made.periods.get()).channels == (ChannelInput("visit"),)


def test_a_way_without_its_kind_is_asked_for(town: Town, client_of: Any, hibari: Agency) -> None:
    answer = press(client_of(town.officer), hibari, channel_5_value="0480-00-0003")
    assert answer.status_code == 422
    assert "channel_5_kind" in answer.context["form"].errors


def test_an_area_that_has_ended_stays_until_another_is_chosen(
    town: Town, client_of: Any, hibari: Agency
) -> None:
    with scope(town):
        given = replace(FULL, area_id=town.area.pk)
        agencies.change_agency(hibari, given, actor=town.officer, effective_on=OPENED)
        areas.end_area(town.area, actor=town.officer, ends_on=date(2025, 3, 31))
    press(client_of(town.officer), hibari)
    assert on_file(town, hibari).area_id == town.area.pk
