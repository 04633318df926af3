"""What a person does with imports: the city's lists, and old rosters."""

from tsunagari.interop.operations.at_once import RosterOutcome, roster_now
from tsunagari.interop.operations.imports import (
    KEEP_PREVIEWS,
    KEEP_RESULTS,
    Outcome,
    apply_import,
    discard_import,
    forget,
    forget_old,
    import_now,
    note_looked,
    stop_stalled,
    upload_import,
)
from tsunagari.interop.operations.rosters import (
    apply_roster,
    back_to_columns,
    choose_columns,
    decide,
    decide_rest_new,
    discard_roster,
    note_roster,
    undo_roster,
    upload_roster,
)

__all__ = [
    "KEEP_PREVIEWS",
    "KEEP_RESULTS",
    "Outcome",
    "RosterOutcome",
    "apply_import",
    "apply_roster",
    "back_to_columns",
    "choose_columns",
    "decide",
    "decide_rest_new",
    "discard_import",
    "discard_roster",
    "forget",
    "forget_old",
    "import_now",
    "note_looked",
    "note_roster",
    "roster_now",
    "stop_stalled",
    "undo_roster",
    "upload_import",
    "upload_roster",
]
