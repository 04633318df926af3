"""A family found by exact words and not met yet: its pages show no more than recognising needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import makers
from tests.encounters.cast import children, kimura
from tests.encounters.test_pages import typed
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Draft, Visit
from tsunagari.encounters.operations import visits
from tsunagari.families import queries as families
from tsunagari.families.models import Household, Person
from tsunagari.families.operations import households

ClientOf = Callable[[Actor], Client]
GIVEN = ("綾", "颯太", "凛", "そうた", "りん")


@pytest.fixture
def family(town: Town) -> Household:
    with makers.scope(town):
        return kimura(town.counselor)


def protect(town: Town, family: Household) -> None:
    with makers.scope(town):
        households.protect(family, actor=town.manager, protected=True)


def page_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_check_in_shows_the_family_name_and_ages(town: Town, family: Household, client_of: ClientOf) -> None:
    client, url = client_of(town.stranger), f"/families/{family.pk}/visit/"
    ticket = families.ticket(town.stranger, family.pk)
    found = client.post(url, {"ticket": ticket, "household": family.pk})
    assert found.status_code == 200
    page = page_of(found)
    assert "木村" in page
    assert "歳" in page
    assert "のお子さん" in page
    assert not [name for name in GIVEN if name in page]
    with makers.scope(town):
        people = children(family)[:1]
    sent = {"key": str(uuid4()), "adults": "1", "people": people, "ticket": ticket}
    assert client.post(url, sent).status_code == 303
    assert "颯太" in page_of(client.get(url))


def test_check_in_of_a_protected_family_counts_without_a_name(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    """X2"""
    protect(town, family)
    client, url = client_of(town.stranger), f"/families/{family.pk}/visit/"
    ticket = families.ticket(town.stranger, family.pk)
    page = page_of(client.get(url, {"ticket": ticket}))
    assert 'name="children"' in page
    for word in (*GIVEN, "きむら", "歳", 'name="people"'):
        assert word not in page
    sent = {"key": str(uuid4()), "adults": "1", "children": "2", "ticket": ticket}
    assert client.post(url, sent).status_code == 303
    with makers.scope(town):
        seen = Visit.objects.get()
        assert (seen.children, seen.household_id, seen.people.count()) == (2, family.pk, 0)
    assert "颯太" in page_of(client.get(url))


def draft_url(client: Client, town: Town, family: Household) -> str:
    ticket = families.ticket(town.stranger, family.pk)
    return str(client.post("/records/new/", {"household": family.pk, "ticket": ticket})["Location"])


@pytest.mark.parametrize("protected", [False, True])
def test_the_form_of_a_record_names_nobody_before_it_is_saved(
    town: Town, family: Household, client_of: ClientOf, protected: bool
) -> None:
    if protected:
        protect(town, family)
    client = client_of(town.stranger)
    url = draft_url(client, town, family)
    for address in (url, f"{url}family/", f"{url}discard/", "/records/", "/"):
        page = page_of(client.get(address))
        assert not [name for name in GIVEN if name in page], address
    assert ("のお子さん" in page_of(client.get(url))) is not protected
    sent = typed(town, family, people=[]) | {"draft_version": "1", "client_id": "tab"}
    assert client.post(url, sent).status_code == 303
    assert client.get(f"/families/{family.pk}/").status_code == 200


def test_ids_typed_into_a_draft_never_tell_a_name(town: Town, family: Household, client_of: ClientOf) -> None:
    with makers.scope(town):
        everybody = [str(pk) for pk in Person.objects.filter(household=family).values_list("pk", flat=True)]
    client = client_of(town.stranger)
    url = str(client.post("/records/new/", {"household": ""})["Location"])
    client.post(f"{url}save/", {"content": "A", "people": everybody, "draft_version": "1", "client_id": "a"})
    beside = {"content": "B", "draft_version": "1", "client_id": "b"}
    compare = client.post(f"{url}save/", beside).json()["conflict_url"]
    for address in (url, compare):
        page = page_of(client.get(address))
        assert not [name for name in GIVEN if name in page]


def test_a_nameless_visit_is_named_step_by_step(town: Town, family: Household, client_of: ClientOf) -> None:
    """C6"""
    with makers.scope(town):
        seen = visits.check_in_anonymous(actor=town.counselor, adults=1, children=1, key=uuid4())
        people = children(family)[:1]
    client, url = client_of(town.counselor), f"/visits/{seen.pk}/family/"
    assert url in page_of(client.get("/visits/"))
    assert "だれの来所ですか" in page_of(client.get(url))
    assert f'value="{family.pk}"' in page_of(client.post(url, {"q": "きむら"}))
    assert "颯太" in page_of(client.post(url, {"household": family.pk}))
    done = client.post(url, {"household": family.pk, "people": people, "name": "1"}, follow=True)
    assert "木村さん家庭の来所にしました" in page_of(done)
    again = client.post(url, {"household": family.pk, "people": people, "name": "1"})
    assert again.status_code == 422
    with makers.scope(town):
        assert Visit.objects.get().household_id == family.pk
    assert client_of(town.stranger).get(url).status_code == 404


def test_autosave_after_saving_says_where_the_record_is(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    url = str(client.post("/records/new/", {"household": family.pk})["Location"])
    with makers.scope(town):
        sent = typed(town, family) | {
            "draft_version": "1",
            "client_id": "a",
            "key": str(Draft.objects.get().key),
        }
    record = client.post(url, sent)["Location"]
    gone = client.post(f"{url}save/", sent)
    assert (gone.status_code, gone.json()["record_url"]) == (410, record)
    assert client_of(town.stranger).post(f"{url}save/", sent).status_code == 404


def test_being_in_front_of_the_form_keeps_the_name_shown_and_not_the_session(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    mine, hers = client_of(town.counselor), client_of(town.colleague)
    url = str(mine.post("/records/new/", {"household": family.pk})["Location"])
    other = str(hers.post("/records/new/", {"household": family.pk})["Location"])
    before = dict(hers.session.items())
    with clock.stopped_at(clock.now() + timedelta(minutes=3)):
        assert mine.post(f"{url}here/").json() == {"others": []}
        assert hers.post(f"{other}here/").json() == {"others": ["三浦 架空"]}
        assert mine.post(f"{url}here/").json() == {"others": ["原 架空"]}
        assert dict(hers.session.items()) == before
        hers.get(other)
        assert dict(hers.session.items()) != before
    with makers.scope(town):
        assert set(Draft.objects.values_list("version", flat=True)) == {1}
    assert hers.post(f"{url}here/").status_code == 404
