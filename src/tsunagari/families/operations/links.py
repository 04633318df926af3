"""Which agencies know which families: what opens a family to an agency's workers, and what closes it again.

Everything here runs in the transaction of its caller, who holds the household locked: of two meetings at once, one
opens the family.
"""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add
from tsunagari.base.prepared import prepared
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, Household, Registration, SearchEntry

_ADD_GRAM = """
UPDATE families_searchentry SET grams = array_append(grams, %s)
WHERE household_id = %s AND NOT grams @> ARRAY[%s]
"""
_MET = """
UPDATE families_agencylink SET last_met_on = greatest(last_met_on, %s::date) WHERE household_id = %s AND agency_id = %s
"""
_DROP_GRAM = "UPDATE families_searchentry SET grams = array_remove(grams, %s) WHERE household_id = %s"


def meet(household: Household, *, actor: Actor, agency_id: int, reason: str, on: date | None) -> None:
    """Note that the agency met the family on a day (None: knows it, has not met it yet).

    The first time opens the family to the agency's workers and says so on the trail. `reason` is one of
    AgencyLink.Reason. An earlier day than the last meeting changes nothing. One statement for a family known.
    """
    if on is None and _known(household.pk, agency_id):
        return
    if on is not None and _met_again(household.pk, agency_id, on):
        return
    entry = SearchEntry.objects.filter(pk=household.pk).only("sort_kana", "sort_name").first()
    open_to(household, actor=actor, agency_id=agency_id, reason=reason, on=on, entry=entry)
    add_gram(household, f"a:{agency_id}")


def _met_again(household_id: int, agency_id: int, on: date) -> bool:
    """Keep the later day with a family the agency knows; False when it does not."""
    with connection.cursor() as cursor:
        cursor.execute(_MET, [on, household_id, agency_id])
        return bool(cursor.rowcount)


@prepared
def _known(household: int, agency: int) -> QuerySet[AgencyLink, int]:
    return AgencyLink.objects.filter(household=household, agency=agency).values_list("pk", flat=True)


def open_to(
    household: Household,
    *,
    actor: Actor,
    agency_id: int,
    reason: str,
    on: date | None = None,
    entry: SearchEntry | None = None,
) -> None:
    """Open a family the agency does not know. Without `entry`, search.refresh has to follow (a family just made)."""
    link = AgencyLink(
        municipality_id=household.municipality_id,
        household=household,
        agency_id=agency_id,
        reason=reason,
        since=clock.now(),
        last_met_on=on,
        sort_kana=entry.sort_kana if entry else "",
        sort_name=entry.sort_name if entry else "",
        listed=household.status == Household.Status.ACTIVE and household.joined_into_id is None,
    )
    add(link)
    audit.record(
        access.OPENED,
        actor=actor,
        household_id=household.pk,
        obj=link,
        detail={"agency": agency_id, "reason": reason},
    )


def unmeet(household: Household, *, actor: Actor, agency_id: int, met_on: date | None) -> bool:
    """A meeting was a mistake. `met_on` is the day of the agency's latest meeting that stands, None when none does.

    With none, and neither a registration nor a family of its own making, the family is closed to the agency's
    workers again, with trail; True says so.
    """
    known = AgencyLink.objects.filter(household=household, agency_id=agency_id)
    if met_on is None and (link := known.filter(_unjustified()).first()) is not None:
        audit.record(
            access.CLOSED,
            actor=actor,
            household_id=household.pk,
            obj=link,
            detail={"agency": agency_id, "reason": link.reason},
        )
        link.delete()
        with connection.cursor() as cursor:
            cursor.execute(_DROP_GRAM, [f"a:{agency_id}", household.pk])
        return True
    known.update(last_met_on=met_on)
    return False


def _unjustified() -> Q:
    """Links that only a meeting stands for: the agency neither made the family, nor one joined into it, nor ever
    registered it."""
    registered = Registration.objects.filter(household=OuterRef("household"), agency=OuterRef("agency"))
    joined = AgencyLink.objects.filter(
        household__joined_into=OuterRef("household"), agency=OuterRef("agency")
    )
    return ~Q(reason=AgencyLink.Reason.CREATED) & ~Exists(registered) & ~Exists(joined)


def add_gram(household: Household, gram: str) -> None:
    """One more word to find the family by, without rewriting the others (see rules.grams)."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_GRAM, [gram, household.pk, gram])
