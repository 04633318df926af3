"""Households, the people in them, where they are registered, which agencies know them and how they are found.

Every row carries municipality_id: PostgreSQL closes it to other towns (row-level security), and a row cannot
hang on another town's household. Periods are days inclusive; an open end is NULL.
"""

from tsunagari.families.models.benefits import Benefit, BenefitUse
from tsunagari.families.models.finding import AgencyLink, SearchEntry
from tsunagari.families.models.households import (
    Household,
    HouseholdQuerySet,
    HouseholdRevision,
    Person,
    SecondHome,
)
from tsunagari.families.models.registrations import (
    Card,
    HomeChange,
    PaperForm,
    Registration,
    RegistrationPolicy,
    Renewal,
)
from tsunagari.families.models.sameness import CandidatePair, HouseholdJoin, LinkageRun

__all__ = [
    "AgencyLink",
    "Benefit",
    "BenefitUse",
    "CandidatePair",
    "Card",
    "HomeChange",
    "Household",
    "HouseholdJoin",
    "HouseholdQuerySet",
    "HouseholdRevision",
    "LinkageRun",
    "PaperForm",
    "Person",
    "Registration",
    "RegistrationPolicy",
    "Renewal",
    "SearchEntry",
    "SecondHome",
]
