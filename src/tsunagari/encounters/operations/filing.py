"""Which charts a record is in: a new one goes into those that are open, a moved one out; and who reads it by them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Chart, ChartEntry, Consultation
from tsunagari.encounters.rules.charts import LONGEST_REASON

_FILE = """
INSERT INTO encounters_chartentry (municipality_id, chart_id, consultation_id, from_nobody, former, drawn_at, drawn_by,
                                   drawn_by_name, taken_out_by, taken_out_reason)
SELECT chart.municipality_id, chart.id, record.id, false, '{}', %(now)s, %(user)s, %(name)s, NULL, ''
FROM encounters_consultation AS record
JOIN encounters_chart AS chart ON chart.household_id = record.household_id AND chart.agency_id = record.agency_id
WHERE record.id = ANY(%(records)s) AND chart.closed_on IS NULL
  AND (chart.person_id IS NULL
       OR NOT EXISTS (SELECT FROM encounters_consultationperson AS who WHERE who.consultation_id = record.id)
       OR EXISTS (SELECT FROM encounters_consultationperson AS who
                  WHERE who.consultation_id = record.id AND who.person_id = chart.person_id))
ON CONFLICT (chart_id, consultation_id) WHERE taken_out_at IS NULL DO NOTHING
"""


def file_in(records: Iterable[Consultation], *, actor: Actor) -> None:
    """Put new records into the open charts their agency has of the family, or of the people they are about. One
    statement."""
    ids = [row.pk for row in records]
    who = {"user": actor.user_id, "name": actor.name}
    with connection.cursor() as cursor:
        cursor.execute(_FILE, {"records": ids, "now": clock.now(), **who})


def moved(consultation: Consultation, *, actor: Actor, reason: str) -> None:
    """The record went to another family: it is in no chart of the former one, and in those of the new one."""
    for entry in ChartEntry.objects.filter(consultation=consultation, taken_out_at__isnull=True):
        end(entry, actor=actor, reason=reason)
    settle_holder(consultation)
    file_in([consultation], actor=actor)


def end(entry: ChartEntry, *, actor: Actor, reason: str) -> None:
    """The record is not in the chart any more; the row stays."""
    entry.taken_out_at, entry.taken_out_by = clock.now(), actor.user_id
    entry.taken_out_reason = reason.strip()[:LONGEST_REASON]
    entry.save(update_fields=["taken_out_at", "taken_out_by", "taken_out_reason"])


def settle_holder(row: Consultation) -> None:
    """`held_by` as the charts say that the record is still in: the other agency that has one, else nobody."""
    charts = Chart.objects.filter(entries__consultation=row, entries__taken_out_at__isnull=True)
    other = charts.exclude(agency_id=row.agency_id).order_by("-updated_at", "-pk")
    row.held_by_id = other.values_list("agency_id", flat=True).first()
    row.save(update_fields=["held_by"])
