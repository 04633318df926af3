"""What an agency's visits and records say about which families it has met."""

from __future__ import annotations

from datetime import date

from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfAgencyQuerySet
from tsunagari.encounters.models import Chart, Consultation, Visit
from tsunagari.families.models import AgencyLink, Household
from tsunagari.families.operations import links


def standing(household_id: int, agency_id: int) -> OfAgencyQuerySet[Visit]:
    """Visits of the family to the agency that were not taken back."""
    return Visit.objects.filter(household_id=household_id, agency_id=agency_id, undone_at__isnull=True)


def latest(household_id: int, agency_id: int) -> date | None:
    """The day the agency last met the family in a visit or record that stands; None when it never did."""
    visit = standing(household_id, agency_id).order_by("-visited_on").values_list("visited_on", flat=True)
    record = Consultation.objects.filter(household_id=household_id, agency_id=agency_id)
    said = record.order_by("-occurred_on").values_list("occurred_on", flat=True)
    return max(filter(None, (visit.first(), said.first())), default=None)


def locked(*household_ids: int) -> dict[int, Household]:
    """The families by id, locked in one order so that nobody waits in a circle."""
    rows = Household.objects.select_for_update(no_key=True).filter(pk__in=household_ids).order_by("pk")
    return {row.pk: row for row in rows}


def taken_back(household_id: int, *, actor: Actor, agency_id: int) -> bool:
    """After a visit or record left the family: close the family when nothing else opened it; True says so."""
    household = locked(household_id)[household_id]
    met_on = latest(household_id, agency_id)
    if met_on is None and Chart.objects.filter(household_id=household_id, agency_id=agency_id).exists():
        AgencyLink.objects.filter(household_id=household_id, agency_id=agency_id).update(last_met_on=None)
        return False  # who follows the family goes on knowing it
    return links.unmeet(household, actor=actor, agency_id=agency_id, met_on=met_on)
