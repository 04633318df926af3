"""What a person does with an old roster: send it, say what its columns are, decide, bring it in, take it out."""

from __future__ import annotations

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.sheets import SheetError
from tsunagari.interop import access, queries, tasks
from tsunagari.interop.imports.roster import undo
from tsunagari.interop.imports.roster.mapping import Mapping, problems, signature
from tsunagari.interop.imports.roster.opened import Opened, open_first, refuse_my_number
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import, RosterMapping, RosterRow
from tsunagari.interop.operations import steps
from tsunagari.places.models import Agency

Status = Import.Status
NOT_NOW = "この名簿は、いまその操作ができません。"
LOOK_AGAIN = "画面を読み込みなおして、状態を確かめてください。"


@transaction.atomic
def upload_roster(*, actor: Actor, agency: Agency, filename: str, content: bytes) -> Import:
    """Keep a roster for mapping. DomainError, and nothing kept, when it cannot be read or holds 個人番号."""
    steps.refuse_large(content)
    try:
        refuse_my_number(content, filename)
        opened = open_first(content, filename)
    except SheetError as error:
        raise DomainError(str(error), field="file") from None
    row = new_roster(actor, agency, filename, content)
    row.options = {"sheet": opened.grid.sheet}
    row.save()
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail={"did": "upload", "digest": row.digest})
    return row


def new_roster(actor: Actor, agency: Agency, filename: str, content: bytes) -> Import:
    """A roster not saved yet, waiting for its columns."""
    return steps.unsaved(actor, Import.Kind.ROSTER, filename, content, agency=agency, status=Status.MAPPING)


def choose(row: Import, opened: Opened, mapping: Mapping) -> None:
    """Put the choice of sheet, header and columns on the import. DomainError when something is missing."""
    if said := problems(mapping):
        raise DomainError("".join(said))
    row.options = {
        "sheet": opened.grid.sheet,
        "header": opened.head.number,
        "height": opened.head.height,
        "mapping": mapping.as_dict(),
    }


@transaction.atomic
def choose_columns(row: Import, opened: Opened, mapping: Mapping, *, actor: Actor) -> Import:
    """Say how the roster is read, remember it for the agency's next one, and put the job that matches it."""
    row = _held(row, Status.MAPPING, Status.PREVIEW)
    _nothing_in_yet(row)
    choose(row, opened, mapping)
    assert row.agency_id is not None
    RosterMapping.objects.update_or_create(
        municipality_id=row.municipality_id,
        agency_id=row.agency_id,
        headings=signature(opened.head),
        defaults={"mapping": mapping.as_dict(), "used_at": clock.now()},
    )
    row.status, row.message, row.progress, row.rows = Status.MATCHING, "", 0, rows_in(opened)
    row.save()
    detail = {"did": "columns", "fields": sorted(set(mapping.columns.values()))}
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail=detail)
    tasks.match_roster.defer(**steps.handed_over(row, actor))
    return row


def rows_in(opened: Opened) -> int:
    """About how many rows the sheet has below its header, for the progress."""
    return max(1, sum(1 for _ in opened.grid.walk()) - opened.head.last)


@transaction.atomic
def back_to_columns(row: Import, *, actor: Actor) -> Import:
    """Say anew how the roster is read; what was matched and decided is forgotten."""
    row = _held(row, Status.PREVIEW)
    _nothing_in_yet(row)
    row.roster_rows.all().delete()
    row.status, row.rejected, row.rejected_file, row.notes = Status.MAPPING, [], None, []
    row.save()
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail={"did": "columns_again"})
    return row


@transaction.atomic
def decide(row: Import, family: int, *, actor: Actor, household_id: int | None) -> None:
    """Say which household a family of the roster is; None: none of them, a new one.

    DomainError when the household is none of those shown. Where a candidate is not for this person's eyes, a new
    family keeps nothing but what it is called.
    """
    row = _held(row, Status.PREVIEW)
    lead = (
        RosterRow.objects.select_for_update(of=("self",))
        .filter(source=row, number=family, group=family)
        .first()
    )
    if lead is None or lead.made or lead.match not in (RosterRow.Match.SURE, RosterRow.Match.MAYBE):
        raise Conflict("この組は、もう決めるところがありません。", what_to_do=LOOK_AGAIN)
    shown, held = queries.rosters.shown_candidates(lead, actor)
    if household_id is not None and household_id not in {one["household"] for one in shown}:
        raise DomainError("えらばれた家庭は、この組の候補にありません。")
    lines = RosterRow.objects.filter(source=row, group=family)
    lines.update(household=household_id, decided_by=actor.user_id or 0)
    _keep_nameless(lead, nameless=held and household_id is None)
    detail = {"did": "decide", "row": family, "new": household_id is None}
    audit.record(access.IMPORT_ROSTER, actor=actor, household_id=household_id, obj=row, detail=detail)


