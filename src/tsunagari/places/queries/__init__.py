"""Reads about places, gathered here for the apps above."""

from tsunagari.places.queries.agencies import (
    Agencies,
    AgencyFilters,
    AgencyLine,
    OpenState,
    agencies,
    names_on,
    open_now,
    openings_on,
    period_input,
    period_of,
    period_on,
)
from tsunagari.places.queries.areas import area_of_point, areas, areas_without_agency
from tsunagari.places.queries.municipalities import KnownMunicipality, known_codes, known_municipalities

__all__ = [
    "Agencies",
    "AgencyFilters",
    "AgencyLine",
    "KnownMunicipality",
    "OpenState",
    "agencies",
    "area_of_point",
    "areas",
    "areas_without_agency",
    "known_codes",
    "known_municipalities",
    "names_on",
    "open_now",
    "openings_on",
    "period_input",
    "period_of",
    "period_on",
]
