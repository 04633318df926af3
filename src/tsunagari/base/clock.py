"""Now and today, in one place, so that demos and tests can stand on another day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")
_fixed: ContextVar[datetime | None] = ContextVar("tsunagari_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in Japan's time zone."""
    fixed = _fixed.get()
    return fixed if fixed is not None else timezone.now().astimezone(TOKYO)


def today() -> date:
    """The present calendar day in Japan."""
    return now().date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant of a wall-clock time in Japan."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


def told(day: date, time: time | None) -> datetime:
    """The instant of a day, and perhaps a time of it, that a person gave: without a time noon, or now while noon is to
    come."""
    return at(day, time.hour, time.minute) if time else min(at(day, 12), max(now(), at(day)))


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` inside the block (demo and tests)."""
    token = _fixed.set(moment.astimezone(TOKYO))
    try:
        yield
    finally:
        _fixed.reset(token)
