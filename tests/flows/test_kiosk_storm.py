"""D2: eight tablets, a server that keeps dying and lines that break: nobody is lost and nobody counted twice."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from tests import makers
from tests.encounters.cast import kimura
from tests.encounters.kiosk import make_card, tablet
from tests.flows.storm import Tablet, serving, storm
from tests.makers import Town, scope
from tsunagari.audit import queries as audit
from tsunagari.audit.models import Entry
from tsunagari.encounters.models import KioskScan, Visit, VisitPerson
from tsunagari.families.models import AgencyLink, Card

TABLETS, FAMILIES, NEWCOMERS = 8, 32, 3


def cards_of(town: Town) -> list[Card]:
    with scope(town, town.stranger.user_id):
        families = [kimura(town.stranger) for _ in range(FAMILIES)]
        return [Card.objects.filter(household=one).first() or make_card(one) for one in families]


def tablets_of(town: Town, cards: list[Card], chance: random.Random) -> list[Tablet]:
    """Each family's card is held to two tablets."""
    items: list[list[dict[str, Any]]] = [[] for _ in range(TABLETS)]
    for card in cards:
        for number in chance.sample(range(TABLETS), 2):
            items[number].append({"text": card.token})
    made = []
    with scope(town, town.counselor.user_id):
        for number, own in enumerate(items):
            own += [{"kind": "newcomer", "adults": 1, "children": 1}] * NEWCOMERS
            chance.shuffle(own)
            device, secret = tablet(town.counselor)
            cookie = f"{town.municipality.pk}.{device.pk}.{secret}"
            made.append(Tablet(cookie, own, random.Random(number)))
    return made


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_counted_twice() -> None:
    chance = random.Random(20261123)
    town = makers.make_town("999996", "つながり市")
    cards = cards_of(town)
    tablets = tablets_of(town, cards, chance)
    with serving(str(connection.settings_dict["NAME"])) as server:
        storm(server, tablets, kills=3, seconds=100, chance=chance)
        assert server.kills == 3
    assert all(len(one.receipts) == len(one.items) for one in tablets), "something was never received"
    assert sum(sum(one.broken.values()) for one in tablets) > 5
    _check(town, cards, tablets)


def _check(town: Town, cards: list[Card], tablets: list[Tablet]) -> None:
    told = Counter(state for one in tablets for state in one.receipts.values())
    assert set(told) <= {"counted", "already", "kept"}
    with scope(town):
        visits = Visit.objects.filter(household__isnull=False)
        assert Counter(visits.values_list("household_id", flat=True)) == {c.household_id: 1 for c in cards}
        assert VisitPerson.objects.count() == 2 * len(cards)
        assert not visits.annotate(came=Count("people")).exclude(came=2).exists()
        assert Visit.objects.filter(household__isnull=True).count() == TABLETS * NEWCOMERS
        assert KioskScan.objects.filter(reason="newcomer").count() == TABLETS * NEWCOMERS
        assert AgencyLink.objects.filter(agency=town.aoba).count() == len(cards)
        opened = Entry.objects.filter(action="family.open", agency_id=town.aoba.pk)
        assert opened.count() == len(cards)
        assert [chain.broken for chain in audit.verify(town.municipality.pk)] == [None]
