"""Busy doors plan their statements once: for their own request alone, and so that an index serves what they ask.

Plans made without values: a partial index that only a value fits, for one, serves nobody. As in test_plans, with
sequential scans forbidden one still stands in a plan exactly where no index fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from psycopg import sql
from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer
from tests import makers
from tests.architecture.test_plans import _read_whole
from tests.database import database_name
from tests.encounters import kiosk
from tests.encounters.cast import children, kimura
from tests.encounters.test_pages import begin, typed
from tests.families.test_pages import new
from tests.makers import Town

from tsunagari.base.checks import walk
from tsunagari.config import database
from tsunagari.encounters.models import Draft
from tsunagari.families.models import Household

Owner = psycopg.Connection[Any]
UNKNOWN = 705
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    """A family with a card, a record that is being written, and who knocks: a counselor, or a tablet at the door."""

    town: Town
    family: Household
    people: list[int]
    token: str
    client: Client
    tablet: Client
    address: str
    draft: dict[str, Any]


@pytest.fixture
def world(town: Town) -> World:
    with makers.scope(town, town.counselor.user_id):
        family = kimura(town.counselor)
        card, people = kiosk.make_card(family), children(family)
        tablet = kiosk.client_of(*kiosk.tablet(town.counselor))
    client = makers.client_of(town.counselor)
    address = begin(client, family)
    with makers.scope(town):
        key = str(Draft.objects.get().key)
    draft = typed(town, family) | {"draft_version": "1", "client_id": "tab", "key": key}
    return World(town, family, people, card.token, client, tablet, address, draft)


@pytest.fixture
def owner(db: None) -> Iterator[Owner]:
    with psycopg.connect(database.owner_url(database_name()), autocommit=True) as connected:
        connected.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        yield connected


#: By the view's name: what is sent to it.
KNOCKS: dict[str, Callable[[World], Any]] = {
    "desk.today": lambda of: of.client.get("/"),
    "desk.search": lambda of: of.client.post("/search/", {"q": "きむら"}),
    "desk.family": lambda of: of.client.get(f"/families/{of.family.pk}/"),
    "families.family_new": lambda of: of.client.post(
        "/families/new/", new(agency=str(of.town.aoba.pk), due_date="", count="1")
    ),
    "encounters.check_in": lambda of: of.client.post(
        f"/families/{of.family.pk}/visit/", {"key": str(uuid4()), "people": of.people, "adults": "1"}
    ),
    "encounters.record_new": lambda of: of.client.post("/records/new/", {"household": of.family.pk}),
    "encounters.draft": lambda of: of.client.post(of.address, of.draft),
    "encounters.draft_save": lambda of: of.client.post(f"{of.address}save/", of.draft),
    "encounters.kiosk_check_in": lambda of: of.tablet.post(
        "/kiosk/check-in/", {"key": str(uuid4()), "text": of.token}, content_type="application/json"
    ),
}


def test_every_busy_door_is_knocked_at() -> None:
    busy = {
        f"{pattern.callback.__module__.split('.')[1]}.{pattern.name}"
        for _, pattern in walk(get_resolver())
        if getattr(pattern.callback, "busy", False)
    }
    assert busy == set(KNOCKS)


@contextmanager
def noted(note: Callable[[str, Any], None]) -> Iterator[None]:
    """Every statement of a transaction goes to `note` first."""

    def look(execute: Any, statement: str, params: Any, *rest: Any) -> Any:
        if connection.in_atomic_block and "current_setting" not in statement:
            note(statement, params)
        return execute(statement, params, *rest)

    with connection.execute_wrapper(look):
        yield


def settings_now(*_: Any) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('plan_cache_mode'), pg_backend_pid()")
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", KNOCKS)
def test_a_busy_door_plans_once_and_the_next_request_does_not(world: World, name: str) -> None:
    busy: set[tuple[str, int]] = set()
    with noted(lambda *_: busy.add(settings_now())):
        assert KNOCKS[name](world).status_code in (200, 303)
    after: set[tuple[str, int]] = set()
    with noted(lambda *_: after.add(settings_now())):
        assert world.client.get("/records/").status_code == 200
    [(mode, server)] = busy
    assert (mode, after) == ("force_generic_plan", {("auto", server)})


@pytest.mark.parametrize("name", KNOCKS)
def test_what_a_busy_door_asks_is_served_by_an_index_whatever_the_values(
    world: World, owner: Owner, name: str
) -> None:
    asked: list[tuple[str, Any]] = []
    with noted(lambda statement, params: asked.append((statement, params))):
        assert KNOCKS[name](world).status_code in (200, 303)
    found = [found for statement, params in asked for found in _walked(owner, statement, params)]
    assert not found, "\n".join(found)


def test_a_statement_that_no_index_serves_is_noticed(owner: Owner) -> None:
    assert list(_walked(owner, "SELECT id FROM families_person WHERE email = %s", ["nobody"]))
    drafts = "SELECT id FROM encounters_draft WHERE base_version = %(version)s AND client = %(client)s"
    assert list(_walked(owner, drafts, {"client": "tab", "version": 1}))


def _walked(owner: Owner, statement: str, params: Any) -> Iterator[str]:
    """The growing tables that the generic plan of a statement reads from end to end, with the statement."""
    if statement.split(None, 1)[0] not in {"SELECT", "UPDATE", "DELETE", "WITH", "INSERT"}:
        return
    for table in set(_read_whole(_generic_plan(owner, statement, params))):
        yield f"{table}: {statement[:600]}"


def _generic_plan(owner: Owner, statement: str, params: Any) -> dict[str, Any]:
    """As the driver sends the statement, with its types; for the owner, so without the wall, which any index of a town
    would serve."""
    with psycopg.connect(database.owner_url(database_name()), autocommit=True) as owner:
        asked = PostgresQuery(Transformer(owner))
        asked.convert(statement, params)
        types = [owner.execute(f"SELECT format_type({oid}, -1)").fetchone()[0] for oid in asked.types]
        given = ", ".join(
            "unknown" if oid == 0 else name for oid, name in zip(asked.types, types, strict=True)
        )
        owner.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        owner.execute(f"PREPARE asked{f'({given})' if given else ''} AS {asked.query.decode()}")
        ordered = [params[name] for name in asked._order] if asked._order else params or ()
        values = sql.SQL(", ").join(map(sql.Literal, ordered)).as_string(owner)
        explain = f"EXPLAIN (FORMAT JSON) EXECUTE asked{f'({values})' if given else ''}"
        return owner.execute(explain).fetchone()[0][0]["Plan"]
