"""Everything in one file, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.config.processes import tsunagari
from tsunagari.config import backups, database, preparing
from tsunagari.config.embedded import EmbeddedServer
from tsunagari.config.pgbinaries import DatabaseSetupError


@pytest.fixture
def notes(running: EmbeddedServer) -> None:
    """A database with one row under row-level security, in a table that the web role may only add to."""
    database.prepare()
    with psycopg.connect(database.owner_url()) as connection:
        connection.execute("DROP TABLE IF EXISTS notes")
        connection.execute("CREATE TABLE notes (id bigserial PRIMARY KEY, text text)")
        connection.execute("INSERT INTO notes (text) VALUES ('髙橋さんの記録')")
        connection.execute("REVOKE UPDATE, DELETE ON notes FROM tsunagari_web")
        connection.execute("ALTER TABLE notes ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY adding ON notes USING (true)")


def texts(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM notes ORDER BY id")]


def test_what_was_saved_comes_back_with_its_rights(notes: None, tmp_path: Path) -> None:
    file = tmp_path / "all.dump"
    assert tsunagari("db", "backup", str(file)).returncode == 0
    with psycopg.connect(database.owner_url()) as connection:
        connection.execute("DELETE FROM notes")
    assert tsunagari("db", "restore", "--replace", str(file)).returncode == 0
    assert texts(database.web_url()) == ["髙橋さんの記録"]
    with psycopg.connect(database.web_url(), autocommit=True) as web:
        web.execute("INSERT INTO notes (text) VALUES ('次の記録')")
        with pytest.raises(errors.InsufficientPrivilege):
            web.execute("DELETE FROM notes")


def test_a_backup_is_for_its_owner_only(notes: None, tmp_path: Path) -> None:
    backups.backup(tmp_path / "all.dump")
    assert (tmp_path / "all.dump").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["all.dump"]


def test_restoring_under_people_at_work_is_refused(notes: None, tmp_path: Path) -> None:
    backups.backup(tmp_path / "all.dump")
    with psycopg.connect(database.web_url()):
        refused = tsunagari("db", "restore", "--replace", str(tmp_path / "all.dump"))
    assert refused.returncode == 1
    assert "止めてから" in refused.stderr
    assert texts(database.owner_url()) == ["髙橋さんの記録"]
    draft = f"{database.owner_login().dbname}_restoring"
    assert not preparing.database_exists(replace(database.owner_login(), dbname=draft))


def test_restoring_over_data_has_to_be_asked_for(notes: None, tmp_path: Path) -> None:
    backups.backup(tmp_path / "all.dump")
    refused = tsunagari("db", "restore", str(tmp_path / "all.dump"))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert texts(database.owner_url()) == ["髙橋さんの記録"]


def test_a_broken_file_leaves_everything_as_it_was(notes: None, tmp_path: Path) -> None:
    file = tmp_path / "all.dump"
    size = backups.backup(file)
    file.write_bytes(file.read_bytes()[: size // 2])
    with pytest.raises(DatabaseSetupError, match="pg_restore"):
        backups.restore(file, replace=True)
    assert texts(database.owner_url()) == ["髙橋さんの記録"]
    assert not preparing.database_exists(database.owner_login("tsunagari_restoring"))
