"""Pure rules about encounters: codes, the common record, ages as they were, comparing, who sees what."""

from tsunagari.encounters.rules.ages import FrozenAge, frozen_age
from tsunagari.encounters.rules.codes import (
    CATEGORIES,
    CATEGORY,
    CHANNELS,
    CONSENTS,
    RESPONSES,
    Category,
    main_first,
)
from tsunagari.encounters.rules.compare import Difference, Piece, differences, pieces
from tsunagari.encounters.rules.counting import (
    AGE_GROUPS,
    Came,
    Counts,
    Tallied,
    count,
    count_slots,
)
from tsunagari.encounters.rules.fields import FIELD_LABELS, LONG_TEXTS, merged, shown, to_fields
from tsunagari.encounters.rules.record import (
    Problem,
    RecordInput,
    from_snapshot,
    next_day,
    problems,
    snapshot,
)
from tsunagari.encounters.rules.sight import MASK, masks_agency, sees_other_agencies

__all__ = [
    "AGE_GROUPS",
    "CATEGORIES",
    "CATEGORY",
    "CHANNELS",
    "CONSENTS",
    "FIELD_LABELS",
    "LONG_TEXTS",
    "MASK",
    "RESPONSES",
    "Came",
    "Category",
    "Counts",
    "Difference",
    "FrozenAge",
    "Piece",
    "Problem",
    "RecordInput",
    "Tallied",
    "count",
    "count_slots",
    "differences",
    "from_snapshot",
    "frozen_age",
    "main_first",
    "masks_agency",
    "merged",
    "next_day",
    "pieces",
    "problems",
    "sees_other_agencies",
    "shown",
    "snapshot",
    "to_fields",
]
