"""A1: facility lists of both national editions, and what cells do."""

from __future__ import annotations

import io
from datetime import date, time

import pytest
from openpyxl import Workbook

from tests.interop.importing import csv_of, run_import
from tests.makers import Town, scope
from tsunagari.places.models import Agency, AgencyPeriod

pytestmark = pytest.mark.django_db
ROW = {
    "全国地方公共団体コード": "999999", "ID": "A-001", "名称": "架空こども園", "名称_カナ": "カクウコドモエン",
    "種別": "認定こども園（幼保連携型）", "所在地_連結表記": "架空県つながり市みどり町一丁目2-3", "緯度": "36.05", "経度": "139.05",
    "電話番号": "000-000-0000", "収容定員": "９０人", "利用可能曜日": "月;火;水", "開始時間": "9：30", "終了時間": "17時",
    "一時預かりの有無(有/無)": "有", "備考": "もと備考",
}  # fmt: skip


def bring(town: Town, *rows: dict[str, str], filename: str = "list.csv", encoding: str = "utf-8") -> object:
    return run_import(town, "agencies", csv_of(rows).encode(encoding), filename)


def period(name: str = "架空こども園") -> AgencyPeriod:
    return AgencyPeriod.objects.get(agency__name=name, valid_to=None)


def test_a_facility_gets_its_fields_its_hours_and_its_area(town: Town) -> None:
    plan = bring(town, ROW)
    assert (plan.added, plan.rejected) == (1, [])
    with scope(town):
        made = period()
        assert made.agency.identifier == "A-001"
        assert (made.capacity, made.temporary_care, made.place_kind, made.area_id) == (
            90,
            True,
            "6",
            town.area.pk,
        )
        hours = [(h.weekday, h.opens, h.closes) for h in made.hours.order_by("weekday")]
        assert hours == [(day, time(9, 30), time(17)) for day in (0, 1, 2)]


def test_the_same_list_again_changes_nothing_and_a_change_is_kept_by_period(town: Town) -> None:
    bring(town, ROW)
    assert bring(town, ROW).unchanged == 1
    with scope(town):
        AgencyPeriod.objects.filter(agency__identifier="A-001").update(valid_from=date(2020, 4, 1))
    assert bring(town, ROW | {"電話番号": "000-000-1111"}).changed == 1
    with scope(town):
        periods = AgencyPeriod.objects.filter(agency__identifier="A-001").order_by("valid_from")
        assert [p.phone for p in periods] == ["000-000-0000", "000-000-1111"]


def test_blank_cells_and_missing_rows_leave_what_is_known(town: Town) -> None:
    bring(town, ROW)
    assert (
        bring(
            town,
            {key: value if key in ("ID", "名称", "所在地_連結表記") else "" for key, value in ROW.items()},
        ).unchanged
        == 1
    )
    bring(town, ROW | {"ID": "A-002", "名称": "架空第二こども園"})
    with scope(town):
        assert Agency.objects.filter(identifier="A-001", closed_on=None).exists()


def test_the_second_row_of_one_id_names_the_first(town: Town) -> None:
    plan = bring(town, ROW, ROW | {"名称": "ちがう名前"})
    assert [r.as_dict() for r in plan.rejected] == [
        {
            "row": 3,
            "column": "ID",
            "value": "A-001",
            "reason": "2行目と同じ施設です。どちらか一方にしてください。",
        }
    ]


def test_an_unreadable_optional_cell_is_kept_in_the_note(town: Town) -> None:
    plan = bring(town, ROW | {"利用可能曜日": "第1土曜と月末", "収容定員": "若干"})
    assert plan.added == 1
    assert any("収容定員" in note and "2行目" in note for note in plan.notes)
    with scope(town):
        made = period()
        assert "利用可能曜日：第1土曜と月末" in made.note
        assert "収容定員：若干" in made.note
        assert "利用可能日時：9:30〜17:00" in made.note
        assert made.note.startswith("もと備考")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"名称": ""}, "名称"),
        ({"名称": "こわれた�名"}, "名称"),
        ({"全国地方公共団体コード": "131016"}, "全国地方公共団体コード"),
        ({"所在地_連結表記": "", "緯度": "", "経度": ""}, "所在地"),
    ],
)
def test_a_row_that_cannot_be_identified_is_refused(town: Town, changes: dict[str, str], column: str) -> None:
    plan = bring(town, ROW, ROW | {"ID": "B"} | changes)
    assert [(r.row, r.column) for r in plan.rejected] == [(3, column)]
    assert plan.added == 1


