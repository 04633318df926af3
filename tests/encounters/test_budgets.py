"""Statements of whole requests, from the session to the last COMMIT: what a tap costs on a slow evening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import makers
from tests.encounters.cast import children, kimura
from tests.encounters.test_pages import begin, typed
from tests.families.test_pages import new
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Draft
from tsunagari.families.models import Household

pytestmark = pytest.mark.django_db(transaction=True)
ClientOf = Callable[[Actor], Client]


@pytest.fixture
def family(town: Town) -> Household:
    with makers.scope(town):
        return kimura(town.counselor)


def statements(most: int, client: Client, url: str, sent: dict[str, Any], status: int) -> None:
    """Post, and count every statement (the session's own, BEGIN with the scope, and COMMIT among them)."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(url, sent)
    assert answer.status_code == status
    assert len(asked) <= most, "\n".join(query["sql"][:200] for query in asked.captured_queries)


def test_checking_in_a_known_family(town: Town, family: Household, client_of: ClientOf) -> None:
    """Five belong to every change (session, begin with the scope, membership with its user, trail, commit); seven to
    the visit."""
    with makers.scope(town):
        people = children(family)
    sent = {"key": str(uuid4()), "people": people, "adults": "1"}
    statements(12, client_of(town.counselor), f"/families/{family.pk}/visit/", sent, 303)


def test_autosaving_being_there_and_saving_a_record(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    """Saving a next step asks besides who is in charge of the family; a new record goes round in one statement."""
    client = client_of(town.counselor)
    url = begin(client, family)
    with makers.scope(town):
        key = str(Draft.objects.get().key)
    sent = typed(town, family) | {"draft_version": "1", "client_id": "tab", "key": key}
    statements(8, client, f"{url}save/", sent, 200)
    statements(7, client, f"{url}here/", {}, 200)
    statements(16, client, url, sent | {"draft_version": "2"}, 303)  # one for charts, one for circulation


def test_making_and_registering_a_family(town: Town, client_of: ClientOf) -> None:
    sent = new(agency=str(town.aoba.pk), due_date="", count="1")
    statements(27, client_of(town.counselor), "/families/new/", sent, 303)


def test_searching(town: Town, family: Household, client_of: ClientOf) -> None:
    statements(12, client_of(town.counselor), "/search/", {"q": "きむら"}, 200)


def test_opening_a_family_and_the_day(town: Town, family: Household, client_of: ClientOf) -> None:
    """The head and the time line of a family share its people, registrations and joins; what waits besides the day
    costs two: the city's policy and both numbers; the menu counts what goes round."""
    client = client_of(town.counselor)
    for url, most in ((f"/families/{family.pk}/", 21), ("/", 17)):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= most, "\n".join(query["sql"][:200] for query in asked.captured_queries)


@pytest.mark.parametrize(
    ("role", "most"),
    [("counselor", 17), ("manager", 23), ("rounds", 13), ("nurse", 18), ("lead", 27), ("officer", 20)],
)
def test_opening_the_day_of_each_role(
    town: Town, family: Household, client_of: ClientOf, role: str, most: int
) -> None:
    """Beside the counselor's 17: who reports asks what is missing (five), and what is to be told at once; the centre
    asks for other agencies' records, who receives reports for those that wait and are late (three)."""
    client = client_of(town.actors[role])
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert len(asked) <= most, "\n".join(query["sql"][:200] for query in asked.captured_queries)
