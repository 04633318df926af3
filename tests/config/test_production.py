"""What a city's server relies on: refusals at start, pages when the database is away, silent logs, files of deploy/."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DataError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from tsunagari.base.sheets.limits import MAX_BYTES
from tsunagari.config.logs import WithoutWords

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
SITE = (DEPLOY / "nginx" / "tsunagari.conf").read_text(encoding="utf-8")
SESSION = {settings.SESSION_COOKIE_NAME: "abcdefghijklmnopqrstuvwxyz012345"}
NAME = "見本 花子"


def command(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """`tsunagari …` with the environment of a city's server, on a database that nobody answers for."""
    environment = {
        "PATH": os.defpath,
        "DATABASE_WEB_URL": "postgresql://tsunagari_web:secret@127.0.0.1:1/tsunagari",
        "TSUNAGARI_SECRET_KEY": "a-key-for-this-test-alone-of-more-than-50-characters",
        "TSUNAGARI_HOSTS": "tsunagari.example",
        **changes,
    }
    program = [sys.executable, "-m", "tsunagari.config.cli", *arguments]
    return subprocess.run(program, env=environment, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.parametrize(("key", "said"), [("", "TSUNAGARI_SECRET_KEY"), ("short", "32 文字以上")])
def test_no_start_without_a_real_secret(key: str, said: str) -> None:
    done = command("manage", "check", TSUNAGARI_SECRET_KEY=key)
    assert done.returncode == 1
    assert said in done.stderr


def test_djangos_own_deployment_check_is_clean() -> None:
    done = command("manage", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection can be had."""

    def refuse(self: BaseDatabaseWrapper) -> None:
        raise OperationalError(f"could not connect for {NAME}")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)


@pytest.fixture
def visitor() -> Client:
    """Somebody with a session, to whom failures are shown as in service."""
    client = Client(raise_request_exception=False)
    client.cookies.load(SESSION)
    return client


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(NAME)


urlpatterns = [path("", broken)]
handler500 = "tsunagari.base.errors.server_error"


@pytest.mark.usefixtures("away")
def test_a_page_says_that_the_database_is_away(visitor: Client) -> None:
    response = visitor.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "いま、つながりません" in response.content.decode()
    assert NAME not in response.content.decode()


@pytest.mark.usefixtures("away")
def test_a_fragment_says_so_in_passing(visitor: Client) -> None:
    response = visitor.get("/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (503, "#toast")
    assert "<html" not in response.content.decode()


@pytest.mark.usefixtures("away")
def test_the_page_of_a_failure_asks_the_database_nothing(visitor: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    response = visitor.get("/")
    assert response.status_code == 500
    assert "うまく動きませんでした" in response.content.decode()
    assert NAME not in response.content.decode()


def test_health_is_quick_to_say_yes(db: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/health/")
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ok\n", "no-store")


@pytest.mark.usefixtures("away")
def test_health_says_no_without_detail() -> None:
    response = Client().get("/health/")
    assert (response.status_code, response.content) == (503, b"unavailable\n")


def logged(error: BaseException) -> str:
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Internal Server Error: %s", ("/",), None)
    record.exc_info = (type(error), error, error.__traceback__)
    return WithoutWords("%(message)s").format(record)


def test_a_log_tells_where_it_failed_and_not_what_was_written() -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(f"{NAME} is odd") from error
    except ValueError as error:
        text = logged(error)
    assert NAME not in text
    assert text.index("builtins.KeyError") < text.index("builtins.ValueError")
    assert "in test_a_log_tells_where_it_failed" in text


def test_a_log_names_the_databases_code(db: None) -> None:
    with pytest.raises(DataError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", [NAME])
    assert NAME in str(caught.value)
    text = logged(caught.value)
    assert NAME not in text
    assert "(22007)" in text


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_are_closed(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze cannot look at a file")
    assert done.returncode == 0, done.stdout[-300:]


def test_the_web_server_keeps_no_query_string() -> None:
    form = re.search(r"log_format tsunagari '(.*)';", SITE)
    assert form is not None
    kept = set(re.findall(r"\$(\w+)", form[1]))
    assert not kept & {"request", "request_uri", "args", "query_string", "http_referer", "http_cookie"}
    assert re.findall(r"access_log \S+(?: (\w+))?;", SITE) == ["tsunagari", "", "tsunagari"]


def test_the_web_server_lets_the_largest_list_through() -> None:
    size = re.search(r"client_max_body_size (\d+)m;", SITE)
    assert size is not None
    assert int(size[1]) * 1024 * 1024 > MAX_BYTES


def test_the_web_server_says_by_itself_who_calls() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in SITE
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in SITE
