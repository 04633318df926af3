"""Single cells of lists as other towns write them: what is read, and what is left to the note rather than guessed."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.interop.importing import csv_of
from tsunagari.base.sheets import read_table
from tsunagari.interop.imports import cells
from tsunagari.interop.imports.agencies.layout import LAYOUT
from tsunagari.interop.imports.agencies.read import Facility, read
from tsunagari.interop.imports.columns import Partly
from tsunagari.interop.imports.progress import silent

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("written", "number"),
    [("480123456", "0480123456"), ("9012345678", "09012345678"), ("312345678", "0312345678")],
)
def test_a_telephone_that_excel_took_for_a_number_gets_its_zero_back_and_is_told(
    written: str, number: str
) -> None:
    with pytest.raises(Partly) as caught:
        cells.phone(written, TODAY)
    assert caught.value.value == number
    assert "確かめてください" in str(caught.value)


@pytest.mark.parametrize("written", ["4.80123456E9", "123456789012345", "1204801234561", "平日のみ", "－"])
def test_no_telephone_is_made_of_pieces_of_other_numbers(written: str) -> None:
    with pytest.raises(ValueError, match="読み取れません") as caught:
        cells.phone(written, TODAY)
    assert not isinstance(caught.value, Partly)


def test_of_two_telephones_the_first_is_taken() -> None:
    with pytest.raises(Partly) as caught:
        cells.phone("0480-12-3456・0480-12-9999", TODAY)
    assert caught.value.value == "0480-12-3456"


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        ("35°6'36\"", 35.11), ("35度6分36秒", 35.11), ("N35°06′36.0″", 35.11), ("東経139度6分", 139.1), ("３５．１", 35.1),
        ("0", None),
    ],
)  # fmt: skip
def test_degrees_are_read_with_minutes_and_seconds_too(written: str, degrees: float | None) -> None:
    assert cells.degrees(written, TODAY) == (degrees if degrees is None else pytest.approx(degrees))


@pytest.mark.parametrize("written", ["35°66'0\"", "35,1", "35.1,139.1", "1e400", "nan", "35°6'60\""])
def test_what_is_no_degree_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="10進数"):
        cells.degrees(written, TODAY)


def test_a_serial_number_that_excel_left_is_its_day() -> None:
    assert cells.day("43586", TODAY) == date(2019, 5, 1)
    assert cells.day("４３５８６", TODAY) == date(2019, 5, 1)


def facility(**cells_of_it: str) -> Facility:
    row = {"名称": "架空ひろば", "住所": "架空市1", "利用可能曜日": "月", "開始時間": "", "終了時間": ""}
    table = read_table(csv_of([row | cells_of_it]).encode(), "a.csv", known=LAYOUT.known())
    return read(table, code="999999", today=TODAY, progress=silent).rows[0]


@pytest.mark.parametrize(
    "written", ["9:00〜17:00", "9:00～17:00", "９時～１７時", "9:00-17:00", "午前9時〜午後5時まで"]
)
def test_both_times_in_one_cell_are_opening_hours(written: str) -> None:
    assert [(h.opens, h.closes) for h in facility(開始時間=written).hours] == [(time(9), time(17))]


@pytest.mark.parametrize("written", ["9:00〜12:00、13:00〜17:00", "9:00〜24:00", "9-17", "〜17:00"])
def test_times_that_are_more_or_less_than_a_span_are_kept_as_written(written: str) -> None:
    found = facility(開始時間=written)
    assert found.hours == ()
    assert written in str(found.values["note"])
