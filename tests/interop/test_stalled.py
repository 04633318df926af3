"""A killed worker's import is taken up again, and a file that kills every worker is given up."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from procrastinate.jobs import Job

from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family
from tests.makers import Town, scope
from tsunagari.base import clock, tenancy
from tsunagari.interop import operations, schedule
from tsunagari.interop.models import Import


class Jobs:
    """Notes what is asked of the queue."""

    def __init__(self) -> None:
        self.retried: list[Job] = []
        self.finished: list[Job] = []

    async def retry_job(self, job: Job) -> None:
        self.retried.append(job)

    async def finish_job(self, job: Job, status: object, delete_job: bool) -> None:
        self.finished.append(job)


def stalled(attempts: int, row: Import) -> Job:
    task = {"import_id": row.pk, "municipality_id": row.municipality_id}
    return Job(
        id=1,
        queue="imports",
        lock=None,
        queueing_lock=None,
        task_name="x",
        task_kwargs=task,
        attempts=attempts,
    )


def upload(town: Town) -> Import:
    with tenancy.municipality(town.municipality.pk):
        content = csv_of(family(), HEADERS).encode()
        return operations.upload_import(
            actor=town.officer, kind="residents", filename="a.csv", content=content
        )


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "again"), [(1, True), (2, True), (3, False)])
def test_a_job_is_started_three_times_at_most(
    town: Town, monkeypatch: pytest.MonkeyPatch, attempts: int, again: bool
) -> None:
    row, jobs = upload(town), Jobs()
    monkeypatch.setattr(schedule.app, "job_manager", jobs, raising=False)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(operations, "stop_stalled", lambda *ids: told.append(ids))
    asyncio.run(schedule.take_up(stalled(attempts, row)))
    assert (len(jobs.retried), len(jobs.finished)) == ((1, 0) if again else (0, 1))
    assert told == ([] if again else [(row.pk, row.municipality_id)])


@pytest.mark.django_db
def test_an_import_given_up_says_so_and_keeps_no_file(town: Town) -> None:
    row = upload(town)
    operations.stop_stalled(row.pk, row.municipality_id)
    with scope(town):
        row.refresh_from_db()
        assert (row.status, row.content) == ("failed", None)
        assert "何度も途中で止まった" in row.message


@pytest.mark.django_db
def test_undecided_previews_are_forgotten_after_a_week(town: Town) -> None:
    row = upload(town)
    with scope(town):
        Import.objects.filter(pk=row.pk).update(status="preview", created_at=clock.at(date(2026, 1, 1)))
        assert operations.forget_old(today=date(2026, 1, 1) + timedelta(days=7)) == 0
        assert operations.forget_old(today=date(2026, 1, 10)) == 1
        row.refresh_from_db()
        assert (row.status, row.content) == ("discarded", None)
