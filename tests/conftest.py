"""Fixtures that every test may use: a database, two towns with their cast, signed-in clients."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests import database, makers
from tests.makers import Town
from tsunagari.base import tenancy
from tsunagari.base.actor import Actor


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What costs seconds is slow (tests/scheduling.py)."""
    from tests.scheduling import mark_slow

    mark_slow(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Tests that share what is dear stay together (tests/scheduling.py); others go to whoever is free."""
    from tests.scheduling import ByFileWhereItPays

    return ByFileWhereItPays(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the garbage collector need not walk it after every few requests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """Replaces Django's own: a copy of the migrated template, used as the web role."""
    database.create()
    yield
    from django.db import connections

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
    database.drop()


@pytest.fixture
def town(db: None) -> Town:
    """つながり市: two agencies, a centre, one person of each role. No scope is left open."""
    return makers.make_town("999999", "つながり市")


@pytest.fixture
def other_town(db: None) -> Town:
    """となり町, to try the walls."""
    return makers.make_town("999981", "となり町")


@pytest.fixture
def in_town(town: Town) -> Iterator[Town]:
    """つながり市 with an open scope, for tests that call operations and queries directly."""
    with tenancy.municipality(town.municipality.pk, user_id=town.counselor.user_id):
        yield town


@pytest.fixture
def client_of() -> Callable[[Actor], Client]:
    """A browser-less client signed in as the actor, at the actor's workplace."""
    return makers.client_of
