"""Columns of a roster: guessed from headings and contents, remembered by headings, never breaking a reader."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interop.rosters import TODAY, book, sent
from tests.makers import Town, scope
from tsunagari.interop.imports.roster.fields import FIELDS
from tsunagari.interop.imports.roster.groups import Groups
from tsunagari.interop.imports.roster.mapping import Mapping, from_dict, from_file, problems, signature
from tsunagari.interop.imports.roster.names import Surnames
from tsunagari.interop.imports.roster.opened import guessed, open_first
from tsunagari.interop.imports.roster.people import Child, Guardian, Read
from tsunagari.interop.imports.roster.people import from_dict as read_from
from tsunagari.interop.imports.roster.remembered import kept_for, proposed
from tsunagari.interop.imports.roster.rows import Reader


def guess(headers: tuple[str, ...], *rows: tuple[object, ...]) -> dict[str, str]:
    """Heading → field guessed for a sheet."""
    opened = open_first(book(rows, headers), "r.xlsx")
    mapping = guessed(opened, today=TODAY)
    return {opened.head.names[column]: name for column, name in mapping.columns.items()}


def test_names_belong_to_whom_the_other_columns_leave_them() -> None:
    row = ("4/1", "架空 はる", "かくう はる", "R5.5.5", "架空 花子", "架空町1-1")
    assert guess(("登録日", "氏名", "ふりがな", "生年月日", "保護者名", "住所"), row) == {
        "登録日": "registered_on", "氏名": "child", "ふりがな": "child_kana", "生年月日": "child_birth",
        "保護者名": "guardian", "住所": "address",
    }  # fmt: skip


def test_a_column_of_numbers_is_no_name_and_one_of_names_no_number() -> None:
    found = guess(
        ("日付", "氏名", "子ども", "大人"), ("4/1", "架空 花子", 2, 1), ("4/2", "星川 みどり", 1, 1)
    )
    assert (found["子ども"], found["大人"]) == ("children", "adults")
    found = guess(("日付", "氏名", "子ども", "電話"), ("4/1", "架空 花子", "はる", "090-0000-1111"))
    assert (found["子ども"], found["電話"]) == ("child", "phone")


def test_what_is_missing_or_chosen_twice_is_said() -> None:
    assert problems(Mapping({0: "visited_on"})) != []
    assert problems(Mapping({0: "visited_on", 1: "visited_on", 2: "guardian"})) != []
    assert problems(Mapping({0: "guardian", 1: "child", 2: "child"})) == []


def test_a_mapping_survives_being_kept_and_what_is_no_longer_known_is_left_out() -> None:
    mapping = Mapping({0: "visited_on", 2: "guardian"}, order="mdy", register="home", fill_dates=False)
    assert from_dict(mapping.as_dict()) == mapping
    assert from_dict({"columns": {"0": "shoe_size", "1": "guardian"}, "order": "?"}).columns == {
        1: "guardian"
    }


def test_the_same_headings_have_the_same_signature_whatever_their_width() -> None:
    one, two, other = (
        open_first(book([("4/1", "架空 花子")], headers), "r.xlsx").head
        for headers in (("来所日", "氏　名"), (" 来所日 ", "氏名"), ("来所日", "名前"))
    )
    assert signature(one) == signature(two) != signature(other)


@pytest.mark.django_db
def test_a_mapping_is_remembered_for_the_agency_with_the_year_of_the_new_sheet(town: Town) -> None:
    rows = [("4/1", "架空 花子", "はる")]
    sent(town, book(rows, ("日付", "氏名", "なぞの列"), title="令和7年度名簿"))
    later = open_first(book(rows, ("日付", "氏名", "なぞの列"), title="令和8年度名簿"), "r.xlsx")
    with scope(town):
        assert proposed(later, town.aoba.pk, today=TODAY).period.year == 2026
        assert kept_for(later, town.aoba.pk) is not None
        assert kept_for(later, town.midori.pk) is None


def test_a_mapping_file_names_columns_and_fields_as_people_do() -> None:
    head = open_first(book([("4/1", "架空 花子", "はる")], ("日付", "氏名", "子")), "r.xlsx").head
    assert from_file({"columns": {"日付": "来所日", "b": "guardian", "3": "児の氏名"}}, head).columns == {
        0: "visited_on", 1: "guardian", 2: "child"
    }  # fmt: skip
    for wrong in ([], {"columns": {"Z": "guardian"}}, {"columns": {"日付": "靴"}}):
        with pytest.raises(ValueError, match=r"。$"):
            from_file(wrong, head)


CELLS = [
    "",
    "4/1",
    "R7.4.1",
    "架空 花子",
    "はる・なつ",
    "090-0000-1111",
    "○",
    "2",
    "1歳3か月",
    "〃",
    "#N/A",
    "計",
    "\ufffd",
]
GRID = [[CELLS[(row * 5 + column) % len(CELLS)] for column in range(8)] for row in range(24)]
OPENED = open_first(book(GRID, [f"列{n}" for n in range(8)]), "r.xlsx")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 7), st.sampled_from([field.name for field in FIELDS])), st.booleans())
def test_no_mapping_breaks_the_reader_and_every_row_is_taken_or_says_why(
    columns: dict[int, str], fill: bool
) -> None:
    reader = Reader(OPENED.grid, OPENED.head, Mapping(columns, fill_dates=fill), TODAY, Surnames())
    for taken in reader:
        assert taken.reason == "" or taken.reason.endswith("。")
        assert read_from(taken.read.as_dict()) == taken.read
        assert bool(taken.reason) or taken.read.full or taken.read.called


def row(guardian: str = "", child: str = "", birth: str = "", phone: str = "") -> Read:
    family, _, given = guardian.partition(" ")
    children = [Child(family, child, birth=birth)] if child else []
    return Read(guardian=Guardian(family, given), children=children, phones=[phone] if phone else [])


@pytest.mark.parametrize(
    ("rows", "families"),
    [
        ([row("架空 花子"), row("架空 花子", "はる")], 1),
        ([row("架空 花子", "はる", "2024-04-01"), row("架空 花子", "はる", "2022-01-01")], 2),
        ([row("架空 花子", "はる", phone="1"), row("架空 花子", "なつ", phone="2")], 2),
        ([row("架空 花子", "はる", phone="1"), row("架空 花子", "なつ", phone="1")], 1),
        ([row("架空 花子", "はる", phone="1"), row("架空", "なつ", phone="1"), row("架空 太郎", "はる")], 1),
        ([row("架空 花子", "はる"), row("架空 太郎", "はる", "2024-04-01")], 1),
        ([row("架空 花子", "はる"), row("星川 花子", "はる")], 2),
    ],
)
def test_rows_of_one_family_are_gathered_unless_they_contradict(rows: list[Read], families: int) -> None:
    groups = Groups()
    for number, read in enumerate(rows, start=2):
        groups.add(number, read)
    found = dict(groups.rows())
    assert len(set(found.values())) == families
    assert all(found[family] == family for family in found.values())
