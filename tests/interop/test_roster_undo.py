"""A roster taken out as a whole, unless something was built on it; the trail stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from tests.encounters.cast import until_somebody_waits
from tests.interop.rosters import TODAY, book, brought_in, family, reread, sent, taken_out
from tests.makers import Town, scope
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import door, meetings, visits
from tsunagari.families.models import (
    AgencyLink,
    Card,
    Household,
    HouseholdJoin,
    Person,
    Registration,
    SearchEntry,
)
from tsunagari.families.operations import households, joins, people, registrations
from tsunagari.families.operations.cards import issue_card
from tsunagari.families.operations.unmaking import CALLED
from tsunagari.families.rules import PersonInput
from tsunagari.interop import operations
from tsunagari.interop.models import Import, RosterRow

pytestmark = pytest.mark.django_db

HEADERS = ("登録日", "保護者氏名", "ふりがな", "児の氏名", "生年月日", "住所", "電話")
REGISTER = (
    ("R7.4.1", "架空 花子", "かくう はなこ", "はる", "R6.4.1", "架空町1-1", "090-0000-1111"),
    ("〃", "同上", "〃", "なつ", "H31.4.2", "〃", "〃"),
    ("R7.6.1", "月野 あかり", "つきの あかり", "れん", "R5.5.5", "架空町2", ""),
)
VISITS = (
    ("2026/10/1", "架空 花子", "はる", "2024/4/1", "090-0000-1111", 1, 1, ""),
    ("2026/10/8", "架空 花子", "はる", "2024/4/1", "090-0000-1111", 1, 1, ""),
    ("2026/10/8", "月野 あかり", "れん", "", "", 1, 1, ""),
)


@pytest.fixture(autouse=True)
def _on_this_day() -> Iterator[None]:
    with clock.stopped_at(clock.at(TODAY, 12)):
        yield


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row an import could leave behind or change."""
    models = (Household, Person, Visit, AgencyLink, Registration, Card, SearchEntry)
    return {model.__name__: sorted(model.objects.order_by("pk").values_list()) for model in models}


def test_taken_out_everything_is_as_it_was(town: Town) -> None:
    known = family(town, ("架空", "花子"), ("はる", "2024-04-01"), phone="09000001111", at=town.midori.pk)
    with scope(town, town.counselor.user_id):
        visits.check_in(known, actor=town.counselor, person_ids=[], key=uuid4())
        before = everything()
    row = brought_in(town, sent(town, book(VISITS)))
    with scope(town):
        assert Visit.objects.filter(household=known, first_time=True).get().visited_on == date(2026, 10, 1)
    assert taken_out(town, row).status == "undone"
    with scope(town):
        assert everything() == before
        assert Entry.objects.filter(action="visit.check_in").count() == 4
        assert Entry.objects.filter(action="roster.undo_import").exists()


def test_a_register_makes_families_and_registrations_and_takes_them_out(town: Town) -> None:
    with scope(town):
        before = everything()
    row = brought_in(town, sent(town, book(REGISTER, HEADERS), "登録簿.xlsx"))
    assert (row.status, row.added, row.changed) == ("done", 3, 2)
    with scope(town):
        first = Registration.objects.get(household__people__given_name="花子")
        assert (first.starts_on, first.agency_id, first.is_home) == (date(2025, 4, 1), town.aoba.pk, False)
        assert sorted(Household.objects.values_list("address", flat=True)) == ["架空町1-1", "架空町2"]
        assert Card.objects.count() == 2
    again = brought_in(town, sent(town, book(REGISTER, HEADERS), "登録簿.xlsx"))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    with pytest.raises(DomainError, match="ほかの名簿の取り込み 1件"):
        taken_out(town, row)
    taken_out(town, again)
    assert taken_out(town, reread(town, row.pk)).status == "undone"
    with scope(town):
        assert everything() == before


def test_a_registration_that_was_merged_with_another_family_s_stands_in_the_way(town: Town) -> None:
    known = family(town, ("架空", "花子"), ("はる", "2024-04-01"), phone="09000001111")
    row = brought_in(town, sent(town, book(REGISTER, HEADERS), "登録簿.xlsx"))
    with scope(town, town.counselor.user_id):
        other = households.create_household(actor=town.counselor, people=[PersonInput(family_name="架空")])
        registrations.register(other, town.aoba, actor=town.counselor, is_home=True, source="counter")
        join = joins.join(known, other, actor=town.counselor, same={})
    with pytest.raises(DomainError, match="まとめられた家庭 1件"):
        taken_out(town, row)
    with scope(town, town.counselor.user_id):
        joins.part(join, actor=town.counselor)
    assert taken_out(town, reread(town, row.pk)).status == "undone"


def later_visit(town: Town, home: Household) -> None:
    visits.check_in(home, actor=town.counselor, person_ids=[], key=uuid4())


def add_person(town: Town, home: Household) -> None:
    people.expect_child(home, actor=town.counselor, due_date=TODAY)


def registration(town: Town, home: Household) -> None:
    registrations.register(home, town.aoba, actor=town.counselor, is_home=True, source="counter")


def protect(town: Town, home: Household) -> None:
    households.protect(home, actor=town.lead, protected=True)


def joined(town: Town, home: Household) -> None:
    other = Household.objects.exclude(pk=home.pk).latest("pk")
    HouseholdJoin.objects.create(municipality=town.municipality, source=home, target=other, moved={},
                                 joined_at=clock.now())  # fmt: skip


