"""The rules of circulation in words, and what a new one can say."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import CirculationRule, RecordMark
from tsunagari.encounters.queries.keeping import concerns
from tsunagari.encounters.rules.circulation import RuleInput, condition, demand
from tsunagari.places.models import Agency


@dataclass(frozen=True, slots=True)
class Offered:
    """What a rule can name: agencies the actor decides for, the marks in use, the words of concern; `names` of all."""

    agencies: dict[int, str]
    marks: dict[int, str]
    concerns: tuple[str, ...]
    names: dict[int, str]
    all_marks: dict[int, str]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule that is in force: which records, what is asked of whom, and whether the actor may end it."""

    id: int
    which: str
    what: str
    may_end: bool


def offered(actor: Actor) -> Offered:
    """Three queries."""
    names = dict(
        Agency.objects.filter(municipality_id=actor.municipality_id)
        .order_by("name", "pk")
        .values_list("pk", "name")
    )
    own = names if actor.scope == "municipality" else {actor.agency_id or 0: actor.agency_name}
    rows = list(RecordMark.objects.visible_to(actor).order_by("position", "pk"))
    marks = {row.pk: f"{row.symbol} {row.name}" for row in rows}
    running = {row.pk: marks[row.pk] for row in rows if row.ended_on is None}
    return Offered(own, running, concerns(actor).words, names, marks)


def rules(actor: Actor, of: Offered) -> list[RuleLine]:
    """Rules in force: the town's, and those of the agencies the actor decides for. One query."""
    rows = CirculationRule.objects.visible_to(actor).filter(ended_on__isnull=True).order_by("agency_id", "pk")
    return [_line(row, of) for row in rows if row.agency_id is None or row.agency_id in of.agencies]


def _line(row: CirculationRule, of: Offered) -> RuleLine:
    said = RuleInput(
        tuple(row.readers),
        row.kind,
        row.agency_id,
        row.mark_id,
        row.category,
        row.concern_from,
        row.within_days,
    )
    agency = of.names.get(row.agency_id or 0, "")
    which = condition(said, agency=agency, marks=of.all_marks, concerns=of.concerns)
    may_end = row.agency_id in of.agencies or len(of.agencies) == len(of.names)
    return RuleLine(row.pk, which, demand(said), may_end)
