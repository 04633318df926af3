"""Searching the town for families that stand in it twice: asked for by a person or by the calendar (D8)."""

from __future__ import annotations

from django.db import connection, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict
from tsunagari.families import access, jobs, tasks
from tsunagari.families.jobs import keep_found
from tsunagari.families.models import LinkageRun

__all__ = ["going_on", "keep_found", "start_by_calendar", "start_run", "stop_stalled"]

_LOCK = 7_106  # the first key of our advisory locks: one search of a town at a time


@transaction.atomic
def start_run(*, actor: Actor) -> LinkageRun:
    """Put the job that searches the actor's town. Conflict while another search waits or runs."""
    run = _new(actor.municipality_id, asked_by=actor.user_id)
    if run is None:
        raise Conflict(
            "いま、似ている家庭をさがしています。", what_to_do="おわるまで、しばらくお待ちください。"
        )
    audit.record(access.RUN_LINKAGE, actor=actor, obj=run)
    return run


@transaction.atomic
def start_by_calendar(municipality_id: int) -> LinkageRun | None:
    """The same without a person; None while a search waits or runs. Needs the town's scope."""
    return _new(municipality_id, asked_by=None)


def going_on(municipality_id: int) -> LinkageRun | None:
    """The search that waits or runs in the town."""
    return LinkageRun.objects.filter(
        municipality_id=municipality_id, state__in=(LinkageRun.State.WAITING, LinkageRun.State.RUNNING)
    ).first()


def stop_stalled(run_id: int, municipality_id: int) -> None:
    """Give a search up after its worker died several times over it; the list is as it was."""
    jobs.stop(run_id, municipality_id, jobs.STALLED)


def _new(municipality_id: int, *, asked_by: int | None) -> LinkageRun | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, municipality_id])
    if going_on(municipality_id) is not None:
        return None
    run = LinkageRun.objects.create(
        municipality_id=municipality_id, asked_by=asked_by, created_at=clock.now()
    )
    tasks.find_pairs.defer(run_id=run.pk, municipality_id=municipality_id)
    return run
