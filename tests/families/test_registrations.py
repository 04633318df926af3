"""Registration (D1): one home on any day, history kept, card given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import makers
from tests.families.people import AYA, make_family, trail
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.codes import check
from tsunagari.families import queries
from tsunagari.families.models import HomeChange, Household, Registration
from tsunagari.families.operations import households, registrations
from tsunagari.families.rules import AddressInput
from tsunagari.places.models import Agency, AgencyPeriod, Designation

HOME = {"is_home": True, "source": "counter"}
APRIL, SEPTEMBER = date(2026, 4, 1), date(2026, 9, 1)


def register(town: Town, family: Household, agency: Agency, on: date, *, home: bool = True) -> Registration:
    return registrations.register(
        family, agency, actor=town.counselor, is_home=home, source="counter", starts_on=on
    )


def spans(family: Household) -> list[tuple[int, bool, date, date | None]]:
    rows = family.registrations.order_by("starts_on", "agency")
    return list(rows.values_list("agency_id", "is_home", "starts_on", "ends_on"))


def test_the_first_registration_gives_a_card_and_opens_the_family(in_town: Town) -> None:
    family = make_family(in_town.officer)
    register(in_town, family, in_town.aoba, APRIL)
    card = family.cards.get()
    assert (card.main, card.state, check(card.number), len(card.number)) == (True, "active", True, 9)
    assert Household.objects.visible_to(in_town.counselor).get() == family
    assert queries.find(in_town.counselor, card.number).own[0].household_id == family.pk
    assert trail("family.register")[0].household_id == family.pk


def test_a_new_home_ends_the_former_the_day_before_and_keeps_it_registered(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    register(in_town, family, in_town.aoba, APRIL)
    register(in_town, family, in_town.midori, SEPTEMBER)
    assert spans(family) == [
        (in_town.aoba.pk, True, APRIL, date(2026, 8, 31)),
        (in_town.aoba.pk, False, SEPTEMBER, None),
        (in_town.midori.pk, True, SEPTEMBER, None),
    ]


def test_a_home_changed_on_its_first_day_never_was_home(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    register(in_town, family, in_town.aoba, APRIL)
    register(in_town, family, in_town.midori, APRIL)
    assert spans(family) == [(in_town.aoba.pk, False, APRIL, None), (in_town.midori.pk, True, APRIL, None)]


def test_a_registered_agency_becomes_home(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    register(in_town, family, in_town.aoba, APRIL, home=False)
    register(in_town, family, in_town.aoba, SEPTEMBER)
    assert spans(family) == [
        (in_town.aoba.pk, False, APRIL, date(2026, 8, 31)),
        (in_town.aoba.pk, True, SEPTEMBER, None),
    ]


def test_registering_twice_is_registering_once(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    first = register(in_town, family, in_town.aoba, APRIL)
    assert register(in_town, family, in_town.aoba, SEPTEMBER) == first
    assert len(trail("family.register")) == 1


def test_a_home_before_a_later_home_is_refused_and_changes_nothing(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    register(in_town, family, in_town.aoba, SEPTEMBER)
    with pytest.raises(DomainError) as refusal:
        register(in_town, family, in_town.midori, APRIL)
    assert refusal.value.field == "starts_on"
    assert spans(family) == [(in_town.aoba.pk, True, SEPTEMBER, None)]


def test_a_nickname_family_is_named_before_it_is_registered(in_town: Town) -> None:
    family = households.create_nickname_family(actor=in_town.counselor, nickname="帽子の子")
    with pytest.raises(DomainError):
        register(in_town, family, in_town.aoba, APRIL)


def test_a_closed_agency_takes_nobody(in_town: Town) -> None:
    in_town.midori.closed_on = APRIL - timedelta(days=1)
    in_town.midori.save(update_fields=["closed_on"])
    with pytest.raises(DomainError) as refusal:
        register(in_town, make_family(in_town.counselor), in_town.midori, APRIL)
    assert refusal.value.field == "agency"


def test_a_registration_ends_with_a_reason(in_town: Town) -> None:
    row = register(in_town, make_family(in_town.counselor), in_town.aoba, APRIL)
    far = clock.today() + timedelta(days=400)
    for ends_on, reason, field in (
        (date(2026, 3, 1), "moved", "ends_on"),
        (far, "moved", "ends_on"),
        (SEPTEMBER, "転居", "reason"),
    ):
        with pytest.raises(DomainError) as refusal:
            registrations.end_registration(row, actor=in_town.counselor, ends_on=ends_on, reason=reason)
        assert refusal.value.field == field
    ended = registrations.end_registration(
        row, actor=in_town.counselor, ends_on=SEPTEMBER, reason="moved", words=" となり町 へ"
    )
    assert (ended.ends_on, ended.end_code, ended.end_reason) == (
        SEPTEMBER,
        "moved",
        "転居した（となり町 へ）",
    )
    assert "end_registration" in trail("family.register")[-1].detail


def test_the_agency_of_the_area_is_proposed_designated_first_then_nearest(in_town: Town) -> None:
    """D1"""
    far = makers.make_agency(in_town.municipality, "とおい支援センター", in_town.area)
    AgencyPeriod.objects.filter(agency=far).update(latitude=36.09)
    AgencyPeriod.objects.filter(agency=in_town.midori).update(latitude=36.0501)
    here = AddressInput(latitude=36.0502, longitude=139.05, area_id=in_town.area.pk)
    family = make_family(in_town.counselor, address=here)
    assert queries.proposed_agency(family) == in_town.midori
    Designation.objects.create(
        municipality=in_town.municipality, agency=far, valid_from=clock.today() - timedelta(days=9)
    )
    assert queries.proposed_agency(family) == far


def test_without_an_area_nothing_is_proposed(in_town: Town) -> None:
    assert queries.proposed_agency(make_family(in_town.counselor)) is None


@pytest.mark.parametrize("ways", [registrations.register, registrations.register_new])
def test_a_family_just_made_is_registered_as_any_other(in_town: Town, ways: Any) -> None:
    actor, key = in_town.counselor, uuid4()
    made = [
        ways(
            households.create_household(actor=actor, people=[AYA], key=key), in_town.aoba, actor=actor, **HOME
        )
        for _ in range(2)
    ]
    family = Household.objects.get(key=key)
    assert made[0] == made[1] == family.registrations.get()
    card = family.cards.get()
    assert queries.find(actor, card.number).own[0].household_id == family.pk
    assert HomeChange.objects.get(household=family).new_id == in_town.aoba.pk
    assert [len(trail(name)) for name in ("family.create", "family.register", "card.print")] == [1, 1, 1]
