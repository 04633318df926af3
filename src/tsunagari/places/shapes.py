"""Polygons of areas: reading GeoJSON, boxes, points inside, and paths for a map without tiles.

WGS84 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, shape

BOX_COLUMNS = ("min_lon", "min_lat", "max_lon", "max_lat")
SLIVER = 0.01


class ShapeError(ValueError):
    """Not a polygon on a map of the earth; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in degrees."""

    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float

    def holds(self, lon: float, lat: float) -> bool:
        return self.min_lon <= lon <= self.max_lon and self.min_lat <= lat <= self.max_lat

    def columns(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in BOX_COLUMNS}


def polygon_of(geojson: Mapping[str, Any]) -> Polygon | MultiPolygon:
    """The shape of a GeoJSON Polygon or MultiPolygon, made valid. ShapeError on anything else."""
    try:
        found = shape(geojson)
    except Exception as error:  # shapely raises many kinds for malformed input
        raise ShapeError("GeoJSONの座標が正しくありません。") from error
    if not isinstance(found, Polygon | MultiPolygon) or found.is_empty:
        raise ShapeError("PolygonかMultiPolygonにしてください。")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ShapeError("座標は緯度・経度（WGS84）にしてください。")
    return found if found.is_valid else shapely.make_valid(found)


def box(geojson: Mapping[str, Any]) -> Box:
    """Bounds of a GeoJSON polygon. ShapeError as `polygon_of`."""
    return Box(*polygon_of(geojson).bounds)


def contains(geojson: Mapping[str, Any], lon: float, lat: float) -> bool:
    """Whether the point lies inside or on the edge."""
    return bool(polygon_of(geojson).covers(Point(lon, lat)))


def size(geojson: Mapping[str, Any]) -> float:
    """Size in square degrees, only for comparing."""
    return float(polygon_of(geojson).area)


def overlapping(polygons: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Positions of pairs that share more than an edge: over `SLIVER` of the smaller one, so that borders which
    were drawn twice do not count."""
    found = [polygon_of(polygon) for polygon in polygons]
    if len(found) < 2:
        return
    for one, other in shapely.STRtree(found).query(found, predicate="intersects").T.tolist():
        if one < other:
            shared = found[one].intersection(found[other]).area
            if shared > SLIVER * min(found[one].area, found[other].area):
                yield one, other


@dataclass(frozen=True, slots=True)
class Canvas:
    """A flat map of `width` units: degrees to x (east) and y (south), true at its middle latitude."""

    bounds: Box
    width: float = 640
    margin: float = 16

    @property
    def _stretch(self) -> float:
        return math.cos(math.radians((self.bounds.min_lat + self.bounds.max_lat) / 2))

    @property
    def _scale(self) -> float:
        across = max((self.bounds.max_lon - self.bounds.min_lon) * self._stretch, 1e-6)
        up = max(self.bounds.max_lat - self.bounds.min_lat, 1e-6)
        return min((self.width - 2 * self.margin) / across, (1.2 * self.width - 2 * self.margin) / up)

    @property
    def height(self) -> int:
        return round((self.bounds.max_lat - self.bounds.min_lat) * self._scale + 2 * self.margin)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        across = (self.bounds.max_lon - self.bounds.min_lon) * self._stretch * self._scale
        left = (self.width - across) / 2
        x = left + (lon - self.bounds.min_lon) * self._stretch * self._scale
        return round(x, 1), round(self.margin + (self.bounds.max_lat - lat) * self._scale, 1)

    def path(self, geojson: Mapping[str, Any]) -> str:
        """SVG path data, simplified to half a unit."""
        found = polygon_of(geojson).simplify(0.5 / self._scale)
        parts = found.geoms if isinstance(found, MultiPolygon) else [found]
        rings = [
            ring for part in parts if isinstance(part, Polygon) for ring in (part.exterior, *part.interiors)
        ]
        return "".join(self._ring(ring.coords) for ring in rings)

    def _ring(self, points: Iterable[tuple[float, ...]]) -> str:
        steps = [f"{x} {y}" for x, y in (self.place(point[0], point[1]) for point in points)]
        return f"M{'L'.join(steps)}Z"


def together(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all, or None."""
    found = list(boxes)
    if not found:
        return None
    return Box(
        min(item.min_lon for item in found),
        min(item.min_lat for item in found),
        max(item.max_lon for item in found),
        max(item.max_lat for item in found),
    )
