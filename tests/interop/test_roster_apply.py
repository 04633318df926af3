"""An old roster brought in: visits once a day and family, families made whole, twice the same as once (D8)."""

from __future__ import annotations

import pytest

from tests.interop.rosters import TODAY, book, brought_in, sent
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import Visit, VisitPerson
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.interop.models import RosterRow

pytestmark = pytest.mark.django_db

ROWS = (
    ("2026/10/1", "架空 花子", "はる", "R6.4.1", "090-0000-1111", 1, 1, "はじめて"),
    ("2026/10/1", "〃", "なつ", "R4.7.7", "〃", "", 1, ""),
    ("2026/10/8", "架空花子", "はる・なつ", "", "", 1, 2, ""),
    ("10/9", "星川 みどり", "そら", "", "", 2, 1, "祖母も"),
)


def test_rows_of_one_family_and_day_are_one_visit(town: Town) -> None:
    with clock.stopped_at(clock.at(TODAY, 12)):
        done = brought_in(town, sent(town, book(ROWS)))
    assert (done.status, done.added, done.changed, done.unchanged) == ("done", 4, 2, 0)
    with scope(town):
        visits = list(Visit.objects.order_by("visited_on"))
        assert [(v.visited_on.day, v.adults, v.children, v.first_time) for v in visits] == [
            (1, 1, 2, True), (8, 1, 2, False), (9, 2, 1, True)
        ]  # fmt: skip
        assert VisitPerson.objects.filter(visit=visits[0]).count() == 3
        assert visits[2].note == "祖母も"
        hanako = Person.objects.get(given_name="花子")
        assert (hanako.phone, hanako.household.kind) == ("09000001111", "household")
        assert sorted(hanako.household.people.values_list("given_name", flat=True)) == [
            "なつ",
            "はる",
            "花子",
        ]
        assert AgencyLink.objects.get(household=hanako.household).last_met_on == visits[1].visited_on


def test_the_same_file_again_changes_nothing(town: Town) -> None:
    with clock.stopped_at(clock.at(TODAY, 12)):
        brought_in(town, sent(town, book(ROWS)))
        second = sent(town, book(ROWS))
        with scope(town):
            matches = {row.match for row in RosterRow.objects.filter(source=second)}
        assert matches == {"sure", "maybe"}  # みどりさん is known by name alone
        with scope(town):
            lead = RosterRow.objects.get(source=second, match="maybe")
            from tsunagari.interop import operations

            operations.decide(second, lead.number, actor=town.manager,
                              household_id=lead.candidates[0]["household"])  # fmt: skip
        done = brought_in(town, second, rest_new=False)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 4)
    with scope(town):
        assert (Household.objects.count(), Visit.objects.count()) == (2, 3)
