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
    trail_lines,
    trail_page,
)
from tsunagari.desk.queries.trail_checks import Check, check_newest, last_check

__all__ = [
    "Check",
    "FamilyReader",
    "TownDay",
    "TrailFilter",
    "TrailLine",
    "TrailPage",
    "agency_choices",
    "check_newest",
    "default_since",
    "family_readers",
    "last_check",
    "own_trail_page",
    "staff_choices",
    "town_day",
    "trail_lines",
    "trail_page",
]
