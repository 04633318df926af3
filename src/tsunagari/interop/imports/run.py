"""One import from file to plan to database, for every kind alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.interop.imports import agencies, areas, residents
from tsunagari.interop.imports.files import Source
from tsunagari.interop.imports.plan import Plan, Progress
from tsunagari.interop.models import Import
from tsunagari.places.models import Area, Municipality


@dataclass(frozen=True, slots=True)
class Target:
    """Into which town, as of which day, and what the person chose."""

    municipality: Municipality
    today: date = field(default_factory=clock.today)
    area_kind: str = Area.Kind.SCHOOL


def make_plan(kind: str, source: Source, target: Target, *, progress: Progress, lock: bool = False) -> Plan:
    """Compare the file with the database, writing nothing. Raises `SheetError` when it is another kind of list.

    `lock` holds the families compared until the transaction ends. Needs the municipality's scope.
    """
    town, today = target.municipality, target.today
    if kind == Import.Kind.AREAS:
        found = areas.read(source.features, code=town.code)
        return areas.plan(found, municipality_id=town.pk, kind=target.area_kind, today=today)
    assert source.table is not None
    if kind == Import.Kind.AGENCIES:
        facilities = agencies.read(source.table, code=town.code, today=today, progress=progress)
        return agencies.plan(facilities, municipality_id=town.pk, town=town.name, today=today)
    people = residents.read(source.table, code=town.code, today=today, progress=progress)
    return residents.plan(people, municipality_id=town.pk, today=today, lock=lock)


def carry_out(kind: str, plan: Plan, target: Target, *, actor: Actor, progress: Progress) -> None:
    """Write what the plan says, in the caller's transaction."""
    apply = {
        Import.Kind.AGENCIES: agencies.apply,
        Import.Kind.RESIDENTS: residents.apply,
        Import.Kind.AREAS: areas.apply,
    }[Import.Kind(kind)]
    apply(plan, actor=actor, today=target.today, progress=progress)
