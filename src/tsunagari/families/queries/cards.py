"""Reading 利用カード: whose is this, which is a family's own, which are still to be printed."""

from __future__ import annotations

from django.db.models import QuerySet

from tsunagari.base import tenancy
from tsunagari.base.prepared import prepared
from tsunagari.families import rules
from tsunagari.families.models import Card


def by_token(text: str) -> Card | None:
    """The card of this town, standing or revoked, whose QR says `text`; None for any other text. With household."""
    kind, value = rules.read_card(text)
    return _by_token.first(_town(), value) if kind == "token" else None


def by_number(text: str) -> Card | None:
    """The card of this town, standing or revoked, with the number; None for any other text. With household."""
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
