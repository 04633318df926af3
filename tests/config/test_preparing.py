"""The two roles: the owner prepares, the web role serves and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import psycopg
import pytest
from psycopg import errors

from tsunagari.config import database, migrating, preparing, running
from tsunagari.config.commands import demo
from tsunagari.config.embedded import EmbeddedServer
from tsunagari.config.pgbinaries import DatabaseSetupError
from tsunagari.demo import build

FORBIDDEN = [
    "CREATE TABLE public.mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "ALTER TABLE families ADD mine int",
    "ALTER TABLE families DISABLE ROW LEVEL SECURITY",
    "DROP TABLE families",
    "TRUNCATE families",
    "SET ROLE tsunagari",
    "ALTER ROLE tsunagari_web BYPASSRLS",
]


@pytest.fixture
def prepared(running: EmbeddedServer) -> EmbeddedServer:
    """A database with one table of two towns' families, under row-level security."""
    database.prepare()
    with psycopg.connect(database.owner_url()) as connection:
        connection.execute("DROP TABLE IF EXISTS families, trail")
        connection.execute("CREATE TABLE families (town text, name text)")
        connection.execute("INSERT INTO families VALUES ('a', '青木'), ('b', '馬場')")
        connection.execute("ALTER TABLE families ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY own ON families USING (town = current_setting('test.town', true))")
    return running


@pytest.fixture
def web(prepared: EmbeddedServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.web_url(), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_web_role_may_not(web: psycopg.Connection, statement: str) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.FeatureNotSupported)):
        web.execute(statement.encode())


def test_the_web_role_owns_nothing_and_has_no_powers(web: psycopg.Connection) -> None:
    owned = web.execute(
        "SELECT count(*) FROM pg_shdepend WHERE refobjid = current_user::regrole AND deptype = 'o'"
    )
    assert owned.fetchone() == (0,)
    powers = web.execute(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolinherit, rolcanlogin"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert powers.fetchone() == (False, False, False, False, False, False, True)


def test_row_level_security_binds_the_web_role(web: psycopg.Connection) -> None:
    assert web.execute("SELECT name FROM families").fetchall() == []
    web.execute("SELECT set_config('test.town', 'a', false)")
    assert web.execute("SELECT name FROM families").fetchall() == [("青木",)]
    web.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        web.execute("SELECT name FROM families")


def test_a_table_made_later_can_be_used_but_a_tightened_one_stays_tight(web: psycopg.Connection) -> None:
    with psycopg.connect(database.owner_url()) as owner:
        owner.execute("CREATE TABLE trail (id bigserial PRIMARY KEY)")
        owner.execute("REVOKE UPDATE, DELETE ON trail FROM tsunagari_web")
    database.prepare()
    web.execute("INSERT INTO trail DEFAULT VALUES")
    with pytest.raises(errors.InsufficientPrivilege):
        web.execute("DELETE FROM trail")


def test_the_owner_is_no_superuser(prepared: EmbeddedServer) -> None:
    with psycopg.connect(database.owner_url()) as connection:
        row = connection.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert row.fetchone() == (False, False)


def test_connections_name_the_web_role(prepared: EmbeddedServer) -> None:
    for url in (database.owner_url(), database.web_url()):
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_setting('tsunagari.web_role', true)").fetchone()
            assert row == ("tsunagari_web",)


def test_many_may_prepare_at_once(prepared: EmbeddedServer) -> None:
    names = ["race_a", "race_b"] * 3
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(preparing.prepare, names))
    for name in set(names):
        with psycopg.connect(database.web_url(name)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        preparing.drop_database(name)


def test_a_changed_password_is_set_again(prepared: EmbeddedServer) -> None:
    with psycopg.connect(database.owner_url(), autocommit=True) as owner:
        owner.execute("ALTER ROLE tsunagari_web PASSWORD 'other'")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.web_url())
    database.prepare()
    psycopg.connect(database.web_url()).close()


def test_a_web_role_with_powers_is_refused(prepared: EmbeddedServer) -> None:
    with psycopg.connect(prepared.url("superuser", "postgres"), autocommit=True) as root:
        root.execute("ALTER ROLE tsunagari_web BYPASSRLS")
        try:
            with pytest.raises(DatabaseSetupError, match="rolbypassrls"):
                database.prepare()
        finally:
            root.execute("ALTER ROLE tsunagari_web NOBYPASSRLS")


def test_the_demo_takes_only_a_new_database_or_its_own(prepared: EmbeddedServer) -> None:
    with pytest.raises(DatabaseSetupError, match="お試しでない"):
        preparing.claim_for_demo(reset=True)
    preparing.drop_database()
    preparing.claim_for_demo(reset=False)
    with psycopg.connect(database.owner_url()) as connection:
        connection.execute("CREATE TABLE town (id int)")
    preparing.claim_for_demo(reset=False)
    assert preparing.has_tables(database.owner_login())
    preparing.claim_for_demo(reset=True)
    assert not preparing.has_tables(database.owner_login())


def test_statistics_are_of_the_tables_as_they_stand(prepared: EmbeddedServer) -> None:
    known = "SELECT reltuples FROM pg_class WHERE relname = 'families'"
    columns = "SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'families' ORDER BY attname"
    with psycopg.connect(database.owner_url(), autocommit=True) as owner:
        assert owner.execute(known).fetchone() == (-1,)  # nobody looked; two rows are too few for autovacuum
        preparing.gather_statistics()
        assert owner.execute(known).fetchone() == (2,)
        assert owner.execute(columns).fetchall() == [("name", -1), ("town", -1)]
        owner.execute("INSERT INTO families SELECT 'a', '青木' FROM generate_series(1, 30)")
        preparing.gather_statistics()
        assert owner.execute(known).fetchone() == (32,)
        assert dict(owner.execute(columns).fetchall())["town"] == 2


def test_the_demo_gathers_them_while_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(preparing, "claim_for_demo", lambda *, reset: None)
    monkeypatch.setattr(migrating, "migrate_apart", lambda: None)
    monkeypatch.setattr(running, "django_ready", lambda role, *, demo: nullcontext())
    monkeypatch.setattr(build, "state", lambda: "none")
    monkeypatch.setattr(build, "build_if_missing", lambda *, folder, settle: asked.append(settle))
    assert "tsunagari-demo" in demo._town(reset=False)
    assert asked == [preparing.gather_statistics]
