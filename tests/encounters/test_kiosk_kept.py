"""What a tablet kept, sent by hands that mean no good or with a reading that nobody foresaw (D2)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.encounters.cast import kimura
from tests.encounters.kiosk import client_of, make_card, tablet
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.encounters.models import KioskScan, Visit
from tsunagari.families.models import Card

pytestmark = pytest.mark.django_db
BAD = (
    "\x00",
    "a\x00b",
    "\x00" * 26,
    "x" * 5_000,
    "123-456-78",
    "",
    "\u202e\ufffe",
    "https://example.jp/?c=1",
)


@pytest.fixture
def card(town: Town) -> Card:
    with scope(town, town.stranger.user_id):
        home = kimura(town.stranger)
        return Card.objects.filter(household=home).first() or make_card(home)


@pytest.fixture
def door(town: Town) -> Client:
    with scope(town, town.counselor.user_id):
        return client_of(*tablet(town.counselor))


def kept(text: str) -> dict[str, Any]:
    return {"key": str(uuid4()), "kind": "card", "text": text, "at": clock.now().timestamp() * 1000}


def send(door: Client, items: list[dict[str, Any]]) -> list[str]:
    sent = {"now": clock.now().timestamp() * 1000, "waiting": len(items), "items": items}
    answer = door.post("/kiosk/sync/", json.dumps(sent), content_type="application/json")
    assert answer.status_code == 200
    return list(answer.json()["receipts"])


def test_readings_of_no_card_do_not_hold_up_those_behind_them(town: Town, card: Card, door: Client) -> None:
    items = [kept(text) for text in BAD] + [kept(card.token)]
    assert send(door, items) == ["kept"] * len(BAD) + ["counted"]
    with scope(town):
        assert Visit.objects.count() == 1
        assert KioskScan.objects.count() == len(BAD)


def test_what_was_kept_sent_twice_changes_nothing(town: Town, card: Card, door: Client) -> None:
    newcomers = [{**kept(""), "kind": "newcomer", "adults": 2, "children": 1} for _ in range(6)]
    items = [*newcomers, kept(card.token), kept(card.number), *(kept(text) for text in BAD)]
    send(door, items)
    before = standing(town)
    send(door, items)
    send(door, [{**item, "adults": 9, "children": 9} for item in items])
    assert standing(town) == before


def standing(town: Town) -> list[object]:
    with scope(town):
        visits = Visit.objects.order_by("pk").values_list("key", "household_id", "adults", "children")
        return [*visits, *KioskScan.objects.order_by("pk").values_list("key", "reason", "adults", "children")]
