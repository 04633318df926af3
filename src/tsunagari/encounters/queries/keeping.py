"""How agencies keep their records."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import KeepingPolicy, RecordKeeping, RecordMark, Snippet
from tsunagari.encounters.rules import CONCERNS, STYLES
from tsunagari.encounters.rules.keeping import READERS
from tsunagari.places.models import Agency


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


def keepings(actor: Actor) -> list[KeepingLine]:
    """The own agency's way of keeping, or every agency's of the town. Two queries."""
    rows = {row.agency_id: row for row in RecordKeeping.objects.visible_to(actor)}
    agencies = Agency.objects.filter(municipality_id=actor.municipality_id)
    if actor.scope != "municipality":
        agencies = agencies.filter(pk=actor.agency_id or 0)
    return [_line(agency, rows.get(agency.pk)) for agency in agencies.order_by("name", "pk")]


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
    """The town's marks, those in use first. One query."""
    rows = RecordMark.objects.visible_to(actor).order_by("position", "pk")
    lines = [MarkLine(row, "・".join(READERS.get(role, role) for role in row.readers)) for row in rows]
    return sorted(lines, key=lambda line: line.ended)


def concerns(actor: Actor) -> Concerns:
    """One query."""
    row = KeepingPolicy.objects.visible_to(actor).first()
    return Concerns(tuple(row.concerns) if row and row.concerns else CONCERNS, row.version if row else 0)


def snippets(actor: Actor) -> list[Snippet]:
    """The own agency's texts in order. One query."""
    return list(Snippet.objects.filter(agency_id=actor.agency_id or 0).order_by("position", "pk"))
