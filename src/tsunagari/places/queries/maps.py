"""A map of areas and agencies, drawn on the server without tiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tsunagari.places import shapes
from tsunagari.places.models import AgencyPeriod, Area

NAMES_UP_TO = 30
NAME_BELOW = 20


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area as an SVG path, with a place for its name (a little below the middle, where agencies stand)."""

    area: Area
    path: str
    x: float
    y: float
    empty: bool


@dataclass(frozen=True, slots=True)
class DrawnAgency:
    """An agency as a point."""

    period: AgencyPeriod
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Width and height in user units; `named` whether names fit on it."""

    width: int
    height: int
    areas: tuple[DrawnArea, ...]
    agencies: tuple[DrawnAgency, ...]
    named: bool


def draw(
    areas: Iterable[Area], periods: Iterable[AgencyPeriod], *, empty: Iterable[int] = ()
) -> Drawing | None:
    """Areas with polygons and agencies with coordinates inside their frame, or None when there is no polygon."""
    drawable = [
        (area, area.polygon, box) for area in areas if area.polygon is not None and (box := _box(area))
    ]
    frame = shapes.together(box for _, _, box in drawable)
    if frame is None:
        return None
    canvas, without = shapes.Canvas(frame), set(empty)
    spots = [(row, row.longitude, row.latitude) for row in periods]
    return Drawing(
        width=int(canvas.width),
        height=canvas.height,
        areas=tuple(_area(area, polygon, canvas, area.pk in without) for area, polygon, _ in drawable),
        agencies=tuple(
            DrawnAgency(row, *canvas.place(lon, lat))
            for row, lon, lat in spots
            if lon is not None and lat is not None and frame.holds(lon, lat)
        ),
        named=len(drawable) <= NAMES_UP_TO,
    )


def _box(area: Area) -> shapes.Box | None:
    west, south, east, north = area.min_lon, area.min_lat, area.max_lon, area.max_lat
    if west is None or south is None or east is None or north is None:
        return None
    return shapes.Box(west, south, east, north)


def _area(area: Area, polygon: Mapping[str, Any], canvas: shapes.Canvas, empty: bool) -> DrawnArea:
    middle = shapes.polygon_of(polygon).representative_point()
    x, y = canvas.place(middle.x, middle.y)
    return DrawnArea(area, canvas.path(polygon), x, round(y + NAME_BELOW, 1), empty)
