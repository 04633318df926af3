"""Keep everything in one file, and make the database anew from it, with PostgreSQL's own tools."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tsunagari.config import database, preparing
from tsunagari.config.database import Login
from tsunagari.config.pgbinaries import DatabaseSetupError, client_program


def backup(file: Path) -> int:
    """Write the whole database to ``file`` (custom format, readable by its owner only); its size in bytes.

    The file appears under its name only when it is whole.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run("pg_dump", "--format=custom", f"--file={draft}", login=database.owner_login())
        _run("pg_restore", "--list", str(draft), login=database.owner_login())
        os.replace(draft, file)
    except OSError as error:
        raise DatabaseSetupError(f"{file} に書けません ({error.strerror})。") from error
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(file: Path, *, replace: bool = False) -> None:
    """Make the database anew from ``file``; with ``replace`` the one that is there is given up for it.

    The new database is made whole under another name and then takes the old one's place, so that a bad file
    leaves everything as it was. Raises DatabaseSetupError.
    """
    if not file.is_file():
        raise DatabaseSetupError(f"{file} がありません。")
    login = database.owner_login()
    if preparing.database_exists(login) and not replace and preparing.has_tables(login):
        raise DatabaseSetupError(
            f"データベース {login.dbname} には既にデータがあります。"
            "置き換えるときは --replace を付けてください。"
        )
    draft = f"{login.dbname}_restoring"
    preparing.drop_database(draft)
    try:
        # Rights come from the file alone: default rights would open again what migrations had closed.
        preparing.prepare_empty(draft)
        _run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            f"--dbname={draft}",
            str(file),
            login=login,
        )
        preparing.prepare(draft)
        preparing.replace_database(login, draft)
    except BaseException:
        preparing.drop_database(draft)
        raise


def _run(program: str, *arguments: str, login: Login) -> None:
    """Run a client program with the password in its environment, where no list of processes shows it."""
    environment = {**os.environ, **login.environment()}
    done = subprocess.run(
        [str(client_program(program, preparing.server_version(login))), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["?"]
        raise DatabaseSetupError(f"{program} が失敗しました: {lines[0]}")
