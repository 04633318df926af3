"""A row added by hand is the row Django would have added."""

from __future__ import annotations

import pytest
from django.forms.models import model_to_dict
from tests.families.people import make_family
from tests.makers import Town

from tsunagari.base import clock
from tsunagari.base.adding import add
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


def test_a_model_with_a_key_of_its_own_is_not_added(in_town: Town) -> None:
    with pytest.raises(TypeError, match="SearchEntry"):
        add(SearchEntry(household_id=1, municipality_id=1))
