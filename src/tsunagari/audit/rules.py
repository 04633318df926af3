"""How an entry of the trail is hashed. The same text is built in the database trigger (migration 0002)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

GONE, REWRITTEN, CUT = (
    "記録が消されています。",
    "記録が書きかえられています。",
    "末尾の記録が消されています。",
)
SEPARATOR = "\x1f"
CHAINED = (
    "municipality_id",
    "seq",
    "at",
    "user_id",
    "membership_id",
    "role",
    "agency_id",
    "action",
    "outcome",
    "household_id",
    "object_type",
    "object_id",
    "ip",
    "via",
    "detail",
    "prev",
)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def digest(values: dict[str, object]) -> str:
    """SHA-256 (hex) of one entry: its CHAINED fields as text, joined by the unit separator, NULL as empty."""
    parts: list[str] = []
    for name in CHAINED:
        value = values[name]
        if isinstance(value, datetime):
            value = microseconds(value)
        parts.append("" if value is None else str(value))
    return hashlib.sha256(SEPARATOR.join(parts).encode()).hexdigest()
