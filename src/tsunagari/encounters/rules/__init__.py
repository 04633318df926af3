"""Pure rules about encounters: code lists, the common record, ages as they were, comparing texts, who sees what."""

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
from tsunagari.encounters.rules.record import (
    FIELD_LABELS,
    Problem,
    RecordInput,
    from_snapshot,
    next_day,
    problems,
    shown,
    snapshot,
    to_fields,
)
from tsunagari.encounters.rules.sight import MASK, masks_agency, sees_other_agencies

__all__ = [
    "CATEGORIES",
    "CATEGORY",
    "CHANNELS",
    "CONSENTS",
    "FIELD_LABELS",
    "MASK",
    "RESPONSES",
    "Category",
    "Difference",
    "FrozenAge",
    "Piece",
    "Problem",
    "RecordInput",
    "differences",
    "from_snapshot",
    "frozen_age",
    "main_first",
    "masks_agency",
    "next_day",
    "pieces",
    "problems",
    "sees_other_agencies",
    "shown",
    "snapshot",
    "to_fields",
]
