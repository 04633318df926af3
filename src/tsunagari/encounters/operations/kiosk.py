"""Check-ins at a tablet: a card read, somebody new, and what a tablet kept while the network was away (D2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from tsunagari.accounts.models import Device
from tsunagari.accounts.operations import devices
from tsunagari.audit import operations as audit
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters import access
from tsunagari.encounters.models import KioskScan, Visit, VisitPerson
from tsunagari.encounters.operations import door, meetings, visits
from tsunagari.encounters.rules.kiosk import (
    LATE_AFTER,
    MOST_HERE,
    NEWCOMER,
    TOO_LATE,
    Reading,
    child_names,
)
from tsunagari.families.models import AgencyLink, Card, Household
from tsunagari.families.operations import links
from tsunagari.families.rules import read_card

State = Literal["counted", "already", "unknown", "stopped", "paused", "refused", "kept"]
CHOOSING = timedelta(minutes=2)  # the page offers it for some seconds
NOT_COUNTED = {"unknown", "stopped", "paused", "refused"}
BELATED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Name:
    """A child as a tablet shows it."""

    id: int
    name: str
    came: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a reading. `names` are the family's children and `children` how many are counted, neither told
    of a protected family. `until`: when numbers are looked up again (paused)."""

    state: State
    first: bool = False
    names: tuple[Name, ...] = ()
    adults: int = 0
    children: int = 0
    until: datetime | None = None
    visit_id: int | None = None
    moved: bool = False


def check_in(
    *,
    actor: Actor,
    device: Device,
    key: UUID,
    token: str = "",
    number: str = "",
    at: datetime | None = None,
    adults: int = 1,
    children: int | None = None,
) -> Receipt:
    """Count the family of a card in, as visits.check_in does; `children` is how many came, where nobody could be
    shown their names. A family that moved away is counted, and staff are told. Runs in the caller's transaction."""
    if number and (until := devices.numbers_paused(device)):
        return Receipt("paused", until=until)
    shown = door.shown(actor.municipality_id, token=token, number=number) if token or number else None
    if shown is None or shown.card_state != Card.State.ACTIVE:
        return _not_a_card(shown, actor=actor, device=device, number=number)
    moment = clock.now() if at is None else min(at.astimezone(clock.TOKYO), clock.now())
    counted = _counted(shown, device, key=key, moment=moment, adults=adults, children=children)
    if counted is None:
        return Receipt("refused")
    moved = counted.new and shown.status != Household.Status.ACTIVE
    if counted.new:
        _after(counted, shown.household, actor=actor, moment=moment)
    if moved:
        _keep(Reading(key, "card", at=moment), "moved", actor=actor, device=device, visit_id=counted.visit)
    audit.record(
        access.KIOSK_CHECK_IN,
        actor=actor,
        household_id=shown.household,
        obj=Visit(pk=counted.visit),
        detail={"device": device.pk, "new": counted.new},
    )
    return _receipt(counted, protected=shown.protected, moved=moved)


def _counted(
    shown: door.Shown, device: Device, *, key: UUID, moment: datetime, adults: int, children: int | None
) -> door.Counted | None:
    return door.count(
        municipality=device.municipality_id,
        agency=device.agency_id,
        site=device.site_id,
        household=shown.household,
        key=key,
        at=moment,
        day=moment.astimezone(clock.TOKYO).date(),
        now=clock.now(),
        adults=max(1, min(adults, MOST_HERE)),
        children=children,
    )


def _after(counted: door.Counted, household_id: int, *, actor: Actor, moment: datetime) -> None:
    """What is not needed for a family that is known here and stands at the door now."""
    assert actor.agency_id is not None
    if not counted.met:
        household = Household.objects.get(pk=household_id)
        links.meet(
            household,
            actor=actor,
            agency_id=actor.agency_id,
            reason=AgencyLink.Reason.CHECK_IN,
            on=moment.date(),
        )
    if clock.now() - moment > BELATED:
        visits.settle_first_time(household_id, actor.agency_id)


def _receipt(counted: door.Counted, *, protected: bool, moved: bool) -> Receipt:
    kids, small = ((), 0) if protected else (counted.kids, counted.children)
    called = child_names((kid.kana, kid.name) for kid in kids)
    return Receipt(
        "counted" if counted.new or counted.same_key else "already",
        counted.first and not protected,
        tuple(Name(kid.id, name, kid.came) for kid, name in zip(kids, called, strict=True)),
        counted.adults,
        small,
        visit_id=counted.visit,
        moved=moved,
    )


def _not_a_card(shown: door.Shown | None, *, actor: Actor, device: Device, number: str) -> Receipt:
    if shown is None and number:
        devices.wrong_number(device)
    state: State = "unknown" if shown is None else "stopped"
    audit.record(
        access.KIOSK_CHECK_IN,
        actor=actor,
        household_id=shown.household if shown else None,
        outcome=Entry.Outcome.REFUSED,
        detail={"device": device.pk, "why": state},
    )
    return Receipt(state)


def read(reading: Reading, *, actor: Actor, device: Device) -> Receipt:
    """A reading as the tablet sent it: a card's text, or somebody new."""
    if reading.kind == NEWCOMER:
        return newcomer(reading, actor=actor, device=device)
    kind, value = read_card(reading.text)
    token, number = (value if kind == "token" else ""), (value if kind == "number" else "")
    return check_in(
        actor=actor,
        device=device,
        key=reading.key,
        token=token,
        number=number,
        at=reading.at,
        adults=reading.adults,
        children=reading.children,
    )


