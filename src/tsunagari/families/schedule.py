"""Periodic jobs of families: search every town once a week, and take up what a killed worker left."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from tsunagari.base import tenancy
from tsunagari.families.operations import pairs
from tsunagari.families.tasks import QUEUE
from tsunagari.places.models import Municipality

#: Starts of one search before it is given up.
MOST_ATTEMPTS = 3


@app.periodic(cron="40 17 * * 6")  # UTC: Sunday 2:40 at night in Japan
@app.task(name="families.find_pairs_weekly", queue=QUEUE)
def find_pairs_weekly(timestamp: int) -> None:
    """Every week, town by town."""
    for municipality_id in Municipality.objects.values_list("pk", flat=True):
        with tenancy.municipality(municipality_id):
            pairs.start_by_calendar(municipality_id)


@app.periodic(cron="* * * * *")
@app.task(name="families.take_up_stalled", queue=QUEUE, pass_context=False)
async def take_up_stalled(timestamp: int) -> None:
    """Start again the searches whose worker sends no sign of life."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, task_name="families.find_pairs"):
        await take_up(job)


async def take_up(job: Job) -> None:
    """Start a stalled search again, or give it up and say so."""
    if job.attempts < MOST_ATTEMPTS:
        await app.job_manager.retry_job(job)
        return
    await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    run_id, municipality_id = job.task_kwargs.get("run_id"), job.task_kwargs.get("municipality_id")
    if isinstance(run_id, int) and isinstance(municipality_id, int):
        await sync_to_async(pairs.stop_stalled)(run_id, municipality_id)
