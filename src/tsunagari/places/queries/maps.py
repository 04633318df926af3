"""A map of areas and agencies, drawn on the server without tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    drawable = [area for area in areas if area.polygon is not None and area.min_lon is not None]
    frame = shapes.together(_box(area) for area in drawable)
    if frame is None:
        return None
    canvas, without = shapes.Canvas(frame), set(empty)
    inside = [
        period
        for period in periods
        if period.longitude is not None
        and period.latitude is not None
        and frame.min_lon <= period.longitude <= frame.max_lon
        and frame.min_lat <= period.latitude <= frame.max_lat
    ]
    return Drawing(
        width=int(canvas.width),
        height=canvas.height,
        areas=tuple(_area(area, canvas, area.pk in without) for area in drawable),
        agencies=tuple(DrawnAgency(row, *canvas.place(row.longitude, row.latitude)) for row in inside),
        named=len(drawable) <= NAMES_UP_TO,
    )


def _box(area: Area) -> shapes.Box:
    return shapes.Box(area.min_lon, area.min_lat, area.max_lon, area.max_lat)


def _area(area: Area, canvas: shapes.Canvas, empty: bool) -> DrawnArea:
    middle = shapes.polygon_of(area.polygon).representative_point()
    x, y = canvas.place(middle.x, middle.y)
    return DrawnArea(area, canvas.path(area.polygon), x, round(y + NAME_BELOW, 1), empty)
