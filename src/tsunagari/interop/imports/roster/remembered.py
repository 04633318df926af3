"""The mapping proposed for a sheet: the one its agency used on the same headings, else a guess."""

from __future__ import annotations

from datetime import date

from tsunagari.interop.imports.roster.mapping import Mapping, remembered, signature
from tsunagari.interop.imports.roster.opened import Opened, guessed
from tsunagari.interop.models import RosterMapping


def proposed(opened: Opened, agency_id: int, *, today: date) -> Mapping:
    """What the page begins with, and the command line uses when no mapping is given."""
    fresh = guessed(opened, today=today)
    kept = kept_for(opened, agency_id)
    return remembered(kept.mapping, opened.head, fresh) if kept is not None else fresh


def kept_for(opened: Opened, agency_id: int) -> RosterMapping | None:
    """How the agency read these headings last time."""
    return RosterMapping.objects.filter(agency_id=agency_id, headings=signature(opened.head)).first()
