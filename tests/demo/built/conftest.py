"""The demo's towns at a twentieth, built once for all tests of this folder; what a test does to them is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Max

from tests.demo.digesting import digest
from tests.makers import scope
from tsunagari.demo import build
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.encounters.models import Visit
from tsunagari.places.models import Municipality

TODAY = date(2026, 11, 20)
SCALE = 0.05


@pytest.fixture(scope="package")
def earlier(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> str:
    """The digest of the towns of `built`, from a build before it that was taken back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        build.build(today=TODAY, scale=SCALE)
        found = digest()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="package")
def settled() -> list[tuple[str, date | None]]:
    """Where `built` stopped for statistics: the town's code, and the last day on which anybody had come there."""
    return []


@pytest.fixture(scope="package")
def built(
    earlier: str, settled: list[tuple[str, date | None]], django_db_blocker: pytest.FixtureRequest
) -> Iterator[list[build.Report]]:
    """Both towns, rolled back after the last test of this folder."""

    def settle() -> None:
        town = Municipality.objects.latest("pk")
        with scope(town):
            settled.append((town.code, Visit.objects.aggregate(day=Max("visited_on"))["day"]))

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build.build(today=TODAY, scale=SCALE, settle=settle)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def standing(built: object, django_db_blocker: pytest.FixtureRequest) -> str:
    """The digest of the towns of `built` before any test has touched them."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return digest()


@pytest.fixture
def in_built(
    built: list[build.Report], standing: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[list[build.Report]]:
    """The scope of つながり市; afterwards the towns stand as they were built."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        with scope(Municipality.objects.get(code=TSUNAGARI.code)):
            yield built
        transaction.set_rollback(True)
