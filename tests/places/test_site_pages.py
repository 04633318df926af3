"""The pages of mobile sites, outings and the roster's times of day."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from tests.makers import Town, make_area, scope
from tests.places.browsing import untouched

from tsunagari.base import clock
from tsunagari.base.access import EVERYONE, Role
from tsunagari.places import queries
from tsunagari.places.models import Agency, Site, SiteTime
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput, SiteTimeInput

GIVEN = {
    "kind": "mobile",
    "name": "東公民館",
    "valid_from": "2026-04-01",
    "weekday_1": "2",
    "weeks_1": ["1", "3"],
    "opens_1": "10時",
    "closes_1": "12：00",
}


def hall(town: Town) -> Site:
    with scope(town):
        given = SiteInput("東公民館", times=(SiteTimeInput(time(10), time(12), weekday=2, weeks=(1, 3)),))
        return sites.add_site(town.aoba, given, actor=town.manager, valid_from=date(2026, 4, 1))


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_every_role_reads_and_managers_and_officers_change(town: Town, client_of: Any, role: Role) -> None:
    if role not in town.actors:
        pytest.skip("no person works as this role")
    client, one = client_of(town.actors[role]), f"/places/sites/{hall(town).pk}/"
    for path in ("/places/sites/", "/places/sites/?ended=1", one):
        assert client.get(path).status_code == 200, path
    expected = 200 if role in (Role.MANAGER, Role.OFFICER) else 403
    for path in ("/places/sites/new/", f"{one}edit/", f"{one}end/", f"/places/{town.aoba.pk}/slots/"):
        assert client.get(path).status_code == expected, path


def test_a_site_is_added_with_its_times(town: Town, client_of: Any) -> None:
    answer = client_of(town.manager).post("/places/sites/new/", GIVEN | {"agency": town.aoba.pk})
    with scope(town):
        site = Site.objects.get(name="東公民館")
        assert answer.headers["Location"] == f"/places/sites/{site.pk}/"
        [row] = site.times.all()
        assert (row.weekday, row.weeks, row.opens, row.closes) == (2, [1, 3], time(10), time(12))


def test_an_outing_of_one_day_is_added_at_once(town: Town, client_of: Any) -> None:
    given = {"kind": "outing", "name": "ハローワーク", "valid_from": "2026-12-01", "agency": town.aoba.pk}
    once = {"day": "2026-12-05", "opens": "13:00", "closes": "15:00"}
    assert client_of(town.officer).post("/places/sites/new/", given | once).status_code == 303
    with scope(town):
        assert [str(site) for site in queries.open_on(town.aoba.pk, date(2026, 12, 5))] == ["ハローワーク"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "入れてください。"),
        ({"opens_1": "あさ"}, "読み取れません"),
        ({"opens_1": ""}, "時刻を両方入れてください。"),
        ({"closes_1": "9:00"}, "終わりを、始まりより後にしてください。"),
        ({"weekday_1": ""}, "曜日をえらぶか"),
        ({"latitude": "36.0"}, "緯度と経度は、両方"),
        ({"weekday_2": "2", "opens_2": "11:00", "closes_2": "13:00"}, "かさなっています"),
        ({"day": "2026-12-05"}, "時刻を「9:30」のように入れてください。"),
    ],
)
def test_typing_errors_are_explained_and_nothing_is_lost(
    town: Town, client_of: Any, wrong: dict[str, str], said: str
) -> None:
    answer = client_of(town.manager).post("/places/sites/new/", GIVEN | {"agency": town.aoba.pk} | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="2026-04-01"' in page


def test_a_manager_is_offered_the_own_agency_alone(town: Town, client_of: Any) -> None:
    client = client_of(town.manager)
    assert "みどり児童館" not in client.get("/places/sites/new/").content.decode()
    answer = client.post("/places/sites/new/", GIVEN | {"agency": town.midori.pk})
    assert answer.status_code == 422
    assert "機関をえらびなおしてください。" in answer.content.decode()


def test_saving_untouched_changes_nothing(town: Town, client_of: Any) -> None:
    site, client = hall(town), client_of(town.manager)
    path = f"/places/sites/{site.pk}/edit/"
    answer = client.post(path, untouched(client.get(path).content.decode()))
    assert answer.status_code == 303
    with scope(town):
        [row] = SiteTime.objects.filter(site=site)
        assert (row.weekday, row.weeks, row.valid_from, row.valid_to) == (2, [1, 3], None, None)


def test_another_row_is_offered_without_losing_what_was_typed(town: Town, client_of: Any) -> None:
    given = GIVEN | {"agency": town.aoba.pk, "weekday_3": "", "more": "times", "name": "にし集会所"}
    page = client_of(town.manager).post("/places/sites/new/", given).content.decode()
    assert 'name="weekday_4"' in page
    assert 'value="にし集会所"' in page
    with scope(town):
        assert not Site.objects.exists()


def test_somebody_was_faster(town: Town, client_of: Any) -> None:
    site, client = hall(town), client_of(town.manager)
    path = f"/places/sites/{site.pk}/edit/"
    given = untouched(client.get(path).content.decode())
    client.post(path, given)
    answer = client.post(path, given)
    assert answer.status_code == 422
    assert "ほかの人が、この場所を先に変えました。" in answer.content.decode()


def test_a_day_comes_and_goes(town: Town, client_of: Any) -> None:
    site, client = hall(town), client_of(town.manager)
    day = clock.today() + timedelta(days=365)
    given = {"day": day.isoformat(), "opens": "13:00", "closes": "15:00"}
    assert client.post(f"/places/sites/{site.pk}/days/", given | {"closes": "12:00"}).status_code == 422
    assert client.post(f"/places/sites/{site.pk}/days/", given).status_code == 303
    with scope(town):
        row = SiteTime.objects.get(site=site, day=day)
    assert client.post(f"/places/sites/{site.pk}/days/{row.pk}/remove/").status_code == 303
    with scope(town):
        weekly = SiteTime.objects.get(site=site)
    assert client.post(f"/places/sites/{site.pk}/days/{weekly.pk}/remove/").status_code == 404


def test_a_site_ends_and_comes_back(town: Town, client_of: Any) -> None:
    site, client = hall(town), client_of(town.manager)
    yesterday = clock.today().replace(day=1)
    assert client.post(f"/places/sites/{site.pk}/end/", {"ends_on": "2020-01-01"}).status_code == 422
    assert client.post(f"/places/sites/{site.pk}/end/", {"ends_on": yesterday.isoformat()}).status_code == 303
    assert client.post(f"/places/sites/{site.pk}/reopen/").status_code == 303
    with scope(town):
        assert Site.objects.get(pk=site.pk).valid_to is None


def test_the_times_of_day_of_a_roster(town: Town, client_of: Any) -> None:
    client, path = client_of(town.manager), f"/places/{town.aoba.pk}/slots/"
    given = {"name_1": "朝", "starts_1": "9:00", "name_2": "昼", "starts_2": "12:00"}
    assert client.post(path, given | {"starts_2": ""}).status_code == 422
    assert client.post(path, given | {"starts_2": "9:00"}).status_code == 422
    assert client.post(path, given).status_code == 303
    assert 'value="朝"' in client.get(path).content.decode()


def test_sites_of_another_town_do_not_exist(town: Town, other_town: Town, client_of: Any) -> None:
    site = hall(town)
    for path in ("", "edit/", "end/"):
        assert client_of(other_town.manager).get(f"/places/sites/{site.pk}/{path}").status_code == 404


def test_pages_do_not_ask_per_row(town: Town, client_of: Any, django_assert_max_num_queries: Any) -> None:
    client = client_of(town.manager)
    for number in range(5):
        with scope(town):
            given = SiteInput(f"公園{number}", kind="outing")
            site = sites.add_site(town.aoba, given, actor=town.manager)
    for path in ("/places/sites/", f"/places/sites/{site.pk}/", f"/places/{town.aoba.pk}/"):
        with django_assert_max_num_queries(24):
            client.get(path)


@pytest.mark.parametrize("page", ["end", "edit"])
def test_the_way_back_to_the_site_stands_above(town: Town, client_of: Any, page: str) -> None:
    site = hall(town)
    text = client_of(town.manager).get(f"/places/sites/{site.pk}/{page}/").content.decode()
    crumbs = text.split('class="crumbs"')[1].split("</nav>")[0]
    assert f'<a href="/places/sites/{site.pk}/">東公民館</a>' in crumbs


def test_long_lists_come_in_pages(town: Town, client_of: Any) -> None:
    with scope(town):
        Agency.objects.bulk_create(
            Agency(municipality=town.municipality, identifier=f"P{n:05}", name=f"場所{n:03}", opened_on=date(2020, 4, 1))
            for n in range(120)
        )  # fmt: skip
        Site.objects.bulk_create(
            Site(municipality=town.municipality, agency=town.aoba, name=f"公園{n:03}", valid_from=date(2026, 4, 1))
            for n in range(120)
        )  # fmt: skip
        for number in range(101):
            make_area(town.municipality, f"区域{number:03}")
    client = client_of(town.officer)
    for path, total in (("/places/", "123か所"), ("/places/areas/", "102区域"), ("/places/sites/", "")):
        first, second = (client.get(f"{path}?page={number}").content.decode() for number in (1, 2))
        assert total in first
        assert 100 >= first.count('<th scope="row"') > second.count('<th scope="row"') > 0
        assert 'rel="prev"' in second


def test_the_own_agencys_sites_stand_first_on_the_first_page(town: Town, client_of: Any) -> None:
    with scope(town):
        for agency, name in ((town.midori, "ほかの機関の広場"), (town.aoba, "うちの公民館")):
            Site.objects.create(
                municipality=town.municipality, agency=agency, name=name, valid_from=date(2026, 4, 1)
            )
        for number in range(3):
            sites.add_site(
                town.centre, SiteInput(f"公園{number}"), actor=town.officer, valid_from=date(2026, 4, 1)
            )
    with patch("tsunagari.places.views.sites.PAGE", 2):
        pages = [client_of(town.counselor).get(f"/places/sites/?page={number}").context for number in (1, 3)]
    assert [len(page["lines"]) for page in pages] == [2, 1]
    assert [page["page"].paginator.count for page in pages] == [5, 5]
    assert pages[0]["lines"][0][0].name == "うちの公民館"


def test_an_areas_page_shows_its_part_and_draws_it(town: Town, client_of: Any) -> None:
    with scope(town):
        for number in range(4):
            make_area(town.municipality, f"区{number}")
    with patch("tsunagari.places.views.areas.PAGE", 3):
        page = client_of(town.counselor).get("/places/areas/?page=2")
    assert page.context["page"].paginator.count == 5
    assert len(page.context["rows"]) == len(page.context["drawing"].areas) == 2
    assert "このページの区域" in page.content.decode()
