"""What a tablet at the door sends and shows: readings with their times put right, and children by kana alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tsunagari.base.japanese.text import to_hiragana

MOST_HERE = 20  # of adults, of children, in one check-in at a tablet
MOST_READINGS = 20  # in one sending
LATE_AFTER = timedelta(days=1)
TOO_LATE = timedelta(days=7)
OLDEST = timedelta(days=60)
NEWCOMER, CARD = "newcomer", "card"
CHILD = "おこさん"
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・\s]+")


class NotAReading(ValueError):
    """What was sent is no reading of a tablet."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One check-in at a tablet. `at` None: now. `children` None: whoever came last time."""

    key: UUID
    kind: str
    text: str = ""
    at: datetime | None = None
    adults: int = 1
    children: int | None = None


def read(sent: Any, *, now: datetime, ahead: timedelta = timedelta()) -> Reading:
    """A reading from JSON: {key, kind, text, at, adults, children}; `at` in milliseconds since 1970 by the tablet's
    clock, which runs `ahead` of ours. Times end up between OLDEST ago and now. NotAReading for another shape."""
    if not isinstance(sent, Mapping):
        raise NotAReading("no object")
    try:
        key = UUID(str(sent["key"]))
    except (KeyError, ValueError) as error:
        raise NotAReading("no key") from error
    kind = NEWCOMER if sent.get("kind") == NEWCOMER else CARD
    at = _moment(sent.get("at"), now, ahead)
    adults = _number(sent.get("adults"))
    children = _number(sent.get("children"))
    text = sent.get("text")
    return Reading(
        key, kind, text if isinstance(text, str) else "", at, 1 if adults is None else adults, children
    )


def ahead_of_us(device_now: Any, now: datetime) -> timedelta:
    """How far the tablet's clock (milliseconds since 1970) runs ahead of `now`; nothing when it does not say."""
    theirs = _instant(device_now)
    return theirs - now if theirs is not None else timedelta()


def _moment(milliseconds: Any, now: datetime, ahead: timedelta) -> datetime | None:
    found = _instant(milliseconds)
    if found is None:
        return None
    try:
        return max(now - OLDEST, min(found - ahead, now))
    except OverflowError:
        return now


def _instant(milliseconds: Any) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return max(0, min(value, MOST_HERE))


def child_names(children: Iterable[tuple[str, str]]) -> list[str]:
    """What children are called on a tablet, from (given_kana, given_name): hiragana only; those whose reading nobody
    knows are おこさん, and numbered when there are more of them."""
    names = [_called(kana, name) for kana, name in children]
    alike, seen = Counter(names), Counter[str]()
    for index, name in enumerate(names):
        if name == CHILD and alike[name] > 1:
            seen[name] += 1
            names[index] = f"{name} {seen[name]}"
    return names


def _called(kana: str, name: str) -> str:
    for text in (kana.strip(), name.strip()):
        if text and _KANA.fullmatch(to_hiragana(text)):
            return to_hiragana(text)
    return CHILD
