"""Leaving (D1): families that have grown out are closed in one go, those that move away by themselves; cards stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.families.people import AYA, SOTA, make_family
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.families.models import Card, Household
from tsunagari.families.operations import grown_out, households, people, policies, registrations
from tsunagari.families.queries import grown_out as queries
from tsunagari.families.queries.registrations import home_on
from tsunagari.families.rules.grown_out import last_birth_date
from tsunagari.families.rules.policies import PolicyValues
from tsunagari.families.schedule import stop_cards
from tsunagari.places.models import Agency

ClientOf = Callable[[Actor], Client]
DAY = date(2027, 4, 5)


@pytest.mark.parametrize(
    ("today", "after", "last"),
    [
        (date(2027, 3, 31), 6, date(2020, 4, 1)),
        (date(2027, 4, 1), 6, date(2021, 4, 1)),
        (date(2027, 4, 1), 3, date(2024, 4, 1)),
    ],
)
def test_grown_out_is_whoever_turned_that_old_in_a_year_that_is_over(
    today: date, after: int, last: date
) -> None:
    assert last_birth_date(today, after) == last


def family(town: Town, *births: date | None, agency: Agency | None = None, home: bool = True) -> Household:
    children = [
        replace(SOTA, given_name=f"子{number}", birth_date=birth) for number, birth in enumerate(births)
    ]
    made = make_family(town.counselor, replace(AYA, phone=""), *children)
    register(town, made, agency or town.aoba, home=home)
    return made


def register(town: Town, household: Household, agency: Agency, *, home: bool = True) -> None:
    registrations.register(
        household, agency, actor=town.counselor, is_home=home, source="counter", starts_on=date(2026, 6, 1)
    )


def listed(actor: Actor, **more: object) -> list[int]:
    return [hit.household_id for hit in queries.grown_out(actor, **more).rows]  # type: ignore[arg-type]


def card(household: Household) -> Card:
    return Card.objects.filter(household=household).latest("issued_at", "pk")


def test_the_youngest_child_decides(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        grown = family(in_town, date(2018, 5, 5), date(2021, 4, 1))
        family(in_town, date(2018, 5, 5), date(2021, 4, 2))
        family(in_town)
        expecting = family(in_town, date(2018, 5, 5))
        people.expect_child(expecting, actor=in_town.counselor, due_date=date(2027, 8, 1))
        unknown = family(in_town, date(2018, 5, 5))
        people.add_person(unknown, replace(SOTA, given_name="海", birth_date=None), actor=in_town.counselor)
        assert listed(in_town.counselor) == [grown.pk]
        assert listed(in_town.officer) == [grown.pk]
        assert listed(in_town.stranger) == listed(in_town.auditor) == []


def test_the_city_names_the_age(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        three = family(in_town, date(2024, 1, 1))
        assert listed(in_town.counselor) == []
        values = PolicyValues(grown_out_after=3)
        policies.change_policy(actor=in_town.officer, values=values, expected_version=1)
        assert listed(in_town.counselor) == [three.pk]


def test_closing_ends_the_own_registrations_and_the_last_one_stops_the_card(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        one, two = family(in_town, date(2018, 5, 5)), family(in_town, date(2018, 5, 5))
        register(in_town, two, in_town.midori, home=False)
        ended = grown_out.close_grown_out([one, two], actor=in_town.counselor)
        assert [(row.end_code, row.ends_on) for row in ended] == [("grown_out", DAY)] * 2
        assert listed(in_town.counselor) == []
        assert (card(one).state, card(one).reason) == ("revoked", "ended")
        assert card(two).state == "active"
        assert grown_out.close_grown_out([one, two], actor=in_town.counselor) == []


def test_a_mistake_is_taken_back_with_home_and_card(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        grown = family(in_town, date(2018, 5, 5))
        in_the_purse = card(grown)
        [row] = grown_out.close_grown_out([grown], actor=in_town.counselor)
        [line] = queries.closed_lately(in_town.colleague)
        assert (line.registration_id, line.ended_on) == (row.pk, DAY)
        for _ in range(2):
            registrations.reopen(row, actor=in_town.colleague)
        assert home_on(grown, date(2027, 5, 1)) == in_town.aoba
        assert (card(grown), card(grown).state) == (in_the_purse, "active")
        assert queries.closed_lately(in_town.colleague) == []


def test_a_former_home_comes_back_beside_the_new_one(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        grown = family(in_town, date(2018, 5, 5))
        [row] = grown_out.close_grown_out([grown], actor=in_town.counselor)
    with clock.stopped_at(clock.at(date(2027, 4, 20), 10)):
        registrations.register(grown, in_town.midori, actor=in_town.nurse, is_home=True, source="city")
        again = registrations.reopen(row, actor=in_town.counselor)
        assert (again.is_home, again.starts_on, again.ends_on) == (False, date(2027, 4, 6), None)
        assert home_on(grown, DAY) == in_town.aoba
        assert home_on(grown, date(2027, 5, 1)) == in_town.midori
        with pytest.raises(DomainError):
            registrations.reopen(row, actor=in_town.counselor)


def test_a_family_that_moves_away_leaves_everywhere(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        away = family(in_town, date(2025, 5, 5))
        register(in_town, away, in_town.midori, home=False)
        households.move_out(away, actor=in_town.officer, moved_on=date(2027, 4, 2))
        ends = set(away.registrations.values_list("end_code", "ends_on", "end_reason"))
        assert ends == {("moved", date(2027, 4, 2), "転居した")}
        assert (card(away).state, card(away).reason) == ("revoked", "ended")
        with pytest.raises(DomainError):
            registrations.reopen(away.registrations.all()[0], actor=in_town.officer)


def test_what_ended_before_keeps_its_own_reason(in_town: Town) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        away = family(in_town, date(2025, 5, 5))
        row = away.registrations.get()
        registrations.end_registration(row, actor=in_town.counselor, ends_on=date(2027, 4, 1), reason="wish")
        households.move_out(away, actor=in_town.officer, moved_on=date(2027, 3, 1))
        row.refresh_from_db()
        assert (row.end_code, row.ends_on) == ("wish", date(2027, 4, 1))


def test_the_list_goes_page_by_page_with_the_same_few_queries(
    in_town: Town, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with clock.stopped_at(clock.at(DAY, 10)):
        made = [family(in_town, date(2018, 5, 5)) for _ in range(5)]
        seen: list[int] = []
        after = None
        for _ in range(3):
            with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
                page = queries.grown_out(in_town.counselor, after=after, limit=2)
            seen += [hit.household_id for hit in page.rows]
            after = page.after
    assert (seen, after) == ([one.pk for one in made], None)


def test_ticked_families_are_closed_on_the_page_and_brought_back(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        one, two = family(town, date(2015, 5, 5)), family(town, date(2015, 5, 5))
    client, address = client_of(town.counselor), reverse("grown_out")
    assert client.get(f"{address}?all=1").content.decode().count(" checked") == 2
    assert "えらんでから" in client.post(address, {}, follow=True).content.decode()
    answer = client.post(address, {"household": [one.pk, "x", 999999]}, follow=True).content.decode()
    assert "1組の登録を終わりにしました" in answer
    with scope(town):
        row = one.registrations.get()
        assert two.registrations.get().ends_on is None
    back = reverse("registration_reopen", args=[one.pk, row.pk])
    assert back in answer
    assert client.post(back, {"back": "grown_out"}).url == address
    assert client_of(town.stranger).post(address, {"household": [two.pk]}).status_code == 303
    with scope(town):
        assert two.registrations.get().ends_on is None


def test_an_end_entered_ahead_stops_the_card_after_its_day(town: Town, other_town: Town) -> None:
    with scope(town, town.counselor.user_id), clock.stopped_at(clock.at(DAY, 10)):
        leaving, staying = family(town, date(2025, 5, 5)), family(town, date(2025, 5, 5))
        register(town, staying, town.midori, home=False)
        for household in (leaving, staying):
            row = household.registrations.get(agency=town.aoba)
            registrations.end_registration(
                row, actor=town.counselor, ends_on=date(2027, 4, 30), reason="wish"
            )
        assert card(leaving).state == "active"
    for day, state in (
        (date(2027, 4, 30), "active"),
        (date(2027, 5, 1), "revoked"),
        (date(2027, 5, 2), "revoked"),
    ):
        with clock.stopped_at(clock.at(day, 0, 10)):
            stop_cards(timestamp=0)
        with scope(town):
            assert (card(leaving).state, card(staying).state) == (state, "active")
