"""When a place is open: weekly hours, public holidays, exceptions."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.makers import Town

from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.places import queries
from tsunagari.places.models import OpeningHour
from tsunagari.places.operations import agencies
from tsunagari.places.rules import HOLIDAY, HourInput, SpecialDays, legal_place, openings

WEEK = tuple(HourInput(day, time(9), time(17)) for day in range(5))
MONDAY, LABOUR_DAY = date(2026, 11, 16), date(2026, 11, 23)


def texts(*args: object) -> list[str]:
    return [str(span) for span in openings(*args).spans]  # type: ignore[arg-type]


def test_a_weekday_is_open_by_its_hours() -> None:
    both = (HourInput(0, time(13), time(16)), HourInput(0, time(9), time(12)))
    assert texts(MONDAY, both, [], None) == ["9:00〜12:00", "13:00〜16:00"]


def test_other_kinds_of_hours_do_not_open_the_door() -> None:
    assert texts(MONDAY, [HourInput(0, time(9), time(17), "phone")], [], None) == []


def test_a_public_holiday_is_closed_unless_it_has_hours_of_its_own() -> None:
    assert texts(LABOUR_DAY, WEEK, [], "勤労感謝の日") == []
    assert texts(LABOUR_DAY, (*WEEK, HourInput(HOLIDAY, time(10), time(12))), [], "祝") == ["10:00〜12:00"]


def test_an_exception_wins_and_says_why() -> None:
    closed = SpecialDays(MONDAY, MONDAY, reason="棚おろし")
    found = openings(MONDAY, WEEK, [closed], None)
    assert (found.spans, found.reason) == ((), "棚おろし")
    assert texts(MONDAY, WEEK, [SpecialDays(MONDAY, MONDAY, time(10), time(11))], None) == ["10:00〜11:00"]


def test_without_hours_on_file_nothing_is_claimed() -> None:
    assert openings(MONDAY, [], [], None).known is False


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_open"),
    [(MONDAY, 8, 59, False), (MONDAY, 9, 0, True), (MONDAY, 17, 0, False), (LABOUR_DAY, 10, 0, False)],
)
def test_open_now(in_town: Town, day: date, hour: int, minute: int, is_open: bool) -> None:
    period = in_town.aoba.periods.get()
    for row in WEEK:
        OpeningHour.objects.create(
            municipality=in_town.municipality,
            period=period,
            weekday=row.weekday,
            opens=row.opens,
            closes=row.closes,
        )
    assert queries.open_now(in_town.aoba, clock.at(day, hour, minute)).now is is_open


def test_an_exception_is_added_and_taken_back(in_town: Town) -> None:
    exception = agencies.add_exception(in_town.aoba, actor=in_town.officer, first_day=MONDAY, reason="研修")
    assert queries.openings_on(in_town.aoba, MONDAY).reason == "研修"
    agencies.remove_exception(exception, actor=in_town.officer)
    assert queries.openings_on(in_town.aoba, MONDAY).reason == ""


@pytest.mark.parametrize(
    "wrong",
    [{"last_day": date(2026, 11, 15)}, {"opens": time(9)}, {"opens": time(12), "closes": time(9)}],
)
def test_a_wrong_exception_is_refused(in_town: Town, wrong: dict[str, object]) -> None:
    with pytest.raises(DomainError):
        agencies.add_exception(in_town.aoba, actor=in_town.officer, first_day=MONDAY, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "programmes", "legal"),
    [("5", ["kyoten"], "nursery"), ("4", ["kyoten"], "base"), ("4", [], "approved"), ("3", [], "children")],
)
def test_every_place_has_one_legal_kind(kind: str, programmes: list[str], legal: str) -> None:
    assert legal_place(kind, programmes) == legal
