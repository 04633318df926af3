"""An old roster brought in: visits once a day and family, families made whole, twice the same as once (D8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.interop.rosters import TODAY, book, brought_in, family, reread, sent, taken_out
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import Visit, VisitPerson
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.families.operations import joins
from tsunagari.interop import operations
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import, RosterRow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_this_day() -> Iterator[None]:
    with clock.stopped_at(clock.at(TODAY, 12)):
        yield


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

            operations.decide(second, lead.number, actor=town.manager,
                              household_id=lead.candidates[0]["household"])  # fmt: skip
        done = brought_in(town, second, rest_new=False)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 4)
    with scope(town):
        assert (Household.objects.count(), Visit.objects.count()) == (2, 3)


def test_a_job_killed_between_two_families_goes_on_and_makes_nothing_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ROWS_AT_ONCE", 1)
    row = sent(town, book(ROWS))
    with scope(town):
        operations.apply_roster(row, actor=town.manager)
    who = (row.pk, town.municipality.pk, town.manager.membership_id or 0, town.manager.user_id or 0)
    assert jobs._chunk(*who) is True  # and here the worker is killed
    with scope(town):
        assert Visit.objects.count() == 2  # a family is whole
    assert reread(town, row.pk).progress == 3
    jobs.apply(*who)
    jobs.apply(*who)
    done = reread(town, row.pk)
    assert (done.status, done.added, done.changed) == ("done", 4, 2)
    with scope(town):
        assert Visit.objects.count() == 3


def test_a_failure_in_the_middle_keeps_whole_families_says_so_and_can_go_on_or_be_undone(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "ROWS_AT_ONCE", 1)
    real, calls = jobs.bringing.bring_in, []

    def breaks(*args: object, **kwargs: object) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise ValueError("星川 みどり")
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs.bringing, "bring_in", breaks)
    stopped = brought_in(town, sent(town, book(ROWS)))
    assert (stopped.status, stopped.message) == ("preview", jobs.STOPPED)
    assert "星川" not in caplog.text
    with scope(town):
        assert (Household.objects.count(), Visit.objects.count()) == (1, 2)
    assert brought_in(town, stopped).status == "done"
    assert taken_out(town, reread(town, stopped.pk)).status == "undone"


def test_a_worker_that_dies_again_and_again_gives_the_roster_back(town: Town) -> None:
    row = sent(town, book(ROWS))
    with scope(town):
        operations.apply_roster(row, actor=town.manager)
    operations.stop_stalled(row.pk, town.municipality.pk)
    given_back = reread(town, row.pk)
    assert (given_back.status, given_back.content is not None) == ("preview", True)


def test_of_a_joined_family_each_person_came_once(town: Town) -> None:
    one, other = (family(town, ("架空", "花子"), ("はる", "2024-04-01"), number=n) for n in (1, 2))
    with scope(town, town.counselor.user_id):
        pairs = zip(one.people.order_by("pk"), other.people.order_by("pk"), strict=True)
        same = {mine.pk: theirs.pk for mine, theirs in pairs}
        joins.join(one, other, actor=town.counselor, same=same)
    brought_in(town, sent(town, book([("2026/10/1", "架空 花子", "はる", "R6.4.1", "", 1, 1, "")])))
    with scope(town):
        came = VisitPerson.objects.filter(visit=Visit.objects.get(household=other))
        assert set(came.values_list("person_id", flat=True)) == set(same.values())


def test_a_family_joined_into_another_since_is_followed(town: Town) -> None:
    home = family(town, ("架空", "花子"), ("はる", "2024-04-01"), number=1)
    target = family(town, ("別架", "花子"), number=2)
    row = sent(town, book(ROWS))
    with scope(town):
        Household.objects.filter(pk=home.pk).update(joined_into=target)
    brought_in(town, row)
    with scope(town):
        assert set(Visit.objects.filter(household=target).values_list("visited_on__day", flat=True)) == {1, 8}


def test_a_family_by_its_nickname_stays_one(town: Town) -> None:
    rows = [
        ("2026/10/1", "きいろい帽子のママ", "", "", "", 1, 1, ""),
        ("2026/10/8", "きいろい帽子のママ", "", "", "", 1, 1, ""),
    ]
    headers = ("来所日", "呼び名", "お子さん", "生年月日", "電話", "大人", "子ども", "備考")
    brought_in(town, sent(town, book(rows, headers)))
    with scope(town):
        home = Household.objects.get()
        assert (home.kind, home.nickname, home.visits.count()) == ("nickname", "きいろい帽子のママ", 2)


def test_what_was_read_is_forgotten_after_a_month_and_can_still_be_taken_out(town: Town) -> None:
    row = brought_in(town, sent(town, book(ROWS)))
    with scope(town):
        operations.forget_old(today=TODAY + timedelta(days=40))
        assert {str(line.values) for line in RosterRow.objects.filter(source=row)} == {"{}"}
    assert taken_out(town, row).status == "undone"


def test_a_roster_nobody_decided_on_is_given_up_after_a_month(town: Town) -> None:
    row = sent(town, book(ROWS))
    with scope(town):
        operations.forget_old(today=TODAY + timedelta(days=20))
        assert Import.objects.get(pk=row.pk).status == "preview"
        operations.forget_old(today=TODAY + timedelta(days=40))
        gone = Import.objects.get(pk=row.pk)
        assert (gone.status, gone.content, gone.roster_rows.count()) == ("discarded", None, 0)
