"""What is still to do for one family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.queries.names import agency_names
from tsunagari.families.models import Household

MOST = 20


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A next step that is not done. `late_days` is 0 or less until overdue; `ours`: the actor may finish it."""

    record_id: int
    next_step: str
    next_on: date
    late_days: int
    author_name: str
    agency: str
    ours: bool


def open_steps(actor: Actor, household: Household) -> list[OpenStep]:
    """Next steps of the family's records that the actor may read, the earliest first; two queries."""
    rows = _open(actor, household.pk)
    names = agency_names((row.agency_id, row.occurred_on) for row in rows if row.agency_id != actor.agency_id)
    today = clock.today()
    return [
        OpenStep(
            record_id=row.pk,
            next_step=row.next_step,
            next_on=row.next_on,
            late_days=(today - row.next_on).days,
            author_name=row.author_name,
            agency=names.get((row.agency_id, row.occurred_on), ""),
            ours=actor.agency_id in (row.agency_id, row.held_by_id),
        )
        for row in rows
        if row.next_on is not None
    ]


@prepared
def _open(actor: Actor, household: int) -> QuerySet[Consultation, Consultation]:
    rows = Consultation.objects.visible_to(actor).filter(household=household)
    return rows.filter(next_on__isnull=False, next_done_at__isnull=True).order_by("next_on", "pk")[:MOST]
