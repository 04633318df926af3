"""Periodic jobs of encounters: what belongs to people who have left is somebody's again every morning."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.encounters.operations import leaving
from tsunagari.places.models import Municipality


@app.periodic(cron="20 * * * *")  # every hour: the first run of a day in Japan is twenty past midnight
@app.task(name="encounters.cover_left", queue="encounters")
def cover_left(timestamp: int) -> None:
    """Let somebody stand in for those whose memberships have run out, town by town."""
    for municipality_id in Municipality.objects.values_list("pk", flat=True):
        with tenancy.municipality(municipality_id):
            actor = Actor(user_id=None, name="システム", municipality_id=municipality_id, role="", via="job")
            leaving.cover_left(actor=actor)
