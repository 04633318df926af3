"""Old rosters as they are: days, ages, names, marks and phones in any form; merged cells, 〃, totals; broken files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.interop.rosters import TODAY, book, saved
from tsunagari.base.sheets import SheetError, read_grid
from tsunagari.demo import rosters as demo
from tsunagari.interop.imports.roster import cells, names
from tsunagari.interop.imports.roster.days import DayReader, Period, period_of
from tsunagari.interop.imports.roster.mapping import Mapping
from tsunagari.interop.imports.roster.names import Name, Surnames
from tsunagari.interop.imports.roster.opened import guessed, open_first, refuse_my_number
from tsunagari.interop.imports.roster.rows import Reader, Taken
from tsunagari.interop.imports.roster.sheet import MOST_ROWS, Passed, propose, rows

KNOWN = Surnames({"架空": {"カクウ"}, "架": set(), "星川": {"ホシカワ"}})


def read(content: bytes, name: str = "来所簿.xlsx", known: Surnames = KNOWN) -> tuple[Reader, list[Taken]]:
    """The first sheet by its guessed columns: the reader with its notes, and every row."""
    opened = open_first(content, name)
    reader = Reader(opened.grid, opened.head, guessed(opened, today=TODAY), TODAY, known)
    return reader, list(reader)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("R7.4.1", date(2025, 4, 1)), ("令和７年４月１日", date(2025, 4, 1)), ("H31/4/1", date(2019, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)), ("2025/4/1", date(2025, 4, 1)), ("2025年4月1日（火）", date(2025, 4, 1)),
        ("45748", date(2025, 4, 1)), ("20250401", date(2025, 4, 1)), ("4/1", date(2025, 4, 1)),
        ("4月1日(火)", date(2025, 4, 1)), ("2/3", date(2026, 2, 3)), ("7.4.1", date(2025, 4, 1)),
        ("25/4/1", date(2025, 4, 1)), (date(2025, 4, 1), date(2025, 4, 1)), ("15日", date(2025, 5, 15)),
    ],
)  # fmt: skip
def test_days_in_every_form_people_write(said: Any, day: date) -> None:
    assert DayReader(TODAY, Period(2025, fiscal=True, month=5)).read(said) == day


@pytest.mark.parametrize(
    "said", ["13/45", "2/30", "31.4.1", "4/1/2025", "R9.99.1", "あした", "2025", time(9, 30)]
)
def test_what_is_no_day_says_so_in_japanese(said: Any) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        DayReader(TODAY, Period(2025)).read(said)


def test_the_order_and_the_year_are_as_the_person_says() -> None:
    assert DayReader(TODAY, order="mdy").read("4/1/2025") == date(2025, 4, 1)
    assert DayReader(TODAY, order="dmy").read("4/1/2025") == date(2025, 1, 4)
    with pytest.raises(ValueError, match="年がありません"):
        DayReader(TODAY).read("4/1")


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (("令和7年度 ひろば利用者名簿",), Period(2025, True, None)), (("2025年4月分",), Period(2025, False, 4)),
        (("", "R7.4月"), Period(2025, False, 4)), (("名簿", "4月", "H30年度.xlsx"), Period(2018, True, 4)),
        (("令和元年度",), Period(2019, True, None)), (("名簿",), Period(None, True, None)),
    ],
)  # fmt: skip
def test_the_year_stands_in_the_title_the_sheet_or_the_file(texts: tuple[str, ...], period: Period) -> None:
    assert period_of(*texts) == period


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), TODAY))
def test_a_day_is_the_same_in_every_form(day: date) -> None:
    reader = DayReader(TODAY, Period(day.year, fiscal=False))
    forms = [day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.month}/{day.day}", f"{day:%Y%m%d}",
             f"{day.year}年{day.month}月{day.day}日", day]  # fmt: skip
    assert {reader.read(form) for form in forms} == {day}


@pytest.mark.parametrize(
    ("said", "months"),
    [("1歳3か月", 15), ("1:3", 15), ("2y", 24), ("2歳", 24), ("２才半", 30), ("8ヶ月", 8), ("生後20日", 0), ("3", 36),
     ("1y3m", 15), ("11か月", 11), (time(1, 3), 15), ("0歳5ヵ月", 5)],
)  # fmt: skip
def test_ages(said: Any, months: int) -> None:
    assert cells.age_months(said) == months


@pytest.mark.parametrize("said", ["", "大きい", "99歳", "1歳20か月", "1.3"])
def test_what_is_no_age(said: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        cells.age_months(said)


@pytest.mark.parametrize(
    ("said", "phones"),
    [("090-1234-5678", ["09012345678"]), ("０９０ー１２３４ー５６７８", ["09012345678"]), ("9012345678", ["09012345678"]),
     ("878391234", ["0878391234"]), ("090-1234-5678\n087-839-1234", ["09012345678", "0878391234"]),
     ("母）090-1234-5678", ["09012345678"])],
)  # fmt: skip
def test_phones(said: str, phones: list[str]) -> None:
    assert cells.phones(said) == phones


def test_marks_numbers_and_other_towns() -> None:
    assert [cells.mark(said) for said in ("○", "◯", "✓", "初", "レ", "×", "-")] == [True] * 5 + [False] * 2
    assert [cells.people(said) for said in ("2", "２人", "大人2", "-", "1.0")] == [2, 2, 2, 0, 1]
    assert [cells.outside(said) for said in ("市外", "となり町", "市内", "○", "×")] == [
        True,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("written", "kana", "name"),
    [
        ("架空　花子", "", Name("架空", "花子")), ("架空花子様", "", Name("架空", "花子")), ("星川", "", Name("星川")),
        ("架空花子", "カクウ ハナコ", Name("架空", "花子")), ("佐藤花子", "", Name("佐藤", "花子")),
        ("未知花子", "", Name("未知花子", whole=True)), ("髙架 花 子", "", Name("髙架", "花 子")),
    ],
)  # fmt: skip
def test_names_are_split_by_the_space_the_reading_and_known_family_names(
    written: str, kana: str, name: Name
) -> None:
    assert names.split(written, kana, KNOWN) == name


@pytest.mark.parametrize(
    ("cell", "given"),
    [("太郎・花子", ["太郎", "花子"]), ("太郎(3)花子(1)", ["太郎", "花子"]), ("太郎、次郎", ["太郎", "次郎"]),
     ("太郎\n花子", ["太郎", "花子"]), ("太郎 花子", ["太郎", "花子"]), ("架空 太郎", ["太郎"]), ("架空太郎", ["太郎"]),
     ("はるくん", ["はる"]), ("太郎（3歳）他1名", ["太郎"]), ("架空 太郎 花子", ["太郎", "花子"])],
)  # fmt: skip
def test_several_children_in_one_cell(cell: str, given: list[str]) -> None:
    found = names.children(cell, "架空", KNOWN)
    assert [one.given for one in found] == given
    assert {one.family for one in found} == {"架空"}


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_cell_breaks_a_reader(said: str) -> None:
    readers = [cells.age_months, cells.people, cells.mark, cells.outside, cells.phones, cells.clock_time,
               DayReader(TODAY, Period(2025)).read, names.clean,
               lambda text: names.children(text, "架空", KNOWN), lambda text: names.split(text, text, KNOWN),
               names.to_kana]  # fmt: skip
    for one in readers:
        with suppress(ValueError):
            one(said)


def messy() -> bytes:
    """Two lines of headings, merged days, 〃, a total, a blank line, a hidden line, a heading once more."""
    made = Workbook()
    page = made.active
    page.append(["令和7年度　ひろば利用者名簿"])
    page.append(["日付", "保護者", None, "児", None, "人数", None, "初"])
    page.append([None, "氏名", "フリガナ", "氏名", "生年月日", "大人", "子ども", None])
    page.append(["4/1", "架空花子", "ｶｸｳ ﾊﾅｺ", "はる", "R5.5.5", 1, 2, "○"])
    page.append([None, "〃", "〃", "なつ", date(2021, 7, 7), "〃", "”", None])
    page.append([None, "星川 みどり", None, "そら", "#N/A", 1, 1, None])
    page.append(["計", None, None, "3名", None, 3, 3, None])
    page.append([None] * 8)
    page.append(["4/2", "隠れ 家", None, "ひみつ", None, 1, 1, None])
    page.append([None, "氏名", "フリガナ", "氏名", "生年月日", "大人", "子ども", None])
    page.append(["4/3", "架空 花子", None, "はる・なつ", None, 1, 2, None])
    for span in ("A1:H1", "A2:A3", "B2:C2", "D2:E2", "F2:G2", "H2:H3", "A4:A6"):
        page.merge_cells(span)
    page.row_dimensions[9].hidden = True
    return saved(made)


def test_a_messy_sheet_reads_as_a_person_would_read_it() -> None:
    reader, taken = read(messy())
    assert [(t.number, t.read.on, t.read.guardian.given, [c.given for c in t.read.children]) for t in taken] == [
        (4, "2025-04-01", "花子", ["はる"]), (5, "2025-04-01", "花子", ["なつ"]),
        (6, "2025-04-01", "みどり", ["そら"]), (11, "2025-04-03", "花子", ["はる", "なつ"]),
    ]  # fmt: skip
    assert (taken[0].read.guardian.family_kana, taken[1].read.children[0].birth) == ("カクウ", "2021-07-07")
    assert (taken[0].read.first, taken[1].read.adults, taken[1].read.count) == (True, 1, 2)
    assert reader.passed.rows == {"計・合計の行": [7], "かくれている行": [9], "くり返しの見出し": [10]}


def test_hidden_rows_are_read_when_somebody_says_so() -> None:
    grid = read_grid(messy(), "r.xlsx")
    assert 9 in {row.number for row in rows(grid, propose(grid), Passed(), with_hidden=True)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_csv_in_every_encoding_and_blank_days_as_above(encoding: str) -> None:
    text = "令和7年度来所簿,,\n来所日,保護者氏名,お子さん\n4/1,架空 花子,はる\n,星川 みどり,そら\n"
    _, taken = read(text.encode(encoding), "来所簿.csv")
    assert [t.read.on for t in taken] == ["2025-04-01"] * 2


def test_a_line_that_holds_a_day_alone_is_the_day_of_the_lines_below() -> None:
    content = book([("2026/10/1",), ("", "架空 花子", "はる"), ("2026/10/2",), ("", "星川 みどり", "")])
    reader, taken = read(content)
    assert [t.read.on for t in taken] == ["2026-10-01", "2026-10-02"]
    assert [2, 4] in reader.passed.rows.values()


def test_rows_that_cannot_be_taken_say_which_column_and_why() -> None:
    _, taken = read(book([("2099/1/1", "架空 花子"), ("13/45", "星川 みどり"), ("2026/10/1", "", "", "", "", 2, 1),
                          ("2026/10/1", "壊\ufffd れ")]))  # fmt: skip
    assert [(t.column, t.reason[-1]) for t in taken] == [
        ("来所日", "。"), ("来所日", "。"), ("保護者氏名", "。"), ("保護者氏名", "。")
    ]  # fmt: skip


def test_words_that_fit_no_field_stay_in_the_note() -> None:
    reader, (taken,) = read(book([("2026/10/1", "架空 花子", "はる", "たぶん春", "なし", "1", 1, "元気")]))
    assert taken.read.note == "元気 児の生年月日：たぶん春 電話：なし"
    assert any("メモに残します" in line for line in reader.notes.lines())


def blank(rows_: int, columns: int) -> bytes:
    made = Workbook(write_only=True)
    page = made.create_sheet("s")
    page.append([f"見出し{n}" for n in range(columns)])
    for number in range(rows_):
        page.append([f"値{number}"] * columns)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def merged_everywhere() -> bytes:
    made = Workbook()
    made.active["A1"] = "名簿"
    made.active.merge_cells("A1:Z99")
    return saved(made)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "空です"),
        (lambda: b"PK\x03\x04broken", "壊れています"),
        (lambda: OLE + b"\0" * 2000, "壊れている"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (lambda: saved(Workbook()), "何も書かれていません"),
        (lambda: blank(0, 4), "見出しの下に行がありません"),
        (lambda: blank(3, 1), "列が1つしか"),
        (lambda: blank(3, 300), "列が多すぎます"),
        (lambda: blank(MOST_ROWS + 1, 2), "行が多すぎます"),
        (merged_everywhere, "見出しの下に行がありません"),
    ],
)
def test_broken_files_are_refused_in_words(make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(SheetError, match=said):
        open_first(make(), "r.xlsx")


def test_formulas_that_failed_are_blanks() -> None:
    _, (taken,) = read(book([("2026/10/1", "架空 花子", "#REF!", "#N/A", "#VALUE!", "#DIV/0!", 1, "#NAME?")]))
    assert (taken.read.children, taken.read.phones, taken.read.note) == ([], [], "")


def test_my_number_is_refused_in_any_sheet_and_any_column() -> None:
    for hidden in (True, False):
        made = Workbook()
        made.active.append(["氏名", "日付"])
        made.active.append(["架空 花子", "2026/10/1"])
        other = made.create_sheet("控え")
        other.append(["個人番号" if hidden else "番号"])
        for value in ("123456789018", "1234-5678-9018"):
            other.append([value])
        other.sheet_state = "hidden" if hidden else "visible"
        with pytest.raises(SheetError, match="個人番号"):
            refuse_my_number(saved(made), "r.xlsx")


def test_a_cover_sheet_is_passed_over() -> None:
    made = Workbook()
    made.active.append(["表紙"])
    page = made.create_sheet("4月")
    page.append(["日付", "保護者氏名"])
    page.append(["4/1", "架空 花子"])
    assert open_first(saved(made), "r.xlsx").grid.sheet == "4月"


@pytest.mark.parametrize("make", ["visit_book", "register_book"])
def test_the_demo_books_are_read_whole(make: str) -> None:
    families = demo.made_up_families(TODAY)
    content = getattr(demo, make)(families, date(2026, 10, 1))
    opened = open_first(content, "r.xlsx")
    known = Surnames({family.family: set() for family in families})
    taken = list(Reader(opened.grid, opened.head, guessed(opened, today=TODAY), TODAY, known))
    assert [t.reason for t in taken if t.reason] == []
    assert {t.read.guardian.family for t in taken} <= {family.family for family in families}
    assert len(taken) >= 10
    again = getattr(demo, make)(families, date(2026, 10, 1))
    assert list(read_grid(again, "r.xlsx").walk()) == list(opened.grid.walk())


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def real_files() -> Iterator[Path]:
    found = [path for path in SHARED.rglob("*") if path.suffix.lower() in (".csv", ".xlsx", ".xls")]
    yield from sorted(path for path in found if path.stat().st_size < 2_000_000)


@pytest.mark.skipif(not SHARED.exists(), reason="skipped: no shared data")
def test_real_files_of_cities_are_read_or_refused_in_words() -> None:
    for path in real_files():
        try:
            opened = open_first(path.read_bytes(), path.name)
        except SheetError:
            continue
        mapping = guessed(opened, today=TODAY)
        everywhere = Mapping({**mapping.columns, 0: "guardian", 1: "child"}, period=mapping.period)
        for taken in Reader(opened.grid, opened.head, everywhere, TODAY, KNOWN):
            assert taken.reason == "" or taken.reason.endswith("。")
