"""Former steps that one migration stands for: all of them or none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tsunagari.config import migrating
from tsunagari.config.pgbinaries import DatabaseSetupError

FIRST, SECOND, THIRD, LATER = [("app", name) for name in ("first", "second", "third", "later")]
FOLDED = {FIRST: {SECOND, THIRD}, LATER: set()}


@pytest.mark.parametrize(
    ("applied", "lacking"),
    [
        (set(), []),
        ({("other", "first")}, []),
        ({FIRST, SECOND, THIRD}, []),
        ({FIRST, SECOND, THIRD, LATER}, []),
        ({FIRST}, ["app.second", "app.third"]),
        ({FIRST, SECOND}, ["app.third"]),
    ],
)
def test_what_is_lacking(applied: set[migrating.Step], lacking: list[str]) -> None:
    assert migrating.half_done(applied, FOLDED) == lacking


@pytest.mark.django_db
def test_a_database_on_the_way_is_refused_with_the_step_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    done = MigrationRecorder(connection).migration_qs.filter(app="encounters")
    done.filter(name__in=["0017_shared_newest", "0018_no_index_twice"]).delete()
    monkeypatch.setattr("django.core.management.call_command", pytest.fail)
    with pytest.raises(DatabaseSetupError, match=r"encounters\.0017_shared_newest がありません"):
        migrating._apply()
