"""How agencies keep their records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import KeepingPolicy, RecordKeeping, RecordMark, Snippet
from tsunagari.encounters.rules import CONCERNS, STYLES
from tsunagari.encounters.rules.keeping import READERS
from tsunagari.places.models import Agency

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class KeepingLine:
    """One agency's way of keeping; `version` is 0 where nothing was chosen yet."""

    agency_id: int
    agency: str
    style: str
    mark_required: bool
    circulate_all: bool
    version: int

    @property
    def style_label(self) -> str:
        return STYLES.get(self.style, "")


@dataclass(frozen=True, slots=True)
class Concerns:
    """The city's words for the levels of concern; `version` is 0 for the default ones."""

    words: tuple[str, ...]
    version: int


def agencies(actor: Actor) -> QuerySet[Agency]:
    """The own agency, or every agency of the town: those whose way of keeping the actor may know, by name."""
    rows = Agency.objects.filter(municipality_id=actor.municipality_id)
    if actor.scope != "municipality":
        rows = rows.filter(pk=actor.agency_id or 0)
    return rows.order_by("name", "pk")


def keepings(actor: Actor, shown: Iterable[Agency] | None = None) -> list[KeepingLine]:
    """How these agencies keep their records, or all that the actor may know of. One query, two for all."""
    shown = list(agencies(actor) if shown is None else shown)
    rows = RecordKeeping.objects.visible_to(actor).filter(agency__in=[one.pk for one in shown])
    kept = {row.agency_id: row for row in rows}
    return [_line(agency, kept.get(agency.pk)) for agency in shown]


def all_round(actor: Actor) -> list[KeepingLine]:
    """Agencies of which every record goes round; at most MOST_SHOWN. One query."""
    rows = RecordKeeping.objects.visible_to(actor).filter(circulate_all=True)
    rows = rows.filter(agency__in=agencies(actor).order_by()).select_related("agency")
    return [_line(row.agency, row) for row in rows.order_by("agency__name", "agency_id")[:MOST_SHOWN]]


def _line(agency: Agency, row: RecordKeeping | None) -> KeepingLine:
    if row is None:
        return KeepingLine(agency.pk, agency.name, "day", False, False, 0)
    return KeepingLine(agency.pk, agency.name, row.style, row.mark_required, row.circulate_all, row.version)


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark with what follows from it in words."""

    mark: RecordMark
    readers: str

    @property
    def ended(self) -> bool:
        return self.mark.ended_on is not None


def marks(actor: Actor) -> list[MarkLine]:
    """The town's marks, those in use first, then the ones that ended last; at most MOST_SHOWN. One query."""
    rows = RecordMark.objects.visible_to(actor).order_by(
        F("ended_on").desc(nulls_first=True), "position", "pk"
    )
    return [
        MarkLine(row, "・".join(READERS.get(role, role) for role in row.readers)) for row in rows[:MOST_SHOWN]
    ]


def concerns(actor: Actor) -> Concerns:
    """One query."""
    row = KeepingPolicy.objects.visible_to(actor).first()
    return Concerns(tuple(row.concerns) if row and row.concerns else CONCERNS, row.version if row else 0)


def snippets(actor: Actor) -> QuerySet[Snippet]:
    """The own agency's texts in order."""
    return Snippet.objects.filter(agency_id=actor.agency_id or 0).order_by("position", "pk")
