"""An old roster brought in at once, for the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.interop import queries
from tsunagari.interop.imports.plan import Progress
from tsunagari.interop.imports.progress import silent
from tsunagari.interop.imports.roster.mapping import Mapping
from tsunagari.interop.imports.roster.opened import opened_as, refuse_my_number
from tsunagari.interop.imports.roster.remembered import proposed
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import, RosterRow
from tsunagari.interop.operations.rosters import choose, new_roster, rows_in
from tsunagari.places.models import Agency


@dataclass(slots=True)
class RosterOutcome:
    """What a roster brought in at once did: rows, and families by how they were matched."""

    row: Import
    families: dict[str, int] = field(default_factory=dict)
    refused: int = 0


@transaction.atomic
def roster_now(
    *, actor: Actor, agency: Agency, filename: str, content: bytes, mapping: Mapping | None,
    sheet: str = "", header: int | None = None, maybe_new: bool = False,
    progress: Progress = silent,
) -> RosterOutcome:  # fmt: skip
    """Read, match and bring in within the caller's transaction, for the command line. Raises `SheetError`.

    Families that may be known are refused with that reason, unless `maybe_new`.
    """
    refuse_my_number(content, filename)
    opened = opened_as(content, filename, sheet=sheet, header=header)
    row = new_roster(actor, agency, filename, content)
    guessed = proposed(opened, agency.pk, today=clock.today())
    choose(row, opened, mapping or guessed)
    row.rows = rows_in(opened)
    row.save()
    jobs.read_and_match(row, actor=actor, progress=silent)
    row.save()
    families = queries.rosters.families_by_match(row)
    if maybe_new:
        _all_new(row)
    else:
        _refuse_maybes(row)
    while jobs.bring_next(row, actor=actor):
        progress(row.progress, row.rows)
    jobs.finish(row, actor=actor)
    refused = row.roster_rows.filter(match=RosterRow.Match.BAD).count()
    return RosterOutcome(row, families, refused)


def _all_new(row: Import) -> None:
    """Take every family that may be known for a new one, on the command line."""
    queries.rosters.undecided(row).update(decided_by=0)


def _refuse_maybes(row: Import) -> None:
    reason = "登録ずみの家庭かもしれません。画面から取り込んで、どの家庭かを決めてください。"
    lines = RosterRow.objects.filter(source=row, match=RosterRow.Match.MAYBE)
    numbers = list(lines.order_by("number").values_list("number", flat=True))
    lines.update(match=RosterRow.Match.BAD, reason=reason)
    row.rejected += [{"row": n, "column": "", "value": "", "reason": reason} for n in numbers]