def _keep_nameless(lead: RosterRow, *, nameless: bool) -> None:
    if nameless or "nameless" in lead.values:
        lead.values = {**lead.values, "nameless": nameless}
        lead.save(update_fields=["values"])


@transaction.atomic
def decide_rest_new(row: Import, *, actor: Actor) -> int:
    """Take all families that nobody decided on for new ones; how many."""
    row = _held(row, Status.PREVIEW)
    open_ones = queries.rosters.undecided(row)
    for lead in open_ones:
        _, held = queries.rosters.shown_candidates(lead, actor)
        _keep_nameless(lead, nameless=held)
    groups = [lead.number for lead in open_ones]
    RosterRow.objects.filter(source=row, group__in=groups).update(
        household=None, decided_by=actor.user_id or 0
    )
    detail = {"did": "decide_rest_new", "families": len(groups)}
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail=detail)
    return len(groups)


@transaction.atomic
def apply_roster(row: Import, *, actor: Actor) -> Import:
    """Put the job that brings the roster in. DomainError while a family is not decided on."""
    row = _held(row, Status.PREVIEW)
    if left := queries.rosters.undecided(row).count():
        raise DomainError(
            f"まだ決めていない組が{left:,}組あります。",
            what_to_do="決めるか、残りを新しい家庭にしてください。",
        )
    if not row.roster_rows.exclude(match=RosterRow.Match.BAD).exists():
        raise DomainError("取り込める行がありません。列の対応を確かめてください。")
    row.status, row.message, row.progress = Status.APPLYING, "", queries.rosters.brought_in(row)
    row.save(update_fields=["status", "message", "progress"])
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail={"did": "start"})
    tasks.apply_roster.defer(**steps.handed_over(row, actor))
    return row


@transaction.atomic
def discard_roster(row: Import, *, actor: Actor) -> Import:
    """Give a roster up that was not brought in: the file and all that was read of it are removed."""
    row = _held(row, Status.MAPPING, Status.PREVIEW, Status.MATCHING)
    _nothing_in_yet(row)
    row.roster_rows.all().delete()
    row.content, row.rejected_file, row.rejected, row.notes = None, None, [], []
    row.status, row.finished_at = Status.DISCARDED, clock.now()
    row.save()
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail={"did": "discard"})
    return row


@transaction.atomic
def undo_roster(row: Import, *, actor: Actor) -> Import:
    """Put the job that takes the roster out. DomainError says what was built on it, if anything."""
    row = _held(row, Status.DONE, Status.PREVIEW)
    if not queries.rosters.brought_in(row):
        raise DomainError("この名簿からは、まだ何も取り込んでいません。")
    if found := undo.in_the_way(row):
        raise DomainError(
            jobs.standing_in_the_way(found), what_to_do="家庭のページで1つずつ直してください。", status=409
        )
    row.status, row.message = Status.UNDOING, ""
    row.save(update_fields=["status", "message"])
    audit.record(access.UNDO_ROSTER, actor=actor, obj=row, detail={"did": "start"})
    tasks.undo_roster.defer(**steps.handed_over(row, actor))
    return row


def note_roster(row: Import, *, actor: Actor, what: str, household_ids: list[int] | None = None) -> None:
    """Put on the trail that somebody looked at what stands in a roster, and beside which households."""
    detail = {"did": what, "households": household_ids or []}
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=row, detail=detail)


def _held(row: Import, *states: str) -> Import:
    return steps.held(row, *states, message=NOT_NOW, what_to_do=LOOK_AGAIN)


def _nothing_in_yet(row: Import) -> None:
    if queries.rosters.brought_in(row):
        raise Conflict(
            "この名簿は、もう一部が取り込まれています。",
            what_to_do="つづきを取り込むか、元にもどしてください。",
        )
