"""Reads of the pages that span apps."""

from tsunagari.desk.queries.town import TownDay, town_day
from tsunagari.desk.queries.trail import (
    FamilyReader,
    TrailFilter,
    TrailLine,
    TrailPage,
    agency_choices,
    default_since,
    family_readers,
    own_trail_page,
    staff_choices,
    trail_page,
)

__all__ = [
    "FamilyReader",
    "TownDay",
    "TrailFilter",
    "TrailLine",
    "TrailPage",
    "agency_choices",
    "default_since",
    "family_readers",
    "own_trail_page",
    "staff_choices",
    "town_day",
    "trail_page",
]
