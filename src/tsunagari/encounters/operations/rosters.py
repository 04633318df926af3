"""Visits of an old roster: which days stand already, はじめて settled for many families, and taking visits out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Max

from tsunagari.audit import operations as audit
from tsunagari.base.actor import Actor
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, Visit, VisitPerson
from tsunagari.encounters.operations import meetings
from tsunagari.families.models import AgencyLink, Household

_SETTLE = """
UPDATE encounters_visit AS visit SET first_time = visit.id = earliest.id
FROM (
  SELECT DISTINCT ON (household_id) household_id, id FROM encounters_visit
  WHERE household_id = ANY(%(households)s) AND agency_id = %(agency)s AND undone_at IS NULL
  ORDER BY household_id, arrived_at, id
) AS earliest
WHERE visit.household_id = earliest.household_id AND visit.agency_id = %(agency)s
  AND visit.first_time <> (visit.id = earliest.id)
"""


def standing_days(household_ids: Iterable[int], agency_id: int) -> dict[tuple[int, date], int]:
    """(household, day) → a visit to the agency that stands, for these households."""
    rows = Visit.objects.filter(
        household__in=list(household_ids), agency_id=agency_id, undone_at__isnull=True
    )
    return {
        (household, day): pk
        for household, day, pk in rows.order_by("-pk").values_list("household_id", "visited_on", "pk")
        if household is not None
    }


def settle_first_times(household_ids: Sequence[int], agency_id: int) -> None:
    """Keep はじめて at each family's earliest standing visit to the agency, and nowhere else. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"households": list(household_ids), "agency": agency_id})


@transaction.atomic
def take_out(visit_ids: Sequence[int], *, actor: Actor, agency_id: int) -> int:
    """Remove visits that a roster brought in, as if it had not; how many. The trail keeps that they were there.

    A family that nothing else opened to the agency is closed to it again.
    """
    counted: Counter[int] = Counter(
        Visit.objects.filter(pk__in=visit_ids, household__isnull=False).values_list("household_id", flat=True)
    )
    locked = meetings.locked(*counted)
    VisitPerson.objects.filter(visit__in=visit_ids).delete()
    removed, _ = Visit.objects.filter(pk__in=visit_ids).delete()
    settle_first_times(sorted(counted), agency_id)
    _forget_meetings(locked, actor=actor, agency_id=agency_id)
    for household_id, count in sorted(counted.items()):
        detail = {"undone": True, "visits": count, "agency": agency_id}
        audit.record(access.UNDO_VISIT, actor=actor, household_id=household_id, detail=detail)
    return removed


def _forget_meetings(households: dict[int, Household], *, actor: Actor, agency_id: int) -> None:
    """Set the last day each family was met back; families never met otherwise go through `taken_back` one by one."""
    ids = list(households)
    visits = Visit.objects.filter(household__in=ids, agency_id=agency_id, undone_at__isnull=True)
    records = Consultation.objects.filter(household__in=ids, agency_id=agency_id)
    latest = dict(visits.values_list("household_id").annotate(day=Max("visited_on")).order_by())
    said = dict(records.values_list("household_id").annotate(day=Max("occurred_on")).order_by())
    changed = []
    for link in AgencyLink.objects.filter(household__in=ids, agency_id=agency_id):
        days = [day for day in (latest.get(link.household_id), said.get(link.household_id)) if day]
        if not days and link.reason != AgencyLink.Reason.CREATED:
            meetings.taken_back(link.household_id, actor=actor, agency_id=agency_id)
        elif link.last_met_on != max(days, default=None):
            link.last_met_on = max(days, default=None)
            changed.append(link)
    AgencyLink.objects.bulk_update(changed, ["last_met_on"], batch_size=500)
