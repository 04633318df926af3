"""The households of the fictional town, before anything is written."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from shapely import Point, Polygon, union_all

from tsunagari.accounts.rules import LOGIN_NAME
from tsunagari.base.access import EVERYONE
from tsunagari.base.japanese import text
from tsunagari.demo import life, people
from tsunagari.demo.plan import FamilyPlan, PersonPlan
from tsunagari.demo.settling import person_input
from tsunagari.demo.towns import TONARI, TOWNS, TSUNAGARI
from tsunagari.families import rules

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def families() -> list[FamilyPlan]:
    return list(people.families(TSUNAGARI, 7, TODAY))


def everybody(families: list[FamilyPlan]) -> list[PersonPlan]:
    born = [child for family in families for pregnancy in family.pregnancies for child in pregnancy.children]
    return [person for family in families for person in family.people] + born


def test_the_same_seed_makes_the_same_households_whatever_the_scale(families: list[FamilyPlan]) -> None:
    assert list(people.families(TSUNAGARI, 7, TODAY, 0.1)) == families[:150]


def test_another_seed_makes_other_households(families: list[FamilyPlan]) -> None:
    assert list(people.families(TSUNAGARI, 8, TODAY, 0.1)) != families[:150]


def test_there_is_a_child_below_seven_or_a_pregnancy_in_every_household(families: list[FamilyPlan]) -> None:
    assert len(families) == 1500
    assert all((TODAY - max(family.births)).days < 7 * 366 for family in families)
    assert all(
        family.people and (life.children_on(family, TODAY) or family.pregnancies) for family in families
    )


def test_households_are_as_varied_as_a_real_town(families: list[FamilyPlan]) -> None:
    one_parent = sum(len(life.guardians(family)) == 1 for family in families)
    assert 0.06 < one_parent / 1500 < 0.14
    assert 0.65 < sum(family.registered is not None for family in families) / 1500 < 0.78
    assert 2 <= sum(family.protected is not None for family in families) <= 16
    assert any(pregnancy.ended for family in families for pregnancy in family.pregnancies)
    assert any(person.language and text.is_kana(person.family) for person in everybody(families))
    assert any(person.family.isascii() for person in everybody(families))
    assert {family.how for family in families} == {"import", "handbook", "move_in"}
    assert any(Counter(family.births).most_common(1)[0][1] == 2 for family in families)


def test_nothing_is_known_before_it_can_be(families: list[FamilyPlan]) -> None:
    for family in families:
        assert people.start_of(TODAY) <= family.known <= TODAY
        assert all(person.birth < family.known for person in family.people)
        assert all(family.known <= pregnancy.notified <= TODAY for pregnancy in family.pregnancies)
        assert family.registered is None or family.known <= family.registered <= TODAY


def test_people_pass_the_rules_of_the_register(families: list[FamilyPlan]) -> None:
    for family in families[:200]:
        for person in family.people:
            rules.tidy_person(person_input(person), today=TODAY)


def test_telephone_numbers_belong_to_nobody_and_are_not_shared(families: list[FamilyPlan]) -> None:
    phones = [person.phone for person in everybody(families) if person.phone]
    assert all(phone.startswith("0900") and len(phone) == 11 for phone in phones)
    assert len(phones) - len(set(phones)) < 5


def test_addresses_lie_in_their_district(families: list[FamilyPlan]) -> None:
    shapes = {area.code: Polygon(area.ring) for area in TSUNAGARI.areas}
    assert all(shapes[family.area].contains(Point(family.point)) for family in families)


def test_districts_do_not_overlap_and_agencies_stand_in_theirs() -> None:
    for town in TOWNS:
        shapes = {area.code: Polygon(area.ring) for area in town.areas}
        assert sum(shape.area for shape in shapes.values()) == pytest.approx(
            union_all(list(shapes.values())).area
        )
        assert all(shapes[agency.area].contains(Point(agency.point)) for agency in town.agencies)


def test_one_district_has_no_agency() -> None:
    assert {agency.area for agency in TSUNAGARI.agencies} < {area.code for area in TSUNAGARI.areas}


def test_every_role_has_an_account_and_login_names_are_unique() -> None:
    staff = [person for town in TOWNS for person in town.staff]
    assert {role for person in staff for role, _ in person.posts} == EVERYONE
    assert len({person.username for person in staff}) == len(staff)
    assert all(LOGIN_NAME.fullmatch(person.username) for person in staff)
    assert any(len(person.posts) > 1 for person in staff)
    assert any(person.posts[0][0] == "counselor" for person in TONARI.staff)
