"""Files that real cities published, read as they are."""

import csv
from pathlib import Path

import pytest

from tsunagari.base.japanese.codes import lg_check_digit, normalize_lg_code
from tsunagari.base.japanese.text import phone_digits
from tsunagari.base.japanese.times import TimeError, parse_time, parse_weekdays
from tsunagari.base.sheets import Table, read_table

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="skipped: no shared data")

ROWS = {
    "takamatsu/regional_child_rearing_support_base.xlsx": (15, 12),
    "takamatsu/nursery_school.xlsx": (118, 18),
    "takamatsu/kindergarten.xlsx": (67, 8),
    "takamatsu/childrens_hall.xlsx": (8, 12),
    "takamatsu/infant_childcare_facility.xlsx": (7, 13),
    "takamatsu/other_child_care_support_facility.xlsx": (2, 12),
    "takamatsu/midwifery_center.xlsx": (15, 12),
    "takamatsu/health_center.xlsx": (9, 12),
    "takamatsu/community_center.xlsx": (52, 8),
    "takamatsu/contact_center.xlsx": (2, 12),
    "takamatsu/middle_school.xlsx": (28, 8),
    "takamatsu/0066_202602.xlsx": (235, 49),
    "takamatsu/0066_202304.xlsx": (235, 49),
    "takamatsu/0068.xlsx": (11, 10),
    "takamatsu/0091_2025.xlsx": (12, 8),
    "takamatsu/0092_2025.xlsx": (14, 14),
    "takamatsu/0083_202604.xlsx": (387, 6),
    "takamatsu/events.xlsx": (51, 16),
    "takamatsu/events_2023-12-12.xlsx": (39, 16),
    "takamatsu/events_2024-04-10.xlsx": (12, 16),
    "takamatsu/event_standard_output.csv": (17, 38),
    "sapporo/jounen202010_ward.csv": (5458, 27),
    "sapporo/ichi_sapporo.csv": (5901, 10),
    "national/localgovjp-utf8.csv": (1916, 10),
    "cp932/nara_hoikusyotouitiran.csv": (149, 28),
}


def read(name: str) -> Table:
    return read_table((DATA / name).read_bytes(), name)


@pytest.mark.parametrize(("name", "size"), ROWS.items())
def test_every_published_file_is_read_whole(name: str, size: tuple[int, int]) -> None:
    table = read(name)
    assert (len(table.rows), len(table.headers)) == size
    assert sum(1 for _ in table.rows) == size[0]


def test_every_table_in_the_folder_is_listed_here() -> None:
    found = {str(path.relative_to(DATA)) for kind in ("xlsx", "csv") for path in DATA.rglob(f"*.{kind}")}
    assert found == set(ROWS)


def test_cells_agree_with_an_independent_reading_of_the_cp932_file() -> None:
    name = "cp932/nara_hoikusyotouitiran.csv"
    with (DATA / name).open(encoding="cp932", newline="") as file:
        expected = [[cell.strip() for cell in row] for row in csv.reader(file)]
    table = read(name)
    assert table.encoding == "cp932"
    assert [list(row.cells.values()) for row in table.rows] == expected[1:]


def test_population_adds_up() -> None:
    rows = list(read("takamatsu/0066_202602.xlsx").rows)
    assert sum(int(row.text("totalPopulation")) for row in rows) == 418_129
    assert sum(int(row.text("man1")) + int(row.text("woman1")) for row in rows) == 13_854


def test_letters_destroyed_by_the_publisher_are_reported() -> None:
    table = read("takamatsu/0066_202304.xlsx")
    assert len(table.damaged_cells) == 705
    assert {header for _, header in table.damaged_cells} == {"prefName", "cityName", "regionName"}
    assert "705か所" in table.warnings[0]


def test_comment_lines_above_the_header_are_kept_apart() -> None:
    table = read("takamatsu/0092_2025.xlsx")
    assert table.headers[:2] == ["#property", "month"]
    assert table.preface[1] == "#lang ja"


@pytest.mark.parametrize("name", ["regional_child_rearing_support_base", "nursery_school", "childrens_hall"])
def test_weekdays_and_phones_of_places_are_understood(name: str) -> None:
    rows = [row for row in read(f"takamatsu/{name}.xlsx").rows if row.text("availableDate")]
    assert rows
    for row in rows:
        assert parse_weekdays(row.text("availableDate"))
        assert phone_digits(row.text("telephoneNumber"))


def test_opening_hours_are_understood_but_for_one_that_no_clock_shows() -> None:
    refused = []
    for name in ("regional_child_rearing_support_base", "nursery_school", "childrens_hall"):
        rows = [row for row in read(f"takamatsu/{name}.xlsx").rows if row.text("startTime")]
        refused += [
            text for row in rows for text in (row.text("startTime"), row.text("endTime")) if _refused(text)
        ]
    assert refused == ["26:00"]


def _refused(text: str) -> bool:
    try:
        parse_time(text)
    except TimeError:
        return True
    return False


def test_check_digit_of_every_municipality() -> None:
    codes = {row.text("lgcode") for row in read("national/localgovjp-utf8.csv").rows}
    assert len(codes) == 1916
    assert all(lg_check_digit(code[:5]) == code[5] for code in codes)
    assert all(normalize_lg_code(code, codes) == code for code in codes)
