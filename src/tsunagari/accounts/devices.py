"""The door for tablets: from the device's cookie to an Actor that can check families in, and nothing else.

A door is a tablet's when its action is of Role.KIOSK alone; people never pass it, and tablets pass no other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tsunagari.accounts.models import Device
from tsunagari.accounts.sessions import client_ip
from tsunagari.base import clock, tenancy
from tsunagari.base.access import LABELS, SCOPES, Action, Role, actions_of
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared

COOKIE = "tsunagari_kiosk"
PATH = "/kiosk/"
SECRET_BYTES = 32
CLOSED = "この端末は使えません。職員に声をかけてください。"
_VALUE = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([A-Za-z0-9_-]{43})")


class Key(NamedTuple):
    """What the cookie holds."""

    municipality_id: int
    device_id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A tablet that was let in: its row as it stood, and what it acts as."""

    device: Device
    actor: Actor


def new_secret() -> str:
    """256 random bits as 43 characters."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What the database keeps of a secret: SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_key(request: HttpRequest) -> Key | None:
    """The key of the request's cookie; None without one of the right form."""
    found = _VALUE.fullmatch(request.COOKIES.get(COOKIE, ""))
    return Key(int(found[1]), int(found[2]), found[3]) if found else None


def give_key(response: HttpResponse, device: Device, secret: str) -> None:
    """Leave the key in the browser, for the tablet's own pages only, until the device's session ends."""
    response.set_cookie(
        COOKIE,
        f"{device.municipality_id}.{device.pk}.{secret}",
        expires=device.ends_at,
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=not settings.LOCAL,
    )


def is_for_devices(action: Action) -> bool:
    """Whether the door with this action is a tablet's."""
    return action.roles == {Role.KIOSK}


def keeper(request: HttpRequest, action: Action, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Run the view as the tablet, in a transaction of its town; 403 for everybody else. `request.device` is its row.

    Only requests of the tablet's own pages count: another site cannot make the browser send the cookie
    (SameSite=Strict), nor a form anything but a form (JSON is asked for), so that there is no token to go stale
    while the network is away.
    """
    key = read_key(request)
    if key is None or _from_elsewhere(request):
        return closed(request)
    with tenancy.municipality(key.municipality_id):
        found = passage(key, ip=client_ip(request))
        if found is None:
            return closed(request)
        request.device, request.actor = found.device, found.actor  # type: ignore[attr-defined]
        return view()


def passage(key: Key, *, ip: str = "") -> Passage | None:
    """The tablet and its actor while its session lasts. Needs an open scope of the key's town; one statement."""
    device = _devices.first(key.device_id, key.municipality_id)
    known = hmac.compare_digest(device.token_digest if device else "", digest(key.secret))
    if device is None or not known or device.locked_at is not None or device.ends_at <= clock.now():
        return None
    return Passage(device, actor_of(device, ip=ip))


@prepared
def _devices(device_id: int, municipality_id: int) -> QuerySet[Device, Device]:
    return Device.objects.filter(pk=device_id, municipality=municipality_id)


def actor_of(device: Device, *, ip: str = "", via: str = "kiosk") -> Actor:
    """What a tablet acts as: nobody in person, at its agency."""
    return Actor(
        user_id=None,
        name=device.name,
        municipality_id=device.municipality_id,
        role=Role.KIOSK,
        role_label=LABELS[Role.KIOSK],
        agency_id=device.agency_id,
        scope=SCOPES[Role.KIOSK],
        actions=actions_of(Role.KIOSK),
        ip=ip,
        via=via,
    )


def closed(request: HttpRequest) -> HttpResponse:
    """What a tablet shows that may not check in (any more): 403, as a page or as data."""
    if request.method == "GET":
        return render(request, "accounts/kiosk_closed.html", status=403)
    return JsonResponse({"state": "closed", "message": CLOSED}, status=403)


def _from_elsewhere(request: HttpRequest) -> bool:
    """A write that is not the page's own: no JSON, or sent for another site (where the browser says so)."""
    if request.method in {"GET", "HEAD"}:
        return False
    return request.content_type != "application/json" or request.headers.get(
        "Sec-Fetch-Site", "same-origin"
    ) not in {"same-origin", "none"}
