"""Carrying out a plan of districts, and placing what had no district yet."""

from __future__ import annotations

from datetime import date

from tsunagari.base.actor import Actor
from tsunagari.families.models import Household
from tsunagari.interop.imports.plan import Plan, Progress
from tsunagari.interop.imports.points import AreaFinder
from tsunagari.places.models import AgencyPeriod, Area
from tsunagari.places.operations.areas import save_areas


def apply(plan: Plan, *, actor: Actor, today: date, progress: Progress) -> None:
    """Save the districts as of `today`, then find the district of agencies and households that have a point.

    Needs an open transaction of the municipality.
    """
    work = plan.work
    assert isinstance(work, list)
    if not work:
        return
    saved = save_areas(work, actor=actor, effective_on=today)
    progress(len(work), len(work))
    if any(area.kind == Area.Kind.SCHOOL for area in (*saved.added, *saved.changed)):
        _place(actor.municipality_id, today)


def _place(municipality_id: int, today: date) -> None:
    finder = AreaFinder(municipality_id, today)
    periods = AgencyPeriod.objects.filter(
        municipality_id=municipality_id, latitude__isnull=False, valid_to=None
    )
    homes = Household.objects.filter(municipality_id=municipality_id, latitude__isnull=False)
    AgencyPeriod.objects.bulk_update(
        [row for row in periods if _moved(row, finder)], ["area"], batch_size=1000
    )
    Household.objects.bulk_update([row for row in homes if _moved(row, finder)], ["area"], batch_size=1000)


def _moved(row: AgencyPeriod | Household, finder: AreaFinder) -> bool:
    """Whether the point lies in another district than the row says; the row then says so."""
    area = finder.find(row.latitude, row.longitude)
    if area is None or area == row.area_id:
        return False
    row.area_id = area
    return True
