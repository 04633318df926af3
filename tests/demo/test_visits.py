"""Visits of the fictional town, before anything is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from tsunagari.demo import people
from tsunagari.demo.days import Calendar, closings, is_holiday, window
from tsunagari.demo.life import children_on, there_on
from tsunagari.demo.nicknames import nicknames
from tsunagari.demo.plan import FamilyPlan, VisitPlan
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.demo.visits import Visits

TODAY = date(2026, 11, 20)
START = people.start_of(TODAY)


@pytest.fixture(scope="module")
def families() -> dict[int, FamilyPlan]:
    return {family.number: family for family in people.families(TSUNAGARI, 7, TODAY, 0.3)}


@pytest.fixture(scope="module")
def visits(families: dict[int, FamilyPlan]) -> list[VisitPlan]:
    named = nicknames(TSUNAGARI, 7, TODAY, list(families.values()), 0.3)
    drawn = Visits(TSUNAGARI, 7, TODAY, families, named, 0.3)
    return [visit for day in window(START, TODAY) for visit in drawn.on(day)]


def test_visits_fall_into_opening_hours(visits: list[VisitPlan]) -> None:
    calendars = {agency.key: Calendar(agency, START, TODAY) for agency in TSUNAGARI.agencies}
    for visit in visits:
        span = calendars[visit.agency].span(visit.day)
        assert span is not None
        assert span[0] <= visit.minute < span[1]


def test_nobody_comes_over_new_year(visits: list[VisitPlan]) -> None:
    assert not [visit for visit in visits if (visit.day.month, visit.day.day) in {(12, 31), (1, 1), (1, 2)}]


def test_only_people_who_live_there_come(families: dict[int, FamilyPlan], visits: list[VisitPlan]) -> None:
    for visit in visits:
        if visit.family is None or visit.family < 0:
            continue
        family = families[visit.family]
        here = {p.resident_no for p in [*family.people, *children_on(family, visit.day)]}
        assert there_on(family, visit.day)
        assert set(visit.people) <= here


def test_frequency_has_a_long_tail(visits: list[VisitPlan]) -> None:
    counts = sorted(Counter(visit.family for visit in visits if visit.family and visit.family > 0).values())
    tenth = counts[-len(counts) // 10 :]
    assert sum(tenth) > 0.35 * sum(counts)
    assert counts[len(counts) // 2] < 0.5 * sum(counts) / len(counts) * 2


def test_some_families_use_several_places(visits: list[VisitPlan]) -> None:
    places: dict[int, set[str]] = defaultdict(set)
    for visit in visits:
        places[visit.family or 0].add(visit.agency)
    used = Counter(min(len(found), 3) for number, found in places.items() if number > 0)
    assert used[1] > used[2] > 0 < used[3]


def test_anonymous_and_nickname_families_come_too(visits: list[VisitPlan]) -> None:
    assert any(visit.family is None and visit.other_town for visit in visits)
    assert any(visit.family is not None and visit.family < 0 for visit in visits)


def test_the_university_closes_between_terms_and_holidays_follow_their_own_hours() -> None:
    university, shop = TSUNAGARI.agency("daigaku"), TSUNAGARI.agency("nijiiro")
    assert Calendar(university, START, TODAY).span(date(2026, 8, 12)) is None
    assert is_holiday(date(2026, 9, 22))  # a Tuesday, on which the shop would be closed
    assert Calendar(shop, START, TODAY).span(date(2026, 9, 22)) == (600, 960)
    assert any(item.opens for item in closings(shop, START, TODAY))
