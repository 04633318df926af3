"""A4: when a mobile site is open, and for how long."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.places.rules import (
    DEFAULT_SLOTS,
    LAST_WEEK,
    SiteTimeInput,
    Slot,
    minutes_by_month,
    nth_week,
    open_times,
    schedule_text,
    slot_of,
    times_clash,
)

TEN, NOON, ONE, THREE = time(10), time(12), time(13), time(15)
FIRST_AND_THIRD = SiteTimeInput(TEN, NOON, weekday=2, weeks=(1, 3))
NOVEMBER = [date(2026, 11, 1) + timedelta(days=number) for number in range(30)]


def days(*times: SiteTimeInput, resting: frozenset[date] = frozenset()) -> list[int]:
    return [day.day for day in NOVEMBER if open_times(day, times, resting=day in resting)]


def test_the_first_and_third_wednesday() -> None:
    assert days(FIRST_AND_THIRD) == [4, 18]


def test_the_last_friday_is_the_fourth_or_the_fifth() -> None:
    last = SiteTimeInput(TEN, NOON, weekday=4, weeks=(LAST_WEEK,))
    assert days(last) == [27]
    assert open_times(date(2026, 10, 30), [last], resting=False)
    assert not open_times(date(2026, 10, 23), [last], resting=False)


def test_weekly_times_rest_on_holidays_and_a_dated_one_does_not() -> None:
    mondays = SiteTimeInput(TEN, NOON, weekday=0)
    holiday = date(2026, 11, 23)
    assert days(mondays, resting=frozenset({holiday})) == [2, 9, 16, 30]
    dated = SiteTimeInput(ONE, THREE, day=holiday)
    assert days(mondays, dated, resting=frozenset({holiday})) == [2, 9, 16, 23, 30]


def test_a_dated_time_stands_instead_of_the_weekly_one() -> None:
    day = date(2026, 11, 4)
    spans = open_times(day, [FIRST_AND_THIRD, SiteTimeInput(ONE, THREE, day=day)], resting=False)
    assert [str(span) for span in spans] == ["13:00〜15:00"]


def test_weekly_times_hold_from_a_day_to_a_day() -> None:
    weekly = SiteTimeInput(TEN, NOON, weekday=2, valid_from=date(2026, 11, 5), valid_to=date(2026, 11, 18))
    assert days(weekly) == [11, 18]


def test_minutes_are_counted_by_month_without_resting_days_or_overlaps() -> None:
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    times = [FIRST_AND_THIRD, SiteTimeInput(time(11), ONE, weekday=2, weeks=(1,))]
    found = minutes_by_month(times, first, last, resting={date(2026, 12, 16)})
    assert found == {date(2026, 10, 1): 300, date(2026, 11, 1): 300, date(2026, 12, 1): 180}


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        (SiteTimeInput(time(11), ONE, weekday=2), True),
        (SiteTimeInput(NOON, ONE, weekday=2), False),
        (SiteTimeInput(TEN, NOON, weekday=2, weeks=(2, 4)), False),
        (SiteTimeInput(TEN, NOON, weekday=3), False),
        (SiteTimeInput(TEN, NOON, day=date(2026, 11, 4)), False),
    ],
)
def test_times_that_overlap_are_found(other: SiteTimeInput, clashes: bool) -> None:
    assert (times_clash([FIRST_AND_THIRD, other]) is not None) is clashes


def test_the_last_week_may_be_the_fourth() -> None:
    fourth, last = (SiteTimeInput(TEN, NOON, weekday=4, weeks=(week,)) for week in (4, LAST_WEEK))
    assert times_clash([fourth, last])


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_weekday_of_a_month_has_one_first_and_one_last(day: date) -> None:
    same = [
        day.replace(day=1) + timedelta(days=number)
        for number in range(31)
        if (day.replace(day=1) + timedelta(days=number)).month == day.month
    ]
    alike = [nth_week(one) for one in same if one.weekday() == day.weekday()]
    assert [min(weeks) for weeks in alike] == list(range(1, len(alike) + 1))
    assert [LAST_WEEK in weeks for weeks in alike] == [False] * (len(alike) - 1) + [True]


@given(st.times(), st.lists(st.times(), min_size=1, max_size=6, unique=True))
def test_every_time_of_day_falls_into_one_slot(at: time, starts: list[time]) -> None:
    slots = [Slot(str(number), start) for number, start in enumerate(sorted(starts))]
    number = slot_of(slots, at)
    assert number == 0 or slots[number].starts <= at
    assert number == len(slots) - 1 or at < slots[number + 1].starts


def test_noon_is_afternoon() -> None:
    names = [DEFAULT_SLOTS[slot_of(DEFAULT_SLOTS, at)].name for at in (time(8), time(11, 59), NOON)]
    assert names == ["午前", "午前", "午後"]


def test_times_in_words() -> None:
    assert schedule_text(FIRST_AND_THIRD) == "第1・第3 水曜 10:00〜12:00"
    assert schedule_text(SiteTimeInput(TEN, NOON, weekday=6)) == "毎週 日曜 10:00〜12:00"
    dated = SiteTimeInput(TEN, NOON, day=date(2026, 12, 5))
    assert schedule_text(dated) == "2026年12月5日（土） 10:00〜12:00"
