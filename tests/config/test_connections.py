"""A web process's connection: trusted for a moment, never once the server has ended it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from tsunagari.config.connections import STATEMENTS, WebConnection

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Iterator[WebConnection]:
    parts = connection.get_connection_params()
    made = WebConnection.connect(**parts | {"autocommit": True})
    yield made
    made.close()


def test_one_that_answered_a_moment_ago_is_not_asked_again(
    web: WebConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.execute("SELECT 1")
    asked: list[object] = []
    monkeypatch.setattr(psycopg.Connection, "execute", lambda *args, **kwargs: asked.append(args))
    ConnectionPool.check_connection(web)
    assert not asked
    web._heard -= 60
    ConnectionPool.check_connection(web)
    assert len(asked) == 1


def test_one_that_the_server_ended_is_found_out_at_once(web: WebConnection) -> None:
    (pid,) = web.execute("SELECT pg_backend_pid()").fetchone() or (0,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
    with pytest.raises(psycopg.OperationalError):
        ConnectionPool.check_connection(web)


def test_the_statements_of_all_pages_stay_prepared(web: WebConnection) -> None:
    assert web.prepared_max == STATEMENTS
