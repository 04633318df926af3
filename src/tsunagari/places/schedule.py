"""Periodic jobs of places: what was entered ahead takes effect on its day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.places.models import Municipality
from tsunagari.places.operations import agencies

QUEUE = "places"


@app.periodic(cron="1 * * * *")
@app.task(name="places.refresh_names", queue=QUEUE)
def refresh_names(timestamp: int) -> None:
    """Bring the names of agencies up to today, town by town.

    Every hour, so that the first run of a day in Japan is at 0:01, whatever the server's time zone, and a
    server that was off at night catches up in the morning. A run that finds nothing writes nothing.
    """
    for municipality_id in Municipality.objects.values_list("pk", flat=True):
        with tenancy.municipality(municipality_id):
            agencies.refresh_names(actor=_system(municipality_id))


def _system(municipality_id: int) -> Actor:
    """Nobody in person: the town's own worker."""
    return Actor(user_id=None, name="システム", municipality_id=municipality_id, role="", via="job")
