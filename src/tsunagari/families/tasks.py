"""Jobs of the worker. They take ids; the job and the row it speaks of are committed together or not at all."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tsunagari.families import jobs

QUEUE = "linkage"


@app.task(name="families.find_pairs", queue=QUEUE)
def find_pairs(run_id: int, municipality_id: int) -> None:
    """Look for families that stand in the town twice."""
    jobs.find_pairs(run_id, municipality_id)
