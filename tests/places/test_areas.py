"""A3: areas with polygons and periods; a point falls into one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.makers import Town, scope

from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places import queries, shapes
from tsunagari.places.models import Area
from tsunagari.places.operations import areas
from tsunagari.places.rules import AreaInput

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SAPPORO = SHARED / "sapporo" / "MiddleSchool.geojson"
START = date(2025, 4, 1)


def square(west: float, south: float, size: float = 0.1) -> dict[str, object]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


EAST, WEST = AreaInput("E", "東中学校", square(141.1, 43.0)), AreaInput("W", "西中学校", square(141.0, 43.0))


def test_saving_the_same_list_again_changes_nothing(in_town: Town) -> None:
    first = areas.save_areas([EAST, WEST], actor=in_town.officer, effective_on=START)
    again = areas.save_areas([EAST, WEST], actor=in_town.officer, effective_on=date(2026, 4, 1))
    assert (len(first.added), len(again.unchanged), again.added, again.changed) == (2, 2, (), ())


def test_a_changed_polygon_begins_a_new_row_and_the_old_days_keep_the_old_one(in_town: Town) -> None:
    areas.save_areas([WEST], actor=in_town.officer, effective_on=START)
    moved = AreaInput("W", "西中学校", square(141.5, 43.0))
    areas.save_areas([moved], actor=in_town.officer, effective_on=date(2026, 4, 1))
    town = in_town.municipality.pk
    before = queries.area_of_point(town, 141.05, 43.05, day=date(2026, 3, 31))
    assert before is not None
    assert before.valid_to == date(2026, 3, 31)
    assert queries.area_of_point(town, 141.05, 43.05, day=date(2026, 4, 1)) is None
    assert queries.area_of_point(town, 141.55, 43.05, day=date(2026, 4, 1)) is not None


def test_a_point_on_the_shared_edge_falls_into_exactly_one(in_town: Town) -> None:
    areas.save_areas([EAST, WEST], actor=in_town.officer, effective_on=START)
    found = queries.area_of_point(in_town.municipality.pk, 141.1, 43.05)
    assert found is not None
    assert found.code in {"E", "W"}
    assert found == queries.area_of_point(in_town.municipality.pk, 141.1, 43.05)


def test_the_smaller_of_overlapping_areas_wins(in_town: Town) -> None:
    inner = AreaInput("I", "内", square(141.02, 43.02, 0.01))
    areas.save_areas([WEST, inner], actor=in_town.officer, effective_on=START)
    found = queries.area_of_point(in_town.municipality.pk, 141.025, 43.025)
    assert found is not None
    assert found.code == "I"


def test_the_nurse_of_an_address_is_found_beside_its_school(in_town: Town) -> None:
    nurse = AreaInput("N1", "保健師 第1地区", square(141.0, 43.0, 0.5), kind="nurse")
    areas.save_areas([WEST, nurse], actor=in_town.officer, effective_on=START)
    found = queries.area_of_point(in_town.municipality.pk, 141.05, 43.05, kind="nurse")
    assert found is not None
    assert found.code == "N1"


@pytest.mark.parametrize(
    "polygon",
    [
        {"type": "Point", "coordinates": [141, 43]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon"},
        square(-64000.0, -50000.0),
    ],
)
def test_what_is_no_polygon_on_earth_is_refused_by_name(in_town: Town, polygon: dict[str, object]) -> None:
    with pytest.raises(DomainError, match="東中学校"):
        areas.save_areas([AreaInput("E", "東中学校", polygon)], actor=in_town.officer, effective_on=START)
    assert not Area.objects.filter(code="E").exists()


def test_a_crossed_ring_is_repaired_in_use() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    assert shapes.contains(bow, 1.8, 1.0)
    assert not shapes.contains(bow, 1.0, 1.8)


def test_areas_that_overlap_at_the_same_time_are_found_by_kind(in_town: Town) -> None:
    inner = AreaInput("I", "内", square(141.02, 43.02, 0.01))
    nurse = AreaInput("N", "第1地区", square(141.02, 43.02, 0.01), kind="nurse")
    areas.save_areas([WEST, EAST, inner, nurse], actor=in_town.officer, effective_on=START)
    found = queries.overlaps(in_town.officer, kind="school")
    assert [(pair.one.name, pair.other.name, pair.since) for pair in found] == [("内", "西中学校", START)]
    assert queries.overlaps(in_town.officer, kind="nurse") == []


def test_areas_that_follow_each_other_do_not_overlap(in_town: Town) -> None:
    areas.save_areas([WEST], actor=in_town.officer, effective_on=START)
    areas.end_area(Area.objects.get(code="W"), actor=in_town.officer, ends_on=date(2099, 3, 31))
    heir = AreaInput("V", "新西中学校", square(141.0, 43.0))
    areas.save_areas([heir], actor=in_town.officer, effective_on=date(2099, 4, 1))
    assert queries.overlaps(in_town.officer, kind="school") == []
    early = AreaInput("U", "早い中学校", square(141.0, 43.0))
    areas.save_areas([early], actor=in_town.officer, effective_on=date(2099, 3, 1))
    found = queries.overlaps(in_town.officer, kind="school")
    assert {pair.since for pair in found} == {date(2099, 3, 1), date(2099, 4, 1)}


def test_an_area_ends_once(in_town: Town) -> None:
    area = areas.end_area(in_town.area, actor=in_town.officer, ends_on=START)
    assert area.valid_to == START
    with pytest.raises(Conflict):
        areas.end_area(in_town.area, actor=in_town.officer, ends_on=START)


def test_areas_of_another_town_are_out_of_sight(town: Town, other_town: Town) -> None:
    with scope(town):
        assert list(queries.areas(town.officer)) == [town.area]
        assert queries.area_of_point(other_town.municipality.pk, 139.05, 36.05) is None


@pytest.mark.skipif(not SAPPORO.exists(), reason="skipped: no shared data")
def test_real_districts_of_sapporo_hold_their_own_middle(in_town: Town) -> None:
    features = json.loads(SAPPORO.read_text())["features"]
    given = [
        AreaInput(str(number), f"区域{number}", feature["geometry"])
        for number, feature in enumerate(features)
    ]
    saved = areas.save_areas(given, actor=in_town.officer, effective_on=START)
    assert len(saved.added) == 98
    assert queries.overlaps(in_town.officer, kind="school") == []
    for area in given[::10]:
        assert area.polygon is not None
        inside = shapes.polygon_of(area.polygon).representative_point()
        found = queries.area_of_point(in_town.municipality.pk, inside.x, inside.y)
        assert found is not None
        assert shapes.contains(found.polygon, inside.x, inside.y)
