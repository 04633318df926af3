"""One's own families by kana, a page at a time by key: the ten-thousandth row costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families import rules
from tsunagari.families.models import AgencyLink, Household, Person, Registration, SearchEntry
from tsunagari.families.queries.hits import FamilyHit, hits

Rows: TypeAlias = QuerySet[AgencyLink] | QuerySet[SearchEntry]

FILTERS: dict[str, str] = {
    "": "すべて",
    "registered": "登録あり",
    "home": "かかりつけ",
    "expecting": "妊娠中",
    "nickname": "お名前は未確認",
    "protected": "支援措置",
    "moved": "転出",
}


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """Families in order of kana; `after` is the household to ask the next page with, None on the last page."""

    rows: list[FamilyHit] = field(default_factory=list)
    after: int | None = None


def own_families(
    actor: Actor, *, after: int | None = None, limit: int = 50, show: str = "", gyo: str = ""
) -> FamilyPage:
    """A page of the actor's families: five queries however many there are.

    `show` is a key of FILTERS, `gyo` a row of the syllabary (あ, か … or ほか); unknown values show all.
    """
    if actor.scope == "none":
        return FamilyPage()
    rows = _filtered(_listed(actor, moved=show == "moved"), actor, show)
    rows = _in_gyo(rows, gyo)
    if after is not None:
        kana = place_of(after)
        rows = rows.filter(sort_kana__gte=kana).filter(Q(sort_kana__gt=kana) | Q(household_id__gt=after))
    found = list(
        rows.order_by("sort_kana", "household_id").values_list("sort_kana", "household_id")[: limit + 1]
    )
    shown = found[:limit]
    households = Household.objects.in_bulk([household_id for _, household_id in shown])
    lines = hits(actor, [households[household_id] for _, household_id in shown])
    return FamilyPage(lines, shown[-1][1] if len(found) > limit else None)


def _listed(actor: Actor, *, moved: bool) -> Rows:
    """Rows that carry a sort key and a household: links of the own agency, or entries of the town."""
    if actor.scope == "agency":
        links = AgencyLink.objects.filter(agency=actor.agency_id, listed=not moved)
        return _moved(links) if moved else links
    entries = SearchEntry.objects.filter(municipality_id=actor.municipality_id, listed=True)
    return _moved(entries) if moved else entries.filter(household__status=Household.Status.ACTIVE)


def _moved(rows: Rows) -> Rows:
    return rows.filter(household__status=Household.Status.MOVED, household__joined_into__isnull=True)


def _filtered(rows: Rows, actor: Actor, show: str) -> Rows:
    if show == "protected":
        return rows.filter(household__protected=True)
    if show == "nickname":
        return rows.filter(household__kind=Household.Kind.NICKNAME)
    if show == "expecting":
        expected = Person.objects.filter(household=OuterRef("household_id"), life=Person.Life.EXPECTED)
        return rows.filter(Exists(expected.filter(same_as__isnull=True)))
    if show in ("registered", "home"):
        return rows.filter(Exists(_registrations(actor, home=show == "home")))
    return rows


def _registrations(actor: Actor, *, home: bool) -> models.QuerySet[Registration]:
    """Today's registrations with the own agency (any agency for the centre and the city)."""
    today = clock.today()
    found = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        household=OuterRef("household_id"),
        starts_on__lte=today,
    )
    if actor.scope == "agency":
        found = found.filter(agency=actor.agency_id)
    return found.filter(is_home=True) if home else found


def _in_gyo(rows: Rows, gyo: str) -> Rows:
    span = rules.gyo_range(gyo)
    if span is None:
        return rows
    start, below = span
    if below is None:
        return rows.filter(Q(sort_kana__gte=start) | Q(sort_kana__lt=rules.GYO["あ"]))
    return rows.filter(sort_kana__gte=start, sort_kana__lt=below)


def place_of(household_id: int) -> str:
    """The sort key a page ended at. Addresses carry the id, never the name it stands for."""
    return SearchEntry.objects.filter(pk=household_id).values_list("sort_kana", flat=True).first() or ""
