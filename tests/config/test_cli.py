"""The ``tsunagari`` command: what it prints, and one line when it fails."""

from __future__ import annotations

import psycopg
import pytest

from tests.config.processes import tsunagari
from tsunagari.config import database
from tsunagari.config.embedded import EmbeddedServer


def test_db_url_is_an_address_that_works(installation: EmbeddedServer) -> None:
    with database.in_use():
        database.prepare()
        for role, user in (("owner", "tsunagari"), ("web", "tsunagari_web")):
            printed = tsunagari("db", "url", "--role", role)
            assert printed.returncode == 0
            with psycopg.connect(printed.stdout.strip()) as connection:
                assert connection.execute("SELECT current_user").fetchone() == (user,)


def test_db_start_status_stop(installation: EmbeddedServer) -> None:
    assert tsunagari("db", "status").returncode == 3
    assert tsunagari("db", "start").returncode == 0
    status = tsunagari("db", "status")
    assert status.returncode == 0
    assert str(installation.cluster) in status.stdout
    assert tsunagari("db", "stop").returncode == 0
    assert not installation.is_running()


def test_short_commands_leave_nothing_running(installation: EmbeddedServer) -> None:
    assert tsunagari("db", "prepare").returncode == 0
    assert not installation.is_running()


def test_db_shell_speaks_as_the_role(installation: EmbeddedServer) -> None:
    assert tsunagari("db", "prepare").returncode == 0
    shell = tsunagari("db", "shell", "--role", "web", "--", "-Atc", "SELECT current_user")
    assert (shell.returncode, shell.stdout) == (0, "tsunagari_web\n")


def test_a_failure_is_one_line_and_debug_shows_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:pw@127.0.0.1:1/none")
    failed = tsunagari("db", "prepare")
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "データベースにつながりません (nobody@127.0.0.1:1/" in failed.stderr
    assert "pw@" not in failed.stderr
    assert "Traceback" in tsunagari("--debug", "db", "prepare").stderr


def test_help_lists_every_subcommand() -> None:
    printed = tsunagari("--help")
    assert printed.returncode == 0
    for name in ("db", "demo", "manage", "run", "serve"):
        assert f"    {name} " in printed.stdout
