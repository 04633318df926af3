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
    for model in (AgencyPeriod, Household):
        rows = model.objects.filter(municipality_id=municipality_id, latitude__isnull=False)
        rows = rows.filter(valid_to__isnull=True) if model is AgencyPeriod else rows
        moved = []
        for row in rows.only("latitude", "longitude", "area_id"):
            area = finder.find(row.latitude, row.longitude)
            if area is not None and area != row.area_id:
                row.area_id = area
                moved.append(row)
        model.objects.bulk_update(moved, ["area"], batch_size=1000)
