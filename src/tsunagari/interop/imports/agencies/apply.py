"""Carrying out a plan of agencies, through the operations people use."""

from __future__ import annotations

from datetime import date

from tsunagari.base.actor import Actor
from tsunagari.interop.imports.agencies.match import Work
from tsunagari.interop.imports.plan import Plan, Progress
from tsunagari.places.operations import agencies


def apply(plan: Plan, *, actor: Actor, today: date, progress: Progress) -> None:
    """Open and change the agencies of the plan, as of `today`. Needs an open transaction of the municipality."""
    work = plan.work
    assert isinstance(work, Work)
    total = len(work.added) + len(work.changed)
    for done, (identifier, facility, period) in enumerate(work.added, start=1):
        agencies.open_agency(
            period,
            actor=actor,
            identifier=identifier,
            opened_on=facility.opened_on,
            effective_on=min(facility.opened_on or today, today),
        )
        progress(done, total)
    for done, (known, identifier, period) in enumerate(work.changed, start=len(work.added) + 1):
        if identifier != known.agency.identifier:
            known.agency.identifier = identifier
            known.agency.save(update_fields=["identifier"])
        first = known.period.valid_from if known.period is not None else today
        agencies.change_agency(known.agency, period, actor=actor, effective_on=max(first, today))
        progress(done, total)
