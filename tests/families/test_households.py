"""Making, changing, protecting and unmasking households."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families.models import AgencyLink, Household, HouseholdRevision, SearchEntry
from tsunagari.families.operations import households
from tsunagari.families.rules import AddressInput, PersonInput, ResidentKeys

ADDRESS = AddressInput(postal_code="999-0001", address="つながり市あおば町1-2", address_detail="架空荘201")


def test_a_household_is_made_with_its_people_and_is_open_to_its_maker(in_town: Town) -> None:
    family = make_family(in_town.counselor, address=ADDRESS)
    assert Household.objects.visible_to(in_town.counselor).get() == family
    assert family.postal_code == "9990001"
    assert sorted(family.people.values_list("family_kana", "given_kana")) == [
        ("タカハシ", "アヤ"),
        ("タカハシ", "ソウタ"),
    ]
    assert AgencyLink.objects.get().reason == AgencyLink.Reason.CREATED
    assert trail("family.create")[0].household_id == family.pk
    assert trail("family.open")[0].agency_id == in_town.aoba.pk


def test_the_name_is_stored_untouched(in_town: Town) -> None:
    family = make_family(in_town.counselor, replace(AYA, family_name="渡\U000e0101邉"))
    assert family.people.get().family_name == "渡\U000e0101邉"


def test_a_family_of_the_city_is_unknown_to_agencies(in_town: Town) -> None:
    family = make_family(in_town.officer, resident=ResidentKeys(resident_no="R1"))
    assert not Household.objects.visible_to(in_town.counselor).exists()
    assert Household.objects.visible_to(in_town.nurse).get() == family
    assert family.registered_resident


@pytest.mark.parametrize(
    ("people", "field"),
    [
        ((), ""),
        ((PersonInput(),), "family_name"),
        ((replace(AYA, phone="12"),), "phone"),
        ((replace(AYA, family_kana="高橋"),), "family_kana"),
        ((replace(SOTA, birth_date=date(2999, 1, 1)),), "birth_date"),
        ((replace(AYA, given_name="綾\ufffd"),), "given_name"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_made(
    in_town: Town, people: tuple[PersonInput, ...], field: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        households.create_household(actor=in_town.counselor, people=people)
    assert refusal.value.field == field
    assert not Household.objects.exists()


def test_a_nickname_family_has_a_child_of_about_an_age(in_town: Town) -> None:
    """C6"""
    family = households.create_nickname_family(
        actor=in_town.counselor, nickname="きいろい帽子の男の子", age_hint_months=2, sex="1"
    )
    assert (family.kind, family.people.get().age_hint_months) == ("nickname", 2)
    assert SearchEntry.objects.get(pk=family.pk).sort_kana.startswith("キイロイ")


def test_a_change_keeps_what_was_said_before(in_town: Town) -> None:
    family = make_family(in_town.counselor, address=ADDRESS)
    moved = replace(ADDRESS, address="つながり市みどり町9")
    changed = households.change_household(
        family, actor=in_town.counselor, address=moved, caution="犬がいる", expected_version=1
    )
    assert (changed.version, changed.address) == (2, "つながり市みどり町9")
    assert HouseholdRevision.objects.get().before == {"address": "つながり市あおば町1-2", "caution": ""}
    assert '"address"' in trail("family.change")[0].detail
    assert "みどり町" not in trail("family.change")[0].detail


def test_a_stale_change_is_a_conflict(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    households.change_household(
        family, actor=in_town.counselor, address=ADDRESS, caution="", expected_version=1
    )
    with pytest.raises(Conflict):
        households.change_household(
            family, actor=in_town.colleague, address=AddressInput(), caution="", expected_version=1
        )


def test_unmasking_asks_for_a_reason_and_keeps_it_off_the_trail(in_town: Town) -> None:
    """X2"""
    family = make_family(in_town.counselor, address=ADDRESS)
    family = households.protect(family, actor=in_town.manager, protected=True)
    with pytest.raises(DomainError) as refusal:
        households.unmask(family, actor=in_town.manager, reason="  ")
    assert refusal.value.field == "reason"
    shown = households.unmask(family, actor=in_town.manager, reason="訪問の前に住所を確かめる")
    assert shown.address == "つながり市あおば町1-2 架空荘201"
    assert shown.people[0].phone == "090-1234-5678"
    assert HouseholdRevision.objects.latest("pk").reason == "訪問の前に住所を確かめる"
    assert [line.detail for line in trail("family.unmask")] == [""]


def test_a_family_without_protection_is_not_unmasked(in_town: Town) -> None:
    with pytest.raises(DomainError):
        households.unmask(make_family(in_town.counselor), actor=in_town.manager, reason="見たい")


def test_a_family_that_moved_leaves_the_list_and_may_come_back(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    households.move_out(family, actor=in_town.counselor, moved_on=date(2026, 3, 31))
    assert not AgencyLink.objects.get().listed
    back = households.come_back(family, actor=in_town.counselor, moved_on=date(2026, 9, 1))
    assert (back.status, back.moved_out_on, AgencyLink.objects.get().listed) == ("active", None, True)
