"""Periodic jobs of imports: take up what a killed worker left, and forget what is no longer needed."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from tsunagari.base import clock, tenancy
from tsunagari.interop import operations
from tsunagari.interop.tasks import QUEUE
from tsunagari.places.models import Municipality

#: Starts of one job before it is given up: a file that kills its worker must not kill the next one for ever.
MOST_ATTEMPTS = 3


@app.periodic(cron="* * * * *")
@app.task(name="interop.take_up_stalled", queue=QUEUE, pass_context=False)
async def take_up_stalled(timestamp: int) -> None:
    """Start again the imports whose worker sends no sign of life."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE):
        await take_up(job)


async def take_up(job: Job) -> None:
    """Start a stalled job again, or give it up and say so on the import's page."""
    if job.attempts < MOST_ATTEMPTS:
        await app.job_manager.retry_job(job)
        return
    await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    import_id, municipality_id = job.task_kwargs.get("import_id"), job.task_kwargs.get("municipality_id")
    if isinstance(import_id, int) and isinstance(municipality_id, int):
        await sync_to_async(operations.stop_stalled)(import_id, municipality_id)


@app.periodic(cron="20 18 * * *")  # UTC: 3:20 at night in Japan
@app.task(name="interop.forget_old", queue=QUEUE)
def forget_old(timestamp: int) -> None:
    """Every night, town by town."""
    for municipality_id in Municipality.objects.values_list("pk", flat=True):
        with tenancy.municipality(municipality_id):
            operations.forget_old(today=clock.today())
