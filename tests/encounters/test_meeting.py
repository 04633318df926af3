"""A family is open to an agency that met it, and closed again when the meeting was a mistake."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.encounters.cast import NOON, kimura, trail, visit, write
from tests.makers import Town
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import records, visits
from tsunagari.families import queries as families
from tsunagari.families.models import AgencyLink, Household, SearchEntry
from tsunagari.families.operations import households, joins, registrations


def opened(town: Town, family: Household) -> bool:
    """Whether みどり may see the family, by rows and by search alike."""
    seen = Household.objects.visible_to(town.stranger).filter(pk=family.pk).exists()
    gram = f"a:{town.midori.pk}" in SearchEntry.objects.get(pk=family.pk).grams
    assert seen == gram == bool(families.find(town.stranger, "きむら").own)
    return seen


def closings(family: Household) -> list[Entry]:
    return [line for line in trail("family.close") if line.household_id == family.pk]


def test_a_mistaken_check_in_closes_the_family_again_and_says_so(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    seen = visit(in_town.stranger, family)
    assert opened(in_town, family)
    assert visits.undo_visit(seen, actor=in_town.stranger).closed
    assert not opened(in_town, family)
    assert [line.agency_id for line in closings(family)] == [in_town.midori.pk]


def test_a_visit_that_is_restored_meets_the_family_again(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    undone = visits.undo_visit(visit(in_town.stranger, family), actor=in_town.stranger)
    visits.restore_visit(undone, actor=in_town.stranger)
    assert opened(in_town, family)
    assert AgencyLink.objects.get(household=family, agency=in_town.midori).last_met_on == clock.today()


@pytest.mark.parametrize("by", ["visit", "record", "registration"])
def test_whatever_else_opened_it_keeps_it_open(in_town: Town, by: str) -> None:
    family = kimura(in_town.counselor)
    seen = visit(in_town.stranger, family)
    if by == "visit":
        visit(in_town.stranger, family, at=clock.now() - timedelta(days=3))
    elif by == "record":
        write(in_town.stranger, family)
    else:
        registrations.register(
            family, in_town.midori, actor=in_town.counselor, is_home=False, source="counter"
        )
    assert not visits.undo_visit(seen, actor=in_town.stranger).closed
    assert opened(in_town, family)
    assert not closings(family)


def test_the_agency_that_made_the_family_keeps_it(in_town: Town) -> None:
    family = kimura(in_town.stranger)
    visits.undo_visit(visit(in_town.stranger, family), actor=in_town.stranger)
    assert opened(in_town, family)


def test_the_agency_that_made_a_nickname_family_keeps_the_household_it_was_joined_into(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    seen = visit(in_town.stranger, family)
    nickname = households.create_nickname_family(actor=in_town.stranger, nickname="たんぽぽの子")
    joins.join(nickname, family, actor=in_town.stranger, same={})
    visits.undo_visit(seen, actor=in_town.stranger)
    assert opened(in_town, family)


def test_the_last_meeting_goes_back_to_the_one_that_stands(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    visit(in_town.stranger, family, at=NOON)
    later = visit(in_town.stranger, family)
    link = AgencyLink.objects.get(household=family, agency=in_town.midori)
    assert link.last_met_on == clock.today()
    visits.undo_visit(later, actor=in_town.stranger)
    link.refresh_from_db()
    assert link.last_met_on == NOON.date()


def test_a_record_given_to_the_right_family_closes_the_wrong_one(in_town: Town) -> None:
    wrong, right = kimura(in_town.counselor), kimura(in_town.counselor)
    saved = write(in_town.stranger, wrong)
    records.move_record(saved, right, actor=in_town.stranger, reason="同姓だった")
    seen = Household.objects.visible_to(in_town.stranger)
    assert set(seen.filter(pk__in=[wrong.pk, right.pk])) == {right}
    assert len(closings(wrong)) == 1


def test_a_nameless_visit_becomes_the_familys_and_counts_once(in_town: Town) -> None:
    """C6"""
    family = kimura(in_town.counselor)
    nameless = visits.check_in_anonymous(actor=in_town.stranger, adults=2, children=1, key=uuid4())
    people = list(family.people.filter(kind="child").values_list("pk", flat=True))
    named = visits.name_visit(nameless, family, actor=in_town.stranger, person_ids=people)
    assert (named.household, named.adults, named.children) == (family, 2, 2)
    assert set(named.people.values_list("person_id", flat=True)) == set(people)
    assert Visit.objects.get().first_time
    assert opened(in_town, family)
    assert [line.detail for line in trail("visit.check_in")][-1] == '{"named":true}'


def test_a_nameless_visit_is_not_given_to_a_family_counted_within_the_hour(in_town: Town) -> None:
    """C6"""
    family = kimura(in_town.counselor)
    visit(in_town.stranger, family)
    nameless = visits.check_in_anonymous(actor=in_town.stranger, adults=1, children=1, key=uuid4())
    with pytest.raises(visits.Conflict):
        visits.name_visit(nameless, family, actor=in_town.stranger, person_ids=[])
    nameless.refresh_from_db()
    assert nameless.household_id is None


def test_a_visit_with_a_family_taken_back_or_of_another_agency_is_not_renamed(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    named = visit(in_town.counselor, family, at=NOON)
    nameless = visits.check_in_anonymous(actor=in_town.counselor, adults=1, children=0, key=uuid4())
    with pytest.raises(visits.Forbidden):
        visits.name_visit(nameless, family, actor=in_town.stranger, person_ids=[])
    visits.undo_visit(nameless, actor=in_town.counselor)
    for seen in (named, nameless):
        with pytest.raises(visits.Conflict):
            visits.name_visit(seen, family, actor=in_town.counselor, person_ids=[])
