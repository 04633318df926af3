"""D2 basic: one press counts one family once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers
from tests.encounters.cast import NOON, at_once, children, kimura, trail, visit
from tests.makers import Town
from tsunagari.base import clock, tenancy
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import queries
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import visits
from tsunagari.families.models import AgencyLink, Household
from tsunagari.families.operations import households, joins


def test_a_family_is_counted_with_its_children(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    seen = visit(in_town.counselor, family, adults=2)
    assert (seen.adults, seen.children, seen.first_time, seen.already) == (2, 2, True, False)
    assert set(seen.people.values_list("person_id", flat=True)) == set(children(family))


def test_check_in_opens_the_family_to_the_agency_with_trail(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    assert not Household.objects.visible_to(in_town.stranger).filter(pk=family.pk).exists()
    visit(in_town.stranger, family)
    assert Household.objects.visible_to(in_town.stranger).filter(pk=family.pk).exists()
    assert AgencyLink.objects.get(household=family, agency=in_town.midori).reason == "check_in"


def test_check_in_stands_on_the_trail(town: Town) -> None:
    with makers.scope(town):
        seen = visit(town.counselor, kimura(town.counselor))
    with makers.scope(town):
        assert [entry.object_id for entry in trail("visit.check_in")] == [seen.pk]


def test_the_same_key_is_the_same_visit(in_town: Town) -> None:
    family, key = kimura(in_town.counselor), uuid4()
    first = visit(in_town.counselor, family, key=key)
    second = visit(in_town.counselor, family, key=key)
    assert first.pk == second.pk
    assert second.already


@pytest.mark.parametrize(("minutes", "counted"), [(0, 1), (59, 1), (61, 2)])
def test_within_the_hour_it_says_so_instead_of_counting(in_town: Town, minutes: int, counted: int) -> None:
    family = kimura(in_town.counselor)
    with clock.stopped_at(NOON):
        visit(in_town.counselor, family)
    with clock.stopped_at(NOON + timedelta(minutes=minutes)):
        assert visit(in_town.counselor, family).already is (counted == 1)
    assert Visit.objects.count() == counted


def test_the_second_visit_is_not_the_first_and_another_agency_has_its_own_first(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    visit(in_town.counselor, family, at=clock.now() - timedelta(days=3))
    assert visit(in_town.counselor, family).first_time is False
    assert visit(in_town.stranger, family).first_time is True


def test_late_entry_of_an_earlier_visit_takes_over_being_the_first(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    later = visit(in_town.counselor, family)
    earlier = visit(in_town.counselor, family, at=clock.now() - timedelta(days=1))
    later.refresh_from_db()
    assert (earlier.first_time, later.first_time) == (True, False)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": clock.now() + timedelta(days=1)}, "at"),
        ({"person_ids": [], "adults": 0}, "person_ids"),
        ({"adults": 100}, "adults"),
        ({"adults": -1}, "adults"),
        ({"person_ids": [10**9]}, "person_ids"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_counted(
    in_town: Town, more: dict[str, object], field: str
) -> None:
    family = kimura(in_town.counselor)
    with pytest.raises(DomainError) as refused:
        visit(in_town.counselor, family, **more)
    assert refused.value.field == field
    assert not Visit.objects.exists()


def test_people_of_another_family_cannot_be_ticked(in_town: Town) -> None:
    family, other = kimura(in_town.counselor), kimura(in_town.counselor)
    with pytest.raises(DomainError):
        visit(in_town.counselor, family, person_ids=children(other))


def test_roles_without_an_agency_cannot_check_in(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    with pytest.raises(Forbidden):
        visit(in_town.officer, family)


def test_undo_and_restore_leave_the_visit_and_a_trail(town: Town) -> None:
    with makers.scope(town):
        seen = visit(town.counselor, kimura(town.counselor))
        visits.undo_visit(seen, actor=town.counselor)
        assert queries.roster(town.counselor, seen.visited_on).counts.families == 0
        visits.restore_visit(seen, actor=town.counselor)
        assert queries.roster(town.counselor, seen.visited_on).counts.first == 1
    with makers.scope(town):
        assert [entry.detail for entry in trail("visit.undo")] == ['{"undone":true}', '{"undone":false}']


def test_undoing_the_first_visit_makes_the_next_one_the_first(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    first = visit(in_town.counselor, family, at=clock.now() - timedelta(days=1))
    second = visit(in_town.counselor, family)
    visits.undo_visit(first, actor=in_town.counselor)
    second.refresh_from_db()
    assert second.first_time


def test_restoring_beside_a_new_check_in_would_count_twice(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    undone = visits.undo_visit(visit(in_town.counselor, family), actor=in_town.counselor)
    visit(in_town.counselor, family)
    with pytest.raises(Conflict):
        visits.restore_visit(undone, actor=in_town.counselor)


def test_another_agency_cannot_undo(in_town: Town) -> None:
    seen = visit(in_town.counselor, kimura(in_town.counselor))
    for actor in (in_town.stranger, in_town.nurse):
        with pytest.raises(Forbidden):
            visits.undo_visit(seen, actor=actor)


def test_anonymous_visits_are_counted_once_a_key(in_town: Town) -> None:
    key = uuid4()
    for _ in range(2):
        visits.check_in_anonymous(actor=in_town.counselor, adults=2, children=3, key=key, other_town=True)
    counts = queries.roster(in_town.counselor, clock.today()).counts
    assert (counts.families, counts.adults, counts.children, counts.unnamed, counts.other_town) == (
        1,
        2,
        3,
        1,
        1,
    )


def test_a_key_used_in_another_town_is_refused_without_telling_what_it_is(
    town: Town, other_town: Town
) -> None:
    key = uuid4()
    with makers.scope(town):
        visits.check_in_anonymous(actor=town.counselor, adults=1, children=0, key=key)
    with makers.scope(other_town), pytest.raises(Conflict):
        visits.check_in_anonymous(actor=other_town.counselor, adults=1, children=0, key=key)


def test_a_joined_nickname_family_checks_in_at_its_household(in_town: Town) -> None:
    nickname = households.create_nickname_family(actor=in_town.counselor, nickname="ひまわりさん")
    joins.join(nickname, kimura(in_town.counselor), actor=in_town.counselor, same={})
    with pytest.raises(Conflict):
        visits.check_in(nickname, actor=in_town.counselor, person_ids=[], key=uuid4())


def test_check_in_of_a_known_family_is_lean(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    people = children(family)
    with CaptureQueriesContext(connection) as queried:
        visits.check_in(family, actor=in_town.counselor, person_ids=people, key=uuid4())
    assert len(queried) <= 8, "\n".join(q["sql"] for q in queried.captured_queries)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_two_clicks_at_once_count_once(town: Town, same_key: bool) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)
    keys = [uuid4()] * 2 if same_key else [uuid4(), uuid4()]
    found = at_once(lambda key: check_in_alone(town, family, key), keys)
    assert len(set(found)) == 1
    with makers.scope(town):
        assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_anonymous_clicks_at_once_count_once(town: Town) -> None:
    key = uuid4()

    def click(_: int) -> int:
        with tenancy.municipality(town.municipality.pk):
            return visits.check_in_anonymous(actor=town.counselor, adults=1, children=1, key=key).pk

    assert len(set(at_once(click, [1, 2]))) == 1


def check_in_alone(town: Town, family: Household, key: object) -> int:
    with tenancy.municipality(town.municipality.pk):
        return visit(town.counselor, family, key=key).pk
