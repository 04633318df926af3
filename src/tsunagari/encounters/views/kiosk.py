"""The pages and data of a tablet at the door. Every door here is a tablet's (accounts.devices), but for the program
that keeps the page usable without a network, which holds no data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tsunagari.accounts.models import Device
from tsunagari.accounts.operations import devices
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow, public
from tsunagari.base.errors import DomainError
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.operations import kiosk as operations
from tsunagari.encounters.operations.kiosk import Receipt
from tsunagari.encounters.rules import kiosk as rules

#: What the tablet keeps for when the network is away: ENTRIES go by their hashed names, MODULES, which name each other,
#: by these.
ENTRIES = (
    "tsunagari/kiosk/kiosk.js",
    "tsunagari/kiosk/kiosk.css",
    "tsunagari/vendor/design-tokens/tokens.css",
)
MODULES = (
    "tsunagari/kiosk/camera.js",
    "tsunagari/kiosk/card.js",
    "tsunagari/kiosk/keys.js",
    "tsunagari/kiosk/queue.js",
    "tsunagari/kiosk/sending.js",
    "tsunagari/vendor/qr/decode.js",
    "tsunagari/vendor/qr/index.js",
)
PROGRAM = "tsunagari/kiosk/worker.js"


@require_GET
@allow(access.KIOSK_CHECK_IN)
def kiosk(request: StaffRequest) -> HttpResponse:
    """The page at the door. It holds nobody's name: a tablet keeps it."""
    device = seen(Device, request.actor, "agency", "site", pk=_device(request).pk)
    devices.heard(_device(request), _device(request).waiting)
    context = {"device": device, "place": device.site.name if device.site else device.agency.name}
    response = render(request, "encounters/kiosk.html", context)
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response


@csrf_exempt
@require_POST
@allow(access.KIOSK_CHECK_IN, busy=True)
def check_in(request: StaffRequest) -> HttpResponse:
    """A card was read: {key, text} → what to show."""
    try:
        reading = rules.read({**_sent(request), "at": None, "kind": rules.CARD}, now=clock.now())
    except rules.NotAReading:
        return _json({"state": "bad"}, status=400)
    return _json(_shown(operations.read(reading, actor=request.actor, device=_device(request))))


@csrf_exempt
@require_POST
@allow(access.KIOSK_CHECK_IN)
def newcomer(request: StaffRequest) -> HttpResponse:
    """はじめて: {key, adults, children}."""
    try:
        reading = rules.read({**_sent(request), "at": None, "kind": rules.NEWCOMER}, now=clock.now())
    except rules.NotAReading:
        return _json({"state": "bad"}, status=400)
    return _json(_shown(operations.newcomer(reading, actor=request.actor, device=_device(request))))


@csrf_exempt
@require_POST
@allow(access.KIOSK_CHECK_IN)
def children(request: StaffRequest) -> HttpResponse:
    """Who of the family came after all: {key, people: [ids], adults}."""
    sent = _sent(request)
    people = sent.get("people")
    try:
        reading = rules.read(sent, now=clock.now())
        if not isinstance(people, list) or not all(type(one) is int and 0 < one < 2**63 for one in people):
            raise rules.NotAReading("no people")
        receipt = operations.choose_children(
            reading.key,
            actor=request.actor,
            device=_device(request),
            person_ids=people[: rules.MOST_HERE],
            adults=reading.adults,
        )
    except rules.NotAReading:
        return _json({"state": "bad"}, status=400)
    except DomainError as error:
        return _json({"state": "refused", "message": error.message}, status=error.status)
    return _json(_shown(receipt))


@csrf_exempt
@require_POST
@allow(access.KIOSK_CHECK_IN)
def sync(request: StaffRequest) -> HttpResponse:
    """What the tablet kept: {now, waiting, items} → one receipt an item, in order. Without items: I am still here.

    `waiting` counts everything it keeps, these items included. An item that is no reading gets the receipt "bad" and
    stays where it is.
    """
    sent, now = _sent(request), clock.now()
    items = sent.get("items")
    items = items[: rules.MOST_READINGS] if isinstance(items, list) else []
    ahead = rules.ahead_of_us(sent.get("now"), now)
    readings = [_reading(item, now, ahead) for item in items]
    good = [one for one in readings if one is not None]
    receipts = iter(operations.receive(good, actor=request.actor, device=_device(request)))
    states = ["bad" if one is None else next(receipts).state for one in readings]
    waiting = sent.get("waiting")
    devices.heard(_device(request), waiting - len(good) if type(waiting) is int else _device(request).waiting)
    return _json({"receipts": states})


@public("the program that keeps the tablet's page usable without a network; it holds no data")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files to keep, their version, and how."""
    response = HttpResponse(_program(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _program() -> bytes:
    contents = {path: _file(path) for path in (*ENTRIES, *MODULES, PROGRAM)}
    version = sha256(b"".join(contents.values())).hexdigest()[:16]
    files = [static(path) for path in ENTRIES] + [settings.STATIC_URL + path for path in MODULES]
    known = orjson.dumps({"version": version, "files": files})
    return b"const KNOWN = " + known + b";\n" + contents[PROGRAM]


def _device(request: HttpRequest) -> Device:
    device: Device = request.device  # type: ignore[attr-defined]
    return device


def _file(path: str) -> bytes:
    found = finders.find(path)
    assert isinstance(found, str), path
    with open(found, "rb") as file:
        return file.read()


def _sent(request: HttpRequest) -> Mapping[str, Any]:
    try:
        sent = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return {}
    return sent if isinstance(sent, dict) else {}


def _reading(item: Any, now: Any, ahead: timedelta) -> rules.Reading | None:
    try:
        return rules.read(item, now=now, ahead=ahead)
    except rules.NotAReading:
        return None


def _shown(receipt: Receipt) -> dict[str, Any]:
    return {
        "state": receipt.state,
        "first": receipt.first,
        "names": [{"id": one.id, "name": one.name, "came": one.came} for one in receipt.names],
        "adults": receipt.adults,
        "children": receipt.children,
        "until": receipt.until.isoformat() if receipt.until else None,
    }


def _json(data: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json")
