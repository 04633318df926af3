"""Which area a point lies in, for many points with one query."""

from __future__ import annotations

from datetime import date

import shapely

from tsunagari.places.models import Area
from tsunagari.places.shapes import polygon_of


class AreaFinder:
    """The areas of one municipality that hold on a day; the smallest that covers a point wins."""

    def __init__(self, municipality_id: int, day: date, *, kind: str = Area.Kind.SCHOOL) -> None:
        areas = Area.objects.on(day).filter(municipality_id=municipality_id, kind=kind, polygon__isnull=False)
        rows = areas.only("polygon").order_by("code")
        shapes = [(area.pk, polygon_of(area.polygon)) for area in rows if area.polygon]
        shapes.sort(key=lambda pair: pair[1].area)
        self._ids = [pk for pk, _ in shapes]
        self._tree = shapely.STRtree([polygon for _, polygon in shapes])

    def find(self, latitude: float | None, longitude: float | None) -> int | None:
        """Id of the area, or None; degrees (WGS84)."""
        if latitude is None or longitude is None or not self._ids:
            return None
        hits = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return self._ids[min(hits)] if len(hits) else None
