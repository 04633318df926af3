"""A template database per state of the migrations, made by the owner; each test process works on a copy of it
as the web role, so row-level security binds every test."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from tsunagari.config import database, preparing

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tsunagari"
_HELD = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse)


def migrations_digest() -> str:
    """A short hash of every migration of ours and of what they are built with."""
    found = sorted(
        [*SOURCE.glob("*/migrations/*.py"), SOURCE / "base" / "rls.py", SOURCE / "config" / "preparing.py"]
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:10]


def database_name() -> str:
    """One database a process: `<base>_test_<pid>`."""
    return f"{_base()}_test_{os.getpid()}"


def create() -> None:
    """Create this process's database from the template, building the template when the migrations changed."""
    with _maintenance() as connection:
        template = _template(connection)
        _drop(connection, database_name())
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(database_name()), sql.Identifier(template)
            )
        )
    _grant_truncate()


def make_template() -> None:
    """Build the template if the migrations changed, so that tests find it."""
    with database.in_use(), _maintenance() as connection:
        _template(connection)


def drop() -> None:
    """Remove this process's database."""
    with _maintenance() as connection:
        _drop(connection, database_name())


def _template(connection: psycopg.Connection) -> str:
    """The name of the template, which stands from here on; one process at a time builds, the others wait for it."""
    template = f"{_base()}_template_{migrations_digest()}"
    connection.execute("SELECT pg_advisory_lock(hashtext('tsunagari test template'))")
    _drop_orphans(connection)
    if not _exists(connection, template):
        _build(connection, template)
    return template


def _base() -> str:
    return database.owner_login().dbname


def _maintenance() -> psycopg.Connection:
    return psycopg.connect(database.owner_url("postgres"), autocommit=True)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop(connection: psycopg.Connection, name: str) -> None:
    """Drop with its connections; a background worker of the server (autovacuum) may hold it for a moment."""
    for attempt in range(20):
        try:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        except _HELD:
            if attempt == 19:
                raise
            time.sleep(0.2)
        else:
            return


def _drop_orphans(connection: psycopg.Connection) -> None:
    """Databases of processes that are gone, and all but the four youngest templates (other checkouts use them)."""
    names = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s OR datname LIKE %s ORDER BY oid DESC",
        [f"{_base()}\\_test\\_%", f"{_base()}\\_template\\_%"],
    ).fetchall()
    templates = [name for (name,) in names if "_template_" in name and not name.endswith("_building")]
    for (name,) in names:
        pid = name.rsplit("_", 1)[-1]
        gone = pid.isdigit() and "_test_" in name and not Path(f"/proc/{pid}").exists()
        if gone or name.endswith("_building") or name in templates[4:]:
            with suppress(*_HELD):  # by a statement that outlived its process: another run will find it free
                _drop(connection, name)


def _build(connection: psycopg.Connection, template: str) -> None:
    building = f"{template}_building"
    preparing.prepare(building)
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tsunagari.config.settings",
            "TSUNAGARI_DB_ROLE": "owner",
            "TSUNAGARI_DB_NAME": building,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        _drop(connection, building)
        raise RuntimeError(f"migrations failed:\n{done.stderr[-4000:]}")
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template))
    )


def _grant_truncate() -> None:
    """Transactional tests empty tables between them; in service the web role cannot."""
    with psycopg.connect(database.owner_url(database_name()), autocommit=True) as connection:
        connection.execute(
            sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}").format(
                sql.Identifier(database.web_login().user)
            )
        )


if __name__ == "__main__":
    make_template()