def test_several_problems_of_a_row_are_told_at_once(town: Town) -> None:
    plan = bring(town, ROW | {"名称": "", "全国地方公共団体コード": "1" * 20})
    assert len(plan.rejected) == 1
    assert "ほかに「名称」" in plan.rejected[0].reason


def test_swapped_coordinates_are_put_right_and_foreign_ones_kept_as_words(town: Town) -> None:
    plan = bring(
        town,
        ROW | {"緯度": "139.05", "経度": "36.05"},
        ROW | {"ID": "B", "名称": "遠い園", "緯度": "48.8", "経度": "2.3"},
    )
    assert any("入れかわって" in note for note in plan.notes)
    with scope(town):
        assert (period().latitude, period().longitude) == (36.05, 139.05)
        assert period("遠い園").latitude is None
        assert "48.8、2.3" in period("遠い園").note


def test_a_list_without_ids_is_matched_by_name_and_address_however_written(town: Town) -> None:
    plain = {key: value for key, value in ROW.items() if key not in ("ID", "全国地方公共団体コード")}
    bring(town, plain)
    again = bring(town, plain | {"名称": "架空こども園 ", "所在地_連結表記": "つながり市みどり町１－２－３"})
    assert (again.added, again.changed) == (0, 1)
    assert bring(town, ROW).added == 0
    with scope(town):
        assert period().agency.identifier == "A-001"


def test_an_id_that_now_names_another_place_is_not_overwritten(town: Town) -> None:
    bring(town, ROW)
    plan = bring(town, ROW | {"名称": "まったくの別の館", "所在地_連結表記": "架空県つながり市うみ町9"})
    assert "名称も所在地も違います" in plan.rejected[0].reason


def test_row_numbers_of_the_old_edition_may_shift(town: Town) -> None:
    old = {"都道府県コード又は市区町村コード": "99999", "NO": "1", "市区町村名": "つながり市", "名称": "い園", "住所": "い町1",
           "受入年齢": "0歳～"}  # fmt: skip
    bring(town, old, old | {"NO": "2", "名称": "ろ園", "住所": "ろ町1"})
    shifted = bring(
        town,
        old | {"名称": "は園", "住所": "は町1"},
        old | {"NO": "2"},
        old | {"NO": "3", "名称": "ろ園", "住所": "ろ町1"},
    )
    assert (shifted.added, shifted.changed, shifted.unchanged) == (1, 0, 2)


def test_what_has_no_field_is_kept_and_what_is_not_taken_is_named(town: Town) -> None:
    plan = bring(town, ROW | {"授乳室": "有", "ふしぎな列": "値"})
    assert any("ふしぎな列" in note for note in plan.notes)
    with scope(town):
        assert "授乳室：有" in period().note


def test_the_files_of_all_in_one_town_do_not_overwrite_each_other(town: Town) -> None:
    first = {"#property": "1", "name": "い館", "address": "い町1"}
    bring(town, first)
    assert bring(town, first | {"name": "ろ館", "address": "ろ町2"}).added == 1
    with scope(town):
        assert Agency.objects.filter(name__in=["い館", "ろ館"]).count() == 2


@pytest.mark.parametrize("merged", [True, False])
def test_a_header_in_two_rows_of_groups_and_names_is_read(town: Town, merged: bool) -> None:
    made, out = Workbook(), io.BytesIO()
    sheet = made.worksheets[0]
    sheet.append(["施設", "", "所在地", "", "", "設置者", "", "電話番号"])
    sheet.append(["名称", "名称_カナ", "住所", "緯度", "経度", "名称", "所在", ""])
    sheet.append(
        ["架空ひろば", "カクウヒロバ", "架空市1-2", 36.1, 139.1, "架空市", "架空市9", "0480-12-3456"]
    )
    if merged:
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:E1")
        sheet.merge_cells("F1:G1")
    made.save(out)
    assert run_import(town, "agencies", out.getvalue(), "list.xlsx").added == 1
    with scope(town):
        period = AgencyPeriod.objects.get(name="架空ひろば")
    assert (period.address, period.phone, period.latitude) == ("架空市1-2", "0480-12-3456", 36.1)
