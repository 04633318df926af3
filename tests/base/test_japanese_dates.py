"""Dates are read as written or refused with advice; nothing is guessed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tsunagari.base.japanese.dates import (
    DateError,
    format_date_both,
    format_wareki,
    format_wareki_short,
    parse_cell_date,
    parse_date,
    weekday_ja,
)

TODAY = date(2026, 11, 23)
ALL_DAYS = st.dates(date(1868, 10, 23), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        *("2024-04-01", "2024/4/1", "2024.4.1", "20240401", "2024年4月1日", "西暦2024年4月1日", "2024‐04‐01"),
        *("R6.4.1", "r6/4/1", "R06-04-01", "R060401", "令和6年4月1日", "令6.4.1", "㋿6年4月1日"),
        *("２０２４年４月１日（月）", "2024/4/1(月・祝)", "令和６年 ４月 １日 月曜日", " Ｒ６．４．１ "),
    ],
)
def test_the_same_day_in_many_forms(text: str) -> None:
    assert parse_date(text, today=TODAY) == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平31.4.1", date(2019, 4, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("㍻元年1月8日", date(1989, 1, 8)),
        ("S64.1.7", date(1989, 1, 7)),
        ("S63/12/31", date(1988, 12, 31)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("T15.12.25", date(1926, 12, 25)),
        ("M45.7.30", date(1912, 7, 30)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_days_at_the_edges_of_eras(text: str, day: date) -> None:
    assert parse_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("平成35年1月1日", "平成は31年4月30日まで.*令和5年"),
        ("H31.5.1", "令和元年ではありませんか"),
        ("令和元年3月1日", "令和は元年5月1日から.*平成31年"),
        ("S64.1.8", "昭和は64年1月7日まで.*平成元年"),
        ("令和0年1月1日", "年が0"),
        ("7/29/24", "年は4けた、年・月・日の順"),
        ("24.4.1", "年は4けた"),
        ("4/1/2023", "年・月・日の順ではありません"),
        ("24年4月1日", "年が2けた"),
        ("8月5日（水）", "年がありません"),
        ("2024", "月と日がありません"),
        ("2024年4月", "日がありません"),
        ("2023-02-29", "という日はありません"),
        ("令和6年13月1日", "という日はありません"),
        ("2024年4月1日（火）", "月曜日です"),
        ("2204-04-01", "先すぎます"),
        ("1700-01-01", "昔すぎます"),
        ("5060401", "読み取れません"),
        ("こどもの日", "読み取れません"),
        ("　", "空です"),
    ],
)
def test_refusals_say_what_to_write(text: str, advice: str) -> None:
    with pytest.raises(DateError, match=advice):
        parse_date(text, today=TODAY)


@given(ALL_DAYS)
@example(date(1912, 7, 30))
@example(date(1926, 12, 25))
@example(date(1989, 1, 7))
@example(date(2019, 5, 1))
def test_every_day_reads_back_from_every_form(day: date) -> None:
    later = date(2100, 1, 1)
    written = f"{format_wareki(day)}（{weekday_ja(day)}）"
    assert parse_date(format_wareki(day), today=later) == day
    assert parse_date(format_wareki_short(day), today=later) == day
    assert parse_date(day.isoformat(), today=later) == day
    assert parse_date(written, today=later) == day


def test_wareki_reads_back_on_every_single_day() -> None:
    first, last = date(1868, 10, 23), date(2100, 12, 31)
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    assert all(parse_date(format_wareki_short(day), today=last) == day for day in days)


@given(st.text())
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    outcome = _date_or_refusal(text)
    assert isinstance(outcome, date) or str(outcome).endswith("。")


@given(st.floats() | st.integers() | st.booleans() | st.none() | st.datetimes() | st.timedeltas())
def test_any_cell_is_a_date_or_a_date_error(value: object) -> None:
    outcome = _date_or_refusal(value)
    assert type(outcome) is date or str(outcome).endswith("。")


def _date_or_refusal(value: object) -> date | DateError:
    try:
        return parse_cell_date(value, today=TODAY)
    except DateError as error:
        return error


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (45383, date(2024, 4, 1)),
        (45383.75, date(2024, 4, 1)),
        (20240401.0, date(2024, 4, 1)),
        (date(2024, 4, 1), date(2024, 4, 1)),
        (datetime(2024, 4, 1, 23, 59), date(2024, 4, 1)),  # noqa: DTZ001 — sheets hold times without a zone
        (datetime(2024, 4, 1, 15, tzinfo=UTC), date(2024, 4, 2)),
        ("2023-06-18T00:00:00.000Z", date(2023, 6, 18)),
        ("2023-06-18T15:00:00Z", date(2023, 6, 19)),
        ("2024-04-01 00:00:00", date(2024, 4, 1)),
        ("令和6年4月1日", date(2024, 4, 1)),
    ],
)
def test_cells_of_every_kind(value: object, day: date) -> None:
    assert parse_cell_date(value, today=TODAY) == day


@pytest.mark.parametrize("value", [2024, 0, -1, True, None, float("nan"), float("inf"), "2024-13-01T00:00"])
def test_cells_that_are_no_date(value: object) -> None:
    with pytest.raises(DateError):
        parse_cell_date(value, today=TODAY)


def test_how_a_day_is_shown() -> None:
    assert format_wareki(TODAY) == "令和8年11月23日"
    assert format_wareki(date(2019, 5, 1)) == "令和元年5月1日"
    assert format_wareki_short(TODAY) == "R8.11.23"
    assert format_date_both(TODAY) == "2026年11月23日（令和8年）"
    assert weekday_ja(TODAY) == "月"
    assert format_wareki(date(1850, 1, 2)) == "1850年1月2日"
