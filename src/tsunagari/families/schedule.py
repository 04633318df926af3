"""Periodic jobs of families: cards stop with registrations, every town is searched once a week, and what a killed
worker left is taken up."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.families.operations import pairs, registrations
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


@app.periodic(cron="10 * * * *")  # every hour: the first run of a day in Japan is ten past midnight
@app.task(name="families.stop_cards", queue=QUEUE)
def stop_cards(timestamp: int) -> None:
    """Stop the cards of families whose last registration has come to the end entered for it, town by town."""
    for municipality_id in Municipality.objects.values_list("pk", flat=True):
        with tenancy.municipality(municipality_id):
            registrations.stop_cards_of_ended(actor=_system(municipality_id))


def _system(municipality_id: int) -> Actor:
    """Nobody in person: the town's own worker."""
    return Actor(user_id=None, name="システム", municipality_id=municipality_id, role="", via="job")


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
