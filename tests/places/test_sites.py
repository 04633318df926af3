"""A4, C5: the places an agency goes to, and D2: the times of day it counts by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from tests import makers
from tests.families.people import trail
from tests.makers import Town

from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.places import queries
from tsunagari.places.models import Agency, Site, SiteTime
from tsunagari.places.operations import agencies, sites, slots
from tsunagari.places.rules import DEFAULT_SLOTS, SiteInput, SiteTimeInput, Slot

TEN, NOON, ONE, THREE = time(10), time(12), time(13), time(15)
SINCE = date(2026, 4, 1)
WEDNESDAY = SiteTimeInput(TEN, NOON, weekday=2, weeks=(1, 3))
HALL = SiteInput(name="東公民館", address="つながり市東町1-1", times=(WEDNESDAY,))


def hall(town: Town, agency: Agency | None = None, **more: Any) -> Site:
    return sites.add_site(agency or town.aoba, replace(HALL, **more), actor=town.officer, valid_from=SINCE)


def open_days(town: Town, year: int, month: int) -> list[int]:
    days = [date(year, month, day) for day in range(1, 29)]
    return [day.day for day in days if queries.open_on(town.aoba.pk, day)]


def test_a_site_is_open_on_its_weekdays(in_town: Town) -> None:
    hall(in_town)
    assert open_days(in_town, 2026, 11) == [4, 18]
    [found] = queries.open_on(in_town.aoba.pk, date(2026, 11, 4))
    assert (found.name, str(found.spans[0])) == ("東公民館", "10:00〜12:00")
    assert queries.open_on(in_town.midori.pk, date(2026, 11, 4)) == []


def test_it_rests_on_public_holidays_and_when_the_agency_is_closed(in_town: Town) -> None:
    hall(in_town, times=(SiteTimeInput(TEN, NOON, weekday=0),))
    agencies.add_exception(in_town.aoba, actor=in_town.officer, first_day=date(2026, 11, 9))
    assert open_days(in_town, 2026, 11) == [2, 16]


def test_a_single_day_wins_over_holidays(in_town: Town) -> None:
    site = hall(in_town)
    holiday = date(2026, 11, 23)
    row = sites.add_day(site, actor=in_town.manager, day=holiday, opens=ONE, closes=THREE)
    assert open_days(in_town, 2026, 11) == [4, 18, 23]
    sites.remove_day(row, actor=in_town.manager)
    assert open_days(in_town, 2026, 11) == [4, 18]


def test_new_times_hold_from_a_day_on_and_the_hours_before_stay(in_town: Town) -> None:
    site = hall(in_town)
    thursday = replace(HALL, times=(SiteTimeInput(ONE, THREE, weekday=3),))
    changed = sites.change_site(
        site, thursday, actor=in_town.manager, expected_version=1, effective_on=date(2026, 11, 16)
    )
    assert open_days(in_town, 2026, 11) == [4, 19, 26]
    assert changed.version == 2
    found = Site.objects.prefetch_related("times").get(pk=site.pk)
    minutes = queries.site_minutes(found, date(2026, 10, 1), date(2026, 11, 30))
    assert minutes == {date(2026, 10, 1): 240, date(2026, 11, 1): 120 + 240}


def test_a_correction_holds_from_the_beginning(in_town: Town) -> None:
    site = hall(in_town)
    friday = replace(HALL, times=(SiteTimeInput(TEN, NOON, weekday=4),))
    sites.change_site(site, friday, actor=in_town.manager, expected_version=1)
    assert open_days(in_town, 2026, 5) == [1, 8, 15, 22]
    assert SiteTime.objects.filter(site=site).count() == 1


def test_times_that_did_not_change_are_left_alone(in_town: Town) -> None:
    site = hall(in_town)
    before = SiteTime.objects.get(site=site)
    note = replace(HALL, note="2階の和室")
    for version in (1, 2):
        day = date(2026, 11, 10 + version)
        sites.change_site(site, note, actor=in_town.manager, expected_version=version, effective_on=day)
    after = SiteTime.objects.get(site=site)
    assert (after.pk, after.valid_from, after.valid_to) == (before.pk, None, None)


def test_a_planned_change_can_be_replaced(in_town: Town) -> None:
    site = hall(in_town)
    for version, weekday in ((1, 3), (2, 4)):
        later = replace(HALL, times=(SiteTimeInput(TEN, NOON, weekday=weekday),))
        sites.change_site(
            site, later, actor=in_town.manager, expected_version=version, effective_on=date(2026, 11, 16)
        )
    assert open_days(in_town, 2026, 11) == [4, 20, 27]


def test_who_changed_it_first_wins(in_town: Town) -> None:
    site = hall(in_town)
    sites.change_site(site, HALL, actor=in_town.manager, expected_version=1)
    with pytest.raises(Conflict):
        sites.change_site(site, HALL, actor=in_town.manager, expected_version=1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "　"}, "name"),
        ({"kind": "shop"}, "kind"),
        ({"latitude": 36.0}, "longitude"),
        ({"times": (SiteTimeInput(NOON, TEN, weekday=1),)}, ""),
        ({"times": (SiteTimeInput(TEN, NOON),)}, ""),
        ({"times": (WEDNESDAY, SiteTimeInput(time(11), ONE, weekday=2))}, ""),
    ],
)
def test_what_cannot_be_is_refused(in_town: Town, more: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        hall(in_town, **more)
    assert refused.value.field == field
    assert not Site.objects.exists()


def test_two_running_sites_of_one_name_would_be_mixed_up(in_town: Town) -> None:
    ended = hall(in_town)
    with pytest.raises(DomainError, match="同じ名前"):
        hall(in_town)
    sites.end_site(ended, actor=in_town.manager, ends_on=SINCE)
    sites.add_site(in_town.aoba, HALL, actor=in_town.manager, valid_from=date(2026, 4, 2))
    with pytest.raises(DomainError, match="同じ名前"):
        sites.reopen_site(Site.objects.get(pk=ended.pk), actor=in_town.manager)


def test_an_ended_site_is_offered_until_its_last_day(in_town: Town) -> None:
    site = hall(in_town)
    sites.end_site(site, actor=in_town.manager, ends_on=date(2026, 11, 4))
    assert open_days(in_town, 2026, 11) == [4]
    sites.reopen_site(site, actor=in_town.manager)
    assert open_days(in_town, 2026, 11) == [4, 18]


@pytest.mark.parametrize("role", ["manager", "counselor"])
def test_a_site_of_another_agency_is_not_theirs_to_decide(in_town: Town, role: str) -> None:
    actor = in_town.actors[role]
    with pytest.raises(Forbidden):
        sites.add_site(in_town.midori, HALL, actor=actor)
    site = hall(in_town, in_town.midori)
    with pytest.raises(Forbidden):
        sites.end_site(site, actor=actor, ends_on=SINCE)
    with pytest.raises(Forbidden):
        slots.set_slots(in_town.midori, DEFAULT_SLOTS, actor=actor)


def test_every_change_stands_on_the_trail(town: Town) -> None:
    with makers.scope(town):
        site = hall(town)
        sites.add_day(site, actor=town.manager, day=date(2026, 12, 5), opens=TEN, closes=NOON)
        sites.end_site(site, actor=town.manager, ends_on=date(2027, 3, 31))
    with makers.scope(town):
        assert [entry.object_id for entry in trail("site.manage")] == [site.pk] * 3


def test_open_sites_are_one_query(in_town: Town, django_assert_num_queries: Any) -> None:
    for number in range(4):
        hall(in_town, name=f"公民館{number}")
    with django_assert_num_queries(1):
        assert len(queries.open_on(in_town.aoba.pk, date(2026, 11, 4))) == 4


def test_the_city_sees_its_own_sites_only(town: Town, other_town: Town) -> None:
    with makers.scope(town):
        site = hall(town)
    with makers.scope(other_town):
        assert not Site.objects.filter(pk=site.pk).exists()
        assert list(queries.sites(other_town.officer, day=clock.today())) == []


def test_an_agency_without_slots_has_morning_and_afternoon(in_town: Town) -> None:
    assert [slot.name for slot in queries.slots_of(in_town.aoba.pk)] == ["午前", "午後"]
    own = [Slot("午後", ONE), Slot("朝", time(9)), Slot("昼", NOON)]
    slots.set_slots(in_town.aoba, own, actor=in_town.manager)
    assert [slot.name for slot in queries.slots_of(in_town.aoba.pk)] == ["朝", "昼", "午後"]
    slots.set_slots(in_town.aoba, [], actor=in_town.officer)
    assert queries.slots_of(in_town.aoba.pk) == DEFAULT_SLOTS


@pytest.mark.parametrize(
    "wrong", [[Slot("朝", TEN), Slot("昼", TEN)], [Slot("朝", TEN), Slot("朝", NOON)], [Slot(" ", TEN)]]
)
def test_slots_that_cannot_be_told_apart_are_refused(in_town: Town, wrong: list[Slot]) -> None:
    with pytest.raises(DomainError):
        slots.set_slots(in_town.aoba, wrong, actor=in_town.manager)
