"""A tablet at the door and cards, for the tests of the kiosk."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from tests.makers import Town
from tsunagari.accounts import devices as doors
from tsunagari.accounts.models import Device
from tsunagari.accounts.operations import devices
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.operations import kiosk
from tsunagari.encounters.operations.kiosk import Receipt
from tsunagari.families import rules
from tsunagari.families.models import Card, Household


def make_card(household: Household, **more: Any) -> Card:
    """A standing main card, as families.operations.cards issues it."""
    given: dict[str, Any] = {"number": rules.new_number(), "token": rules.new_token()} | more
    return Card.objects.create(
        municipality_id=household.municipality_id, household=household, issued_at=clock.now(), **given
    )


def tablet(actor: Actor, **more: Any) -> tuple[Device, str]:
    """A tablet unlocked by the actor, and its secret."""
    return devices.unlock(actor=actor, **({"name": "入口のタブレット"} | more))


def scan(device: Device, card: Card | None = None, *, key: UUID | None = None, **more: Any) -> Receipt:
    """The card's QR held to the tablet."""
    given = more if card is None else {"token": card.token} | more
    return kiosk.check_in(actor=doors.actor_of(device), device=device, key=key or uuid4(), **given)


def client_of(device: Device, secret: str, **defaults: Any) -> Client:
    """A browser that holds the tablet's key and nothing else."""
    client = Client(**defaults)
    client.cookies[doors.COOKIE] = f"{device.municipality_id}.{device.pk}.{secret}"
    client.cookies[doors.COOKIE]["path"] = doors.PATH
    return client


def device_of(town: Town) -> Device:
    """A tablet at あおば."""
    return tablet(town.counselor)[0]