def newcomer(reading: Reading, *, actor: Actor, device: Device) -> Receipt:
    """はじめて: counted without a name, and staff are told that somebody waits. The same key is the same visit."""
    now = clock.now()
    moment = (reading.at or now).astimezone(clock.TOKYO)
    visit = Visit(
        municipality_id=actor.municipality_id,
        agency_id=device.agency_id,
        site_id=device.site_id,
        visited_on=moment.date(),
        arrived_at=moment,
        adults=max(1, reading.adults),
        children=reading.children or 0,
        first_time=True,
        key=reading.key,
        created_at=now,
    )
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        return Receipt("counted", True, adults=visit.adults, children=visit.children)
    _keep(reading, "newcomer", actor=actor, device=device, visit_id=visit.pk)
    audit.record(
        access.KIOSK_CHECK_IN, actor=actor, obj=visit, detail={"device": device.pk, "newcomer": True}
    )
    return Receipt("counted", True, adults=visit.adults, children=visit.children, visit_id=visit.pk)


def choose_children(
    key: UUID, *, actor: Actor, device: Device, person_ids: Sequence[int], adults: int
) -> Receipt:
    """Leave children out or add them, right after the check-in. Conflict when it is too late or was never counted."""
    visit = Visit.objects.filter(key=key, agency_id=device.agency_id, household__isnull=False).first()
    if visit is None or visit.undone_at is not None or clock.now() - visit.created_at > CHOOSING:
        raise Conflict("もう変えられません。職員に声をかけてください。")
    assert visit.household_id is not None
    household = meetings.locked(visit.household_id)[visit.household_id]
    kids = door.children_of(visit.household_id, visit.visited_on)
    if household.protected or set(person_ids) - {kid.id for kid in kids}:
        raise DomainError("この家庭にいない人がえらばれています。", field="person_ids")
    VisitPerson.objects.filter(visit=visit).exclude(person_id__in=person_ids).delete()
    VisitPerson.objects.bulk_create(
        [VisitPerson(municipality_id=visit.municipality_id, visit=visit, person_id=pk) for pk in person_ids],
        ignore_conflicts=True,
    )
    visit.adults, visit.children = max(1, min(adults, MOST_HERE)), len(set(person_ids))
    visit.save(update_fields=["adults", "children"])
    detail = {"device": device.pk, "children": visit.children, "adults": visit.adults}
    audit.record(
        access.KIOSK_CHECK_IN, actor=actor, household_id=visit.household_id, obj=visit, detail=detail
    )
    return Receipt("counted", visit.first_time, adults=visit.adults, children=visit.children)


def receive(readings: Iterable[Reading], *, actor: Actor, device: Device) -> list[Receipt]:
    """What a tablet kept while the network was away, in its order: each is counted once, and what cannot be counted is
    kept for a person (`kept`). Nothing is refused: the tablet forgets a reading once it has its receipt."""
    readings = list(readings)
    if not readings:
        return []
    devices.hold(device)  # before any family, as a number typed at the same tablet does
    cards = [read_card(one.text) for one in readings if one.text]
    door.lock_all(actor.municipality_id, [card.value for card in cards if card.kind is not None])
    return [_received(one, actor=actor, device=device) for one in readings]


def _received(reading: Reading, *, actor: Actor, device: Device) -> Receipt:
    now = clock.now()
    age = now - (reading.at or now)
    if KioskScan.objects.filter(key=reading.key).exists():
        return Receipt("kept")
    if age > TOO_LATE:
        _keep(reading, "late", actor=actor, device=device)
        return Receipt("kept")
    try:
        with transaction.atomic():
            receipt = read(reading, actor=actor, device=device)
    except (DomainError, IntegrityError, DataError):  # must not hold up those behind it
        receipt = Receipt("refused")
    if receipt.state in NOT_COUNTED:
        reason = receipt.state if receipt.state in {"unknown", "stopped"} else "refused"
        _keep(reading, reason, actor=actor, device=device)
        return replace(receipt, state="kept")
    if age > LATE_AFTER and not receipt.moved and reading.kind != NEWCOMER:
        _keep(reading, "late", actor=actor, device=device, visit_id=receipt.visit_id)
    return receipt


def _keep(
    reading: Reading, reason: str, *, actor: Actor, device: Device, visit_id: int | None = None
) -> None:
    """For a person to look at. Of what was read, only the number of a card is kept; once per key."""
    now = clock.now()
    kind, value = read_card(reading.text)
    stopped = door.shown(actor.municipality_id, **{kind: value}) if kind and reason == "stopped" else None
    KioskScan.objects.bulk_create(
        [
            KioskScan(
                municipality_id=actor.municipality_id,
                agency_id=device.agency_id,
                device=device,
                key=reading.key,
                reason=reason,
                number=value if kind == "number" else "",
                card_id=stopped.card if stopped else None,
                adults=reading.adults,
                children=reading.children or 0,
                scanned_at=reading.at or now,
                received_at=now,
                visit_id=visit_id,
            )
        ],
        ignore_conflicts=True,
    )
