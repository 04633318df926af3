"""Pages of families, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.families.people import AYA, SOTA, make_family
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.families import queries
from tsunagari.families.models import Household, HouseholdRevision, Person, Registration
from tsunagari.families.operations import households, joins, people, registrations
from tsunagari.families.rules import AddressInput

ClientOf = Callable[[Actor], Client]
NEW = {
    "family_name": "森",
    "given_name": "蘭",
    "family_kana": "もり",
    "given_kana": "らん",
    "relation": "母",
    "birth_date": "平成4年5月10日",
    "phone": "０９０-1111-2222",
    "child0-given_name": "空",
    "child0-given_kana": "そら",
    "child0-sex": "1",
    "child0-birth_date": "R6.8.9",
    "child1-given_name": "",
    "child1-sex": "0",
    "postal_code": "9990001",
    "address": "架空町1",
    "is_home": "on",
    "source": "counter",
}


@pytest.fixture
def family(town: Town) -> Household:
    with scope(town):
        return make_family(town.counselor, address=AddressInput(address="架空町9-9", postal_code="9990009"))


def new(**changes: str) -> dict[str, str]:
    return {**NEW, "key": str(uuid4()), **changes}


def test_a_new_family_starts_from_a_search(town: Town, client_of: ClientOf) -> None:
    page = client_of(town.counselor).get(reverse("family_new")).content.decode()
    assert reverse("search") in page
    assert 'name="family_name"' not in page


def test_what_was_searched_is_carried_over(town: Town, client_of: ClientOf) -> None:
    words = {"q": "もり らん 090-1111-2222 令和6年8月9日", "start": "1"}
    page = client_of(town.counselor).post(reverse("family_new"), words).content.decode()
    for value in ("もり", "らん", "090-1111-2222", "令和6年8月9日"):
        assert f'value="{value}"' in page


def test_a_family_is_made_with_children_and_registration(town: Town, client_of: ClientOf) -> None:
    data = new(agency=str(town.aoba.pk), due_date="", count="1")
    answer = client_of(town.counselor).post(reverse("family_new"), data)
    with scope(town):
        made = Household.objects.get()
        assert answer.status_code == 303
        assert answer.url == reverse("family", args=[made.pk])
        assert [p.given_kana for p in made.people.order_by("pk")] == ["ラン", "ソラ"]
        assert made.people.earliest("pk").phone == "09011112222"
        assert (made.registrations.get().is_home, made.cards.count()) == (True, 1)


def test_sending_twice_makes_one_family(town: Town, client_of: ClientOf) -> None:
    client, data = client_of(town.counselor), new(different="1")
    answers = [client.post(reverse("family_new"), data) for _ in range(2)]
    assert answers[0].url == answers[1].url
    with scope(town):
        assert Household.objects.count() == 1


def test_errors_stand_under_the_field_and_nothing_typed_is_lost(town: Town, client_of: ClientOf) -> None:
    data = new(birth_date="7/29/24", phone="12")
    answer = client_of(town.counselor).post(reverse("family_new"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "読み取れません" in page
    assert 'value="7/29/24"' in page
    assert 'value="空"' in page


def test_another_line_for_a_child_comes_without_javascript(town: Town, client_of: ClientOf) -> None:
    page = client_of(town.counselor).post(
        reverse("family_new"), new(add_child="1", **{"child2-given_name": ""})
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert 'name="child3-given_name"' in text
    assert 'value="空"' in text
    assert 'value="森"' in text


def test_area_and_agency_are_proposed_from_the_post_code(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        make_family(town.officer, address=AddressInput(postal_code="9990001", area_id=town.area.pk))
    page = client_of(town.nurse).post(reverse("family_new"), new(propose="1")).content.decode()
    assert f'value="{town.area.pk}" selected' in page
    assert f'value="{town.aoba.pk}" selected' in page


def test_a_likely_double_is_asked_about_before_anything_is_made(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        theirs = make_family(
            town.stranger, replace(AYA, family_name="森", given_name="蘭", phone="09011112222")
        )
    client, data = client_of(town.counselor), new()
    page = client.post(reverse("family_new"), data).content.decode()
    assert "同じ家庭ではありませんか" in page
    assert "ほかの機関の家庭" in page
    with scope(town):
        assert Household.objects.get() == theirs
    assert client.post(reverse("family_new"), {**data, "different": "1"}).status_code == 303


def test_an_outside_family_is_registered_with_the_ticket_of_the_search(
    town: Town, client_of: ClientOf
) -> None:
    with scope(town):
        theirs = make_family(town.stranger)
    client, address = client_of(town.counselor), reverse("registration_new", args=[theirs.pk])
    assert client.get(address).status_code == 404
    with scope(town):
        ticket = queries.ticket(town.counselor, theirs.pk)
    page = client.post(address, {"ticket": ticket}).content.decode()
    assert "髙橋" in page
    assert "綾" not in page
    assert "颯太" not in page
    assert town.midori.name not in page
    data = {"ticket": ticket, "agency": town.aoba.pk, "source": "counter", "starts_on": "", "is_home": "on"}
    assert client.post(address, data).status_code == 303
    with scope(town):
        assert Household.objects.visible_to(town.counselor).get() == theirs


def test_a_nickname_family_is_one_step(town: Town, client_of: ClientOf) -> None:
    data = {"key": str(uuid4()), "nickname": "きいろい帽子の子", "age": "2", "sex": "1"}
    assert client_of(town.counselor).post(reverse("nickname_new"), data).status_code == 303
    with scope(town):
        assert Person.objects.get().age_hint_months == 2


def test_a_stale_save_shows_both_texts_and_saves_on_the_second_try(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    address = reverse("family_edit", args=[family.pk])
    mine = {"address": "わたしの町1", "caution": "", "version": "1"}
    assert client_of(town.colleague).post(address, {**mine, "address": "さきの町2"}).status_code == 303
    answer = client_of(town.counselor).post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "わたしの町1" in page
    assert "さきの町2" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert version[1] == "2"
    assert client_of(town.counselor).post(address, {**mine, "version": "2"}).status_code == 303


def test_a_stale_person_shows_both_names(town: Town, family: Household, client_of: ClientOf) -> None:
    with scope(town):
        mother = family.people.get(kind="guardian")
        people.change_person(mother, replace(AYA, given_name="彩"), actor=town.colleague, expected_version=1)
    data = {"kind": "guardian", "family_name": "髙橋", "given_name": "文", "sex": "2", "version": "1"}
    answer = client_of(town.counselor).post(reverse("person_edit", args=[family.pk, mother.pk]), data)
    assert answer.status_code == 409
    assert "彩" in answer.content.decode()
    assert "文" in answer.content.decode()


def test_a_protected_family_hides_and_keeps_what_is_hidden(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    """X2"""
    with scope(town):
        households.protect(family, actor=town.manager, protected=True)
        mother = family.people.get(kind="guardian")
    client = client_of(town.counselor)
    for address in (
        reverse("family_edit", args=[family.pk]),
        reverse("person_edit", args=[family.pk, mother.pk]),
    ):
        page = client.get(address).content.decode()
        assert "架空町9-9" not in page
        assert "090-1234-5678" not in page
    client.post(reverse("family_edit", args=[family.pk]), {"caution": "犬", "version": "2"})
    data = {"kind": "guardian", "family_name": "髙橋", "given_name": "綾乃", "sex": "2", "version": "1"}
    client.post(reverse("person_edit", args=[family.pk, mother.pk]), data)
    with scope(town):
        family.refresh_from_db()
        mother.refresh_from_db()
    assert (family.address, family.caution) == ("架空町9-9", "犬")
    assert (mother.given_name, mother.phone) == ("綾乃", "09012345678")


def test_hidden_words_are_shown_once_for_a_reason(town: Town, family: Household, client_of: ClientOf) -> None:
    """X2"""
    with scope(town):
        households.protect(family, actor=town.manager, protected=True)
    client, address = client_of(town.manager), reverse("family_unmask", args=[family.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "訪問の前に確かめる"})
    assert "架空町9-9" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert "架空町9-9" not in client.get(address).content.decode()
    assert client_of(town.counselor).get(address).status_code == 403


def test_twins_are_born_one_without_a_name(town: Town, family: Household, client_of: ClientOf) -> None:
    client, today = client_of(town.counselor), format_wareki(clock.today())
    client.post(reverse("expect", args=[family.pk]), {"due_date": today, "count": "2"})
    with scope(town):
        first = family.people.filter(life="expected").order_by("birth_order")[0]
    data = {
        "birth0-birth_date": today,
        "birth0-sex": "1",
        "birth0-given_name": "一",
        "birth1-birth_date": today,
        "birth1-sex": "2",
    }
    assert client.post(reverse("birth", args=[family.pk, first.pk]), data).status_code == 303
    with scope(town):
        born = list(family.people.filter(birth_date=clock.today()).order_by("birth_order"))
    assert [(child.given_name, child.family_name) for child in born] == [("一", "髙橋"), ("", "髙橋")]


def test_a_pregnancy_is_closed_quietly(town: Town, family: Household, client_of: ClientOf) -> None:
    with scope(town):
        expected = people.expect_child(family, actor=town.counselor, due_date=clock.today())[0]
    client, address = client_of(town.counselor), reverse("pregnancy_end", args=[family.pk, expected.pk])
    page = client.get(address).content.decode()
    assert not re.search("おめでとう|流産|死産|中絶|残念", page)
    assert client.post(address, {"ended_on": "令和8年11月1日"}).status_code == 303
    assert client.get(address).status_code == 404


def test_a_nickname_family_is_joined_and_parted(town: Town, family: Household, client_of: ClientOf) -> None:
    with scope(town):
        source = households.create_nickname_family(actor=town.counselor, nickname="帽子の子")
        pair = (source.people.get().pk, family.people.get(kind="child").pk)
    client, address = client_of(town.counselor), reverse("family_join", args=[source.pk])
    assert f'value="{family.pk}"' in client.post(address, {"q": "たかはし"}).content.decode()
    page = client.post(address, {"other": family.pk}).content.decode()
    assert "同じ家庭ですか" in page
    data = {"other": family.pk, f"same-{pair[0]}": pair[1], "join": "1"}
    assert client.post(address, data).status_code == 422
    answer = client.post(address, data | {"keep": family.pk})
    assert answer.url == reverse("family", args=[family.pk])
    with scope(town):
        assert Person.objects.get(pk=pair[0]).same_as_id == pair[1]
        join = source.joins_from.get()
    client.post(reverse("family_part", args=[family.pk, join.pk]), {"confirm": "1"})
    with scope(town):
        assert Person.objects.get(pk=pair[0]).household_id == source.pk


def test_registration_and_its_end(town: Town, family: Household, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    data = {"agency": town.midori.pk, "source": "phone", "starts_on": "2026/4/1", "is_home": "on"}
    assert client.post(reverse("registration_new", args=[family.pk]), data).status_code == 303
    with scope(town):
        row = Registration.objects.get()
    address = reverse("registration_end", args=[family.pk, row.pk])
    assert client.post(address, {"ends_on": "2026/9/1", "reason": ""}).status_code == 422
    assert client.post(address, {"ends_on": "2026/9/1", "reason": "moved"}).status_code == 303


def test_a_child_with_two_homes(town: Town, family: Household, client_of: ClientOf) -> None:
    with scope(town):
        father = make_family(town.counselor, replace(AYA, family_name="森", family_kana="もり", phone=""))
        child = family.people.get(kind="child")
    client, address = client_of(town.counselor), reverse("second_home", args=[family.pk, child.pk])
    assert f'value="{father.pk}"' in client.post(address, {"q": "もり"}).content.decode()
    assert client.post(address, {"household": father.pk, "note": "週末"}).status_code == 303
    with scope(town):
        home = child.second_homes.get()
    assert (
        client.post(reverse("second_home_end", args=[father.pk, home.pk]), {"confirm": "1"}).status_code
        == 303
    )


def test_the_list_goes_by_kana_filter_and_page(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        for number in range(55):
            make_family(town.counselor, replace(AYA, family_kana=f"アア{'アイウエオ'[number % 5]}", phone=""))
        make_family(town.counselor, replace(AYA, family_kana="ワダ", family_name="和田", phone=""))
    client = client_of(town.counselor)
    first = client.get(reverse("families")).content.decode()
    assert "和田" not in first
    assert "after=" in first
    after = re.search(r"after=(\d+)", first)
    assert after
    assert "和田" in client.get(reverse("families"), {"after": after[1]}).content.decode()
    assert "和田" in client.get(reverse("families"), {"gyo": "わ"}).content.decode()
    assert "あてはまる家庭はありません" in client.get(reverse("families"), {"show": "moved"}).content.decode()


@pytest.mark.parametrize("show", list(queries.FILTERS))
def test_each_filter_costs_the_same(town: Town, show: str, django_assert_max_num_queries: Any) -> None:
    with scope(town):
        for _ in range(4):
            family = make_family(town.counselor)
            registrations.register(family, town.aoba, actor=town.counselor, is_home=True, source="counter")
        for actor in (town.counselor, town.officer):
            with django_assert_max_num_queries(5):
                rows = queries.own_families(actor, show=show).rows
            assert len(rows) == (4 if show in ("", "registered", "home") else 0)


def test_the_head_costs_five_queries_however_many_people(
    in_town: Town, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    family = make_family(in_town.counselor, AYA, *[replace(SOTA, given_name=name) for name in "一二三四五六"])
    with django_assert_max_num_queries(5):
        assert len(queries.head(in_town.counselor, family).people) == 7


def test_another_agency_gets_404_on_every_page(town: Town, family: Household, client_of: ClientOf) -> None:
    client = client_of(town.stranger)
    for name in (
        "family_edit",
        "family_protect",
        "family_move",
        "person_new",
        "expect",
        "registration_new",
        "family_join",
    ):
        for answer in (
            client.get(reverse(name, args=[family.pk])),
            client.post(reverse(name, args=[family.pk]), {}),
        ):
            assert answer.status_code == 404, name
    with scope(town):
        assert not HouseholdRevision.objects.exists()


def test_a_join_of_another_family_is_not_parted_here(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with scope(town):
        source = households.create_nickname_family(actor=town.stranger, nickname="帽子の子")
        target = make_family(town.stranger)
        join = joins.join(source, target, actor=town.stranger, same={})
    answer = client_of(town.counselor).post(
        reverse("family_part", args=[family.pk, join.pk]), {"confirm": "1"}
    )
    assert answer.status_code == 404
