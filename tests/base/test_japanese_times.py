"""Clock times and weekdays as sheets write them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagari.base.japanese.times import HOLIDAY, TimeError, parse_time, parse_weekdays

NAMES = "月火水木金土日祝"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "9：30",
            "09:30",
            "9:30:00",
            "9時半",
            "９時３０分",
            "0930",
            "930",
            "午前9時30分",
            "AM9:30",
            "T09:30",
        ),
        *("2024-04-01T09:30:00", "2024-04-01T00:30:00Z", " 9:30 ", 930, 9.5 / 24, 45383 + 9.5 / 24),
        *(
            time(9, 30),
            time(9, 30, 59),
            timedelta(hours=9, minutes=30),
            datetime(2024, 4, 1, 0, 30, tzinfo=UTC),
        ),
    ],
)
def test_half_past_nine_in_many_forms(value: object) -> None:
    assert parse_time(value) == time(9, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("午後1時", time(13)),
        ("午後12時30分", time(12, 30)),
        ("12:30am", time(0, 30)),
        ("21時5分", time(21, 5)),
    ],
)
def test_morning_and_afternoon(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("24:00", "25:00", "9:60", "9.5", "9", "", "午後13時", "午前12時", "22：00\n※日曜は17：00まで"),
        *(9, 60, -0.5, 1.0, True, None),
    ],
)
def test_what_is_no_clock_time_is_refused(value: object) -> None:
    with pytest.raises(TimeError, match="時刻"):
        parse_time(value)


@given(st.times())
def test_every_fraction_of_a_day_reads_to_its_minute(moment: time) -> None:
    minute = moment.replace(second=0, microsecond=0)
    fraction = (moment.hour * 60 + moment.minute) / 1440
    assert parse_time(fraction) == minute
    assert parse_time(minute.isoformat()) == minute


@given(st.text() | st.floats() | st.integers() | st.timedeltas())
def test_anything_is_a_time_or_a_time_error(value: object) -> None:
    outcome = _time_or_refusal(value)
    assert isinstance(outcome, time) or str(outcome).endswith("。")


def _time_or_refusal(value: object) -> time | TimeError:
    try:
        return parse_time(value)
    except TimeError as error:
        return error


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("月;火;水", "月火水"),
        ("月火水木金", "月火水木金"),
        ("月・水・金", "月水金"),
        ("月～金", "月火水木金"),
        ("月〜土", "月火水木金土"),
        ("月曜日から水曜日まで", "月火水"),
        ("金-月", "月金土日"),
        ("平日", "月火水木金"),
        ("平日、土曜日", "月火水木金土"),
        ("毎日", "月火水木金土日"),
        ("年中無休", "月火水木金土日祝"),
        ("月曜日、水曜日", "月水"),
        ("土・日・祝日", "土日祝"),
        ("月～金（祝日を除く）", "月火水木金"),
        ("日曜日", "日"),
    ],
)
def test_weekdays_in_many_forms(text: str, names: str) -> None:
    assert parse_weekdays(text) == {NAMES.index(name) for name in names}


@pytest.mark.parametrize("text", ["", "第1土曜", "月～金（お盆を除く）", "要予約", "祝日を除く"])
def test_weekdays_with_conditions_are_refused(text: str) -> None:
    with pytest.raises(TimeError, match="曜日"):
        parse_weekdays(text)


@given(st.frozensets(st.integers(0, HOLIDAY), min_size=1))
def test_weekdays_read_back(days: frozenset[int]) -> None:
    names = [NAMES[day] for day in sorted(days)]
    assert parse_weekdays("".join(names)) == parse_weekdays("・".join(names)) == days
