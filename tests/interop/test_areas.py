"""A3: districts from GeoJSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.interop.importing import run_import
from tests.makers import Town, scope
from tsunagari.base.sheets import SheetError
from tsunagari.interop.imports.plan import Plan
from tsunagari.places.models import AgencyPeriod, Area

pytestmark = pytest.mark.django_db


def square(lon: float, lat: float, size: float = 0.05) -> dict[str, Any]:
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(name: str, geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"名称": name, **properties}, "geometry": geometry}


def bring(town: Town, *features: dict[str, Any], **more: object) -> Plan:
    content = {"type": "FeatureCollection", "features": list(features), **more}
    return run_import(town, "areas", json.dumps(content), "areas.geojson")


def test_two_shapes_of_one_name_are_one_district(town: Town) -> None:
    plan = bring(town, feature("北中", square(139.2, 36.2)), feature("北中", square(139.4, 36.4)))
    assert (plan.added, plan.rejected) == (1, [])
    with scope(town):
        made = Area.objects.get(name="北中")
        assert made.polygon["type"] == "MultiPolygon"
        assert (made.min_lon, made.max_lat) == (139.2, pytest.approx(36.45))


def test_the_same_districts_again_change_nothing_and_a_new_line_does(town: Town) -> None:
    bring(town, feature("北中", square(139.2, 36.2)), feature("南中", square(139.3, 36.2)))
    again = bring(town, feature("北中", square(139.2, 36.2)), feature("南中", square(139.3, 36.2, 0.06)))
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)


def test_a_crossed_ring_is_mended_and_told(town: Town) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[139, 36], [139.1, 36.1], [139.1, 36], [139, 36.1], [139, 36]]],
    }
    plan = bring(town, feature("ねじれ", bow))
    assert plan.added == 1
    assert any("直して取り込みます" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (square(36.0, 139.0), "入れかわって"),
        (square(2.3, 48.8), "日本の外"),
        ({"type": "Point", "coordinates": [139, 36]}, "面（Polygon"),
        ({"type": "Polygon", "coordinates": [[[139, 36], [139, 36], [139, 36]]]}, "面になりません"),
        ({"type": "Polygon", "coordinates": "139,36"}, "座標が読み取れません"),
        (None, "面（Polygon"),
    ],
)
def test_a_shape_that_is_no_district_is_refused(town: Town, geometry: Any, reason: str) -> None:
    plan = bring(town, feature("北中", square(139.2, 36.2)), feature("へん", geometry))
    assert plan.added == 1
    assert (plan.rejected[0].row, reason in plan.rejected[0].reason) == (2, True)


def test_another_towns_district_is_refused(town: Town) -> None:
    plan = bring(town, feature("北中", square(139.2, 36.2), A32_001="13101"))
    assert "ほかの市区町村" in plan.rejected[0].reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{ broken", "GeoJSON を読み取れません"),
        (b'{"type": "Topology"}', "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "1つもありません"),
        (b'{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:2451"}},"features":[{}]}', "座標系"),
        (b"name,code\nx,1\n", "GeoJSON で取り込みます"),
    ],
)
def test_a_file_that_is_no_geojson_of_ours_is_refused(town: Town, content: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        run_import(town, "areas", content, "x.geojson")


def test_agencies_with_a_point_find_their_new_district(town: Town) -> None:
    with scope(town):
        AgencyPeriod.objects.filter(agency=town.aoba).update(longitude=139.22, latitude=36.22, area=None)
    bring(town, feature("北中", square(139.2, 36.2)))
    with scope(town):
        assert AgencyPeriod.objects.get(agency=town.aoba).area.name == "北中"


def test_a_letter_no_database_keeps_is_refused_whole(town: Town) -> None:
    with pytest.raises(SheetError, match="制御文字"):
        bring(town, feature("北\x00中", square(139.2, 36.2)))


def test_districts_with_my_number_beside_them_are_refused_whole(town: Town) -> None:
    with pytest.raises(SheetError, match="個人番号"):
        bring(town, feature("北中", square(139.2, 36.2), マイナンバー="x"))
