"""One name for a family everywhere, and what tells two of the same name apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.families.people import AYA, SOTA, make_family
from tests.makers import Town
from tsunagari.families import queries
from tsunagari.families.models import Household
from tsunagari.families.operations import households, people
from tsunagari.families.rules import PersonInput


@pytest.mark.parametrize(
    ("who", "name", "kana"),
    [
        ((AYA, SOTA), "髙橋さん家庭", "たかはし"),
        ((SOTA, AYA), "髙橋さん家庭", "たかはし"),
        ((replace(SOTA, family_name="森", family_kana="もり"), AYA), "髙橋さん家庭", "たかはし"),
        ((PersonInput(given_name="MARIA", given_kana="まりあ"),), "MARIAさん家庭", "まりあ"),
    ],
)
def test_a_family_is_called_by_the_guardians_family_name(
    in_town: Town, who: tuple[PersonInput, ...], name: str, kana: str
) -> None:
    family = make_family(in_town.counselor, *who)
    found = queries.family_names([family.pk])[family.pk]
    assert (str(found), found.kana, found.who) == (name, kana, "")
    assert queries.head(in_town.counselor, family).called == name
    assert str(queries.hits(in_town.counselor, [family])[0]) == name


def test_a_nickname_family_is_called_by_its_nickname(in_town: Town) -> None:
    family = households.create_nickname_family(actor=in_town.counselor, nickname="きいろい帽子の子")
    assert str(queries.family_name(family)) == "きいろい帽子の子"
    assert queries.head(in_town.counselor, family).called == "きいろい帽子の子"


def test_two_of_the_same_name_are_told_apart_by_the_guardian(in_town: Town) -> None:
    one = make_family(in_town.counselor)
    two = make_family(in_town.counselor, replace(AYA, given_name="蘭", phone=""))
    names = queries.family_names([one.pk, two.pk])
    assert [names[family.pk].who for family in (one, two)] == ["髙橋 綾", "髙橋 蘭"]
    assert [hit.who for hit in queries.hits(in_town.counselor, [one, two])] == ["髙橋 綾", "髙橋 蘭"]
    apart = queries.hits(in_town.counselor, [one, two], outside=frozenset([two.pk]))
    assert [hit.who for hit in apart] == ["髙橋 綾", ""]


def test_a_family_keeps_its_name_when_everybody_has_left(in_town: Town) -> None:
    family = make_family(in_town.counselor, AYA)
    people.leave(family.people.get(), actor=in_town.counselor, left_on=date(2026, 4, 1))
    assert str(queries.family_name(family)) == "髙橋さん家庭"


def test_names_cost_one_query_however_many(in_town: Town, django_assert_num_queries: Any) -> None:
    ids = [make_family(in_town.counselor).pk for _ in range(5)]
    with django_assert_num_queries(1):
        assert len(queries.family_names(ids)) == 5
    nobody = Household.objects.create(
        municipality=in_town.municipality, created_at="2026-04-01T00:00:00+09:00"
    )
    assert str(queries.family_names([nobody.pk])[nobody.pk]) == "お名前は未確認"
