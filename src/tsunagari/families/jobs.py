"""What the worker does to find families that stand in the town twice: read, compare, keep what was found.

Reading and keeping have a transaction each; the comparing between them holds none. Nothing of anybody reaches the log.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tsunagari.base import clock, tenancy
from tsunagari.families.models import CandidatePair, Household, LinkageRun

if TYPE_CHECKING:
    from tsunagari.families.linkage.households import Found

log = logging.getLogger(__name__)

FAILED = "さがしている途中で問題が起きました。これまでの一覧は変わっていません。もう一度さがしてください。"
STALLED = "さがしている途中で何度も止まったため、やめました。管理者にお知らせください。"
LEFT_BEHIND = 6 * 3600  # seconds
_AT_ONCE = 1_000
_UNDECIDED = (CandidatePair.Decision.OPEN, CandidatePair.Decision.LATER)


def find_pairs(run_id: int, municipality_id: int) -> None:
    """Carry a waiting run out. Safe to repeat: a run that ended is left alone."""
    try:
        if _begin(run_id, municipality_id):
            _find(run_id, municipality_id)
    except Exception as error:  # its text may hold personal data: the log gets the kind only
        log.error("linkage run %s failed: %s", run_id, type(error).__name__)
        stop(run_id, municipality_id, FAILED)


def _begin(run_id: int, municipality_id: int) -> bool:
    with tenancy.municipality(municipality_id):
        waiting = LinkageRun.objects.filter(
            pk=run_id, state__in=(LinkageRun.State.WAITING, LinkageRun.State.RUNNING)
        )
        return waiting.update(state=LinkageRun.State.RUNNING) == 1


def _find(run_id: int, municipality_id: int) -> None:
    from tsunagari.families.linkage import (
        engine,
        town,
    )  # Splink takes seconds to load, and only here is it used

    with tenancy.municipality(municipality_id):
        frame = town.of_town(municipality_id)
        LinkageRun.objects.filter(pk=run_id).update(people=frame.people.num_rows, households=frame.households)
    found = engine.find(frame, spill=_spill())
    with tenancy.municipality(municipality_id):
        run = LinkageRun.objects.select_for_update().get(pk=run_id)
        run.pairs = keep_found(found, run=run)
        run.state, run.message, run.finished_at = LinkageRun.State.DONE, "", clock.now()
        run.save(update_fields=["pairs", "state", "message", "finished_at"])


def _spill() -> Path | None:
    """Beside the database, in a folder nobody else can open; None where the database is elsewhere.

    What a search left there whose worker was killed is removed: none runs as long as LEFT_BEHIND.
    """
    folder: Path | None = settings.LINKAGE_SPILL
    if folder is None:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        if time.time() - left.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(left, ignore_errors=True)
    return folder


def keep_found(found: Sequence[Found], *, run: LinkageRun) -> int:
    """Put what a run found on the list to review; returns how many pairs are new. Needs the town's scope.

    Pairs that wait keep their decision and get the new weight; those waiting that were not found again leave the
    list; what people decided is not touched. Households joined or decided about meanwhile are passed over.
    """
    rows = CandidatePair.objects.filter(municipality_id=run.municipality_id)
    known = {(row.left_id, row.right_id): row for row in rows.select_for_update()}
    standing, protected = _standing(found)
    shown = [pair for pair in found if pair.left in standing and pair.right in standing]
    new = [pair for pair in shown if (pair.left, pair.right) not in known]
    CandidatePair.objects.bulk_create([_row(pair, run, protected) for pair in new], batch_size=_AT_ONCE)
    again = [
        _again(row, pair, run, protected) for pair in shown if (row := known.get((pair.left, pair.right)))
    ]
    CandidatePair.objects.bulk_update(
        [row for row in again if row.decision in _UNDECIDED],
        ["weight", "evidence", "protected", "run"],
        batch_size=_AT_ONCE,
    )
    gone = known.keys() - {(pair.left, pair.right) for pair in shown}
    rows.filter(decision=CandidatePair.Decision.OPEN, pk__in=[known[pair].pk for pair in gone]).delete()
    return len(new)


def _standing(found: Sequence[Found]) -> tuple[set[int], set[int]]:
    """Households of the pairs that were not joined meanwhile, and those under 支援措置."""
    ids = {household for pair in found for household in (pair.left, pair.right)}
    rows = Household.objects.filter(pk__in=ids, joined_into__isnull=True).values_list("pk", "protected")
    standing = dict(rows)
    return set(standing), {pk for pk, protected in standing.items() if protected}


def _row(pair: Found, run: LinkageRun, protected: set[int]) -> CandidatePair:
    return CandidatePair(
        municipality_id=run.municipality_id,
        left_id=pair.left,
        right_id=pair.right,
        weight=pair.weight,
        evidence=pair.evidence,
        protected=bool({pair.left, pair.right} & protected),
        run=run,
        found_at=clock.now(),
    )


def _again(row: CandidatePair, pair: Found, run: LinkageRun, protected: set[int]) -> CandidatePair:
    row.weight, row.evidence, row.run = pair.weight, pair.evidence, run
    row.protected = bool({pair.left, pair.right} & protected)
    return row


def stop(run_id: int, municipality_id: int, message: str) -> None:
    """Give a run up with a word for people."""
    with tenancy.municipality(municipality_id):
        going = LinkageRun.objects.filter(
            pk=run_id, state__in=(LinkageRun.State.WAITING, LinkageRun.State.RUNNING)
        )
        going.update(state=LinkageRun.State.FAILED, message=message, finished_at=clock.now())
