"""People, pregnancies, births, two homes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import queries
from tsunagari.families.models import Household, HouseholdRevision, Person, SearchEntry
from tsunagari.families.operations import households, people
from tsunagari.families.rules import BirthInput

GRANDMOTHER = replace(AYA, kind="relative", given_name="春", given_kana="はる", relation="祖母", phone="")


def due_in(days: int) -> date:
    return clock.today() + timedelta(days=days)


def expecting(town: Town, count: int = 1, days: int = 10) -> tuple[Household, list[Person]]:
    family = make_family(town.counselor)
    return family, people.expect_child(family, actor=town.counselor, due_date=due_in(days), count=count)


def test_a_relative_is_added_and_found(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    added = people.add_person(family, GRANDMOTHER, actor=in_town.counselor)
    assert added.relation == "祖母"
    assert "K:タカハシハル" in SearchEntry.objects.get(pk=family.pk).grams
    assert trail("family.change")[0].object_id == added.pk


def test_a_change_of_a_person_keeps_the_former_words(in_town: Town) -> None:
    mother = make_family(in_town.counselor).people.get(kind="guardian")
    changed = people.change_person(
        mother, replace(AYA, family_name="佐藤", phone=""), actor=in_town.counselor, expected_version=1
    )
    assert (changed.family_name, changed.version) == ("佐藤", 2)
    kept = HouseholdRevision.objects.get()
    assert (kept.person_id, kept.before) == (mother.pk, {"family_name": "髙橋", "phone": "09012345678"})
    assert "p:09012345678" not in SearchEntry.objects.get().grams
    assert '"family_name"' in trail("family.change")[0].detail


def test_a_stale_change_of_a_person_is_a_conflict(in_town: Town) -> None:
    mother = make_family(in_town.counselor).people.get(kind="guardian")
    people.change_person(mother, replace(AYA, phone=""), actor=in_town.counselor, expected_version=1)
    with pytest.raises(Conflict):
        people.change_person(mother, AYA, actor=in_town.colleague, expected_version=1)


def test_a_nickname_family_becomes_a_household_when_a_name_is_known(in_town: Town) -> None:
    family = households.create_nickname_family(actor=in_town.counselor, nickname="帽子の子")
    people.add_person(family, AYA, actor=in_town.counselor)
    family.refresh_from_db()
    assert family.kind == Household.Kind.HOUSEHOLD


def test_an_expected_child_is_born_in_the_same_row_with_the_family_name(in_town: Town) -> None:
    """X3"""
    family, (expected,) = expecting(in_town)
    (born,) = people.record_birth(expected, [BirthInput(clock.today(), sex="2")], actor=in_town.counselor)
    assert (born.pk, born.life, born.family_name) == (expected.pk, Person.Life.LIVING, "髙橋")
    shown = queries.head(in_town.counselor, family).children[-1]
    assert shown.name == "髙橋（名前は未定）"
    assert [line.detail for line in trail("family.change")][-1].count(str(born.pk)) == 1


def test_twins_known_at_birth_only_make_a_second_row(in_town: Town) -> None:
    family, (expected,) = expecting(in_town)
    births = [BirthInput(clock.today(), given_name="一"), BirthInput(clock.today(), given_name="二")]
    born = people.record_birth(expected, births, actor=in_town.counselor)
    assert [child.birth_order for child in born] == [1, 2]
    assert family.people.filter(kind="child").count() == 3


def test_one_twin_is_born_and_the_other_stays_expected(in_town: Town) -> None:
    _family, (first, second) = expecting(in_town, count=2)
    people.record_birth(first, [BirthInput(clock.today())], actor=in_town.counselor)
    second.refresh_from_db()
    assert second.life == Person.Life.EXPECTED


@pytest.mark.parametrize("days", [1, -400])
def test_a_birth_far_from_the_due_date_is_asked_again(in_town: Town, days: int) -> None:
    _, (expected,) = expecting(in_town)
    with pytest.raises(DomainError) as refusal:
        people.record_birth(expected, [BirthInput(due_in(days))], actor=in_town.counselor)
    assert refusal.value.field == "birth_date"


def test_a_pregnancy_that_ended_leaves_every_list(in_town: Town) -> None:
    family, (expected,) = expecting(in_town)
    assert queries.own_families(in_town.counselor, show="expecting").rows
    people.end_pregnancy(expected, actor=in_town.counselor, ended_on=clock.today())
    assert not queries.head(in_town.counselor, family).expected
    assert not queries.own_families(in_town.counselor, show="expecting").rows
    with pytest.raises(Conflict):
        people.record_birth(expected, [BirthInput(clock.today())], actor=in_town.counselor)
    assert "end_pregnancy" in trail("family.change")[-1].detail


@pytest.mark.parametrize("days", [-61, 301])
def test_a_due_date_no_pregnancy_can_have_is_refused(in_town: Town, days: int) -> None:
    with pytest.raises(DomainError) as refusal:
        expecting(in_town, days=days)
    assert refusal.value.field == "due_date"


def test_the_same_pregnancy_is_not_noted_twice(in_town: Town) -> None:
    family, noted = expecting(in_town)
    assert people.expect_child(family, actor=in_town.colleague, due_date=due_in(10)) == noted
    with pytest.raises(DomainError):
        people.expect_child(family, actor=in_town.colleague, due_date=due_in(10), count=2)
    assert family.people.filter(life=Person.Life.EXPECTED).count() == 1


def test_the_same_person_added_twice_is_one(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    added = people.add_person(family, GRANDMOTHER, actor=in_town.counselor)
    assert people.add_person(family, GRANDMOTHER, actor=in_town.counselor) == added


def test_a_child_with_two_homes_is_found_in_both_and_shown_in_both(in_town: Town) -> None:
    """X3"""
    family = make_family(in_town.counselor)
    father = make_family(in_town.counselor, replace(AYA, family_name="森", family_kana="もり", phone=""))
    child = family.people.get(kind="child")
    home = people.add_second_home(child, father, actor=in_town.counselor, note="週末")
    assert "K:タカハシソウタ" in SearchEntry.objects.get(pk=father.pk).grams
    assert [line.name for line in queries.head(in_town.counselor, father).people if line.here_too] == [
        "髙橋 颯太"
    ]
    people.end_second_home(home, actor=in_town.counselor)
    assert "K:タカハシソウタ" not in SearchEntry.objects.get(pk=father.pk).grams
    assert {line.household_id for line in trail("family.change")} == {family.pk, father.pk}


def test_of_a_guest_whose_own_home_is_protected_nothing_leads_there(in_town: Town) -> None:
    mother, father = make_family(in_town.counselor), make_family(in_town.counselor)
    child = mother.people.get(kind="child")
    Person.objects.filter(pk=child.pk).update(phone="09000005555", email="kodomo@example.jp")
    people.add_second_home(child, father, actor=in_town.counselor)
    [before] = [line for line in queries.head(in_town.counselor, father).people if line.here_too]
    assert (before.phone, before.email) == ("090-0000-5555", "kodomo@example.jp")
    Household.objects.filter(pk=mother.pk).update(protected=True)
    head = queries.head(in_town.counselor, father)
    [guest] = [line for line in head.people if line.here_too]
    assert (guest.name, guest.kana, guest.phone, guest.email, head.masked) == ("お子さん", "", "", "", False)
    assert [(line.household_id, line.name) for line in head.second_homes] == [(0, "お子さん")]
    assert "颯太" in [line.name.split()[-1] for line in queries.head(in_town.counselor, mother).people]


def test_a_second_home_is_another_home(in_town: Town) -> None:
    family = make_family(in_town.counselor, SOTA)
    with pytest.raises(DomainError):
        people.add_second_home(family.people.get(), family, actor=in_town.counselor)
