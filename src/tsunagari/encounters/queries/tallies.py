"""Reads of people counted by figures alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from django.db.models import QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Tally
from tsunagari.encounters.rules import AGE_GROUPS, Tallied


@dataclass(frozen=True, slots=True)
class TallyLine:
    """One tally. `site_id` None: at the agency; `site` as in RosterLine."""

    id: int
    site_id: int | None
    undone: bool
    tallied: Tallied
    note: str
    site: str = ""

    @property
    def at(self) -> time:
        return self.tallied.at

    @property
    def words(self) -> str:
        """ "5組　大人6人　子ども7人（0歳 3・1歳 4）　はじめて1組　市外2組"."""
        found, small = self.tallied, sum(self.tallied.children)
        ages = "・".join(f"{label} {n}" for label, n in zip(AGE_GROUPS, found.children, strict=True) if n)
        parts = (
            f"{found.families}組" if found.families else "",
            f"大人{found.adults}人" if found.adults else "",
            f"子ども{small}人（{ages}）" if small else "",
            f"はじめて{found.newcomers}組" if found.newcomers else "",
            f"市外{found.other_town}組" if found.other_town else "",
        )
        return "　".join(part for part in parts if part)


def tallies(actor: Actor, day: date) -> list[TallyLine]:
    """The tallies of the actor's agency on the day by time, those taken back too. One query."""
    return [_line(row) for row in _tallies(actor, day)] if actor.agency_id is not None else []


@prepared
def _tallies(actor: Actor, day: date) -> QuerySet[Tally, Tally]:
    here = Tally.objects.own_of(actor).filter(day=day)
    return here.order_by("at", "pk")


def _line(row: Tally) -> TallyLine:
    tallied = Tallied(row.at, row.families, row.adults, tuple(row.children), row.newcomers, row.other_town)
    return TallyLine(row.pk, row.site_id, row.undone_at is not None, tallied, row.note)