@pytest.mark.parametrize(
    ("build", "said"),
    [(later_visit, "来所 1件"), (add_person, "あとから加えた人 1件"), (registration, "登録 1件"),
     (protect, "家庭の内容の変更 1件"), (joined, "家庭をまとめた記録 1件")],
)  # fmt: skip
def test_what_was_built_on_a_family_stands_in_the_way_and_is_counted(
    town: Town, build: Callable[[Town, Household], None], said: str
) -> None:
    row = brought_in(town, sent(town, book(VISITS)))
    with scope(town, town.counselor.user_id):
        build(town, Household.objects.get(people__given_name="花子"))
        before = everything()
    with scope(town), pytest.raises(DomainError) as refused:
        operations.undo_roster(row, actor=town.manager)
    assert said in refused.value.message
    with scope(town):
        assert everything() == before
        assert Import.objects.get(pk=row.pk).status == "done"


def test_a_family_known_before_stays_whatever_was_built_on_it(town: Town) -> None:
    known = family(town, ("架空", "花子"), ("はる", "2024-04-01"), phone="09000001111")
    row = brought_in(town, sent(town, book(VISITS)))
    with scope(town, town.counselor.user_id):
        later_visit(town, known)
    assert taken_out(town, row).status == "undone"
    with scope(town):
        assert list(Household.objects.values_list("pk", flat=True)) == [known.pk]
        assert Visit.objects.get().first_time is True


def test_taking_out_twice_and_a_job_that_runs_twice_change_nothing(town: Town) -> None:
    from tsunagari.interop.jobs import rosters as jobs

    row = brought_in(town, sent(town, book(VISITS)))
    taken_out(town, row)
    jobs.take_out(row.pk, town.municipality.pk, town.manager.membership_id or 0, town.manager.user_id or 0)
    with scope(town), pytest.raises(DomainError):
        operations.undo_roster(row, actor=town.manager)
    with scope(town):
        assert RosterRow.objects.filter(source=row).exclude(made={}).count() == 0


def test_every_table_that_points_at_a_family_has_a_name_for_people() -> None:
    pointing = {
        f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        for model in (Household, Person)
        for relation in model._meta.related_objects
    }
    assert pointing - set(CALLED) == {"families.searchentry.household"}


@pytest.mark.parametrize("made_is", ["source", "target"])
def test_a_join_that_was_parted_and_left_nothing_is_no_obstacle(town: Town, made_is: str) -> None:
    known = family(town, ("星川", "みどり"), ("そら", "2024-04-01"))
    with scope(town):
        before = everything()
    row = brought_in(town, sent(town, book(VISITS)))
    with scope(town, town.counselor.user_id):
        made = Household.objects.get(people__given_name="花子")
        source, target = (made, known) if made_is == "source" else (known, made)
        join = joins.join(source, target, actor=town.counselor, same={})
    with pytest.raises(DomainError, match="家庭をまとめた記録"):
        taken_out(town, row)
    with scope(town, town.counselor.user_id):
        joins.part(join, actor=town.counselor)
    assert taken_out(town, reread(town, row.pk)).status == "undone"
    with scope(town):
        assert everything() == before
        assert not HouseholdJoin.objects.exists()


def test_what_a_parted_join_left_behind_still_stands_in_the_way(town: Town) -> None:
    known = family(town, ("星川", "みどり"), ("そら", "2024-04-01"))
    row = brought_in(town, sent(town, book(VISITS)))
    with scope(town, town.counselor.user_id):
        made = Household.objects.get(people__given_name="花子")
        join = joins.join(known, made, actor=town.counselor, same={})
        later_visit(town, made)
        joins.part(join, actor=town.counselor)
    with pytest.raises(DomainError, match="来所 1件"):
        taken_out(town, row)


@pytest.mark.django_db(transaction=True)
def test_taking_out_locks_all_its_families_at_once_and_in_the_order_of_a_tablet(town: Town) -> None:
    known = family(town, ("架空", "花子"), ("はる", "2024-04-01"), phone="09000001111")
    row = brought_in(town, sent(town, book(VISITS)))

    def undo() -> str:
        try:
            return taken_out(town, row).status
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with scope(town):
            made = Household.objects.get(people__given_name="あかり")
            card = issue_card(known, actor=town.counselor)
            door.lock_all(town.municipality.pk, [card.token])
            undone = pool.submit(undo)
            until_somebody_waits()
            assert set(meetings.locked(made.pk)) == {made.pk}  # a taking out that held it would wait for us
        assert undone.result(20) == "undone"


@pytest.mark.django_db(transaction=True)
def test_a_tablet_holds_the_family_that_another_was_joined_into_meanwhile(town: Town) -> None:
    target, source = (family(town, ("架空", name), number=n) for n, name in enumerate(("花子", "草子"), 1))
    with scope(town, town.counselor.user_id):
        card = issue_card(source, actor=town.counselor)

    def lock() -> set[int]:
        try:
            with scope(town):
                return door.lock_all(town.municipality.pk, [card.token])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with scope(town, town.counselor.user_id):
            joins.join(source, target, actor=town.counselor, same={})
            held = pool.submit(lock)
            until_somebody_waits()
        assert held.result(20) == {target.pk}
