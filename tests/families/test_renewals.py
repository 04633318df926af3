"""Renewal each fiscal year, where the city says so (D1): who is due, one press, taken back, never twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.encounters.cast import at_once
from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families.models import Registration, Renewal
from tsunagari.families.operations import households, joins, policies, registrations, renewals
from tsunagari.families.queries import renewals as queries
from tsunagari.families.rules.policies import PolicyValues
from tsunagari.families.rules.renewals import due_year, opening, year_text

ClientOf = Callable[[Actor], Client]
LONG_AGO, MARCH = date(2026, 6, 1), date(2027, 3, 10)


@pytest.mark.parametrize(
    ("today", "month", "year"),
    [
        (date(2027, 2, 28), 3, 2026),
        (date(2027, 3, 1), 3, 2027),
        (date(2027, 3, 31), 3, 2027),
        (date(2027, 4, 1), 3, 2027),
        (date(2026, 11, 30), 12, 2026),
        (date(2026, 12, 1), 12, 2027),
        (date(2027, 1, 5), 12, 2027),
        (date(2027, 3, 31), 4, 2026),
        (date(2027, 4, 1), 4, 2027),
        (date(2026, 4, 30), 5, 2026),
        (date(2026, 5, 1), 5, 2027),
        (date(2028, 2, 29), 3, 2027),
    ],
)
def test_the_year_to_renew_opens_with_the_month_the_city_names(today: date, month: int, year: int) -> None:
    assert due_year(today, month) == year
    assert opening(year, month) <= today


def test_a_fiscal_year_is_called_by_the_era_of_its_april() -> None:
    years = {2027: "令和9年度", 2019: "令和元年度", 2018: "平成30年度", 2020: "令和2年度"}
    assert {year: year_text(year) for year in years} == years


def at(day: date) -> datetime:
    return clock.at(day, 10)


def renewing(town: Town, month: int = 3) -> None:
    values = PolicyValues(renewal="fiscal_year", renewal_opens_month=month)
    policies.change_policy(actor=town.officer, values=values, expected_version=1)


def registered(
    town: Town, name: str = "髙橋", since: date = LONG_AGO, *, agency: object = None
) -> Registration:
    mother = replace(AYA, family_name=name, phone="")
    family = make_family(town.counselor, mother, replace(SOTA, family_name=name))
    return registrations.register(
        family,
        agency or town.aoba,
        actor=town.counselor,
        is_home=True,
        source="counter",
        starts_on=since,  # type: ignore[arg-type]
    )


def due(town: Town, show: str = "due", **more: object) -> list[int]:
    season = queries.season(town.municipality.pk)
    assert season is not None
    page = queries.due(town.aoba.pk, season, actor=town.counselor, show=show, **more)  # type: ignore[arg-type]
    return [line.registration_id for line in page.lines]


def counts(town: Town) -> tuple[int, int]:
    season = queries.season(town.municipality.pk)
    assert season is not None
    found = queries.counts(town.aoba.pk, season)
    return found.due, found.done


def renew(row: Registration, actor: Actor, document: str = "licence") -> Renewal:
    return renewals.renew(row, actor=actor, document=document)


def test_where_the_city_does_not_renew_nobody_is_due(in_town: Town) -> None:
    row = registered(in_town)
    assert queries.season(in_town.municipality.pk) is None
    assert queries.states(in_town.counselor, row.household) == []
    with pytest.raises(DomainError):
        renew(row, in_town.counselor)


def test_who_registered_before_it_opened_is_due_and_leaves_the_list_when_renewed(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        row = registered(in_town)
        registered(in_town, "新", since=date(2027, 3, 5))
        assert (due(in_town), counts(in_town)) == ([row.pk], (1, 0))
        made = renew(row, in_town.counselor)
        assert (made.fiscal_year, made.renewed_on, made.document) == (2027, MARCH, "licence")
        assert (due(in_town), due(in_town, "done"), counts(in_town)) == ([], [row.pk], (0, 1))
    with clock.stopped_at(at(date(2027, 4, 2))):
        assert counts(in_town) == (0, 1)
    with clock.stopped_at(at(date(2028, 3, 1))):
        assert counts(in_town) == (2, 0)


def test_a_family_joined_into_another_is_not_due_beside_it(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        first, second = registered(in_town), registered(in_town)
        assert counts(in_town) == (2, 0)
        joins.join(first.household, second.household, actor=in_town.counselor, same={})
        assert (due(in_town), counts(in_town)) == ([second.pk], (1, 0))
        [(_, of_aoba)] = queries.by_agency(in_town.lead, _season(in_town))
        assert of_aoba.due == 1


def test_renewed_twice_is_once_and_taken_back_is_due_again(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        row = registered(in_town)
        first = renew(row, in_town.counselor)
        assert renew(row, in_town.colleague, "known") == first
        for _ in range(2):
            renewals.take_back(first, actor=in_town.colleague)
        assert due(in_town) == [row.pk]
    said = [line.detail for line in trail("family.renew")]
    assert len(said) == 2
    assert '"did":"take_back"' in said[1]
    assert '"document":"licence"' in said[1]


def test_only_the_kind_of_a_document_is_taken_and_one_must_be_named(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)), pytest.raises(DomainError) as refusal:
        renew(registered(in_town), in_town.counselor, "123456789012")
    assert refusal.value.field == "document"
    assert not Renewal.objects.exists()


def test_an_agency_renews_its_own_and_the_centre_all(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        row = registered(in_town, agency=in_town.midori)
        with pytest.raises(DomainError):
            renew(row, in_town.counselor)
        made = renew(row, in_town.nurse)
        with pytest.raises(DomainError):
            renewals.take_back(made, actor=in_town.counselor)
        assert [agency.pk for agency, _ in queries.by_agency(in_town.lead, _season(in_town))] == [
            in_town.midori.pk
        ]


def _season(town: Town) -> queries.Season:
    season = queries.season(town.municipality.pk)
    assert season is not None
    return season


def test_an_ended_registration_is_not_due_and_cannot_be_renewed(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        row = registered(in_town)
        registrations.end_registration(row, actor=in_town.counselor, ends_on=date(2027, 3, 9), reason="wish")
        assert due(in_town) == []
        with pytest.raises(Conflict):
            renew(row, in_town.counselor)


def test_a_change_of_home_neither_loses_nor_forgets_a_renewal(in_town: Town) -> None:
    """A change of home parts the former home's registration into two rows."""
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        renewed, waiting = registered(in_town), registered(in_town, "新")
        renew(renewed, in_town.counselor)
    with clock.stopped_at(at(date(2027, 3, 20))):
        for row in (renewed, waiting):
            registrations.register(
                row.household, in_town.midori, actor=in_town.nurse, is_home=True, source="city"
            )
        now = waiting.household.registrations.get(agency=in_town.aoba, ends_on=None)
        assert (due(in_town), counts(in_town)) == ([now.pk], (1, 1))
        assert renew(
            renewed.household.registrations.get(agency=in_town.aoba, ends_on=None), in_town.counselor
        )
        assert Renewal.objects.count() == 1


