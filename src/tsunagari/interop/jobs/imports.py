"""What the worker does with an import: look at the file, apply it. Each opens its own transaction.

A failure leaves the database as it was; the import says what happened. Nothing of the file reaches the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connection

from tsunagari.accounts.sessions import find_actor
from tsunagari.audit import operations as audit
from tsunagari.base import clock, tenancy
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.base.sheets import SheetError
from tsunagari.interop import access
from tsunagari.interop.imports import files, progress, run
from tsunagari.interop.imports.plan import Plan, Progress
from tsunagari.interop.models import Import
from tsunagari.places.models import Area, Municipality

log = logging.getLogger(__name__)

LOCK = 7_105  # the first key of our advisory locks: imports of one town go one after the other
UNKNOWN = "取り込みの途中で問題が起きました。登録は何も変わっていません。もう一度おためしください。"
SHORTENED = 500

#: States in which a worker has the import, and where a roster stands again when it could not go on.
BACK_TO = {
    Import.Status.READING: Import.Status.FAILED,
    Import.Status.MATCHING: Import.Status.MAPPING,
    Import.Status.APPLYING: Import.Status.PREVIEW,
    Import.Status.UNDOING: Import.Status.DONE,
}
AT_WORK = frozenset(BACK_TO)


def preview(import_id: int, municipality_id: int) -> None:
    """Compare the file with the database and keep the result for people to look at. Safe to repeat."""

    def look() -> None:
        with tenancy.municipality(municipality_id):
            row = waiting(import_id, Import.Status.READING)
            if row is None:
                return
            with progress.told_to_page(row.pk, municipality_id, row.rows) as tell:
                source, plan = _planned(row, tell)
            keep_result(row, plan, source)
            row.status, row.progress = Import.Status.PREVIEW, 0
            row.save()

    guarded(look, import_id, municipality_id, then=Import.Status.FAILED)


def apply(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Write the import in one transaction, on behalf of the person who asked for it. Safe to repeat."""

    def write() -> None:
        with tenancy.municipality(municipality_id, user_id=user_id):
            one_at_a_time(municipality_id)
            row = waiting(import_id, Import.Status.APPLYING)
            if row is not None:
                _write(row, asked_by(membership_id, user_id, access.RUN_IMPORT))

    guarded(write, import_id, municipality_id, then=Import.Status.PREVIEW)


def _write(row: Import, actor: Actor) -> None:
    counted = (row.added, row.changed, row.unchanged, len(row.rejected))
    with progress.told_to_page(row.pk, row.municipality_id, row.rows) as tell:
        source, plan = _planned(row, progress.part_of(tell, 0, 2), lock=True)
        run.carry_out(row.kind, plan, target_of(row), actor=actor, progress=progress.part_of(tell, 1, 2))
    keep_result(row, plan, source)
    if counted != (row.added, row.changed, row.unchanged, len(row.rejected)):
        row.notes.append("確認のときから登録が変わったため、件数が確認の画面と違います。")
    finish(row, actor=actor)


def finish(row: Import, *, actor: Actor) -> None:
    """The import is done: the file itself is no longer kept."""
    row.status = Import.Status.DONE
    row.content = None
    row.progress = row.rows
    row.message = ""
    row.finished_at = clock.now()
    row.save()
    detail = {"did": "apply", "added": row.added, "changed": row.changed, "rejected": len(row.rejected)}
    audit.record(access.RUN_IMPORT, actor=actor, obj=row, detail={**detail, "kind": row.kind})


def keep_result(row: Import, plan: Plan, source: files.Source) -> None:
    """Counts, refused rows, samples and sentences of a plan."""
    row.rows = source.rows
    row.added, row.changed, row.unchanged = plan.added, plan.changed, plan.unchanged
    row.rejected = [refused.as_dict() for refused in plan.rejected]
    row.rejected_file = files.rejected_file(source, plan.rejected) if plan.rejected else None
    row.samples = [sample.as_dict() for sample in plan.samples]
    row.notes = [note[:SHORTENED] for note in plan.notes]


def target_of(row: Import) -> run.Target:
    """The town of the import and what was chosen with it."""
    municipality = Municipality.objects.get(pk=row.municipality_id)
    return run.Target(municipality, area_kind=row.options.get("area_kind", Area.Kind.SCHOOL))


def _planned(row: Import, tell: Progress, *, lock: bool = False) -> tuple[files.Source, Plan]:
    content = bytes(row.content or b"")
    if files.digest(content) != row.digest:
        raise DomainError("確認したファイルと中身が違います。もう一度ファイルを選んでください。")
    source = files.open_file(content, row.filename, row.kind, sheet=row.options.get("sheet"))
    return source, run.make_plan(row.kind, source, target_of(row), progress=tell, lock=lock)


def waiting(import_id: int, status: str) -> Import | None:
    """The import if it still waits in this state; its row stays unlocked so that progress can be written."""
    return Import.objects.filter(pk=import_id, status=status).first()


def one_at_a_time(municipality_id: int) -> None:
    """Wait until no other import of the town writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, municipality_id])


def asked_by(membership_id: int, user_id: int, action: Action) -> Actor:
    """The person who asked, as they are today. Forbidden when they may no longer do it."""
    actor = find_actor(membership_id, user_id, via="job")
    if actor is None or not actor.may(action):
        raise Forbidden(action=action.name)
    return actor


def guarded(
    work: Callable[[], None], import_id: int, municipality_id: int, *, then: str, unknown: str = UNKNOWN
) -> None:
    """Run; on failure put the import in state `then` with a message for people."""
    try:
        work()
    except (DomainError, SheetError, Forbidden) as error:
        stop(import_id, municipality_id, then, str(getattr(error, "message", error)))
    except Exception as error:  # its text may hold personal data: the log gets the kind only
        log.error("import %s failed: %s", import_id, type(error).__name__)
        stop(import_id, municipality_id, then, unknown)


def stop(import_id: int, municipality_id: int, status: str, message: str) -> None:
    """Leave the import in `status` with a message; a file that cannot be used is not kept."""
    with tenancy.municipality(municipality_id):
        row = Import.objects.select_for_update().filter(pk=import_id).first()
        if row is None or row.status not in AT_WORK:
            return
        if row.kind == Import.Kind.ROSTER:
            status = BACK_TO[Import.Status(row.status)]
        row.status, row.message, row.progress = status, message[:300], 0
        if status == Import.Status.FAILED:
            row.content, row.finished_at = None, clock.now()
        row.save()
