"""Which agencies know which families: what opens a family to an agency's workers."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, Household, SearchEntry

_ADD_AGENCY = """
UPDATE families_searchentry SET grams = array_append(grams, %s)
WHERE household_id = %s AND NOT grams @> ARRAY[%s]
"""


@transaction.atomic
def meet(household: Household, *, actor: Actor, agency_id: int, reason: str, on: date | None) -> AgencyLink:
    """Note that the agency met the family on a day (None: knows it, has not met it yet).

    The first time opens the family to the agency's workers and says so on the trail. `reason` is one of
    AgencyLink.Reason. An earlier day than the last meeting changes nothing.
    """
    link = AgencyLink.objects.select_for_update().filter(household=household, agency_id=agency_id).first()
    if link is None:
        return _open(household, actor=actor, agency_id=agency_id, reason=reason, on=on)
    if on is not None and (link.last_met_on is None or link.last_met_on < on):
        link.last_met_on = on
        link.save(update_fields=["last_met_on"])
    return link


def _open(household: Household, *, actor: Actor, agency_id: int, reason: str, on: date | None) -> AgencyLink:
    entry = SearchEntry.objects.filter(pk=household.pk).only("sort_kana", "sort_name").first()
    link, made = AgencyLink.objects.get_or_create(
        household=household,
        agency_id=agency_id,
        defaults={
            "municipality_id": household.municipality_id,
            "reason": reason,
            "since": clock.now(),
            "last_met_on": on,
            "sort_kana": entry.sort_kana if entry else "",
            "sort_name": entry.sort_name if entry else "",
            "listed": household.status == Household.Status.ACTIVE and household.joined_into_id is None,
        },
    )
    if made:
        gram = f"a:{agency_id}"
        with connection.cursor() as cursor:
            cursor.execute(_ADD_AGENCY, [gram, household.pk, gram])
        audit.record(
            access.OPENED,
            actor=actor,
            household_id=household.pk,
            obj=link,
            detail={"agency": agency_id, "reason": reason},
        )
    return link
