"""GeoJSON as people send it: features with properties, points as rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tsunagari.base.sheets import MAX_BYTES, MAX_ROWS, Row, Table
from tsunagari.base.sheets.decode import decode
from tsunagari.base.sheets.table import Rows, to_cell
from tsunagari.interop.imports.plan import Unreadable

_WGS84 = re.compile(r"CRS:?84$|EPSG:+(?:[\d.]*:)?(?:4326|6668|4612|6697)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature; `number` counts from 1 in the order of the file."""

    number: int
    properties: Mapping[str, object]
    geometry: Mapping[str, Any]


def looks_like_json(data: bytes) -> bool:
    """Whether the file is JSON, whatever its name says."""
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_features(data: bytes) -> list[Feature]:
    """All features of a FeatureCollection in WGS84 or JGD2011 degrees. Raises `Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"ファイルが大きすぎます（{MAX_BYTES // 1024 // 1024}MBまで）。分けて取り込んでください。"
        )
    if b"\\u0000" in data:  # a letter that no database keeps
        raise Unreadable("使えない制御文字が入っています。地図のデータを書き出し直してください。")
    content = _load(data)
    if not isinstance(content, dict) or content.get("type") not in ("FeatureCollection", "Feature"):
        raise Unreadable(
            "GeoJSON（FeatureCollection）ではありません。地図のデータを GeoJSON で書き出してください。"
        )
    _check_crs(content.get("crs"))
    features = content.get("features") if content["type"] == "FeatureCollection" else [content]
    if not isinstance(features, list) or not features:
        raise Unreadable("図形が1つもありません。ファイルを確かめてください。")
    if len(features) > MAX_ROWS:
        raise Unreadable(f"図形が多すぎます（{MAX_ROWS:,}個まで）。分けて取り込んでください。")
    return [_feature(number, feature) for number, feature in enumerate(features, start=1)]


def _load(data: bytes) -> object:
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(decode(data)[0].removeprefix("\ufeff"))
    except orjson.JSONDecodeError as error:
        raise Unreadable(
            f"GeoJSON を読み取れません（{error.lineno}行目）。書き出し直してください。"
        ) from None


def _check_crs(crs: object) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not _WGS84.search(name):
        raise Unreadable(
            f"座標系「{name[:60]}」には対応していません。緯度・経度（WGS84 か JGD2011）で書き出し直してください。"
        )


def _feature(number: int, feature: object) -> Feature:
    if not isinstance(feature, dict):
        return Feature(number, {}, {})
    properties, geometry = feature.get("properties"), feature.get("geometry")
    return Feature(
        number,
        properties if isinstance(properties, dict) else {},
        geometry if isinstance(geometry, dict) else {},
    )


def points_table(features: list[Feature]) -> Table:
    """Point features as a table: their properties, with latitude and longitude of the point."""
    if not any(feature.geometry.get("type") == "Point" for feature in features):
        raise Unreadable("点（Point）の図形がありません。区域の図形は「区域」として取り込んでください。")
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    headers = ["latitude", "longitude", *(name for name in names if name not in ("latitude", "longitude"))]

    def make() -> Iterator[Row]:
        for feature in features:
            yield Row(feature.number, {h: to_cell(_plain(value)) for h, value in _cells(feature, headers)})

    return Table(headers, Rows(make, len(features)), "geojson", 0)


def _cells(feature: Feature, headers: list[str]) -> Iterator[tuple[str, object]]:
    point = feature.geometry.get("coordinates") if feature.geometry.get("type") == "Point" else None
    place = point if isinstance(point, list) and len(point) >= 2 else (None, None)
    yield "latitude", feature.properties.get("latitude", place[1])
    yield "longitude", feature.properties.get("longitude", place[0])
    for header in headers[2:]:
        yield header, feature.properties.get(header)


def _plain(value: object) -> str | int | float | bool:
    if value is None:
        return ""
    return value if isinstance(value, (str, int, float, bool)) else orjson.dumps(value).decode()
