"""Reading 利用カード: whose is this, which is a family's own, which are still to be printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.families import rules
from tsunagari.families.models import AgencyLink, Card, Household, Registration, SearchEntry
from tsunagari.families.queries.hits import FamilyHit, hits
from tsunagari.families.queries.lists import place_of

Rows: TypeAlias = QuerySet[AgencyLink, Any] | QuerySet[SearchEntry, Any]


def by_token(text: str) -> Card | None:
    """The card of this town, standing or stopped, whose QR says `text`; None for any other text. With household."""
    kind, value = rules.read_card(text)
    return _by_token.first(_town(), value) if kind == "token" else None


def by_number(text: str) -> Card | None:
    """The card of this town, standing or stopped, with the number; None for any other text. With household."""
    kind, value = rules.read_card(text)
    return _by_number.first(_town(), value) if kind == "number" else None


def by_text(text: str) -> Card | None:
    """The card meant by a scanned token or a typed number."""
    return by_token(text) or by_number(text)


def _town() -> int:
    return tenancy.current().municipality_id or 0


@prepared
def _by_token(municipality: int, token: str) -> QuerySet[Card, Card]:
    return Card.objects.select_related("household").filter(municipality=municipality, token=token)


@prepared
def _by_number(municipality: int, number: str) -> QuerySet[Card, Card]:
    return Card.objects.select_related("household").filter(municipality=municipality, number=number)


def main_card(household_id: int) -> Card | None:
    """The standing main card of a household."""
    return _main.first(household_id)


@prepared
def _main(household: int) -> QuerySet[Card, Card]:
    return Card.objects.filter(household=household, main=True, state=Card.State.ACTIVE)


def of_household(household: Household) -> list[Card]:
    """All cards of a household: the main one, others that stand (they came with a joined family), stopped ones."""
    rows = Card.objects.filter(household=household).order_by("state", "-main", "-issued_at", "-pk")
    return list(rows)


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A card that was never printed, and whose it is. `number` as people read it."""

    card_id: int
    number: str
    issued_on: date
    family: FamilyHit


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Cards in order of the families' kana; `after` is the household to ask the next page with, None on the last."""

    rows: list[WaitingCard] = field(default_factory=list)
    after: int | None = None


def waiting_to_print(
    actor: Actor,
    *,
    agency_id: int | None = None,
    area_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> WaitingPage:
    """Main cards never printed, of families living here: those registered with `agency_id` (an agency's worker: with
    their own, whatever is asked), of an area, or of the whole town. Six queries however many there are.
    """
    if actor.scope == "none":
        return WaitingPage()
    agency = actor.agency_id if actor.scope == "agency" else agency_id
    waiting = Card.objects.filter(
        household=OuterRef("household_id"), main=True, state=Card.State.ACTIVE, printed_at__isnull=True
    )
    rows = _listed(actor, agency).filter(Exists(waiting), household__status=Household.Status.ACTIVE)
    if area_id is not None:
        rows = rows.filter(household__area=area_id)
    if after is not None:
        kana = place_of(after)
        rows = rows.filter(sort_kana__gte=kana).filter(Q(sort_kana__gt=kana) | Q(household_id__gt=after))
    found = rows.order_by("sort_kana", "household_id").values_list("household_id", flat=True)
    ids = list(found[: limit + 1])
    return WaitingPage(_lines(actor, ids[:limit]), ids[limit - 1] if len(ids) > limit else None)


def _listed(actor: Actor, agency_id: int | None) -> Rows:
    """Rows that carry a sort key and a household: links of an agency the family is registered with, or the town's."""
    if agency_id is None:
        return SearchEntry.objects.filter(municipality_id=actor.municipality_id, listed=True)
    today = clock.today()
    registered = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        household=OuterRef("household_id"),
        agency=agency_id,
        starts_on__lte=today,
    )
    return AgencyLink.objects.filter(
        Exists(registered), municipality_id=actor.municipality_id, agency=agency_id, listed=True
    )


def _lines(actor: Actor, household_ids: list[int]) -> list[WaitingCard]:
    cards = Card.objects.filter(household__in=household_ids, main=True, state=Card.State.ACTIVE)
    found = {card.household_id: card for card in cards.select_related("household")}
    shown = [found[pk] for pk in household_ids if pk in found]
    lines = hits(actor, [card.household for card in shown])
    return [
        WaitingCard(card.pk, card.spoken, card.issued_at.astimezone(clock.TOKYO).date(), line)
        for card, line in zip(shown, lines, strict=True)
    ]


def to_print(actor: Actor, card_ids: list[int]) -> list[Card]:
    """These cards, as far as they stand and the actor may see their families, in order of kana."""
    visible = Household.objects.visible_to(actor).filter(pk=OuterRef("household_id"))
    rows = Card.objects.filter(
        Exists(visible), municipality_id=actor.municipality_id, pk__in=card_ids, state=Card.State.ACTIVE
    )
    return list(rows.order_by(F("household__search_entry__sort_kana").asc(nulls_last=True), "household_id"))
