"""A row added by hand is the row Django would have added."""

from __future__ import annotations

import pytest
from django.forms.models import model_to_dict
from tests.families.people import make_family
from tests.makers import Town

from tsunagari.base import clock
from tsunagari.base.adding import add, add_all
from tsunagari.families.models import AgencyLink, SearchEntry

pytestmark = pytest.mark.django_db


def test_a_row_is_added_as_it_stands_and_knows_its_id(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    link = AgencyLink(
        municipality_id=family.municipality_id,
        household=family,
        agency_id=in_town.midori.pk,
        reason=AgencyLink.Reason.CHECK_IN,
        since=clock.now(),
        sort_kana="たかはし",
    )
    add(link)
    kept = AgencyLink.objects.get(pk=link.pk)
    assert model_to_dict(kept) == model_to_dict(link)
    assert not link._state.adding


def test_several_rows_get_their_ids_in_order(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    links = [
        AgencyLink(
            municipality_id=family.municipality_id,
            household=family,
            agency_id=agency.pk,
            reason=AgencyLink.Reason.CHECK_IN,
            since=clock.now(),
        )
        for agency in (in_town.midori, in_town.centre)
    ]
    add_all(links)
    kept = AgencyLink.objects.in_bulk([link.pk for link in links])
    assert [kept[link.pk].agency_id for link in links] == [in_town.midori.pk, in_town.centre.pk]
    add_all([])


def test_a_row_with_a_key_of_its_own_keeps_it(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    SearchEntry.objects.filter(pk=family.pk).delete()
    entry = SearchEntry(household=family, municipality_id=family.municipality_id, grams=["k:タカ"])
    add(entry)
    assert SearchEntry.objects.get(pk=family.pk).grams == ["k:タカ"]
