"""What the worker does with an old roster: match its rows, bring it in, take it out.

Matching and taking out are one transaction each; bringing in is one a chunk of families, each family whole, and goes
on where it stopped.
"""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, F, Min

from tsunagari.audit import operations as audit
from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.interop import access
from tsunagari.interop.imports import progress
from tsunagari.interop.imports.plan import Progress, Rejected
from tsunagari.interop.imports.roster import apply as bringing
from tsunagari.interop.imports.roster import store, undo
from tsunagari.interop.imports.roster.mapping import Mapping, from_dict
from tsunagari.interop.imports.roster.match import asker, match_all
from tsunagari.interop.imports.roster.opened import Opened, open_sheet, rejected_file, surnames
from tsunagari.interop.imports.roster.rows import Reader
from tsunagari.interop.jobs.imports import SHORTENED, asked_by, guarded, one_at_a_time, waiting
from tsunagari.interop.models import Import, RosterRow

REJECTED_SHOWN = 1000
ROWS_AT_ONCE = 500
STOPPED = "取り込みの途中で問題が起きました。そこまでの家庭は取り込みずみで、もう一度「取り込む」を押すと、つづきから始めます。"
HELD = (
    "つきあわせのあとに登録が変わったため、{:,}組は呼び名だけの家庭として取り込みました。"
    "同じ家庭かどうかは、センターか市の担当に確かめてもらってください。"
)
NOT_MATCHED = "つきあわせの途中で問題が起きました。登録は何も変わっていません。もう一度おためしください。"
NOT_UNDONE = "元にもどす途中で問題が起きました。何も変わっていません。もう一度おためしください。"


