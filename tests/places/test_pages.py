"""The pages of places, as each role meets them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from tests.makers import Town, make_agency, make_area, scope

from tsunagari.base.access import EVERYONE, Role
from tsunagari.places import queries
from tsunagari.places.models import Agency, Area, OpeningException
from tsunagari.places.operations import areas, designations
from tsunagari.places.rules import AreaInput

GIVEN = {
    "kind": "agency",
    "opened_on": "2025-04-01",
    "name": "ひばり広場",
    "postal_code": "３４５－００２５",
    "latitude": "36.05",
    "longitude": "139.05",
    "ages": ["1", "2"],
    "programmes": ["kyoten"],
    "languages": ["en"],
    "private_room": "yes",
    "channel_1_kind": "phone",
    "channel_1_value": "0480-00-0000",
    "opens_0_1": "9:00",
    "closes_0_1": "12:00",
    "opens_0_2": "13:00",
    "closes_0_2": "17:00",
}


def made(town: Town) -> Agency:
    with scope(town):
        return Agency.objects.get(name="ひばり広場")


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_every_role_reads_and_only_the_officer_changes(town: Town, client_of: Any, role: Role) -> None:
    client, one = client_of(town.actors[role]), f"/places/{town.aoba.pk}/"
    for path in ("/places/", "/places/areas/", f"/places/areas/{town.area.pk}/", one, f"{one}history/"):
        assert client.get(path).status_code == 200, path
    changing = (
        "/places/new/",
        "/places/areas/new/",
        f"/places/areas/{town.area.pk}/edit/",
    )
    expected = 200 if role == Role.OFFICER else 403
    for path in (*changing, f"{one}edit/", f"{one}close/", f"{one}designations/"):
        assert client.get(path).status_code == expected, path
    assert ("変更する" in client.get(one).content.decode()) is (role == Role.OFFICER)


def test_places_of_another_town_do_not_exist(town: Town, other_town: Town, client_of: Any) -> None:
    client, theirs = client_of(town.officer), f"/places/{other_town.aoba.pk}/"
    area = f"/places/areas/{other_town.area.pk}/"
    for path in (
        theirs,
        f"{theirs}edit/",
        f"{theirs}history/",
        f"{theirs}close/",
        area,
        f"{area}edit/",
        f"{area}end/",
    ):
        assert client.get(path).status_code == 404, path
    assert "となり町" not in client.get("/places/").content.decode()


def test_an_agency_is_registered_with_its_week_and_area(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    assert client.post("/places/new/", GIVEN).status_code == 303
    agency = made(town)
    with scope(town):
        given = queries.period_input(agency.periods.get())
    assert (given.postal_code, given.area_id, given.private_room) == ("3450025", town.area.pk, True)
    page = client.get(f"/places/{agency.pk}/").content.decode()
    for word in (
        "9:00〜12:00・13:00〜17:00",
        "地域子育て支援拠点事業",
        "妊婦、0歳",
        "英語",
        "345-0025",
        "0480-00-0000",
    ):
        assert word in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"closes_0_1": ""}, "closes_0_1"),
        ({"opens_0_2": "11:00"}, "__all__"),
        ({"longitude": ""}, "longitude"),
        ({"postal_code": "12"}, "postal_code"),
        ({"operator_number": "12"}, "operator_number"),
        ({"latitude": "99"}, "latitude"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    town: Town, client_of: Any, changes: dict[str, str], field: str
) -> None:
    answer = client_of(town.officer).post("/places/new/", GIVEN | changes)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "0480-00-0000" in answer.content.decode()


def test_a_change_from_a_day_shows_in_the_history(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    client.post("/places/new/", GIVEN)
    one = f"/places/{made(town).pk}/"
    changed = GIVEN | {
        "when": "from",
        "effective_on": "2026-04-01",
        "address": "つながり市西町3",
        "closes_0_2": "16:00",
    }
    assert client.post(f"{one}edit/", changed).status_code == 303
    text = re.sub(r"<[^>]+>", " ", client.get(f"{one}history/").content.decode())
    for word in ("2026年4月1日から", "2026年3月31日まで", "つながり市西町3", "月 9:00〜12:00・13:00〜16:00"):
        assert word in text


def test_a_correction_leaves_one_period(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    client.post("/places/new/", GIVEN)
    agency = made(town)
    client.post(f"/places/{agency.pk}/edit/", GIVEN | {"when": "correct", "phone": "0480-11-1111"})
    with scope(town):
        assert [row.phone for row in agency.periods.all()] == ["0480-11-1111"]


def test_a_date_is_asked_for_when_it_changes_from_a_day(town: Town, client_of: Any) -> None:
    answer = client_of(town.officer).post(f"/places/{town.aoba.pk}/edit/", GIVEN | {"when": "from"})
    assert answer.status_code == 422
    assert "effective_on" in answer.context["other"].errors


def test_days_off_are_added_and_taken_back(town: Town, client_of: Any) -> None:
    client, one = client_of(town.officer), f"/places/{town.aoba.pk}/"
    day = {"first_day": "2099-12-29", "last_day": "2099-12-31", "reason": "年末の休み"}
    assert client.post(f"{one}exceptions/", day).status_code == 303
    assert "年末の休み" in client.get(one).content.decode()
    with scope(town):
        exception = OpeningException.objects.get()
    assert client.post(f"{one}exceptions/{exception.pk}/remove/").status_code == 303
    assert "年末の休み" not in client.get(one).content.decode()
    assert client.post(f"{one}exceptions/", {"first_day": "x"}).status_code == 422


def test_closing_and_taking_it_back(town: Town, client_of: Any) -> None:
    client, one = client_of(town.officer), f"/places/{town.midori.pk}/"
    assert client.post(f"{one}close/", {"closed_on": "2019-01-01"}).status_code == 422
    assert client.post(f"{one}close/", {"closed_on": "2026-03-31"}).status_code == 303
    assert "2026年3月31日に廃止" in client.get(one).content.decode()
    assert "みどり児童館" not in client.get("/places/").content.decode()
    assert "みどり児童館" in client.get("/places/?state=closed").content.decode()
    assert client.post(f"{one}reopen/").status_code == 303
    assert "みどり児童館" in client.get("/places/").content.decode()


def test_designating_and_ending(town: Town, client_of: Any) -> None:
    client, one = client_of(town.officer), f"/places/{town.aoba.pk}/"
    assert (
        client.post(f"{one}designations/", {"valid_from": "2025-04-01", "basis": "告示第5号"}).status_code
        == 303
    )
    page = client.get(one).content.decode()
    assert "告示第5号" in page
    assert client.post(f"{one}designations/", {"valid_from": "2026-04-01"}).status_code == 422
    with scope(town):
        row = town.aoba.designations.get()
    ended = client.post(f"{one}designations/{row.pk}/end/", {"ends_on": "2026-03-31", "reason": "移転"})
    assert ended.status_code == 303
    assert "移転" in client.get(one).content.decode()


def test_the_map_is_drawn_here_with_its_table_beneath(town: Town, client_of: Any) -> None:
    with scope(town):
        east = {
            "type": "Polygon",
            "coordinates": [[[139.1, 36], [139.2, 36], [139.2, 36.1], [139.1, 36.1], [139.1, 36]]],
        }
        areas.save_areas(
            [AreaInput("E", "東中学校区", east)], actor=town.officer, effective_on=date(2026, 4, 1)
        )
    page = client_of(town.counselor).get("/places/areas/").content.decode()
    assert page.count('<path class="land') == 2
    assert page.count('class="land lonely"') == 2  # the area itself, and the key of the map
    assert page.count('<circle class="spot') == 5
    assert "東中学校区（相談機関なし）" in page
    assert " style=" not in page
    assert "相談機関のない区域が1つあります" in client_of(town.counselor).get("/places/").content.decode()


def test_the_page_of_areas_names_both_that_overlap(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    assert "重なっている" not in client.get("/places/areas/").content.decode()
    with scope(town):
        make_area(town.municipality, "かさなり中学校区")
    page = client.get("/places/areas/").content.decode()
    assert "重なっているところが1つあります" in page
    told = re.sub(r"<[^>]+>", "", page.partition("重なっているところ")[2].partition("</ul>")[0])
    assert "中央とかさなり中学校区" in told or "かさなり中学校区と中央" in told
    assert "重なっている" not in client.get("/places/areas/?kind=nurse").content.decode()


def test_an_area_is_drawn_changed_and_ended(town: Town, client_of: Any) -> None:
    client, one = client_of(town.officer), f"/places/areas/{town.area.pk}/"
    given = {"kind": "school", "code": town.area.code, "name": "中央中学校区", "polygon": ""}
    assert client.post(f"{one}edit/", given | {"when": "correct"}).status_code == 303
    assert "形の登録がありません" in client.get(one).content.decode()
    wrong = client.post(f"{one}edit/", given | {"when": "correct", "polygon": "{"})
    assert "polygon" in wrong.context["form"].errors
    later = given | {"when": "from", "effective_on": "2026-04-01", "name": "新中央中学校区"}
    assert client.post(f"{one}edit/", later).status_code == 303
    assert "2026年3月31日まで" in client.get(one).content.decode()


def test_an_area_is_registered_once_by_its_code(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    given = {"kind": "nurse", "code": "N1", "name": "第1地区"}
    assert client.post("/places/areas/new/", given).status_code == 303
    assert client.post("/places/areas/new/", given | {"name": "別の名"}).status_code == 422
    with scope(town):
        assert Area.objects.get(kind="nurse").name == "第1地区"
    assert "第1地区" in client.get("/places/areas/?kind=nurse").content.decode()


@pytest.mark.parametrize("path", ["", "areas/"])
def test_pages_do_not_ask_more_for_more_places(
    town: Town, client_of: Any, django_assert_max_num_queries: Any, path: str
) -> None:
    with scope(town):
        for number in range(12):
            area = make_area(town.municipality, f"区域{number}")
            agency = make_agency(town.municipality, f"広場{number}", area)
            designations.designate(agency, actor=town.officer, valid_from=date(2025, 4, 1))
    client = client_of(town.counselor)
    with django_assert_max_num_queries(18):
        assert client.get(f"/places/{path}").status_code == 200


def test_filters_that_fit_nothing_say_so(town: Town, client_of: Any) -> None:
    page = client_of(town.counselor).get("/places/?q=ない名前").content.decode()
    assert "あてはまる場所はありません" in page
    assert client_of(town.counselor).get("/places/?area=zzz&state=weird").status_code == 200
