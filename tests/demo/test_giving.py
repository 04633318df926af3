"""What is drawn beside visits and consultations: renewals, benefits, sites, and families who stand twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tsunagari.base.japanese.ages import add_months
from tsunagari.demo import decided, people, rosters, twice
from tsunagari.demo.days import Calendar, is_holiday, window
from tsunagari.demo.giving import Giving
from tsunagari.demo.outings import Outings, feast
from tsunagari.demo.plan import FamilyPlan, PersonPlan
from tsunagari.demo.settling import person_input
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.families import rules

TODAY = date(2026, 11, 20)
START = people.start_of(TODAY)


@pytest.fixture(scope="module")
def calendars() -> dict[str, Calendar]:
    return {agency.key: Calendar(agency, START, TODAY) for agency in TSUNAGARI.agencies}


@pytest.fixture(scope="module")
def families() -> list[FamilyPlan]:
    return [*people.families(TSUNAGARI, 7, TODAY, 0.3), *twice.families(TSUNAGARI, 7, TODAY)]


def test_renewals_follow_the_opening_and_most_families_come(
    families: list[FamilyPlan], calendars: dict[str, Calendar]
) -> None:
    giving = Giving(7, TODAY, calendars)
    due = [
        one for one in families if one.registered and one.registered < date(2026, 3, 1) and not one.moved_out
    ]
    found = [plan for family in due for plan in giving.renewals(family)]
    homes = {family.number: family.home for family in due}
    this_year = {plan.family for plan in found if plan.year == 2026 and plan.agency == homes[plan.family]}
    assert 0.7 < len(this_year) / len(due) < 0.95
    for plan in found:
        assert date(plan.year, 3, 1) <= plan.day <= TODAY
        assert plan.day < date(plan.year + 1, 3, 1)
        assert calendars[plan.agency].span(plan.day) is not None


def test_books_come_before_the_first_birthday_and_care_within_its_year(
    families: list[FamilyPlan], calendars: dict[str, Calendar]
) -> None:
    giving = Giving(7, TODAY, calendars)
    found = [(family, gift) for family in families for gift in giving.gifts(family)]
    births = {child.resident_no: child.birth for family in families for child in _children(family)}
    books = [gift for _, gift in found if gift.benefit == decided.BOOK]
    assert len({gift.child for gift in books}) == len(books) > 30
    assert all(births[gift.child] < gift.day < add_months(births[gift.child], 12) for gift in books)
    for family, gift in found:
        assert family.registered is not None
        assert family.registered < gift.day <= TODAY
        assert gift.child or gift.agency in decided.CARE_AT
        assert gift.child or gift.day < add_months(family.registered, decided.CARE_MONTHS)


def _children(family: FamilyPlan) -> list[PersonPlan]:
    unborn = [child for pregnancy in family.pregnancies for child in pregnancy.children]
    return [*family.people, *unborn]


def test_sites_rest_on_public_holidays_and_while_the_agency_is_closed(calendars: dict[str, Calendar]) -> None:
    outings = Outings(7, TODAY, calendars, decided.sites_of(TSUNAGARI.key))
    days = {day: outings.open_on(day) for day in window(START, TODAY)}
    went = {day: [site.key for site in found] for day, found in days.items() if found}
    assert not [day for day in went if is_holiday(day)]
    assert min(went) >= decided.site_since(TODAY)
    assert {day.weekday() for day, keys in went.items() if "mizube" in keys} == {2}
    assert {(day.day - 1) // 7 for day, keys in went.items() if "mizube" in keys} == {0, 2}
    assert all(calendars[site.agency].span(day) for day, found in days.items() for site in found)


def test_heads_are_counted_at_the_outing_and_on_the_feast(calendars: dict[str, Calendar]) -> None:
    outings = Outings(7, TODAY, calendars, decided.sites_of(TSUNAGARI.key))
    assert feast(2026) == date(2026, 7, 25)
    assert [tally.site for tally in outings.tallies(feast(2026))] == ["", "", ""]
    [tally] = outings.tallies(date(2026, 11, 13))
    assert (tally.site, tally.day.weekday()) == ("hellowork", 4)
    assert tally.families <= tally.adults
    assert tally.newcomers <= tally.families <= sum(tally.children)
    assert not list(outings.tallies(date(2026, 11, 20)))


def test_twelve_families_are_meant_to_stand_twice(families: list[FamilyPlan]) -> None:
    numbers = {family.number for family in families} | {twice.NICKNAME}
    assert len(twice.same()) == 12
    assert {number for pair in twice.same() for number in pair} <= numbers
    assert len({pair.how for pair in (*twice.TWICE, *twice.ALIKE)}) == 14


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 4), date(2026, 4, 30), date(2026, 12, 31)])
def test_who_stands_twice_can_be_written_down_on_any_day(day: date) -> None:
    for family in twice.families(TSUNAGARI, 1, day):
        assert people.start_of(day) <= family.known < day
        assert family.registered is not None
        assert family.known <= family.registered < day
        for person in family.people:
            assert person.birth < family.known
            rules.tidy_person(person_input(person), today=family.known)
    nickname = twice.nickname(TSUNAGARI, day)
    assert len(nickname.days) > 1
    assert max(nickname.days) < day


def test_the_same_families_make_the_same_workbook() -> None:
    made_up = rosters.made_up_families(TODAY)
    first = rosters.register_book(made_up, TODAY), rosters.visit_book(made_up, date(2024, 10, 1))
    second = rosters.register_book(made_up, TODAY), rosters.visit_book(made_up, date(2024, 10, 1))
    assert first == second
    assert rosters.register_book(made_up, TODAY - timedelta(days=1)) != first[0]
