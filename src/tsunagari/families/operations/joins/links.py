"""Which agencies know the joined family: all that knew either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tsunagari.families.models import AgencyLink, Household, Registration
from tsunagari.families.operations.joins.rows import moving

#: Relations whose rows say that an agency met the family, and which of their rows stand.
STANDING: dict[str, dict[str, Any]] = {
    "encounters.visit.household": {"undone_at__isnull": True},
    "encounters.consultation.household": {},
}


def merge(source: Household, target: Household) -> list[dict[str, Any]]:
    """Every agency that knows the source knows the target: earliest `since`, latest meeting. What was changed."""
    standing = {
        link.agency_id: link for link in AgencyLink.objects.select_for_update().filter(household=target)
    }
    done: list[dict[str, Any]] = []
    for link in AgencyLink.objects.filter(household=source).order_by("pk"):
        theirs = standing.get(link.agency_id)
        before = None if theirs is None else _state(theirs)
        if theirs is None:
            theirs = AgencyLink(
                municipality_id=target.municipality_id,
                household=target,
                agency_id=link.agency_id,
                reason=link.reason,
                since=link.since,
            )
        theirs.since = min(theirs.since, link.since)
        theirs.last_met_on = max(filter(None, (theirs.last_met_on, link.last_met_on)), default=None)
        theirs.save()
        done.append({"id": theirs.pk, "before": before, "after": _state(theirs)})
    return done


def unmerge(changes: Iterable[dict[str, Any]]) -> None:
    """Give the target's links their former dates back, unless the agency met the family since."""
    for change in changes:
        link = AgencyLink.objects.filter(pk=change["id"]).first()
        if link is None:
            continue
        met_since = _state(link)[1] != change["after"][1]
        if change["before"] is None:
            if not met_since and not _registered(link) and not _met_here(link):
                link.delete()
            continue
        since, last_met_on = change["before"]
        AgencyLink.objects.filter(pk=link.pk).update(
            since=since, last_met_on=link.last_met_on if met_since else last_met_on
        )


def _state(link: AgencyLink) -> list[str | None]:
    return [link.since.isoformat(), link.last_met_on.isoformat() if link.last_met_on else None]


def _met_here(link: AgencyLink) -> bool:
    """Whether a visit or a record of the agency stays with the target: one more on the last day changes no date."""
    for name, model, field in moving():
        rows = model._default_manager.filter(**{field: link.household_id})
        if name in STANDING and rows.filter(agency=link.agency_id, **STANDING[name]).exists():
            return True
    return False


def _registered(link: AgencyLink) -> bool:
    return Registration.objects.filter(household=link.household_id, agency=link.agency_id).exists()
