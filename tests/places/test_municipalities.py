"""Every municipality by its code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.codes import lg_check_digit
from tsunagari.places import queries
from tsunagari.places.models import Municipality
from tsunagari.places.operations import municipalities
from tsunagari.places.queries.municipalities import DESIGNATED_CITIES, PREFECTURES

NATIONAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "national" / "localgovjp-utf8.csv"


@pytest.mark.skipif(not NATIONAL.exists(), reason="skipped: no shared data")
def test_the_national_list_is_known_with_its_names() -> None:
    known = queries.known_municipalities()
    with NATIONAL.open(encoding="utf-8-sig") as file:
        rows = [(row["lgcode"], row["city"].replace(" ", "")) for row in csv.DictReader(file)]
    assert len(rows) == 1916
    assert [code for code, _ in rows if code not in known] == []
    # the postal table writes the town's official 惠
    assert {(code, name) for code, name in rows if known[code].name != name} == {("403440", "須恵町")}


def test_every_code_carries_its_check_digit() -> None:
    assert all(lg_check_digit(code[:5]) == code[5] for code in queries.known_codes())
    assert (len(PREFECTURES), len(DESIGNATED_CITIES)) == (47, 20)


def test_wards_of_hamamatsu_changed_with_2024() -> None:
    known = queries.known_municipalities()
    assert known["221384"].valid_to is None
    former = next(item for item in known.values() if item.name == "浜松市浜北区")
    assert str(former.valid_to) == "2023-12-31"


@pytest.mark.parametrize("given", ["372013", "37201", "372013.0", "３７２０１３"])
def test_a_code_in_any_form_takes_the_municipality_up_once(db: None, given: str) -> None:
    first = municipalities.ensure_municipality(given)
    assert (first.code, first.name, first.prefecture, first.kana) == (
        "372013",
        "高松市",
        "香川県",
        "たかまつし",
    )
    assert municipalities.ensure_municipality("372013") == first
    assert Municipality.objects.filter(code="372013").count() == 1


@pytest.mark.parametrize(
    ("code", "fictional", "name"),
    [("999999", False, "架空市"), ("372013", True, "架空市"), ("999971", True, ""), ("372014", False, "")],
)
def test_codes_of_nobody_need_to_say_so(db: None, code: str, fictional: bool, name: str) -> None:
    with pytest.raises(DomainError):
        municipalities.ensure_municipality(code, fictional=fictional, name=name)


def test_a_fictional_town_is_made_by_name(db: None) -> None:
    made = municipalities.ensure_municipality("999971", fictional=True, name="ためし村")
    assert (made.name, made.prefecture) == ("ためし村", "架空県")
