"""Instants as people tell them."""

from __future__ import annotations

from datetime import date, time

import pytest

from tsunagari.base import clock

DAY = date(2026, 5, 12)


@pytest.mark.parametrize(
    ("now", "day", "given", "told"),
    [
        ((DAY, 9, 30), DAY, None, (DAY, 9, 30)),
        ((DAY, 15, 0), DAY, None, (DAY, 12, 0)),
        ((DAY, 9, 30), date(2026, 5, 11), None, (date(2026, 5, 11), 12, 0)),
        ((DAY, 9, 30), date(2026, 5, 13), None, (date(2026, 5, 13), 0, 0)),
        ((DAY, 9, 30), DAY, time(14, 5), (DAY, 14, 5)),
    ],
    ids=["this morning", "this afternoon", "yesterday", "tomorrow stays tomorrow", "a time given stands"],
)
def test_a_day_without_a_time_is_noon_or_now(now: tuple, day: date, given: time | None, told: tuple) -> None:
    with clock.stopped_at(clock.at(*now)):
        assert clock.told(day, given) == clock.at(*told)