def match(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Read the roster by its mapping and match its families, all or nothing. Safe to repeat."""

    def look() -> None:
        with tenancy.municipality(municipality_id, user_id=user_id):
            source = waiting(import_id, Import.Status.MATCHING)
            if source is None:
                return
            actor = asked_by(membership_id, user_id, access.IMPORT_ROSTER)
            with progress.told_to_page(source.pk, municipality_id, source.rows) as tell:
                read_and_match(source, actor=actor, progress=tell)
            source.status, source.progress, source.message = Import.Status.PREVIEW, 0, ""
            source.save()

    guarded(look, import_id, municipality_id, then=Import.Status.MAPPING, unknown=NOT_MATCHED)


def read_and_match(source: Import, *, actor: Actor, progress: Progress) -> None:
    """Keep the rows of the roster and what each family may be. Needs the town's scope; the import is not saved."""
    assert source.agency_id is not None
    opened, mapping = open_roster(source)
    source.roster_rows.all().delete()
    known = surnames(opened, mapping)
    reader = Reader(opened.grid, opened.head, mapping, clock.today(), known)
    total = max(source.rows, 1)
    half = _halves(progress)
    source.rows = store.keep(source, reader, total=total, progress=half[0])
    match_all(source, who=asker(actor, source.agency_id), total=max(source.rows, 1), progress=half[1])
    passed = [
        f"{reason}：{len(rows):,}行を読みとばしました（{_some(rows)}）。"
        for reason, rows in reader.passed.rows.items()
    ]
    source.notes = [note[:SHORTENED] for note in [*opened.grid.warnings, *passed, *reader.notes.lines()]]
    _keep_rejected(source, opened)


def _halves(tell: Progress) -> tuple[Progress, Progress]:
    return progress.part_of(tell, 0, 2), progress.part_of(tell, 1, 2)


def _some(rows: list[int]) -> str:
    return "、".join(f"{row}行目" for row in rows[:5]) + (" ほか" if len(rows) > 5 else "")


def open_roster(source: Import) -> tuple[Opened, Mapping]:
    """The sheet as it was chosen, and its mapping."""
    options = source.options
    opened = open_sheet(
        bytes(source.content or b""),
        source.filename,
        sheet=options.get("sheet", ""),
        header=options.get("header"),
        height=options.get("height", 1),
    )
    return opened, from_dict(options.get("mapping", {}))


def _keep_rejected(source: Import, opened: Opened) -> None:
    bad = source.roster_rows.filter(match=RosterRow.Match.BAD).order_by("number")
    lines = list(bad.values_list("number", "values", "reason"))
    source.rejected = [
        Rejected(number, values.get("column", ""), values.get("value", ""), reason).as_dict()
        for number, values, reason in lines[:REJECTED_SHOWN]
    ]
    reasons = {number: reason for number, _, reason in lines}
    source.rejected_file = rejected_file(opened, reasons) if reasons else None


def apply(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Bring a decided roster in, chunk by chunk. Safe to repeat: it goes on where it stopped."""

    def write() -> None:
        while _chunk(import_id, municipality_id, membership_id, user_id):
            pass

    guarded(write, import_id, municipality_id, then=Import.Status.PREVIEW, unknown=STOPPED)


def _chunk(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> bool:
    """Bring the next families in; whether there may be more."""
    with tenancy.municipality(municipality_id, user_id=user_id):
        one_at_a_time(municipality_id)
        source = waiting(import_id, Import.Status.APPLYING)
        if source is None:
            return False
        actor = asked_by(membership_id, user_id, access.IMPORT_ROSTER)
        if bring_next(source, actor=actor):
            source.save(update_fields=["progress"])
            return True
        finish(source, actor=actor)
        return False


def bring_next(source: Import, *, actor: Actor) -> bool:
    """Bring the next families in, in the caller's transaction; False when all are in."""
    left = RosterRow.objects.filter(source=source, made={}, group__gt=0).exclude(match=RosterRow.Match.BAD)
    first = left.aggregate(first=Min("group"))["first"]
    if first is None:
        return False
    lines = store.families(source, after=first - 1, rows=ROWS_AT_ONCE)
    assert source.agency is not None
    mapping = from_dict(source.options.get("mapping", {}))
    source.progress += bringing.bring_in(source, source.agency, mapping, lines, actor=actor)
    return True


def finish(source: Import, *, actor: Actor) -> None:
    """The roster is in: count, and keep the file no longer."""
    did: Counter[str] = Counter(
        dict(
            RosterRow.objects.filter(source=source)
            .exclude(match=RosterRow.Match.BAD)
            .values_list("made__did")
            .annotate(count=Count("pk"))
            .order_by()
        )
    )
    families = RosterRow.objects.filter(source=source, group=F("number"), made__has_key="household").count()
    source.added, source.unchanged = did["visit"] + did["family"], did["same"]
    source.changed = families
    if held := RosterRow.objects.filter(source=source, made__has_key="held").count():
        source.notes.append(HELD.format(held)[:SHORTENED])
    source.status, source.content, source.message = Import.Status.DONE, None, ""
    source.progress, source.finished_at = source.rows, clock.now()
    source.save()
    detail = {"did": "apply", "added": source.added, "families": families, "unchanged": source.unchanged}
    audit.record(access.IMPORT_ROSTER, actor=actor, obj=source, detail=detail)


def take_out(import_id: int, municipality_id: int, membership_id: int, user_id: int) -> None:
    """Take a roster out again, all or nothing. Safe to repeat."""

    def write() -> None:
        with tenancy.municipality(municipality_id, user_id=user_id):
            one_at_a_time(municipality_id)
            source = waiting(import_id, Import.Status.UNDOING)
            if source is None:
                return
            actor = asked_by(membership_id, user_id, access.UNDO_ROSTER)
            undone(source, actor=actor)

    guarded(write, import_id, municipality_id, then=Import.Status.DONE, unknown=NOT_UNDONE)


def undone(source: Import, *, actor: Actor) -> None:
    """Take everything out in the caller's transaction. DomainError when something stands in the way."""
    made = undo.held(source)
    if found := undo.in_the_way(source, made):
        raise DomainError(standing_in_the_way(found))
    undo.take_out(source, made, actor=actor)
    source.status, source.message, source.finished_at = Import.Status.UNDONE, "", clock.now()
    source.content = None
    source.save()
    audit.record(access.UNDO_ROSTER, actor=actor, obj=source, detail={"did": "undo", "rows": source.rows})


def standing_in_the_way(found: Counter[str]) -> str:
    """What a person is told when a roster cannot be taken out."""
    return f"この取り込みのあとに加わったものがあるため、元にもどせません（{undo.sentence(found)}）。"
