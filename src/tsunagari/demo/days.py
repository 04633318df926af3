"""On which days a place is open, and how many people a day draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

import jpholiday

from tsunagari.base.japanese.times import HOLIDAY
from tsunagari.demo.chance import stream
from tsunagari.demo.plan import AgencyPlan

_SEASON = {
    1: 0.8,
    2: 0.8,
    3: 0.95,
    4: 0.95,
    5: 1.15,
    6: 1.1,
    7: 1.0,
    8: 0.8,
    9: 1.1,
    10: 1.2,
    11: 1.15,
    12: 0.85,
}
_WEEKDAY = (1.05, 1.1, 1.15, 1.1, 1.0, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Closing:
    """Days (inclusive) on which an agency is closed, or opens later (`opens`–`closes`)."""

    first: date
    last: date
    reason: str
    opens: time | None = None
    closes: time | None = None


def fiscal_years(start: date, end: date) -> range:
    """Calendar years a window touches, one more on each side."""
    return range(start.year - 1, end.year + 2)


def closings(agency: AgencyPlan, start: date, end: date) -> tuple[Closing, ...]:
    """Every exception of the agency that touches start..end, oldest first."""
    found: list[Closing] = []
    for year in fiscal_years(start, end):
        found.append(Closing(date(year, 12, 29), date(year + 1, 1, 3), "年末年始"))
        if agency.term_time:
            found.append(Closing(date(year, 7, 29), date(year, 9, 20), "大学の夏休み"))
            found.append(Closing(date(year, 2, 5), date(year, 4, 7), "大学の春休み"))
        elif agency.summer_days:
            found.append(
                Closing(date(year, 8, 13), date(year, 8, 12) + timedelta(agency.summer_days), "夏季休所")
            )
        if agency.hiroba:
            found.append(_training_day(agency, year))
    return tuple(
        sorted(
            (item for item in found if item.first <= end and item.last >= start), key=lambda item: item.first
        )
    )


def _training_day(agency: AgencyPlan, year: int) -> Closing:
    """One Wednesday in June: opens in the afternoon only."""
    chance = stream(0, "training", agency.key, year)
    day = date(year, 6, 1 + chance.randrange(28))
    day += timedelta(days=(2 - day.weekday()) % 7)
    return Closing(day, day, "職員研修のため午後から", time(13, 0), agency.hours[0][2])


class Calendar:
    """Opening hours of one agency over the window."""

    def __init__(self, agency: AgencyPlan, start: date, end: date) -> None:
        self._weekly: dict[int, list[tuple[time, time]]] = {}
        for days, opens, closes in agency.hours:
            for day in days:
                self._weekly.setdefault(day, []).append((opens, closes))
        self._special = {
            day: item for item in closings(agency, start, end) for day in _days(item.first, item.last)
        }

    def span(self, day: date) -> tuple[int, int] | None:
        """First opening and last closing in minutes after midnight; None when closed."""
        if (special := self._special.get(day)) is not None:
            if special.opens is None or special.closes is None:
                return None
            return _minutes(special.opens), _minutes(special.closes)
        spans = self._weekly.get(HOLIDAY if is_holiday(day) else day.weekday())
        if not spans:
            return None
        return min(_minutes(opens) for opens, _ in spans), max(_minutes(closes) for _, closes in spans)


@cache
def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday."""
    return bool(jpholiday.is_holiday(day))


def demand(seed: int, day: date) -> float:
    """How many come that day beside an ordinary one: season, weekday, rain (0.3 to 1.4)."""
    weather = stream(seed, "weather", day.isoformat()).random()
    rain_share = 0.34 if day.month in (6, 7, 9) else 0.24
    rain = 0.45 if weather < rain_share * 0.25 else 0.75 if weather < rain_share else 1.0
    return _SEASON[day.month] * _WEEKDAY[day.weekday()] * rain


def window(start: date, end: date) -> Iterable[date]:
    """Each day from start to end, both inside."""
    return _days(start, end)


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
