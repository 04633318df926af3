"""The tablet at the first agency's door, the one before it, and readings that somebody has to settle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tsunagari.accounts.devices import actor_of
from tsunagari.accounts.models import Device
from tsunagari.accounts.operations import devices
from tsunagari.base import clock
from tsunagari.demo.days import Calendar
from tsunagari.demo.ground import Ground
from tsunagari.encounters.operations import kiosk
from tsunagari.encounters.rules.kiosk import CARD, NEWCOMER, Reading
from tsunagari.families.models import Card
from tsunagari.families.rules.cards import card_number

NAME, FORMER = "玄関のタブレット", "受付のタブレット（前のもの）"
#: check-ins the tablet still keeps while the network is away
WAITING = 2
#: of another town: it stands on no card here
_ELSEWHERE = card_number(99_999_990)


def set_up(ground: Ground, calendar: Calendar, until: datetime) -> None:
    """Both tablets as they are at `until`: one was given up a month ago, one stands at the door of the first agency."""
    at = _last_busy(calendar, until)
    manager = ground.actors["manager", ground.plan.agencies[0].key][0]
    with clock.stopped_at(_opening(at, 400)):
        former, _ = devices.unlock(actor=manager, name=FORMER, until_locked=True)
    with clock.stopped_at(_opening(at, 33)):
        devices.lock(former, actor=manager)
        device, _ = devices.unlock(actor=manager, name=NAME, until_locked=True)
    tablet = actor_of(device, via="demo")
    with clock.stopped_at(at):
        kiosk.receive(list(_readings(ground, calendar, at)), actor=tablet, device=device)
        devices.heard(Device.objects.get(pk=device.pk), WAITING)


def _readings(ground: Ground, calendar: Calendar, at: datetime) -> Iterator[Reading]:
    """A card nobody knows here, somebody new, and a card that was stopped because its family had lost it."""
    before = _last_busy(calendar, clock.at(at.date()))
    yield Reading(ground.key("scan", "unknown"), CARD, _ELSEWHERE, at=before, adults=1, children=1)
    yield Reading(
        ground.key("scan", "newcomer"), NEWCOMER, at=at - timedelta(minutes=34), adults=1, children=1
    )
    stopped = Card.objects.filter(state=Card.State.REVOKED, reason=Card.Reason.LOST, issued_at__lt=before)
    if (lost := stopped.order_by("-revoked_at", "household_id").first()) is not None:
        yield Reading(
            ground.key("scan", "stopped"),
            CARD,
            lost.token,
            at=at - timedelta(minutes=21),
            adults=1,
            children=2,
        )


def _last_busy(calendar: Calendar, until: datetime) -> datetime:
    """The last moment between an hour and a half after the agency opened and two hours before it closed."""
    day = until.astimezone(clock.TOKYO).date()
    while True:
        span = calendar.span(day)
        if span is not None and clock.at(day) + timedelta(minutes=span[0] + 90) <= until:
            return min(until, clock.at(day) + timedelta(minutes=span[1] - 120))
        day -= timedelta(days=1)


def _opening(at: datetime, days: int) -> datetime:
    return clock.at(at.date() - timedelta(days=days), 8, 50)
