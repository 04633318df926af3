"""Reading families: finding one, showing one, listing one's own."""

from tsunagari.families.queries.duplicates import likely_duplicates
from tsunagari.families.queries.finding import Found, find
from tsunagari.families.queries.heads import (
    FamilyHead,
    FamilyRows,
    HomeLine,
    JoinLine,
    RegistrationLine,
    Revealed,
    RevealedPerson,
    SecondHomeLine,
    family,
    head,
    revealed,
    second_home_of,
)
from tsunagari.families.queries.hits import MASK, FamilyHit, hits
from tsunagari.families.queries.lists import FILTERS, FamilyPage, own_families
from tsunagari.families.queries.names import FamilyName, as_outside, called, family_name, family_names
from tsunagari.families.queries.people import PersonLine
from tsunagari.families.queries.proposals import (
    agency_choices,
    agency_of_area,
    area_choices,
    area_for,
    current_areas,
    proposed_agency,
)
from tsunagari.families.queries.tickets import reach, ticket

__all__ = [
    "FILTERS",
    "MASK",
    "FamilyHead",
    "FamilyHit",
    "FamilyName",
    "FamilyPage",
    "FamilyRows",
    "Found",
    "HomeLine",
    "JoinLine",
    "PersonLine",
    "RegistrationLine",
    "Revealed",
    "RevealedPerson",
    "SecondHomeLine",
    "agency_choices",
    "agency_of_area",
    "area_choices",
    "area_for",
    "as_outside",
    "called",
    "current_areas",
    "family",
    "family_name",
    "family_names",
    "find",
    "head",
    "hits",
    "likely_duplicates",
    "own_families",
    "proposed_agency",
    "reach",
    "revealed",
    "second_home_of",
    "ticket",
]
