"""What the screen proposes: the agency of a family's area, the area of a post code."""

from __future__ import annotations

from datetime import date
from math import asin, cos, radians, sin, sqrt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.families.models import Household
from tsunagari.places.models import Agency, AgencyPeriod, Area, Designation

_EARTH_KM = 6371.0


def current_areas(actor: Actor) -> QuerySet[Area]:
    """School districts of the town that hold today, by name."""
    return _areas(actor, clock.today())


@prepared
def agency_choices(actor: Actor, day: date) -> QuerySet[Agency, tuple[int, str]]:
    """(id, name) of agencies of the town that are open on a day, by name."""
    return _agencies(actor, day).values_list("pk", "name")


@prepared
def area_choices(actor: Actor, day: date) -> QuerySet[Area, tuple[int, str]]:
    """(id, name) of current_areas."""
    return _areas(actor, day).values_list("pk", "name")


def _agencies(actor: Actor, day: date) -> QuerySet[Agency]:
    opened = Q(closed_on__isnull=True) | Q(closed_on__gte=day)
    return Agency.objects.filter(opened, municipality_id=actor.municipality_id).order_by("name", "pk")


def _areas(actor: Actor, day: date) -> QuerySet[Area]:
    here = Area.objects.filter(municipality_id=actor.municipality_id, kind=Area.Kind.SCHOOL)
    return here.filter(_holds(day)).order_by("name", "pk")


def proposed_agency(household: Household) -> Agency | None:
    """The agency of the family's area: a designated one first, the nearest of several; None without area or agency."""
    if household.area_id is None:
        return None
    return agency_of_area(
        household.municipality_id, household.area_id, household.latitude, household.longitude
    )


def agency_of_area(
    municipality_id: int, area_id: int, latitude: float | None = None, longitude: float | None = None
) -> Agency | None:
    """As `proposed_agency`, for an area and a point (degrees) that are not a family's yet."""
    today = clock.today()
    designated = Designation.objects.filter(_holds(today), agency=OuterRef("agency"))
    periods = (
        AgencyPeriod.objects.filter(
            _holds(today),
            Q(agency__closed_on__isnull=True) | Q(agency__closed_on__gte=today),
            municipality_id=municipality_id,
            area_id=area_id,
            agency__kind=Agency.Kind.AGENCY,
        )
        .annotate(designated=Exists(designated))
        .select_related("agency")
    )
    here = (latitude, longitude)
    best = min(
        periods,
        key=lambda period: (not period.designated, _distance(here, period), period.agency_id),
        default=None,
    )
    return best.agency if best else None


def _distance(here: tuple[float | None, float | None], period: AgencyPeriod) -> float:
    if None in here or period.latitude is None or period.longitude is None:
        return float("inf")
    return haversine_km(here[0] or 0.0, here[1] or 0.0, period.latitude, period.longitude)


def haversine_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres between two points in degrees."""
    a = sin(radians(lat2 - lat1) / 2) ** 2
    b = cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, a + b)))


def area_for(actor: Actor, postal_code: str) -> int | None:
    """Id of the area most families of this post code (seven digits) live in; None when no family tells."""
    if not postal_code:
        return None
    rows = Household.objects.filter(
        municipality_id=actor.municipality_id, postal_code=postal_code, area__in=current_areas(actor)
    )
    most = rows.values("area_id").annotate(families=Count("pk")).order_by("-families", "area_id").first()
    return most["area_id"] if most else None


def _holds(today: date) -> Q:
    return Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
