"""What a resident extract means for registrations (D1): those who left end theirs, newborns get a home by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.interop.residents import bring, family, row
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.families.models import Card, Household
from tsunagari.families.operations import people, policies, registrations
from tsunagari.families.queries.policies import policy_of, values_of
from tsunagari.families.queries.registrations import home_on

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=clock.TOKYO)
BABY = row(14, 1, "架空　みどり", "カクウ　ミドリ", "2026-11-10", "20")


@pytest.fixture(autouse=True)
def _stopped() -> object:
    with clock.stopped_at(NOW):
        yield


def known(town: Town) -> Household:
    """The family of the extract, in あおば's district."""
    bring(town, *family())
    Household.objects.update(area=town.area)
    return Household.objects.get()


def rule(town: Town, at_birth: str) -> None:
    values = replace(values_of(policy_of(town.municipality.pk)), at_birth=at_birth)
    policies.change_policy(actor=town.officer, values=values, expected_version=1)


def home(town: Town, household: Household) -> object:
    return home_on(household, NOW.date())


@pytest.mark.parametrize(("at_birth", "registers"), [("set", True), ("propose", False), ("none", False)])
def test_a_newborn_s_family_gets_a_home_only_where_the_rule_is_to_set_it(
    town: Town, at_birth: str, registers: bool
) -> None:
    with scope(town):
        household = known(town)
        rule(town, at_birth)
        bring(town, *family(), BABY)
        assert (home(town, household) == town.aoba) is registers


def test_an_expected_child_that_was_born_counts_as_newborn(town: Town) -> None:
    with scope(town):
        household = known(town)
        people.expect_child(household, actor=town.officer, due_date=date(2026, 11, 15))
        rule(town, "set")
        bring(town, *family(), BABY)
        assert home(town, household) == town.aoba
        assert household.registrations.get().source == "birth"


def test_a_home_that_stands_and_older_children_change_nothing(town: Town) -> None:
    with scope(town):
        household = known(town)
        rule(town, "set")
        bring(town, *family())
        assert not household.registrations.exists()
        registrations.register(household, town.midori, actor=town.officer, is_home=True, source="city")
        bring(town, *family(), BABY)
        assert home(town, household) == town.midori


def test_a_family_that_left_with_an_extract_ends_its_registrations(town: Town) -> None:
    with scope(town):
        household = known(town)
        registrations.register(
            household, town.aoba, actor=town.officer, is_home=True, source="city", starts_on=date(2026, 5, 1)
        )
        gone = {"住民状態": "2", "転出年月日（確定）": "2026-11-20"}
        bring(town, *family(**gone))
        ended = household.registrations.get()
        assert (ended.end_code, ended.ends_on) == ("moved", date(2026, 11, 20))
        assert Card.objects.get(household=household).reason == "ended"
