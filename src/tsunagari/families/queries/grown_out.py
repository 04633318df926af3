"""Registered families whose youngest child is beyond the age the city named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import AgencyLink, Household, Person, Registration, SearchEntry
from tsunagari.families.queries.hits import FamilyHit, hits
from tsunagari.families.queries.lists import FamilyPage, place_of
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.rules.grown_out import last_birth_date

CLOSED_SHOWN = 50
_REOPEN_DAYS = 31


@dataclass(frozen=True, slots=True)
class Closed:
    """A registration that was ended because the family had grown out, and can be taken up again."""

    registration_id: int
    hit: FamilyHit
    ended_on: date


def limit_of(actor: Actor) -> date:
    """The youngest child is born on this day or before."""
    after = policy_of(actor.municipality_id).grown_out_after
    return last_birth_date(clock.today(), after)


def grown_out(actor: Actor, *, after: int | None = None, limit: int = 50) -> FamilyPage:
    """A page by kana of the own agency's registered families (the town's for the centre and the city) that have
    grown out. Families that expect a child, or one of whose children has no birth date, are not among them."""
    if actor.scope == "none":
        return FamilyPage()
    rows = _listed(actor).filter(Exists(_registered(actor)))
    children = Person.objects.filter(
        household=OuterRef("household_id"),
        kind=Person.Kind.CHILD,
        life__in=[Person.Life.LIVING, Person.Life.EXPECTED],
        left_on__isnull=True,
        same_as__isnull=True,
    )
    last = limit_of(actor)
    young = children.filter(Q(birth_date__isnull=True) | Q(birth_date__gt=last))
    rows = rows.filter(Exists(children.filter(birth_date__lte=last)), ~Exists(young))
    if after is not None:
        kana = place_of(after)
        rows = rows.filter(sort_kana__gte=kana).filter(Q(sort_kana__gt=kana) | Q(household_id__gt=after))
    found = list(
        rows.order_by("sort_kana", "household_id").values_list("household_id", flat=True)[: limit + 1]
    )
    households = Household.objects.in_bulk(found[:limit])
    lines = hits(actor, [households[pk] for pk in found[:limit]])
    return FamilyPage(lines, found[limit - 1] if len(found) > limit else None)


def _listed(actor: Actor) -> QuerySet[AgencyLink] | QuerySet[SearchEntry]:
    if actor.scope == "agency":
        return AgencyLink.objects.filter(agency=actor.agency_id, listed=True)
    entries = SearchEntry.objects.filter(municipality_id=actor.municipality_id, listed=True)
    return entries.filter(household__status=Household.Status.ACTIVE)


def _registered(actor: Actor) -> QuerySet[Registration]:
    rows = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=clock.today()), household=OuterRef("household_id")
    )
    return rows.filter(agency=actor.agency_id) if actor.scope == "agency" else rows


def closed_lately(actor: Actor) -> list[Closed]:
    """Registrations ended as grown out in the last month, the newest first, at most CLOSED_SHOWN."""
    visible = Household.objects.visible_to(actor).filter(joined_into__isnull=True).values("pk")
    rows = Registration.objects.filter(
        municipality_id=actor.municipality_id,
        household__in=visible,
        end_code=Registration.End.GROWN_OUT,
        ends_on__gte=clock.today() - timedelta(days=_REOPEN_DAYS),
    )
    if actor.scope == "agency":
        rows = rows.filter(agency=actor.agency_id)
    found = list(rows.order_by("-ends_on", "-pk").select_related("household")[:CLOSED_SHOWN])
    households = {row.household_id: row.household for row in found}
    lines = {hit.household_id: hit for hit in hits(actor, list(households.values()))}
    return [Closed(row.pk, lines[row.household_id], row.ends_on) for row in found if row.ends_on]


def chosen(actor: Actor, household_ids: Sequence[int]) -> list[Household]:
    """The families among these that the actor may see."""
    return list(Household.objects.visible_to(actor).filter(pk__in=household_ids))
