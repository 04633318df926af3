"""Whether the town's trail is as it was written: the last check, and a check of its newest part now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson

from tsunagari.accounts.models import User
from tsunagari.audit import queries as audit
from tsunagari.audit.queries import Verified
from tsunagari.base import clock
from tsunagari.base.actor import Actor

CHECKED = (
    50_000  # entries read in one go, two to three seconds; the command `tsunagari audit verify` reads all
)


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was made: positions read, and the position where the chain no longer held, or None."""

    at: datetime
    who: str
    first: int
    last: int
    broken: int | None


def check_newest(actor: Actor) -> tuple[int, Verified]:
    """The position of the first entry read, and what came out."""
    return audit.verify_newest(actor.municipality_id, CHECKED)


def last_check(actor: Actor) -> Check | None:
    """What the newest check found, as the trail tells it."""
    entry = audit.last_check(actor)
    if entry is None:
        return None
    told = orjson.loads(entry.detail or "{}")
    who = User.objects.filter(pk=entry.user_id or 0).values_list("name", flat=True).first() or ""
    at = entry.at.astimezone(clock.TOKYO)
    return Check(at, who, told.get("first", 0), told.get("last", 0), told.get("broken"))
