"""A PostgreSQL of these tests' own, so that stopping and killing it disturbs nobody."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tsunagari.config import database
from tsunagari.config.embedded import EmbeddedServer


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder with a stopped cluster; not in pytest's own folder, which is closed to others."""
    path = Path(tempfile.mkdtemp(prefix="tsunagari-test-"))
    server = EmbeddedServer(path)
    server.start()
    server.stop()
    yield path
    server.stop()
    shutil.rmtree(path)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    """The server of that folder; stopped before and after each test."""
    found = EmbeddedServer(folder)
    yield found
    found.stop()


@pytest.fixture
def installation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedServer:
    """This process and its children take that server for the installation's."""
    point_at(folder, monkeypatch)
    return EmbeddedServer(folder)


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[EmbeddedServer]:
    """The installation, with its server running for all tests of the module."""
    with pytest.MonkeyPatch.context() as patch:
        point_at(folder, patch)
        with database.in_use():
            yield EmbeddedServer(folder)


def point_at(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TSUNAGARI_DATA_DIR", str(folder))
    for name in ("DATABASE_URL", "DATABASE_WEB_URL", "TSUNAGARI_SECRET_KEY", "TSUNAGARI_DB_ROLE"):
        patch.delenv(name, raising=False)
