"""Bring the database's tables up to date, as their owner."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

from psycopg import sql

from tsunagari.config import database, running
from tsunagari.config.pgbinaries import DatabaseSetupError
from tsunagari.config.preparing import connect

Step = tuple[str, str]  # app and name of a migration


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
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    on_disk = MigrationLoader(None).disk_migrations.items()
    ours = {key: set(step.replaces) for key, step in on_disk if step.__module__.startswith("tsunagari.")}
    if behind := half_done(set(MigrationRecorder(connection).applied_migrations()), ours):
        raise DatabaseSetupError(
            f"データベースの表が古い版のままで、この版には進めません ({behind[0]} がありません)。"
            "docs/how-to/production.md の「Upgrade」をご覧ください。"
        )
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def half_done(applied: set[Step], folded: Mapping[Step, set[Step]]) -> list[str]:
    """The former steps that are lacking where a migration that now stands for them (`folded`), or one of them, ran."""
    missing = (former - applied for step, former in folded.items() if applied & (former | {step}))
    return sorted(f"{app}.{name}" for lacking in missing for app, name in lacking)


def _command(*arguments: str) -> None:
    """Another subcommand of ours; it has said itself what went wrong."""
    done = subprocess.run([sys.executable, "-m", "tsunagari.config.cli", *arguments], check=False)
    if done.returncode != 0:
        raise DatabaseSetupError(
            f"`tsunagari {' '.join(arguments[:2])}` ができなかったため、始められません。"
        )
