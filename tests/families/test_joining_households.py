"""Two real households that are one: registrations merged by day, cards, gaps, and back exactly (D8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.families.people import make_family
from tests.families.test_joins import make_card, make_visit, rows
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.families import queries
from tsunagari.families.models import (
    Card,
    HomeChange,
    Household,
    Person,
    Registration,
    Renewal,
)
from tsunagari.families.operations import households, joins, links, search
from tsunagari.families.queries import protection
from tsunagari.families.rules.merging import Registered, merge_registrations

BASE = date(2025, 4, 1)
#: (agency 0-2, home, first day, length; None: open)
PERIODS = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 60), st.one_of(st.none(), st.integers(0, 40))),
    max_size=5,
)
Period = tuple[int, bool, int, int | None]


def consistent(periods: list[Period], first_id: int) -> list[Registered]:
    """Those periods one family can have: each agency once on a day, one home on a day."""
    rows: list[Registered] = []
    for number, (agency, home, start, length) in enumerate(periods):
        starts = BASE + timedelta(days=start)
        ends = None if length is None else starts + timedelta(days=length)
        row = Registered(first_id + number, agency, home, starts, ends)
        if not any(_overlap(row, other) for other in rows if _clash(row, other)):
            rows.append(row)
    return rows


def _clash(one: Registered, other: Registered) -> bool:
    return one.agency_id == other.agency_id or (one.is_home and other.is_home)


def _overlap(one: Registered, other: Registered) -> bool:
    return one.starts_on <= (other.ends_on or date.max) and other.starts_on <= (one.ends_on or date.max)


@given(mine=PERIODS, theirs=PERIODS)
@settings(max_examples=200, deadline=None)
def test_merged_registrations_say_of_every_day_what_either_said(
    mine: list[Period], theirs: list[Period]
) -> None:
    source, target = consistent(mine, 100), consistent(theirs, 1)
    merged = merge_registrations(target, source)
    for offset in range(-1, 120):
        day = BASE + timedelta(days=offset)
        there = [row for row in merged if row.holds(day)]
        agencies = [row.agency_id for row in there]
        assert len(set(agencies)) == len(agencies)
        assert set(agencies) == {row.agency_id for row in [*source, *target] if row.holds(day)}
        homes = [row.agency_id for row in there if row.is_home]
        wanted = [row.agency_id for row in [*target, *source] if row.is_home and row.holds(day)]
        assert homes == wanted[:1]


def test_rows_that_need_no_change_come_back_as_they_are() -> None:
    target = [Registered(1, 0, True, BASE, None)]
    source = [Registered(9, 1, False, BASE, None)]
    assert sorted(merge_registrations(target, source), key=lambda row: row.id) == [*target, *source]


def _register(town: Town, family: Household, periods: list[Period]) -> None:
    places = [town.aoba, town.midori, town.centre]
    for row in consistent(periods, 1):
        made = Registration.objects.create(
            municipality=town.municipality, household=family, agency=places[row.agency_id], is_home=row.is_home,
            starts_on=row.starts_on, ends_on=row.ends_on, created_at=clock.now(),
        )  # fmt: skip
        links.meet(family, actor=town.officer, agency_id=made.agency_id, reason="registration", on=None)
        Renewal.objects.create(
            municipality=town.municipality, registration=made, fiscal_year=2025, document="known",
            renewed_on=row.starts_on, renewed_at=clock.now(),
        )  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mine=PERIODS, theirs=PERIODS, cards=st.tuples(st.booleans(), st.booleans()), protected=st.booleans(),
    same=st.booleans(), moved=st.booleans(),
)  # fmt: skip
def test_parting_two_households_restores_every_row(
    in_town: Town, mine: list[Period], theirs: list[Period], cards: tuple[bool, bool], protected: bool,
    same: bool, moved: bool,
) -> None:  # fmt: skip
    source, target = make_family(in_town.counselor), make_family(in_town.officer)
    for family, periods, has_card in ((source, mine, cards[0]), (target, theirs, cards[1])):
        _register(in_town, family, periods)
        if has_card:
            make_card(in_town, family)
    Household.objects.filter(pk=source.pk).update(protected=protected, address="架空町1-2")
    Household.objects.filter(pk=target.pk).update(status="moved" if moved else "active", address="")
    Person.objects.filter(household=target, kind="child").update(given_kana="", birth_date=None)
    search.refresh([source, target])
    child = {"household": source, "kind": "child"}
    pairs = {Person.objects.get(**child).pk: target.people.get(kind="child").pk} if same else {}
    before = (rows(), list(Renewal.objects.order_by("pk").values()), _registrations())
    join = joins.join(source, target, actor=in_town.manager, same=pairs)
    joins.part(join, actor=in_town.manager)
    assert (rows(), list(Renewal.objects.order_by("pk").values()), _registrations()) == before


def _registrations() -> list[dict[str, object]]:
    return list(Registration.objects.order_by("pk").values())


def _two_homes(town: Town) -> tuple[Household, Household]:
    source, target = make_family(town.counselor), make_family(town.counselor)
    _register(town, source, [(0, True, 0, None)])
    _register(town, target, [(1, True, 10, None)])
    return source, target


def test_the_target_keeps_its_home_and_both_homes_hear_of_it(in_town: Town) -> None:
    source, target = _two_homes(in_town)
    join = joins.join(source, target, actor=in_town.counselor, same={})
    today = clock.today()
    there = Registration.objects.filter(household=target, starts_on__lte=today, ends_on__isnull=True)
    assert {(row.agency_id, row.is_home) for row in there} == {
        (in_town.aoba.pk, False), (in_town.midori.pk, True),
    }  # fmt: skip
    change = HomeChange.objects.get()
    assert (change.former_id, change.new_id) == (in_town.aoba.pk, in_town.midori.pk)
    joins.part(join, actor=in_town.counselor)
    assert not HomeChange.objects.exists()


def test_a_registration_ended_after_the_join_stays_ended_when_parted(in_town: Town) -> None:
    source, target = _two_homes(in_town)
    join = joins.join(source, target, actor=in_town.counselor, same={})
    today = clock.today()
    made = Registration.objects.get(household=target, agency=in_town.aoba, ends_on__isnull=True)
    Registration.objects.filter(pk=made.pk).update(ends_on=today, end_reason="希望")
    joins.part(join, actor=in_town.counselor)
    row = Registration.objects.get(household=source)
    assert (row.ends_on, row.end_reason) == (today, "希望")


def test_both_cards_go_on_working_and_one_is_the_main_one(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    make_card(in_town, source)
    make_card(in_town, target)
    joins.join(source, target, actor=in_town.counselor, same={})
    cards = Card.objects.filter(household=target, state="active").order_by("main")
    assert [card.main for card in cards] == [False, True]


def test_protection_spreads_and_goes_only_with_the_last_protected_family(in_town: Town) -> None:
    first, second, target = (make_family(in_town.counselor) for _ in range(3))
    Household.objects.filter(pk__in=[first.pk, second.pk]).update(protected=True)
    joined = [joins.join(family, target, actor=in_town.manager, same={}) for family in (first, second)]
    target.refresh_from_db()
    assert target.protected
    joins.part(joined[0], actor=in_town.counselor)
    target.refresh_from_db()
    assert target.protected


def test_gaps_are_filled_unless_somebody_wrote_there_since(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    child = target.people.get(kind="child")
    Person.objects.filter(pk=child.pk).update(birth_date=None, given_kana="")
    same = {source.people.get(kind="child").pk: child.pk}
    join = joins.join(source, target, actor=in_town.counselor, same=same)
    child.refresh_from_db()
    assert child.birth_date is not None
    Person.objects.filter(pk=child.pk).update(given_kana="そうじろう")
    joins.part(join, actor=in_town.counselor)
    child.refresh_from_db()
    assert (child.birth_date, child.given_kana) == (None, "そうじろう")


@pytest.mark.parametrize(("nickname", "shown"), [("帽子の子", "帽子の子"), ("", "髙橋さん家庭")])
def test_the_joined_family_says_whom_it_took_in(in_town: Town, nickname: str, shown: str) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    Household.objects.filter(pk=source.pk).update(nickname=nickname)
    joins.join(source, target, actor=in_town.counselor, same={})
    target.refresh_from_db()
    assert [line.nickname for line in queries.head(in_town.counselor, target).joins] == [shown]


def test_the_number_of_the_register_goes_to_the_one_that_stands_and_back(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    mine, theirs = source.people.get(kind="child"), target.people.get(kind="child")
    Household.objects.filter(pk=source.pk).update(resident_no="H1")
    Person.objects.filter(pk=mine.pk).update(resident_no="P1")
    join = joins.join(source, target, actor=in_town.counselor, same={mine.pk: theirs.pk})
    assert Household.objects.get(resident_no="H1").pk == target.pk
    assert Person.objects.get(resident_no="P1").pk == theirs.pk
    joins.part(join, actor=in_town.counselor)
    assert Household.objects.get(resident_no="H1").pk == source.pk
    assert Person.objects.get(resident_no="P1").pk == mine.pk


def test_a_child_joined_twice_over_is_one_child_in_one_step_and_parts_step_by_step(in_town: Town) -> None:
    first, second, third = (make_family(in_town.counselor) for _ in range(3))
    one, two, three = (family.people.get(kind="child") for family in (first, second, third))
    joins.join(first, second, actor=in_town.counselor, same={one.pk: two.pk})
    again = joins.join(second, third, actor=in_town.counselor, same={two.pk: three.pk})
    led = Person.objects.filter(pk__in=[one.pk, two.pk]).values_list("same_as_id", flat=True)
    assert set(led) == {three.pk}
    joins.part(again, actor=in_town.counselor)
    assert Person.objects.get(pk=one.pk).same_as_id == two.pk
    assert Person.objects.get(pk=two.pk).same_as_id is None


def test_protection_that_came_while_joined_stays_on_both(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    join = joins.join(source, target, actor=in_town.counselor, same={})
    households.protect(target, actor=in_town.officer, protected=True)
    joins.part(join, actor=in_town.counselor)
    assert Household.objects.filter(pk__in=[source.pk, target.pk], protected=True).count() == 2


@pytest.mark.parametrize("words", [(True,), (False, True)], ids=["on", "off and on"])
def test_protection_that_came_beside_a_joined_ones_stays_on_both(
    in_town: Town, words: tuple[bool, ...]
) -> None:
    source, plain, target = (make_family(in_town.counselor) for _ in range(3))
    Household.objects.filter(pk=source.pk).update(protected=True)
    joined = [joins.join(family, target, actor=in_town.manager, same={}) for family in (plain, source)]
    for protected in words:
        households.protect(target, actor=in_town.manager, protected=protected)
    for join in reversed(joined):
        joins.part(join, actor=in_town.counselor)
    assert Household.objects.filter(protected=True).count() == 3


def test_protection_of_the_joined_one_alone_goes_with_it_and_is_said_to_be_its_own(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    Household.objects.filter(pk=source.pk).update(protected=True)
    join = joins.join(source, target, actor=in_town.manager, same={})
    assert protection.by_join_alone(target.pk)
    joins.part(join, actor=in_town.counselor)
    assert not Household.objects.get(pk=target.pk).protected
    assert not protection.by_join_alone(target.pk)


def test_protection_said_twice_is_said_once(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    Household.objects.filter(pk=source.pk).update(protected=True)
    joins.join(source, target, actor=in_town.manager, same={})
    for _ in range(2):
        households.protect(target, actor=in_town.manager, protected=True)
    assert target.revisions.count() == 1


def test_protection_taken_off_while_joined_stays_off_the_one_and_on_the_other(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.counselor)
    Household.objects.filter(pk=source.pk).update(protected=True)
    join = joins.join(source, target, actor=in_town.manager, same={})
    households.protect(target, actor=in_town.manager, protected=False)
    joins.part(join, actor=in_town.counselor)
    assert list(Household.objects.filter(protected=True)) == [source]


def test_protection_of_another_joined_family_is_not_handed_on(in_town: Town) -> None:
    plain, guarded, target = (make_family(in_town.counselor) for _ in range(3))
    join = joins.join(plain, target, actor=in_town.counselor, same={})
    Household.objects.filter(pk=guarded.pk).update(protected=True)
    joins.join(guarded, target, actor=in_town.manager, same={})
    joins.part(join, actor=in_town.counselor)
    assert not Household.objects.get(pk=plain.pk).protected


def test_an_agency_that_met_the_joined_family_again_that_day_still_sees_it(in_town: Town) -> None:
    source, target = make_family(in_town.counselor), make_family(in_town.officer)
    links.meet(
        source, actor=in_town.counselor, agency_id=in_town.aoba.pk, reason="check_in", on=clock.today()
    )
    join = joins.join(source, target, actor=in_town.counselor, same={})
    make_visit(in_town, target)
    links.meet(
        target, actor=in_town.counselor, agency_id=in_town.aoba.pk, reason="check_in", on=clock.today()
    )
    joins.part(join, actor=in_town.counselor)
    assert Household.objects.visible_to(in_town.counselor).filter(pk=target.pk).exists()


def test_the_reason_of_an_end_goes_with_it_and_a_vanished_row_is_no_obstacle(in_town: Town) -> None:
    source, target = _two_homes(in_town)
    join = joins.join(source, target, actor=in_town.counselor, same={})
    made = Registration.objects.get(household=target, agency=in_town.aoba, ends_on__isnull=True)
    Registration.objects.filter(pk=made.pk).update(ends_on=clock.today(), end_code="wish", end_reason="希望")
    joins.part(join, actor=in_town.counselor)
    row = Registration.objects.get(household=source)
    assert row.end_code == "wish"
    join = joins.join(source, target, actor=in_town.counselor, same={})
    Renewal.objects.filter(registration=row).delete()
    Registration.objects.filter(pk=row.pk).delete()
    assert joins.part(join, actor=in_town.counselor).parted_at is not None


@pytest.mark.parametrize("guarded", ["source", "target"])
def test_a_protected_family_is_opened_to_more_agencies_by_right_only(in_town: Town, guarded: str) -> None:
    both = {"source": make_family(in_town.counselor), "target": make_family(in_town.counselor)}
    Household.objects.filter(pk=both[guarded].pk).update(protected=True)
    with pytest.raises(DomainError):
        joins.join(both["source"], both["target"], actor=in_town.counselor, same={})
    assert joins.join(both["source"], both["target"], actor=in_town.manager, same={}).pk
