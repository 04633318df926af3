"""What is handed back opens in Excel, runs nothing, and can be sent in again."""

from datetime import date, datetime, time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tsunagari.base.sheets import normalise_header, read_table, write_csv, write_xlsx
from tsunagari.base.sheets.write import guard_formula

CELLS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
HEADERS = ["氏名", "電話", "エラー"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-cmd|x", "@A1", "\t=1", "\r=1", "＝1+1", "+81-90-1234"]
)
def test_text_that_excel_would_run_is_guarded(text: str) -> None:
    assert guard_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+1,234.5", "-0.5", "-", "山田", "'x", "a=b", ""])
def test_numbers_and_plain_text_are_left_alone(text: str) -> None:
    assert guard_formula(text) == text


def test_csv_opens_in_excel_by_a_click() -> None:
    data = write_csv(
        ["氏名", "数", "日", "時"], [["=1+1", 5, date(2024, 4, 1), time(9, 30)], [None, "a\nb", "", ""]]
    )
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == '氏名,数,日,時\r\n\'=1+1,5,2024-04-01,09:30\r\n,"a\nb",,\r\n'


def test_csv_in_cp932_replaces_what_it_lacks() -> None:
    assert write_csv(["a"], [["髙𠮷"]], encoding="cp932").decode("cp932") == "a\r\n髙?\r\n"


def test_xlsx_keeps_kinds_and_leading_zeros() -> None:
    rows = [["=1+1", "0878392860", "理由\x01"], [5, datetime(2024, 4, 1, 9, 30), time(9, 30)]]  # noqa: DTZ001
    sheet = load_workbook(
        BytesIO(write_xlsx(HEADERS, rows, title="取込[エラー]/1", notes_column="エラー"))
    ).active
    assert sheet.title == "取込 エラー  1"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[2]] == ["'=1+1", "0878392860", "理由"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s"]
    assert [cell.value for cell in sheet[3]] == [5, datetime(2024, 4, 1, 9, 30), time(9, 30)]  # noqa: DTZ001
    assert sheet.column_dimensions["C"].width == 60


def test_what_stands_in_a_cell_comes_back_as_it_was() -> None:
    values = ["<b>&amp;]]>", " two\nlines ", "_x0041_", "", None, True, 2.5, date(2024, 4, 1), 'a"b', "髙𠮷"]
    sheet = load_workbook(BytesIO(write_xlsx(list("abcdefghij"), [values] * 2, title="t"))).active
    expected = [*values[:3], None, None, True, 2.5, datetime(2024, 4, 1), *values[8:]]  # noqa: DTZ001
    for row in (2, 3):
        assert [cell.value for cell in sheet[row]] == expected
    assert [cell.number_format for cell in sheet[2]][6:8] == ["General", "yyyy-mm-dd"]


def test_the_notes_column_is_tinted_whatever_stands_in_it() -> None:
    data = write_xlsx(
        HEADERS, [["a", "b", "理由"], ["a", date(2024, 4, 1), None]], title="t", notes_column="エラー"
    )
    sheet = load_workbook(BytesIO(data)).active
    assert [[cell.fill.fill_type for cell in sheet[row]] for row in (2, 3)] == [[None, None, "solid"]] * 2
    assert sheet["C2"].alignment.wrap_text


@pytest.mark.parametrize("title", ["", "///", "あ" * 50])
def test_any_title_makes_a_legal_sheet_name(title: str) -> None:
    names = load_workbook(BytesIO(write_xlsx(["a"], [], title=title))).sheetnames
    assert 1 <= len(names[0]) <= 31


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_refused_rows_can_be_mended_and_sent_back(rows: list[tuple[str, str, str]]) -> None:
    rows = [tuple(cell.removeprefix("'") or "x" for cell in row) for row in rows]  # type: ignore[misc]
    for data in (write_csv(HEADERS, rows), write_xlsx(HEADERS, rows, title="差し戻し")):
        table = read_table(data, "a", known=HEADERS)
        assert [tuple(row.cells.values()) for row in table.rows] == rows


@pytest.mark.parametrize(
    "name",
    ["建物名等(方書)", "建物名等（方書）", " 建物名等\n（方書） ", "建物名_等（方書）※", "＊建物名等(方書)"],
)
def test_headers_are_compared_by_what_they_say(name: str) -> None:
    assert normalise_header(name) == "建物名等(方書)"
