"""今日 of those who look after the whole town: what is open, what ends, which tablets are silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import makers
from tests.makers import Town, scope

from tsunagari.accounts.models import Membership
from tsunagari.accounts.operations import devices
from tsunagari.base import clock, news
from tsunagari.base.access import Action, Role
from tsunagari.base.actor import Actor
from tsunagari.base.news import News
from tsunagari.desk import queries
from tsunagari.encounters.operations import visits
from tsunagari.interop.models import Import
from tsunagari.places.models import Designation
from tsunagari.places.operations import agencies

TODAY = date(2026, 11, 24)
SOON, LATER = TODAY + timedelta(days=20), TODAY + timedelta(days=90)


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> object:
    with clock.stopped_at(clock.at(TODAY, 10)):
        yield


def _page(town: Town) -> str:
    return makers.client_of(town.officer).get("/").content.decode()


def _designated(town: Town, first: date, last: date | None) -> None:
    Designation.objects.create(
        municipality=town.municipality, agency=town.aoba, valid_from=first, valid_to=last
    )


def test_an_officer_sees_what_came_in_the_whole_town(town: Town) -> None:
    with scope(town, town.counselor.user_id):
        visits.check_in_anonymous(actor=town.counselor, adults=1, children=2, key=uuid4())
        visits.check_in_anonymous(actor=town.stranger, adults=2, children=1, key=uuid4())
    page = _page(town)
    assert "今日の来所（2機関）" in page
    assert "大人 2人・子ども 1人" in page
    assert "今日までにすること" not in page  # the work of an agency


def test_nothing_to_see_to_is_said(town: Town) -> None:
    assert "いま気をつけることはありません" in _page(town)


def test_places_and_designations_that_end_soon_are_named_the_soonest_first(town: Town) -> None:
    with scope(town):
        _designated(town, TODAY - timedelta(days=300), SOON)
        agencies.close_agency(town.midori, actor=town.officer, closed_on=TODAY + timedelta(days=5))
        found = queries.town_day(town.officer, TODAY).ending
    assert [(one.pk, one.what) for one in found] == [(town.midori.pk, "廃止"), (town.aoba.pk, "指定の終わり")]


def test_a_designation_that_ends_late_or_is_followed_is_not_named(town: Town) -> None:
    with scope(town):
        _designated(town, TODAY - timedelta(days=300), SOON)
        _designated(town, SOON + timedelta(days=1), None)
        assert queries.town_day(town.officer, TODAY).ending == []
        Designation.objects.all().delete()
        _designated(town, TODAY - timedelta(days=300), LATER)
        assert queries.town_day(town.officer, TODAY).ending == []


def test_people_whose_time_ends_are_named_unless_they_stay_elsewhere(town: Town) -> None:
    with scope(town):
        Membership.objects.filter(user_id=town.counselor.user_id).update(valid_to=SOON)
        Membership.objects.filter(user_id=town.colleague.user_id).update(valid_to=SOON)
        Membership.objects.filter(user_id=town.stranger.user_id).update(valid_to=LATER)
        Membership.objects.create(
            user_id=town.colleague.user_id, municipality=town.municipality, agency=town.midori, role="counselor",
            valid_from=SOON,
        )  # fmt: skip
        found = queries.town_day(town.officer, TODAY).leaving
    assert [(one.pk, one.day) for one in found] == [(town.counselor.user_id, SOON)]


def test_a_silent_tablet_is_named_and_one_at_work_is_not(town: Town) -> None:
    with scope(town, town.counselor.user_id):
        with clock.stopped_at(clock.at(TODAY, 9, 30)):
            for name in ("入口のタブレット", "庭のタブレット"):
                device, _ = devices.unlock(actor=town.counselor, name=name)
        devices.heard(device, 0)
    page = _page(town)
    assert "入口のタブレット" in page
    assert "庭のタブレット" not in page


def test_the_town_day_costs_the_same_however_many_agencies_there_are(town: Town) -> None:
    def cost() -> int:
        with scope(town), CaptureQueriesContext(connection) as caught:
            queries.town_day(town.officer, TODAY)
        return len(caught)

    few = cost()
    with scope(town):
        for number in range(4):
            makers.make_agency(town.municipality, f"ひろば{number}", town.area)
    assert cost() == few


def _waiting(town: Town, kind: str, status: str) -> Import:
    return Import.objects.create(
        municipality=town.municipality,
        kind=kind,
        status=status,
        filename="碓氷家.csv",
        digest="0" * 64,
        created_at=clock.now(),
        agency=town.aoba if kind == "roster" else None,
    )


def test_imports_that_wait_are_told_without_the_name_of_a_file(town: Town) -> None:
    with scope(town):
        residents, roster = _waiting(town, "residents", "preview"), _waiting(town, "roster", "mapping")
        _waiting(town, "areas", "done")
    page = _page(town)
    assert f"/imports/{residents.pk}/" in page
    assert f"/imports/rosters/{roster.pk}/" in page
    assert "中を確かめると、取り込めます" in page
    assert "碓氷" not in page
    assert page.count("取り込み</span><div") == 2


def test_more_imports_than_fit_are_said_and_other_towns_are_not(town: Town, other_town: Town) -> None:
    with scope(other_town):
        _waiting(other_town, "residents", "preview")
    assert "いま気をつけることはありません" in _page(town)
    with scope(town):
        for _ in range(6):
            _waiting(town, "residents", "preview")
    assert "ほかにも取り込みが待っています" in _page(town)


def test_news_is_asked_of_those_alone_who_may_do_it(town: Town) -> None:
    asked: list[str] = []

    def teller(actor: Actor) -> list[News]:
        asked.append(actor.role)
        return [News("知らせ", "試験", "", "/")]

    only = Action("test.news", "試験", frozenset({Role.OFFICER}))
    try:
        news.tell(only, teller)
        news.tell(only, teller)
        officer = replace(town.officer, actions=town.officer.actions | {"test.news"})
        assert [line.what for line in news.of_today(officer)] == ["試験"]
        assert news.of_today(town.counselor) == []
        assert asked == ["officer"]
    finally:
        news._tellers.pop(teller)
