"""D2: what a tablet kept arrives once and in order; what it could not settle waits for a person."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from tests.encounters.cast import at_once, children, kimura, trail, until_somebody_waits
from tests.encounters.kiosk import client_of as tablet_client
from tests.encounters.kiosk import device_of, make_card, tablet
from tests.makers import Town, scope
from tsunagari.accounts import devices as doors
from tsunagari.accounts.operations import devices
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters.models import KioskScan, Visit
from tsunagari.encounters.operations import kiosk, scans
from tsunagari.encounters.queries.kiosk import kiosk_news
from tsunagari.encounters.queries.kiosk import scans as lines
from tsunagari.encounters.rules.kiosk import Reading
from tsunagari.families.models import Card

HOUR = timedelta(hours=1)


def card_reading(card: Card | None, ago: timedelta, **more: Any) -> Reading:
    text = card.token if card else "X" * 26
    return Reading(**({"key": uuid4(), "kind": "card", "text": text, "at": clock.now() - ago} | more))


def received(town: Town, *readings: Reading) -> list[str]:
    device = device_of(town)
    return [one.state for one in kiosk.receive(readings, actor=doors.actor_of(device), device=device)]


def waiting(town: Town) -> KioskScan:
    """An unknown card that waits at あおば."""
    received(town, card_reading(None, 2 * HOUR, adults=2, children=1))
    return KioskScan.objects.get()


def test_what_was_kept_is_counted_when_it_was_and_once(in_town: Town) -> None:
    card = make_card(kimura(in_town.counselor))
    reading = card_reading(card, 5 * HOUR)
    assert received(in_town, reading, reading) == ["counted", "counted"]
    assert received(in_town, reading) == ["counted"]
    seen = Visit.objects.get()
    assert (seen.arrived_at, seen.first_time) == (reading.at, True)


def test_an_earlier_visit_that_arrives_later_is_the_first_one(in_town: Town) -> None:
    card = make_card(kimura(in_town.counselor))
    received(in_town, card_reading(card, 2 * HOUR))
    received(in_town, card_reading(card, 6 * HOUR))
    assert list(Visit.objects.order_by("arrived_at").values_list("first_time", flat=True)) == [True, False]


def test_how_many_came_names_them_where_that_leaves_no_doubt(in_town: Town) -> None:
    families = [kimura(in_town.counselor) for _ in range(3)]
    readings = [
        card_reading(make_card(f), HOUR, children=n) for f, n in zip(families, (2, 1, 5), strict=True)
    ]
    received(in_town, *readings)
    seen = [Visit.objects.get(household=family) for family in families]
    assert [(one.children, one.people.count()) for one in seen] == [(2, 2), (1, 0), (5, 0)]


def test_unknown_and_stopped_cards_wait_for_a_person_once(in_town: Town) -> None:
    card = make_card(kimura(in_town.counselor), state=Card.State.REVOKED)
    readings = [card_reading(None, HOUR), card_reading(card, HOUR)]
    assert received(in_town, *readings) == received(in_town, *readings) == ["kept", "kept"]
    kept = KioskScan.objects.order_by("pk")
    assert [(one.reason, one.card_id) for one in kept] == [("unknown", None), ("stopped", card.pk)]
    assert card.token not in str(kept.values())


def test_of_a_number_nobody_has_the_number_is_kept_and_guessing_late_is_held_back(in_town: Town) -> None:
    device, card = device_of(in_town), make_card(kimura(in_town.counselor))
    given = {"actor": doors.actor_of(device), "device": device}
    wrong = [card_reading(None, HOUR, text="000000000") for _ in range(10)]
    assert {one.state for one in kiosk.receive(wrong, **given)} == {"kept"}
    assert KioskScan.objects.filter(number="000000000").count() == 10
    assert kiosk.receive([card_reading(card, HOUR, text=card.number)], **given)[0].state == "kept"
    assert Visit.objects.count() == 0


def test_more_than_a_day_late_is_counted_and_told_a_week_late_is_not_counted(in_town: Town) -> None:
    late, too_late = make_card(kimura(in_town.counselor)), make_card(kimura(in_town.counselor))
    states = received(
        in_town, card_reading(late, timedelta(days=2)), card_reading(too_late, timedelta(days=8))
    )
    assert states == ["counted", "kept"]
    told = KioskScan.objects.order_by("-scanned_at").values_list("reason", "visit__household_id")
    assert list(told) == [("late", late.household_id), ("late", None)]


def test_a_tablets_clock_is_put_right_and_times_stay_in_bounds(town: Town) -> None:
    with scope(town, town.counselor.user_id):
        device, secret = tablet(town.counselor)
        cards = [make_card(kimura(town.counselor)) for _ in range(2)]
    now = clock.now()
    theirs = now + timedelta(hours=30)  # thirty hours ahead
    items = [
        {"key": str(uuid4()), "text": card.token, "at": (theirs + ago).timestamp() * 1000}
        for card, ago in zip(cards, (-2 * HOUR, timedelta(days=40)), strict=True)
    ]
    sent = {"now": theirs.timestamp() * 1000, "waiting": 2, "items": items}
    with clock.stopped_at(now):
        answer = tablet_client(device, secret).post("/kiosk/sync/", sent, content_type="application/json")
    assert answer.json() == {"receipts": ["counted", "counted"]}
    with scope(town):
        arrived = list(Visit.objects.order_by("arrived_at").values_list("arrived_at", flat=True))
    assert [round((now - at) / HOUR) for at in arrived] == [2, 0]


@pytest.mark.parametrize("item", [None, 3, [], {}, {"key": "x"}, {"key": None, "text": 1}])
def test_what_is_no_reading_stays_on_the_tablet(town: Town, item: Any) -> None:
    with scope(town, town.counselor.user_id):
        client = tablet_client(*tablet(town.counselor))
    good = {"key": str(uuid4()), "kind": "newcomer", "adults": -4, "children": 10**9, "at": float(10**300)}
    sent = {"now": "soon", "waiting": "x", "items": [item, good]}
    answer = client.post("/kiosk/sync/", sent, content_type="application/json")
    assert answer.json() == {"receipts": ["bad", "counted"]}
    with scope(town):
        seen = Visit.objects.get()
        assert (seen.adults, seen.children) == (1, 20)
    assert client.post("/kiosk/check-in/", "{", content_type="application/json").status_code == 400


def test_a_reading_becomes_a_familys_visit(in_town: Town) -> None:
    scan, family = waiting(in_town), kimura(in_town.counselor)
    settled = scans.settle(scan, family, actor=in_town.counselor, person_ids=children(family)[:1])
    seen = Visit.objects.get()
    assert (seen.household, seen.arrived_at, seen.adults) == (family, scan.scanned_at, 2)
    assert (settled.outcome, settled.visit, settled.settled_by) == ("family", seen, in_town.counselor.user_id)
    assert [line.household_id for line in trail("kiosk.settle")][-1] == family.pk
    with pytest.raises(Conflict):
        scans.settle(scan, None, actor=in_town.counselor)


def test_figures_alone_are_counted_or_nothing_with_a_reason(in_town: Town) -> None:
    scan = waiting(in_town)
    with pytest.raises(DomainError):
        scans.dismiss(scan, actor=in_town.counselor, reason=" ")
    with pytest.raises(DomainError):
        scans.seen(scan, actor=in_town.counselor)
    scans.settle(scan, None, actor=in_town.counselor)
    seen = Visit.objects.get()
    assert (seen.household, seen.adults, seen.children) == (None, 2, 1)
    received(in_town, card_reading(None, HOUR))
    other = KioskScan.objects.get(settled_at__isnull=True)
    assert scans.dismiss(other, actor=in_town.counselor, reason="ためし").note == "ためし"
    assert (Visit.objects.count(), lines(in_town.counselor)) == (1, [])


def test_somebody_new_becomes_a_family_and_is_counted_once(in_town: Town) -> None:
    device, family = device_of(in_town), kimura(in_town.counselor)
    kiosk.newcomer(Reading(uuid4(), "newcomer"), actor=doors.actor_of(device), device=device)
    news = kiosk_news(in_town.counselor)
    assert (news.newcomers, news.scans, bool(kiosk_news(in_town.stranger))) == (1, 0, False)
    scans.settle(KioskScan.objects.get(), family, actor=in_town.counselor)
    assert Visit.objects.get().household == family
    assert not kiosk_news(in_town.counselor)


def test_the_page_of_readings_settles_them(town: Town, client_of: Any) -> None:
    with scope(town, town.counselor.user_id):
        scan = waiting(town)
    client = client_of(town.counselor)
    assert "知らないカード" in client.get("/scans/").content.decode()
    assert client.post(f"/scans/{scan.pk}/", {"way": "dismiss"}).status_code == 422
    assert client_of(town.stranger).get(f"/scans/{scan.pk}/").status_code == 404
    assert client.post(f"/scans/{scan.pk}/", {"way": "count"}).status_code == 303
    assert client.get(f"/scans/{scan.pk}/").status_code == 404
    assert "確かめるものはありません" in client.get("/scans/").content.decode()


def test_the_page_of_readings_names_the_family_that_was_chosen(town: Town, client_of: Any) -> None:
    with scope(town, town.counselor.user_id):
        scan, family = waiting(town), kimura(town.counselor)
    client, url = client_of(town.counselor), f"/scans/{scan.pk}/"
    assert "この家庭です" in client.post(url, {"q": "木村"}).content.decode()
    assert "颯太" in client.post(url, {"household": family.pk}).content.decode()
    done = client.post(url, {"household": family.pk, "name": "1", "people": [str(children_of(town, family))]})
    assert done.status_code == 303
    assert "はじめての方" not in client.get("/").content.decode()


def children_of(town: Town, family: Any) -> int:
    with scope(town):
        return children(family)[0]


def test_lists_cost_the_same_however_many_wait(in_town: Town, django_assert_max_num_queries: Any) -> None:
    received(in_town, *[card_reading(None, HOUR) for _ in range(9)])
    with django_assert_max_num_queries(4):
        assert len(lines(in_town.counselor)) == 9
    with django_assert_max_num_queries(2):
        assert kiosk_news(in_town.counselor).scans == 9


@pytest.mark.django_db(transaction=True)
def test_a_number_typed_while_the_same_tablet_sends_what_it_kept_waits_its_turn(town: Town) -> None:
    with scope(town, town.counselor.user_id):
        card, device = make_card(kimura(town.counselor)), device_of(town)
    given, sent = {"actor": doors.actor_of(device), "device": device}, Event()

    def send() -> str:
        with scope(town):
            [receipt] = kiosk.receive([card_reading(card, 5 * HOUR)], **given)
            sent.set()
            until_somebody_waits()
            devices.heard(device, 3)
        return receipt.state

    def type_in() -> str:
        sent.wait(10)
        with scope(town):
            return kiosk.check_in(key=uuid4(), number=card.number, **given).state

    assert at_once(lambda work: work(), [send, type_in]) == ["counted", "counted"]
