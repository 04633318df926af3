"""Bring the database's tables up to date, as their owner."""

from __future__ import annotations

import subprocess
import sys

from psycopg import sql

from tsunagari.config import database, running
from tsunagari.config.pgbinaries import DatabaseSetupError
from tsunagari.config.preparing import connect


def migrate() -> None:
    """Prepare the database and apply what migrations are missing. Loads Django in this process as the owner.

    One process at a time: others wait, then find nothing left to do.
    """
    with database.in_use():
        database.prepare()
        with connect(database.owner_login()) as guard, running.django_ready("owner"):
            guard.execute("SELECT pg_advisory_lock(hashtext('tsunagari migrate'))")
            _apply()
            statement = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}")
            guard.execute(statement.format(sql.Identifier(database.web_login().user)))


def migrate_apart() -> None:
    """``migrate`` in a process of its own: one process has one database role."""
    _command("db", "migrate")


def collect_static_files_apart() -> None:
    """Gather style sheets and scripts where the web server's processes look for them."""
    _command("manage", "collectstatic", "--noinput", "--verbosity", "0")


def _apply() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _command(*arguments: str) -> None:
    """Another subcommand of ours; it has said itself what went wrong."""
    done = subprocess.run([sys.executable, "-m", "tsunagari.config.cli", *arguments], check=False)
    if done.returncode != 0:
        raise DatabaseSetupError(
            f"`tsunagari {' '.join(arguments[:2])}` ができなかったため、始められません。"
        )
