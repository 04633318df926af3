"""Tablets at the door: unlocked and locked by staff, heard of now and then, held back when numbers are guessed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tsunagari.accounts import access
from tsunagari.accounts.devices import digest, new_secret
from tsunagari.accounts.models import Device
from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places.models import Agency, Site

LONGEST = timedelta(days=400)  # browsers keep no cookie longer
HEARD_EVERY = timedelta(minutes=1)
WRONG_NUMBERS = 10
WRONG_WITHIN = timedelta(minutes=10)
MOST_WAITING = 100_000


@transaction.atomic
def unlock(
    *,
    actor: Actor,
    name: str,
    site: Site | None = None,
    agency: Agency | None = None,
    until_locked: bool = False,
) -> tuple[Device, str]:
    """Let a tablet check families in, and the secret that it alone will hold. It ends with the day, or with
    `until_locked` when somebody locks it (400 days at the latest).

    `agency` is for those who work at none; the own agency otherwise. DomainError for a name that is empty or a site
    of another agency.
    """
    agency_id = actor.agency_id or (agency.pk if agency else None)
    name = " ".join(name.split())[:40]
    if not name:
        raise DomainError("端末の名前を入れてください。", field="name")
    if agency_id is None:
        raise DomainError("機関をえらんでください。", field="agency")
    if site is not None and site.agency_id != agency_id:
        raise DomainError("この機関の場所ではありません。えらびなおしてください。", field="site")
    secret, now = new_secret(), clock.now()
    device = Device.objects.create(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        site=site,
        name=name,
        token_digest=digest(secret),
        unlocked_by=actor.user_id,
        unlocked_at=now,
        ends_at=now + LONGEST if until_locked else clock.at(now.date() + timedelta(days=1)),
        seen_at=now,
    )
    detail = {"agency": agency_id, "site": site.pk if site else None, "until_locked": until_locked}
    audit.record(access.UNLOCK_DEVICE, actor=actor, obj=device, detail=detail)
    return device, secret


@transaction.atomic
def lock(device: Device, *, actor: Actor) -> Device:
    """End a tablet's session now. What it still keeps is sent after it was unlocked again. Conflict when it ended."""
    locked = Device.objects.visible_to(actor).select_for_update().get(pk=device.pk)
    if locked.locked_at is not None or locked.ends_at <= clock.now():
        raise Conflict("この端末は、もう止まっています。")
    locked.locked_at, locked.locked_by = clock.now(), actor.user_id
    locked.save(update_fields=["locked_at", "locked_by"])
    audit.record(access.LOCK_DEVICE, actor=actor, obj=locked, detail={"waiting": locked.waiting})
    return locked


def heard(device: Device, waiting: int) -> None:
    """The tablet is there and keeps `waiting` check-ins. Written once a minute, and when the number changed."""
    now, waiting = clock.now(), max(0, min(waiting, MOST_WAITING))
    if device.waiting == waiting and device.seen_at and now - device.seen_at < HEARD_EVERY:
        return
    Device.objects.filter(pk=device.pk).update(seen_at=now, waiting=waiting)
    device.seen_at, device.waiting = now, waiting


def hold(device: Device) -> None:
    """Lock the device until the end of the transaction: two requests of one tablet that write to it wait here."""
    Device.objects.select_for_update(no_key=True).only("pk").get(pk=device.pk)


def numbers_paused(device: Device) -> datetime | None:
    """Until when numbers are not looked up at this tablet, because too many were wrong; None when they are.

    Locks the device: of guesses sent at once each sees the count of those before it.
    """
    count, since = (
        Device.objects.select_for_update().values_list("wrong_count", "wrong_since").get(pk=device.pk)
    )
    if since is None or count < WRONG_NUMBERS or clock.now() >= since + WRONG_WITHIN:
        return None
    return since + WRONG_WITHIN


def wrong_number(device: Device) -> None:
    """Count a number that no card has; the count begins anew ten minutes after it began."""
    row = Device.objects.select_for_update().get(pk=device.pk)
    now = clock.now()
    if row.wrong_since is None or now >= row.wrong_since + WRONG_WITHIN:
        row.wrong_count, row.wrong_since = 0, now
    row.wrong_count += 1
    row.save(update_fields=["wrong_count", "wrong_since"])
