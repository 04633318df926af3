"""Ages as people say them, as the law counts them, and as school years group them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.base.japanese.ages import (
    Age,
    add_months,
    age_on,
    class_age,
    fiscal_year,
    fiscal_year_range,
    format_age,
    gestation_text,
    legal_age_on,
    school_year_label,
)

BIRTHS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
SPANS = st.integers(min_value=0, max_value=20 * 366)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), Age(0, 0, 27)),
        (date(2026, 1, 31), date(2026, 2, 28), Age(0, 1, 0)),
        (date(2024, 1, 31), date(2024, 2, 28), Age(0, 0, 28)),
        (date(2024, 1, 31), date(2024, 2, 29), Age(0, 1, 0)),
        (date(2024, 2, 29), date(2025, 2, 28), Age(1, 0, 0)),
        (date(2024, 2, 29), date(2028, 2, 28), Age(3, 11, 30)),
        (date(2024, 8, 1), date(2026, 11, 23), Age(2, 3, 22)),
        (date(2026, 11, 23), date(2026, 11, 23), Age(0, 0, 0)),
    ],
)
def test_age_in_years_months_and_days(birth: date, day: date, age: Age) -> None:
    assert age_on(birth, day) == age


@given(BIRTHS, SPANS)
def test_age_parts_add_up_to_the_day(birth: date, span: int) -> None:
    day = birth + timedelta(days=span)
    age = age_on(birth, day)
    assert add_months(birth, age.total_months) + timedelta(days=age.days) == day
    assert 0 <= age.months <= 11
    assert 0 <= age.days <= 30


@given(BIRTHS, SPANS)
def test_age_never_falls_from_one_day_to_the_next(birth: date, span: int) -> None:
    day = birth + timedelta(days=span)
    assert age_on(birth, day) < age_on(birth, day + timedelta(days=1))
    assert legal_age_on(birth, day) <= legal_age_on(birth, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("birth", "last_day_before", "years"),
    [
        (date(2020, 4, 1), date(2026, 3, 30), 6),
        (date(2020, 4, 2), date(2026, 3, 31), 6),
        (date(2020, 2, 29), date(2021, 2, 27), 1),
        (date(2020, 1, 1), date(2020, 12, 30), 1),
    ],
)
def test_legal_age_is_complete_at_the_end_of_the_day_before(
    birth: date, last_day_before: date, years: int
) -> None:
    assert legal_age_on(birth, last_day_before) == years - 1
    assert legal_age_on(birth, last_day_before + timedelta(days=1)) == years


@pytest.mark.parametrize(
    ("birth", "text"),
    [
        (date(2026, 11, 11), "生後12日"),
        (date(2026, 8, 23), "3か月"),
        (date(2024, 8, 1), "2歳3か月"),
        (date(2021, 11, 23), "5歳"),
        (date(2015, 1, 1), "11歳"),
    ],
)
def test_age_as_shown(birth: date, text: str) -> None:
    assert format_age(birth, date(2026, 11, 23)) == text


@pytest.mark.parametrize("count", [age_on, legal_age_on, format_age, class_age, school_year_label])
def test_no_age_before_birth(count: object) -> None:
    assert callable(count)
    with pytest.raises(ValueError, match="生年月日より前"):
        count(date(2026, 4, 2), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("birth", "label"),
    [
        (date(2026, 5, 10), "0歳児クラス"),
        (date(2025, 4, 2), "0歳児クラス"),
        (date(2025, 4, 1), "1歳児クラス"),
        (date(2023, 4, 2), "2歳児クラス"),
        (date(2023, 4, 1), "3歳児クラス（年少）"),
        (date(2020, 4, 2), "5歳児クラス（年長）"),
        (date(2020, 4, 1), "小学1年"),
        (date(2014, 4, 2), "小学6年"),
        (date(2014, 4, 1), "中学1年"),
        (date(2011, 4, 1), "高校相当"),
        (date(2008, 4, 1), "18歳以上"),
    ],
)
def test_school_year_turns_between_the_first_and_second_of_april(birth: date, label: str) -> None:
    assert school_year_label(birth, date(2026, 11, 23)) == label


@given(BIRTHS, SPANS)
def test_class_is_the_legal_age_on_the_eve_of_the_fiscal_year(birth: date, span: int) -> None:
    day = birth + timedelta(days=span)
    eve = fiscal_year_range(fiscal_year(day))[0] - timedelta(days=1)
    assert class_age(birth, day) == (legal_age_on(birth, eve) if eve >= birth else 0)


@pytest.mark.parametrize(
    ("days_to_due", "text"),
    [
        (280, "妊娠1か月（0週）"),
        (70, "妊娠8か月（30週）"),
        (1, "妊娠10か月（39週）"),
        (0, "予定日の当日です（40週）"),
        (-5, "予定日を5日過ぎています"),
    ],
)
def test_weeks_of_pregnancy_from_the_due_date(days_to_due: int, text: str) -> None:
    day = date(2026, 11, 23)
    assert gestation_text(day + timedelta(days=days_to_due), day) == text


def test_due_date_too_far_ahead_is_refused() -> None:
    with pytest.raises(ValueError, match="先すぎます"):
        gestation_text(date(2027, 8, 31), date(2026, 11, 23))


def test_fiscal_year_runs_from_april_to_march() -> None:
    assert fiscal_year(date(2026, 3, 31)) == 2025
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert fiscal_year_range(2026) == (date(2026, 4, 1), date(2027, 3, 31))
