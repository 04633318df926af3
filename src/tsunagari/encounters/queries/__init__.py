"""Reads about visits and records: the time line, the roster, what today needs, lists and drafts."""

from tsunagari.encounters.queries.drafts import DraftLine, drafts, first_fields, writing_now
from tsunagari.encounters.queries.names import (
    FamilyName,
    Member,
    agency_names,
    family_name,
    family_names,
    members,
    person_names,
)
from tsunagari.encounters.queries.records import (
    TEXTS,
    RecordFilter,
    RecordLine,
    RecordPage,
    Revision,
    history,
    record_input,
    records,
)
from tsunagari.encounters.queries.roster import (
    AgencyCount,
    Counts,
    Roster,
    RosterLine,
    VisitPersonLine,
    roster,
)
from tsunagari.encounters.queries.timeline import KINDS, Timeline, TimelineItem, timeline
from tsunagari.encounters.queries.today import DueStep, Today, UnreadRecord, today

__all__ = [
    "KINDS",
    "TEXTS",
    "AgencyCount",
    "Counts",
    "DraftLine",
    "DueStep",
    "FamilyName",
    "Member",
    "RecordFilter",
    "RecordLine",
    "RecordPage",
    "Revision",
    "Roster",
    "RosterLine",
    "Timeline",
    "TimelineItem",
    "Today",
    "UnreadRecord",
    "VisitPersonLine",
    "agency_names",
    "drafts",
    "family_name",
    "family_names",
    "first_fields",
    "history",
    "members",
    "person_names",
    "record_input",
    "records",
    "roster",
    "timeline",
    "today",
    "writing_now",
]
