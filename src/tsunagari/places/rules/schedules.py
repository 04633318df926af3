"""When a place an agency goes to is open: weekdays of certain weeks of the month, and single days (A4).

A day in the schedule wins over the weekly times of that day, also on a public holiday or while the agency is
closed; otherwise a site rests on those days. Weekly times hold from one day to another, so that hours of last year
stay what they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from tsunagari.places.rules.agencies import WEEKDAYS, Span

LAST_WEEK = 9  # 最終: stands in `weeks` beside 1 to 5
WEEKS: Mapping[int, str] = {1: "第1", 2: "第2", 3: "第3", 4: "第4", 5: "第5", LAST_WEEK: "最終"}


@dataclass(frozen=True, slots=True)
class SiteTimeInput:
    """One opening: on `day`, or on `weekday` (0 is Monday) of `weeks` (of WEEKS; empty: every week), between
    `valid_from` and `valid_to` (inclusive; None: without end)."""

    opens: time
    closes: time
    weekday: int | None = None
    weeks: tuple[int, ...] = ()
    day: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the opening is on this day, holidays aside."""
        if self.day is not None:
            return self.day == day
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        return self.weekday == day.weekday() and (not self.weeks or bool(set(self.weeks) & nth_week(day)))

    @property
    def plan(self) -> tuple[time, time, int | None, tuple[int, ...], date | None]:
        """What was planned, whatever the days it holds between."""
        return self.opens, self.closes, self.weekday, self.weeks, self.day


@dataclass(frozen=True, slots=True)
class SiteInput:
    """All of a site that can change but its end. `times` hold from `SiteTimeInput.valid_from` on."""

    name: str
    kind: str = "mobile"
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    times: tuple[SiteTimeInput, ...] = ()


def nth_week(day: date) -> frozenset[int]:
    """Which of WEEKS the day is: the 21st is the third of its weekday, the last one also 最終."""
    number = (day.day - 1) // 7 + 1
    last = (day + timedelta(days=7)).month != day.month
    return frozenset({number, LAST_WEEK} if last else {number})


def open_times(day: date, times: Iterable[SiteTimeInput], *, resting: bool) -> tuple[Span, ...]:
    """Openings on the day in order. `resting`: a public holiday, or the agency is closed."""
    falling = [one for one in times if one.falls_on(day)]
    dated = [one for one in falling if one.day is not None]
    chosen = dated or ([] if resting else falling)
    return tuple(Span(one.opens, one.closes) for one in sorted(chosen, key=lambda one: one.opens))


def minutes_by_month(
    times: Sequence[SiteTimeInput], first: date, last: date, *, resting: Collection[date]
) -> dict[date, int]:
    """Open minutes of each month (by its first day) from `first` to `last` inclusive; `resting` holds the public
    holidays and closed days between. Months without an opening stand at 0; overlapping times count once."""
    found: Counter[date] = Counter()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found[day.replace(day=1)] += _minutes(open_times(day, times, resting=day in resting))
    return dict(found)


def _minutes(spans: Iterable[Span]) -> int:
    total, until = 0, 0
    for span in spans:
        start, end = (at.hour * 60 + at.minute for at in (span.opens, span.closes))
        total += max(end - max(start, until), 0)
        until = max(until, end)
    return total


def times_clash(times: Sequence[SiteTimeInput]) -> tuple[SiteTimeInput, SiteTimeInput] | None:
    """Two openings that overlap on some day, or None; weekly ones are taken to hold at the same time."""
    for number, one in enumerate(times):
        for other in times[number + 1 :]:
            if _same_day(one, other) and one.opens < other.closes and other.opens < one.closes:
                return one, other
    return None


def _same_day(one: SiteTimeInput, other: SiteTimeInput) -> bool:
    if one.day is not None or other.day is not None:
        return one.day == other.day
    share = not one.weeks or not other.weeks or bool(_weeks(one) & _weeks(other))
    return one.weekday == other.weekday and share


def _weeks(one: SiteTimeInput) -> set[int]:
    """最終 is the fourth week in some months and the fifth in others."""
    return {*one.weeks, 4, 5} if LAST_WEEK in one.weeks else set(one.weeks)


def schedule_text(one: SiteTimeInput) -> str:
    """ "毎週 水曜 10:00〜12:00", "第1・第3 水曜 …", "2026年12月5日（土） …"."""
    if one.day is not None:
        when = f"{one.day.year}年{one.day.month}月{one.day.day}日（{WEEKDAYS[one.day.weekday()]}）"
    else:
        weeks = "・".join(WEEKS[week] for week in sorted(one.weeks) if week in WEEKS) or "毎週"
        when = f"{weeks} {WEEKDAYS[one.weekday or 0]}曜"
    return f"{when} {Span(one.opens, one.closes)}"
