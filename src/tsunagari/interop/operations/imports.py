"""What a person does with imports: send a file, apply what was previewed, give up. And from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.base.sheets import SheetError
from tsunagari.interop import access, jobs, tasks
from tsunagari.interop.imports import files, run
from tsunagari.interop.imports.plan import Plan, Progress
from tsunagari.interop.imports.progress import silent
from tsunagari.interop.models import Import, RosterRow
from tsunagari.interop.operations import steps

KEEP_RESULTS = timedelta(days=30)
KEEP_PREVIEWS = timedelta(days=7)
CHECK = "取り込みの一覧で状態を確かめてください。"


@transaction.atomic
def upload_import(
    *, actor: Actor, kind: str, filename: str, content: bytes, options: Mapping[str, str] | None = None
) -> Import:
    """Keep a file for preview and put the job. DomainError, and nothing kept, when it cannot be read."""
    steps.refuse_large(content)
    chosen = dict(options or {})
    try:
        source = files.open_file(content, filename, kind, sheet=chosen.get("sheet"))
    except SheetError as error:
        raise DomainError(str(error), field="file") from None
    row = steps.unsaved(actor, kind, filename, content, options=chosen)
    row.rows = source.rows
    row.save()
    audit.record(
        access.RUN_IMPORT, actor=actor, obj=row, detail={"did": "upload", "kind": kind, "digest": row.digest}
    )
    tasks.preview_import.defer(import_id=row.pk, municipality_id=row.municipality_id)
    return row


@transaction.atomic
def apply_import(row: Import, *, actor: Actor) -> Import:
    """Put the job that writes a previewed import. Conflict when it is not waiting for that."""
    job = steps.handed_over(row, actor)
    row = steps.held(
        row, Import.Status.PREVIEW, message="この取り込みは、いま始められません。", what_to_do=CHECK
    )
    row.status, row.message, row.progress = Import.Status.APPLYING, "", 0
    row.save(update_fields=["status", "message", "progress"])
    audit.record(access.RUN_IMPORT, actor=actor, obj=row, detail={"did": "start"})
    tasks.apply_import.defer(**job)
    return row


@transaction.atomic
def discard_import(row: Import, *, actor: Actor) -> Import:
    """Give up an import that is not being written: the file and what was read of it are removed."""
    states = (Import.Status.READING, Import.Status.PREVIEW, Import.Status.FAILED)
    row = steps.held(row, *states, message="この取り込みは、もう取りやめられません。", what_to_do=CHECK)
    forget(row)
    row.status, row.finished_at = Import.Status.DISCARDED, clock.now()
    row.save()
    audit.record(access.RUN_IMPORT, actor=actor, obj=row, detail={"did": "discard"})
    return row


def note_looked(row: Import, *, actor: Actor, rejected: bool = False) -> None:
    """Put on the trail that somebody looked at what was read of residents."""
    if row.kind == Import.Kind.RESIDENTS and (row.samples or row.rejected):
        audit.record(
            access.RUN_IMPORT, actor=actor, obj=row, detail={"did": "download" if rejected else "view"}
        )


def stop_stalled(import_id: int, municipality_id: int) -> None:
    """Give an import up after its worker died several times over it; nothing was written."""
    message = "取り込みが何度も途中で止まったため、やめました。ファイルを分けるか、管理者に相談してください。"
    jobs.stop(import_id, municipality_id, Import.Status.FAILED, message)


@transaction.atomic
def forget_old(*, today: date) -> int:
    """Empty what finished imports hold of their rows after a month, and previews nobody decided on after a week
    (a roster takes longer to decide on: after a month).

    Works in the open scope of one municipality; returns how many were emptied.
    """
    month, week = clock.at(today - KEEP_RESULTS), clock.at(today - KEEP_PREVIEWS)
    over = (Import.Status.DONE, Import.Status.FAILED, Import.Status.UNDONE)
    finished = Import.objects.filter(status__in=over, finished_at__lt=month).exclude(
        samples=[], rejected_file=None
    )
    lists = Import.objects.filter(status=Import.Status.PREVIEW, created_at__lt=week)
    rosters = Import.objects.filter(
        kind=Import.Kind.ROSTER,
        status__in=(Import.Status.MAPPING, Import.Status.PREVIEW),
        created_at__lt=month,
    )
    undecided = [*lists.exclude(kind=Import.Kind.ROSTER).select_for_update(), *rosters.select_for_update()]
    rows = [*finished.select_for_update(), *undecided]
    for row in rows:
        forget(row)
        if row in undecided:
            row.status, row.finished_at = _given_up(row), clock.now()
        row.save()
    old = RosterRow.objects.filter(source__status__in=over, source__finished_at__lt=month)
    old.exclude(values={}).update(values={}, candidates=[])
    return len(rows)


def _given_up(row: Import) -> str:
    """A roster that was brought in in part stays so; its other rows are forgotten."""
    left = row.roster_rows.filter(made={})
    begun = row.roster_rows.exclude(made={}).exists()
    left.delete()
    return Import.Status.DONE if begun else Import.Status.DISCARDED


def forget(row: Import) -> None:
    """Empty what an import holds of its file; counts and sentences stay."""
    row.content, row.rejected_file = None, None
    row.rejected = [{**refused, "value": ""} for refused in row.rejected]
    row.samples = []


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import at once did or would do."""

    plan: Plan
    row: Import | None


@transaction.atomic
def import_now(
    *,
    actor: Actor,
    kind: str,
    filename: str,
    content: bytes,
    options: Mapping[str, str],
    dry_run: bool,
    progress: Progress,
) -> Outcome:
    """Read, compare and, unless `dry_run`, write in the caller's transaction. Raises `SheetError`."""
    source = files.open_file(content, filename, kind, sheet=options.get("sheet"))
    row = steps.unsaved(actor, kind, filename, content, options=dict(options))
    target = jobs.target_of(row)
    plan = run.make_plan(kind, source, target, progress=silent, lock=not dry_run)
    if dry_run:
        return Outcome(plan, None)
    run.carry_out(kind, plan, target, actor=actor, progress=progress)
    jobs.keep_result(row, plan, source)
    row.content = None
    row.save()
    jobs.finish(row, actor=actor)
    return Outcome(plan, row)
