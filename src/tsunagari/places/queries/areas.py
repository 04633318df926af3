"""Reads about areas: which one a point falls into, and which have no agency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.walls import PeriodQuerySet
from tsunagari.places import shapes
from tsunagari.places.models import AgencyPeriod, Area


def areas(
    actor: Actor, *, day: date | None = None, kind: str = "", also: int | None = None
) -> PeriodQuerySet[Area]:
    """Areas valid on `day` (today), and the one with the id `also` whenever it was; by kind and code."""
    town = Area.objects.visible_to(actor).order_by("kind", "code")
    found = town.on(day or clock.today())
    found = found | town.filter(pk=also) if also else found
    return found.filter(kind=kind) if kind else found


def area_spans(actor: Actor, area: Area) -> PeriodQuerySet[Area]:
    """The area through its changes, the latest first, without its outline."""
    same = Area.objects.visible_to(actor).filter(kind=area.kind, code=area.code)
    return same.order_by("-valid_from").defer("polygon")


def area_of_point(
    municipality_id: int, lon: float, lat: float, *, day: date | None = None, kind: str = Area.Kind.SCHOOL
) -> Area | None:
    """The area of `kind` that holds the point (degrees, WGS84) on `day`, or None.

    Where polygons overlap or share an edge the smallest one wins, then the lower code: an address has one
    area.
    """
    near = Area.objects.filter(
        municipality_id=municipality_id,
        kind=kind,
        min_lon__lte=lon,
        max_lon__gte=lon,
        min_lat__lte=lat,
        max_lat__gte=lat,
    ).on(day or clock.today())
    shaped = [(area, area.polygon) for area in near if area.polygon is not None]
    holding = [
        (shapes.size(polygon), area.code, area)
        for area, polygon in shaped
        if shapes.contains(polygon, lon, lat)
    ]
    return min(holding, key=lambda found: found[:2])[2] if holding else None


def areas_without_agency(
    actor: Actor, *, day: date | None = None, kind: str = Area.Kind.SCHOOL
) -> PeriodQuerySet[Area]:
    """Areas in which no agency stands on `day`.

    An area is known by its code, whatever row the agency points at.
    """
    day = day or clock.today()
    served = AgencyPeriod.objects.visible_to(actor).on(day).filter(area__kind=kind, agency__kind="agency")
    return areas(actor, day=day, kind=kind).defer("polygon").exclude(code__in=served.values("area__code"))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas of one kind that claim the same land at the same time, from day `since` on."""

    one: Area
    other: Area
    since: date


def overlaps(
    actor: Actor, *, kind: str, day: date | None = None, among: Sequence[Area] | None = None
) -> list[Overlap]:
    """Pairs of areas that overlap on `day` (today) or later, by code; with `among` those that one of these is in, for
    which no other outlines are read than their neighbours'. One query."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=day or clock.today())
    rows = Area.objects.visible_to(actor).filter(lasting, kind=kind).order_by("code", "valid_from")
    if among is not None:
        rows = rows.filter(_near(among))
    shaped = [(area, area.polygon) for area in rows if area.polygon is not None]
    found = list(_met([area for area, _ in shaped], shapes.overlapping([shape for _, shape in shaped])))
    asked = None if among is None else {area.pk for area in among}
    return [pair for pair in found if asked is None or {pair.one.pk, pair.other.pk} & asked]


def _near(among: Sequence[Area]) -> Q:
    """Areas whose bounds share more than an edge with those of one of these; the area around all of them comes first,
    which most of a town's areas are out of."""
    around = shapes.together(
        shapes.Box(*(getattr(area, name) for name in shapes.BOX_COLUMNS))
        for area in among
        if area.min_lon is not None
    )
    if around is None:
        return Q(pk__in=[])
    beside = Area.objects.filter(
        pk__in=[area.pk for area in among],
        min_lon__lt=OuterRef("max_lon"),
        max_lon__gt=OuterRef("min_lon"),
        min_lat__lt=OuterRef("max_lat"),
        max_lat__gt=OuterRef("min_lat"),
    )
    return Q(
        Exists(beside),
        min_lon__lt=around.max_lon,
        max_lon__gt=around.min_lon,
        min_lat__lt=around.max_lat,
        max_lat__gt=around.min_lat,
    )


def _met(areas: list[Area], pairs: Iterator[tuple[int, int]]) -> Iterator[Overlap]:
    for one, other in sorted(pairs):
        first, second = areas[one], areas[other]
        since = max(first.valid_from, second.valid_from)
        if since <= min(first.valid_to or date.max, second.valid_to or date.max):
            yield Overlap(first, second, since)
