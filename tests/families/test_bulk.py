"""Many families at once, by the rules of one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.families import queries
from tsunagari.families.models import AgencyLink, Card, Household, SearchEntry
from tsunagari.families.operations import registrations
from tsunagari.families.operations.bulk import (
    Meeting,
    NewHousehold,
    NewRegistration,
    create_households,
    meet_many,
    register_first,
)
from tsunagari.families.rules import PersonInput

DAY = date(2026, 10, 1)


def new(count: int) -> list[NewHousehold]:
    return [NewHousehold(people=(AYA, SOTA)) for _ in range(count)]


def test_a_household_made_with_others_is_like_one_made_alone(in_town: Town) -> None:
    alone = make_family(in_town.officer)
    (together,) = create_households(new(1), actor=in_town.officer)
    entries = [SearchEntry.objects.get(pk=household.pk) for household in (alone, together)]
    assert entries[0].grams == entries[1].grams
    assert entries[0].sort_kana == entries[1].sort_kana
    assert len(trail("family.create")) == 2
    assert queries.find(in_town.officer, "たかはし").own


def test_the_number_of_queries_does_not_grow(in_town: Town) -> None:
    counts = []
    for size in (2, 20):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            create_households(new(size), actor=in_town.officer)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 15


def test_one_wrong_person_and_none_is_made(in_town: Town) -> None:
    tomorrow = PersonInput(kind="child", family_name="青葉", birth_date=clock.today() + timedelta(days=1))
    with pytest.raises(DomainError):
        create_households([*new(1), NewHousehold(people=(tomorrow,))], actor=in_town.officer)
    assert not Household.objects.exists()


def test_an_agencys_worker_makes_families_one_by_one(in_town: Town) -> None:
    with pytest.raises(DomainError):
        create_households(new(1), actor=in_town.counselor)


def test_first_registrations_give_cards_and_open_families(in_town: Town) -> None:
    families = create_households(new(3), actor=in_town.officer)
    first = [NewRegistration(family, in_town.aoba, True, "counter", DAY) for family in families]
    register_first(first, actor=in_town.nurse)
    cards = dict(Card.objects.filter(main=True).values_list("household_id", "number"))
    assert sorted(cards) == sorted(family.pk for family in families)
    assert len(set(cards.values())) == 3
    assert Household.objects.visible_to(in_town.counselor).count() == 3
    assert all(f"c:{cards[family.pk]}" in family.search_entry.grams for family in Household.objects.all())
    assert [len(trail(action)) for action in ("family.register", "family.open")] == [3, 3]


def test_a_registered_household_is_refused(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    registrations.register(family, in_town.aoba, actor=in_town.counselor, is_home=True, source="counter")
    again = NewRegistration(family, in_town.midori, True, "counter", DAY)
    with pytest.raises(DomainError):
        register_first([again], actor=in_town.counselor)


def test_meetings_move_the_last_day_forward_only(in_town: Town) -> None:
    (family,) = create_households(new(1), actor=in_town.officer)
    days = [DAY, DAY + timedelta(days=3), DAY + timedelta(days=1)]
    moments = [clock.at(day, 10) for day in days]
    pairs = zip(days, moments, strict=True)
    met = [Meeting(family.pk, AgencyLink.Reason.CHECK_IN, day, moment) for day, moment in pairs]
    meet_many(met, actor=in_town.counselor, agency_id=in_town.aoba.pk)
    link = AgencyLink.objects.get(household=family)
    assert (link.since, link.last_met_on) == (moments[0], days[1])
    assert link.sort_kana == family.search_entry.sort_kana != ""
    assert f"a:{in_town.aoba.pk}" in SearchEntry.objects.get(pk=family.pk).grams
