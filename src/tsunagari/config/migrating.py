"""Bring the database's tables up to date, as their owner."""

from __future__ import annotations

from psycopg import sql

from tsunagari.config import database, running
from tsunagari.config.preparing import connect


def migrate() -> None:
    """Prepare the database and apply what migrations are missing. Loads Django in this process as the owner.

    One process at a time: others wait, then find nothing left to do.
    """
    with database.in_use():
        database.prepare()
        login = database.owner_login()
        with connect(login) as guard, running.django_ready("owner"):
            guard.execute("SELECT pg_advisory_lock(hashtext('tsunagari migrate'))")
            _apply()
            statement = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}")
            guard.execute(statement.format(sql.Identifier(database.web_login().user)))


def _apply() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
