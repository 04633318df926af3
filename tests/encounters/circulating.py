"""Marks, rules and seals, for the tests of circulation."""

from __future__ import annotations

from typing import Any

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import CirculationRule, Consultation, RecordKeeping, RecordMark, Seal
from tsunagari.places.models import Agency


def mark(actor: Actor, symbol: str = "●", readers: tuple[str, ...] = ("manager",), **more: Any) -> RecordMark:
    """A mark of the town that these roles must read."""
    given = {"name": f"{symbol}の記録", "readers": list(readers)} | more
    return RecordMark.objects.create(municipality_id=actor.municipality_id, symbol=symbol, **given)


def rule(actor: Actor, *readers: str, **more: Any) -> CirculationRule:
    """A rule of the town: these roles are asked."""
    given = {"readers": list(readers), "created_at": clock.now()} | more
    return CirculationRule.objects.create(municipality_id=actor.municipality_id, **given)


def all_go_round(agency: Agency) -> None:
    """Every record of the agency goes round."""
    RecordKeeping.objects.update_or_create(
        agency=agency,
        defaults={
            "municipality_id": agency.municipality_id,
            "circulate_all": True,
            "changed_at": clock.now(),
        },
    )


def asked(record: Consultation) -> list[int]:
    """User ids of those whose seal is open or made, in order."""
    rows = Seal.objects.filter(consultation=record, withdrawn_at__isnull=True)
    return sorted(rows.values_list("user_id", flat=True))
