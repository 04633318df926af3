"""Reads of old rosters for the screens: how far they are, families by state, one family beside its candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.families.access import UNMASK
from tsunagari.families.models import AgencyLink, Household
from tsunagari.interop.models import Import, RosterRow
from tsunagari.places.models import Agency

STATES = {
    "maybe": "決める組",
    "decided": "決めた組",
    "sure": "同じ家庭",
    "new": "新しい家庭",
}
Match = RosterRow.Match


@dataclass(frozen=True, slots=True)
class Counts:
    """Families of a roster by state, and rows that are not taken."""

    sure: int = 0
    maybe: int = 0
    decided: int = 0
    new: int = 0
    bad: int = 0

    @property
    def to_decide(self) -> int:
        return self.maybe + self.decided

    @property
    def families(self) -> int:
        return self.sure + self.to_decide + self.new

    def of(self, state: str) -> int:
        return int(getattr(self, state))


def counts(row: Import) -> Counts:
    """Families by state; one query."""
    lead = Q(group=F("number"))
    maybe = lead & Q(match=Match.MAYBE)
    return Counts(
        **RosterRow.objects.filter(source=row).aggregate(
            sure=Count("pk", filter=lead & Q(match=Match.SURE)),
            maybe=Count("pk", filter=maybe & Q(decided_by__isnull=True)),
            decided=Count("pk", filter=maybe & Q(decided_by__isnull=False)),
            new=Count("pk", filter=lead & Q(match=Match.NEW)),
            bad=Count("pk", filter=Q(match=Match.BAD)),
        )
    )


def families_by_match(row: Import) -> dict[str, int]:
    """How many families are sure, maybe, new."""
    found = counts(row)
    return {"sure": found.sure, "maybe": found.to_decide, "new": found.new}


def in_state(row: Import, state: str) -> QuerySet[RosterRow]:
    """First rows of the families in a state, in the order of the file."""
    leads = RosterRow.objects.filter(source=row, group=F("number")).order_by("number")
    if state == "decided":
        return leads.filter(match=Match.MAYBE, decided_by__isnull=False)
    if state == "maybe":
        return leads.filter(match=Match.MAYBE, decided_by__isnull=True)
    return leads.filter(match=Match.SURE if state == "sure" else Match.NEW)


def undecided(row: Import) -> QuerySet[RosterRow]:
    """First rows of the families somebody has to decide on."""
    return in_state(row, "maybe")


def brought_in(row: Import) -> int:
    """How many rows are in already."""
    return RosterRow.objects.filter(source=row).exclude(made={}).count()


def next_undecided(row: Import, after: int) -> int | None:
    """The next family to decide on after this one, from the top again at the end; None when all are."""
    left = undecided(row)
    found = left.filter(number__gt=after).values_list("number", flat=True).first()
    return found if found is not None else left.values_list("number", flat=True).first()


def rows_of(row: Import, family: int) -> list[RosterRow]:
    """All rows of one family."""
    return list(RosterRow.objects.filter(source=row, group=family).order_by("number"))


def shown_candidates(lead: RosterRow, actor: Actor) -> tuple[list[dict[str, Any]], bool]:
    """The candidates this person may see, best first, and whether one is held back from them.

    A protected household is shown only to who has family.unmask and sees it anyway: the centre, the city, and an
    agency that has met it.
    """
    found: list[dict[str, Any]] = lead.candidates
    ids = [one["household"] for one in found]
    rows = Household.objects.filter(
        pk__in=ids, municipality_id=actor.municipality_id, joined_into__isnull=True
    )
    protected = dict(rows.values_list("pk", "protected"))
    own = own_households(ids, actor)
    shown = [
        one
        for one in found
        if one["household"] in protected
        and (not protected[one["household"]] or (actor.may(UNMASK) and one["household"] in own))
    ]
    return shown, any(protected.get(one["household"]) and one not in shown for one in found)


def households(ids: Sequence[int]) -> dict[int, Household]:
    """The households by id; the caller has made sure that they may be shown."""
    return Household.objects.in_bulk(ids)


def own_households(ids: Sequence[int], actor: Actor) -> set[int]:
    """Those of the households that are the actor's own to see."""
    if actor.scope == "municipality":
        return set(ids)
    links = AgencyLink.objects.filter(household__in=ids, agency_id=actor.agency_id or 0)
    return set(links.values_list("household_id", flat=True))


def open_agencies(actor: Actor, today: date) -> QuerySet[Agency]:
    """Agencies whose rosters this person may bring in."""
    rows = Agency.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=today))
    rows = rows.filter(municipality_id=actor.municipality_id).order_by("name")
    return rows.filter(pk=actor.agency_id or 0) if actor.scope == "agency" else rows