def test_a_family_that_moved_away_is_not_due(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        row = registered(in_town)
        households.move_out(row.household, actor=in_town.officer, moved_on=MARCH)
        assert (due(in_town), counts(in_town)) == ([], (0, 0))


def test_the_list_goes_by_kana_page_by_page_with_the_same_few_queries(
    in_town: Town, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        rows = [_named(in_town, kana) for kana in ("わだ", "あべ", "さとう", "あべ", "なかの")]
        season, seen, after = _season(in_town), [], None
        for _ in range(3):
            with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
                page = queries.due(in_town.aoba.pk, season, actor=in_town.counselor, after=after, limit=2)
            seen += [line.registration_id for line in page.lines]
            after = page.after
    assert seen == [rows[number].pk for number in (1, 3, 2, 4, 0)]
    assert after is None


def _named(town: Town, kana: str) -> Registration:
    family = make_family(town.counselor, replace(AYA, family_kana=kana, phone=""))
    return registrations.register(
        family, town.aoba, actor=town.counselor, is_home=True, source="counter", starts_on=LONG_AGO
    )


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_renew_once(town: Town) -> None:
    with scope(town, town.counselor.user_id), clock.stopped_at(at(MARCH)):
        renewing(town)
        row = registered(town)

    def press(_: int) -> int:
        with scope(town, town.counselor.user_id), clock.stopped_at(at(MARCH)):
            return renew(row, town.counselor).pk

    assert len(set(at_once(press, [1, 2, 3]))) == 1


def test_one_press_renews_and_the_line_comes_back(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        renewing(town, clock.today().month)
        row = registered(town, since=date(2026, 1, 5))
    client = client_of(town.counselor)
    press = reverse("renew", args=[row.household_id, row.pk])
    listed = client.get(f"{reverse('renewals')}?document=licence").content.decode()
    assert press in listed
    assert 'name="document" value="licence"' in listed
    sent = {"document": "licence", "back": "renewals"}
    fragment = client.post(press, sent, headers={"HX-Request": "true"}).content.decode()
    assert "更新ずみ" in fragment
    assert 'hx-swap-oob="true"' in fragment
    assert press not in client.get(reverse("renewals")).content.decode()
    with scope(town):
        undo = reverse("renewal_undo", args=[row.household_id, Renewal.objects.get().pk])
    answer = client.post(undo, sent)
    assert answer.url == f"{reverse('renewals')}?document=licence"
    assert client.post(undo).status_code == 303


def test_the_family_page_says_how_it_stands(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        renewing(town, clock.today().month)
        row = registered(town, since=date(2026, 1, 5))
    client, page = client_of(town.counselor), reverse("family", args=[row.household_id])
    assert "更新がまだです" in client.get(page).content.decode()
    answer = client.post(
        reverse("renew", args=[row.household_id, row.pk]), {"document": "known"}, follow=True
    )
    assert "に顔見知りで確認" in answer.content.decode()


def test_who_may_open_the_list(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        renewing(town)
        row: Registration = registered(town)
    for role, actor in town.actors.items():
        expected = 403 if role in ("rounds", "auditor") else 200
        assert client_of(actor).get(reverse("renewals")).status_code == expected
    other = client_of(town.nurse).get(f"{reverse('renewals')}?agency={town.aoba.pk}")
    assert other.status_code == 200
    hidden = reverse("renew", args=[row.household_id, row.pk])
    assert client_of(town.stranger).post(hidden, {"document": "known"}).status_code == 404


def test_many_are_renewed_at_once_by_the_same_rules(
    in_town: Town, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        rows = [registered(in_town, name) for name in ("青山", "井上", "上野")]
        standing = renew(rows[0], in_town.counselor)
        new = [
            renewals.NewRenewal(row, "known", entered=at(date(2027, 3, 2 + place)))
            for place, row in enumerate([*rows, rows[2]])
        ]
        with django_assert_max_num_queries(7):
            made = renewals.renew_many(new, actor=in_town.counselor)
        assert due(in_town) == []
    assert [row.renewed_on.day for row in made] == [3, 4]
    assert set(Renewal.objects.all()) == {standing, *made}
    told = [(line.object_id, line.at.astimezone(clock.TOKYO).date()) for line in trail("family.renew")]
    assert told == [(row.pk, row.renewed_on) for row in (standing, *made)]


def test_one_that_may_not_be_renewed_keeps_the_others_from_it(in_town: Town) -> None:
    renewing(in_town)
    with clock.stopped_at(at(MARCH)):
        rows = [registered(in_town), registered(in_town, "新", agency=in_town.midori)]
        new = [renewals.NewRenewal(row, "licence") for row in rows]
        with pytest.raises(DomainError, match="ほかの機関"):
            renewals.renew_many(new, actor=in_town.counselor)
        assert not Renewal.objects.exists()
        registrations.end_registration(rows[0], actor=in_town.counselor, ends_on=LONG_AGO, reason="moved")
        with pytest.raises(Conflict):
            renewals.renew_many(new[:1], actor=in_town.counselor)
