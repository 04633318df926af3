"""Which server and role the environment chooses."""

from __future__ import annotations

from pathlib import Path

import psycopg.conninfo
import pytest

from tsunagari.config import database
from tsunagari.config.pgbinaries import DatabaseSetupError


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSUNAGARI_DATA_DIR", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "DATABASE_WEB_URL", "TSUNAGARI_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_server_s_web_role_is_derived_from_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:s%40cret@db.example:5433/town?sslmode=require")
    settings = database.django_settings("web")
    assert (settings["NAME"], settings["USER"]) == ("town", "town_web")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert len(settings["PASSWORD"]) == 64
    assert settings["PASSWORD"] == database.django_settings("web")["PASSWORD"]
    assert database.django_settings("owner")["PASSWORD"] == "s@cret"


def test_another_owner_password_gives_another_web_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:one@localhost/town")
    first = database.web_login().password
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:two@localhost/town")
    assert database.web_login().password != first


def test_an_owner_without_password_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///town?host=/run/postgresql")
    with pytest.raises(DatabaseSetupError, match="TSUNAGARI_SECRET_KEY"):
        database.web_login()
    monkeypatch.setenv("TSUNAGARI_SECRET_KEY", "secret")
    assert len(database.web_login().password) == 64


def test_a_web_process_may_know_the_web_login_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_WEB_URL", "postgresql://clerk:pw@db.example/town")
    assert database.django_settings("web")["USER"] == "clerk"
    with pytest.raises(DatabaseSetupError, match="DATABASE_URL"):
        database.owner_url()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://boss:s%40c%2Fret@db.example:5433/town?sslmode=require",
        "postgresql://boss@/town?host=%2Frun%2Fpostgresql&port=5433",
        "postgresql://boss:pw@[::1]:5432/town",
        "postgres://boss:pw@one.example:5432,two.example:5433/town?target_session_attrs=primary",
        "host=localhost dbname=town user=boss password='a b'",
    ],
)
def test_an_address_keeps_its_meaning(url: str) -> None:
    login = database.Login.parse(url, "DATABASE_URL")
    parse = psycopg.conninfo.conninfo_to_dict
    assert parse(login.url) == parse(url)


def test_a_bad_address_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("mysql://localhost/town", "postgresql://", "nonsense"):
        monkeypatch.setenv("DATABASE_URL", url)
        with pytest.raises(DatabaseSetupError, match="DATABASE_URL を読めません"):
            database.owner_login()


def test_the_web_role_has_a_pool_and_the_owner_has_none() -> None:
    database.owner_login()  # chooses port and passwords
    pool = database.django_settings("web")["OPTIONS"]["pool"]
    assert (pool["max_size"], pool["timeout"]) == (8, 5)
    assert "pool" not in database.django_settings("owner")["OPTIONS"]
    assert "pool" not in database.django_settings("web", name="copy")["OPTIONS"]
    assert database.django_settings("web", name="copy")["NAME"] == "copy"


def test_loading_the_settings_makes_no_files(tmp_path: Path) -> None:
    assert database.django_settings("web")["PORT"] == "1"
    assert not (tmp_path / "data").exists()


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(DatabaseSetupError, match="root"):
        database.django_settings("root")
