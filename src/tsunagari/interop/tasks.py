"""Jobs of the worker. They take ids; the job and the row it speaks of are committed together or not at all."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tsunagari.interop import jobs
from tsunagari.interop.jobs import rosters

QUEUE = "imports"


@app.task(name="interop.preview_import", queue=QUEUE)
def preview_import(import_id: int, municipality_id: int) -> None:
    """Look at an uploaded file."""
    jobs.preview(import_id, municipality_id)


@app.task(name="interop.apply_import", queue=QUEUE)
def apply_import(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Apply a previewed import for the person who asked."""
    jobs.apply(import_id, municipality_id, membership_id, user_id)


@app.task(name="interop.match_roster", queue=QUEUE)
def match_roster(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Read an old roster and match its families."""
    rosters.match(import_id, municipality_id, membership_id, user_id)


@app.task(name="interop.apply_roster", queue=QUEUE)
def apply_roster(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Bring a decided roster in."""
    rosters.apply(import_id, municipality_id, membership_id, user_id)


@app.task(name="interop.undo_roster", queue=QUEUE)
def undo_roster(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Take a roster out again."""
    rosters.take_out(import_id, municipality_id, membership_id, user_id)
