"""From features to districts: one shape a name, rings mended, points outside Japan refused."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from tsunagari.base.sheets import normalise_header
from tsunagari.interop.imports.geojson import Feature
from tsunagari.interop.imports.plan import Notes, Rejected, Unreadable
from tsunagari.interop.rules import in_japan, same_town

#: Properties in the order they are tried. A32 is 国土数値情報 中学校区, A27 小学校区 (004/008 and 007: name).
NAMES = (
    "名称",
    "区域名",
    "学区名",
    "校区名",
    "中学校区",
    "中学校区名",
    "学校名",
    "name",
    "A32_004",
    "A32_008",
    "A27_004",
    "A27_007",
)
CODES = ("区域コード", "コード", "学校コード", "code", "A32_003", "A27_003", "identifier")
TOWNS = (
    "全国地方公共団体コード",
    "行政区域コード",
    "市区町村コード",
    "A32_001",
    "A32_006",
    "A27_001",
    "A27_005",
)
_POLYGONS = ("Polygon", "MultiPolygon")
_DIGITS = 7


@dataclass(slots=True)
class District:
    """One district: features of the same code or name together."""

    row: int
    code: str
    name: str
    shapes: list[BaseGeometry] = field(default_factory=list)

    def geojson(self) -> dict[str, Any]:
        """Polygon or MultiPolygon in degrees of seven decimals (a centimetre), ready to compare."""
        joined = self.shapes[0] if len(self.shapes) == 1 else shapely.union_all(self.shapes)
        return _rounded(mapping(shapely.normalize(joined)))


@dataclass(slots=True)
class Districts:
    """A whole file: districts by code, refused features, sentences."""

    rows: list[District] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(features: Sequence[Feature], *, code: str) -> Districts:
    """Districts of the municipality `code`. Raises `Unreadable` when there is no polygon or no name."""
    if not any(feature.geometry.get("type") in _POLYGONS for feature in features):
        raise Unreadable("面（Polygon）の図形がありません。区域の境界のファイルを選んでください。")
    if not any(_text(feature, NAMES) for feature in features):
        known = "、".join(NAMES[:8])
        raise Unreadable(f"区域の名称がありません。属性に {known} のどれかを付けてください。")
    found, notes, districts = Districts(), Notes(), dict[str, District]()
    for feature in features:
        refused = _refusal(feature, code)
        polygon = None if refused else _polygon(feature, notes)
        if refused or polygon is None:
            found.rejected.append(
                refused or _reject(feature, "geometry", "", "図形が面になりません。描き直してください。")
            )
            continue
        _put(districts, feature, polygon, notes)
    found.rows = list(districts.values())
    found.notes = notes.lines()
    return found


def _put(districts: dict[str, District], feature: Feature, polygon: BaseGeometry, notes: Notes) -> None:
    name = _text(feature, NAMES)
    key = _text(feature, CODES)[:60] or name[:60]
    if key in districts and districts[key].name == name:
        notes.add(f"「{name}」の図形をまとめて1つの区域にします", feature.number)
    else:
        key = key if key not in districts else name[:60]
        districts.setdefault(key, District(feature.number, key, name[:80]))
    districts[key].shapes.append(polygon)


def _text(feature: Feature, names: Sequence[str]) -> str:
    properties = {normalise_header(name): value for name, value in feature.properties.items()}
    for name in names:
        value = properties.get(normalise_header(name))
        text = unicodedata.normalize("NFKC", str(value)).strip() if value is not None else ""
        if text:
            return text
    return ""


def _reject(feature: Feature, column: str, value: str, reason: str) -> Rejected:
    return Rejected(feature.number, column, value[:80], reason)


def _refusal(feature: Feature, code: str) -> Rejected | None:
    name, town = _text(feature, NAMES), _text(feature, TOWNS)
    if not name:
        return _reject(feature, "名称", "", "区域の名称がありません。名称を付けてください。")
    if "\ufffd" in name or any(unicodedata.category(char) == "Cc" for char in name):
        return _reject(feature, "名称", name, "文字が壊れています。元のファイルを受け取り直してください。")
    if town and not same_town(town, code):
        return _reject(feature, "市区町村コード", town, f"ほかの市区町村の区域です（この取り込みは{code}）。")
    if feature.geometry.get("type") not in _POLYGONS:
        kind = str(feature.geometry.get("type", "なし"))
        return _reject(feature, "geometry", kind, "面（Polygon か MultiPolygon）にしてください。")
    return _outside(feature)


def _outside(feature: Feature) -> Rejected | None:
    points = list(_points(feature.geometry.get("coordinates")))
    if not points or not all(math.isfinite(value) for point in points for value in point):
        return _reject(feature, "geometry", "", "座標が読み取れません。書き出し直してください。")
    for lon, lat in points:
        if in_japan(lat, lon):
            continue
        value = f"{lon}, {lat}"
        if in_japan(lon, lat):
            return _reject(
                feature,
                "geometry",
                value,
                "緯度と経度が入れかわっています。［経度, 緯度］の順にしてください。",
            )
        return _reject(
            feature, "geometry", value, "日本の外の座標です。緯度・経度（WGS84）で書き出し直してください。"
        )
    return None


def _points(coordinates: object) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list):
        return
    if len(coordinates) >= 2 and all(isinstance(value, (int, float)) for value in coordinates[:2]):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)


def _polygon(feature: Feature, notes: Notes) -> BaseGeometry | None:
    try:
        found = shapely.force_2d(shape(feature.geometry))
    except (ValueError, TypeError, AttributeError, shapely.errors.ShapelyError):
        return None
    if not found.is_valid:
        notes.add(
            "線が交わるなど図形に誤りがあったので、直して取り込みます。地図で形を確かめてください",
            feature.number,
        )
        found = _areas_only(shapely.make_valid(found))
    return found if found is not None and not found.is_empty and found.area > 0 else None


def _areas_only(found: BaseGeometry) -> BaseGeometry | None:
    parts = [part for part in getattr(found, "geoms", [found]) if part.geom_type in _POLYGONS]
    return shapely.union_all(parts) if parts else None


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _round(geometry["coordinates"])}


def _round(part: Any) -> Any:
    if isinstance(part, (tuple, list)):
        return [_round(inner) for inner in part]
    return round(float(part), _DIGITS)
