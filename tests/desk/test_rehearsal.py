"""What a web process does before it serves leaves nothing behind and never keeps it from serving."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tsunagari.audit.models import Entry
from tsunagari.base import clock, tenancy, warming
from tsunagari.desk import rehearsal
from tsunagari.families.models import Household
from tsunagari.places.models import Municipality

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("hour", [6, 15], ids=["early in the morning", "in the afternoon"])
def test_the_busy_pages_are_played_through_and_taken_back(hour: int) -> None:
    with clock.stopped_at(clock.at(clock.today(), hour)), CaptureQueriesContext(connection) as asked:
        rehearsal.rehearse()
    said = "\n".join(query["sql"] for query in asked.captured_queries)
    for table in ("encounters_visit", "encounters_consultation", "families_card", "audit_entry"):
        assert f"INSERT INTO {table}" in said.replace('"', "")
    assert asked.captured_queries[-1]["sql"] == "ROLLBACK"
    with tenancy.municipality(rehearsal.NOWHERE):
        assert not Household.objects.exists()
        assert not Entry.objects.filter(municipality_id=rehearsal.NOWHERE).exists()
    assert not Municipality.objects.filter(pk=rehearsal.NOWHERE).exists()


def test_a_rehearsal_that_fails_does_not_keep_the_server_from_serving(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("no database")

    played: list[int] = []
    monkeypatch.setattr(warming, "_settle", lambda: None)
    monkeypatch.setattr(warming, "_rehearsals", [lambda: played.append(1)])
    assert warming.warm(times=3)
    assert len(played) == 3
    warming.before_serving(fail)
    assert not warming.warm(times=3)
    assert "first requests will be slower" in caplog.text
