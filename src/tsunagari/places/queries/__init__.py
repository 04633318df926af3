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
from tsunagari.places.queries.areas import Overlap, area_of_point, areas, areas_without_agency, overlaps
from tsunagari.places.queries.history import Change, HistoryEntry, facts, history
from tsunagari.places.queries.maps import Drawing, draw
from tsunagari.places.queries.municipalities import KnownMunicipality, known_codes, known_municipalities

__all__ = [
    "Agencies",
    "AgencyFilters",
    "AgencyLine",
    "Change",
    "Drawing",
    "HistoryEntry",
    "KnownMunicipality",
    "OpenState",
    "Overlap",
    "agencies",
    "area_of_point",
    "areas",
    "areas_without_agency",
    "draw",
    "facts",
    "history",
    "known_codes",
    "known_municipalities",
    "names_on",
    "open_now",
    "openings_on",
    "overlaps",
    "period_input",
    "period_of",
    "period_on",
]
