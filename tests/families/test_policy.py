"""きまり: what a city decides about registrations (D1), in one place, with trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.families.people import make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.families.models import Household, RegistrationPolicy
from tsunagari.families.operations import people, policies, registrations
from tsunagari.families.queries.policies import policy_of, values_of
from tsunagari.families.queries.registrations import home_on
from tsunagari.families.rules import AddressInput
from tsunagari.families.rules.policies import PolicyValues

ClientOf = Callable[[Actor], Client]
OTHER = PolicyValues(
    renewal="fiscal_year",
    renewal_opens_month=2,
    at_handbook="set",
    at_birth="none",
    grown_out_after=9,
    card_note="いつでも どうぞ",
    history_scope="own",
)


def decide(town: Town, **values: object) -> RegistrationPolicy:
    now = policy_of(town.municipality.pk)
    wanted = replace(values_of(now), **values)  # type: ignore[arg-type]
    return policies.change_policy(actor=town.officer, values=wanted, expected_version=now.version)


def test_a_town_that_decided_nothing_has_the_defaults(in_town: Town) -> None:
    policy = policy_of(in_town.municipality.pk)
    assert values_of(policy) == PolicyValues()
    assert not RegistrationPolicy.objects.exists()


def test_everything_is_changed_in_one_place_and_the_trail_says_what(in_town: Town) -> None:
    decide(in_town, **asdict(OTHER))
    in_town.municipality.refresh_from_db()
    assert values_of(policy_of(in_town.municipality.pk)) == OTHER
    assert in_town.municipality.history_scope == "own"
    [line] = trail("policy.manage")
    assert '"renewal":["none","fiscal_year"]' in line.detail
    assert "いつでも" not in line.detail


def test_a_stale_save_is_told_also_when_nothing_had_been_saved_before(in_town: Town) -> None:
    decide(in_town, renewal="fiscal_year")
    for stale in (1, 0, 3):
        with pytest.raises(Conflict):
            policies.change_policy(actor=in_town.officer, values=OTHER, expected_version=stale)
    assert policy_of(in_town.municipality.pk).version == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("renewal", "monthly"),
        ("at_handbook", ""),
        ("at_birth", "yes"),
        ("history_scope", "everything"),
        ("renewal_opens_month", 13),
        ("grown_out_after", 2),
        ("card_note", "あ" * 61),
    ],
)
def test_what_cannot_be_is_refused_under_its_field(in_town: Town, field: str, value: object) -> None:
    with pytest.raises(DomainError) as refusal:
        decide(in_town, **{field: value})
    assert refusal.value.field == field
    assert not RegistrationPolicy.objects.exists()


def test_everybody_reads_it_and_the_officer_changes_it(town: Town, client_of: ClientOf) -> None:
    for role, actor in town.actors.items():
        client = client_of(actor)
        assert client.get(reverse("policy")).status_code == 200
        assert client.get(reverse("policy_edit")).status_code == (200 if role == "officer" else 403)


def test_a_stale_page_shows_what_stands_now_and_saves_the_second_time(
    town: Town, client_of: ClientOf
) -> None:
    client, address = client_of(town.officer), reverse("policy_edit")
    typed = {name: str(value) for name, value in asdict(OTHER).items()} | {"version": "1"}
    assert client.post(address, typed | {"grown_out_after": "12"}).status_code == 303
    answer = client.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "12歳" in page
    assert 'name="version" value="2"' in page
    assert client.post(address, typed | {"version": "2"}).status_code == 303
    assert client.post(address, typed | {"version": "3", "renewal": "x"}).status_code == 422


def at_home(town: Town) -> AddressInput:
    return AddressInput(postal_code="9990001", address="架空町1", area_id=town.area.pk)


def test_by_rule_the_area_s_agency_becomes_home_once(in_town: Town) -> None:
    family = make_family(in_town.officer, address=at_home(in_town))
    decide(in_town, at_birth="set")
    assert registrations.register_by_rule(family, actor=in_town.nurse, occasion="handbook") is None
    made = registrations.register_by_rule(family, actor=in_town.nurse, occasion="birth")
    assert made is not None
    assert (made.agency, made.source, made.is_home) == (in_town.aoba, "birth", True)
    assert registrations.register_by_rule(family, actor=in_town.nurse, occasion="birth") is None


def test_by_rule_nobody_is_registered_without_area_or_under_protection(in_town: Town) -> None:
    decide(in_town, at_birth="set")
    nowhere = make_family(in_town.officer)
    hidden = make_family(in_town.officer, address=at_home(in_town))
    type(hidden).objects.filter(pk=hidden.pk).update(protected=True)
    for family in (nowhere, hidden):
        assert registrations.register_by_rule(family, actor=in_town.nurse, occasion="birth") is None
        assert not family.registrations.exists()


def test_a_proposal_at_the_handbook_can_be_taken_changed_or_left(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        families = [make_family(town.officer, address=at_home(town)) for _ in range(3)]
    client, sent = client_of(town.nurse), {"due_date": format_wareki(_soon()), "count": "1"}
    chosen = [
        {"rule-register": "on", "rule-agency": str(town.aoba.pk)},
        {"rule-register": "on", "rule-agency": str(town.midori.pk)},
        {"rule-agency": str(town.aoba.pk)},
    ]
    for family, words in zip(families, chosen, strict=True):
        page = client.get(reverse("expect", args=[family.pk])).content.decode()
        assert f'value="{town.aoba.pk}" selected' in page
        assert client.post(reverse("expect", args=[family.pk]), sent | words).status_code == 303
    with scope(town):
        found = [family.registrations.values_list("agency_id", "source").first() for family in families]
        assert found == [(town.aoba.pk, "handbook"), (town.midori.pk, "handbook"), None]


def test_a_ticked_proposal_without_an_agency_is_asked_about(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        family = make_family(town.officer)
    data = {"due_date": format_wareki(_soon()), "count": "1", "rule-register": "on", "rule-agency": ""}
    answer = client_of(town.nurse).post(reverse("expect", args=[family.pk]), data)
    assert answer.status_code == 422
    assert "機関をえらぶか" in answer.content.decode()


def test_an_agency_that_hears_of_a_pregnancy_proposes_nothing(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        family = make_family(town.counselor, address=at_home(town))
    page = client_of(town.counselor).get(reverse("expect", args=[family.pk])).content.decode()
    assert "rule-agency" not in page


def test_at_birth_the_home_is_set_by_rule_and_said(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        decide(town, at_birth="set")
        family = make_family(town.counselor, address=at_home(town))
        [child] = people.expect_child(family, actor=town.counselor, due_date=_soon())
    data = {"birth0-birth_date": format_wareki(clock.today()), "birth0-sex": "1", "birth0-given_name": "空"}
    answer = client_of(town.counselor).post(reverse("birth", args=[family.pk, child.pk]), data, follow=True)
    assert f"区域の機関（{town.aoba.name}）をかかりつけにしました" in answer.content.decode()
    with scope(town):
        assert home_on(family, _soon()) == town.aoba


def _soon() -> date:
    return clock.today() + timedelta(days=10)


def _only_family() -> Household:
    return Household.objects.get()


def _new_family(**more: str) -> dict[str, str]:
    names = {"family_name": "森", "given_name": "蘭", "family_kana": "もり", "given_kana": "らん"}
    return {
        "key": str(uuid4()),
        **names,
        "relation": "母",
        "due_date": format_wareki(_soon()),
        "count": "1",
        "address": "架空町1",
        "source": "counter",
        "is_home": "on",
        **more,
    }


def test_a_family_made_in_pregnancy_by_the_city_has_the_agency_proposed_once(
    town: Town, client_of: ClientOf
) -> None:
    client, address = client_of(town.nurse), reverse("family_new")
    typed = _new_family(area=str(town.area.pk))
    page = client.post(address, typed).content.decode()
    assert f'value="{town.aoba.pk}" selected' in page
    assert 'name="asked" value="1"' in page
    assert client.post(address, typed | {"asked": "1"}).status_code == 303
    with scope(town):
        assert not _only_family().registrations.exists()


def test_a_family_made_in_pregnancy_is_registered_by_rule(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        decide(town, at_handbook="set")
    typed = _new_family(area=str(town.area.pk))
    assert client_of(town.nurse).post(reverse("family_new"), typed).status_code == 303
    with scope(town):
        assert _only_family().registrations.get().source == "handbook"
