"""What of a record goes into its words: its texts as grams, and what it is as tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tsunagari.encounters.rules.words import text_grams, token

#: Fields whose words are found.
TEXTS = (
    "who_hint",
    "place",
    "content",
    "assessment",
    "response_note",
    "progress",
    "next_step",
    "next_result",
)
COLUMNS = (
    "id",
    "municipality_id",
    "occurred_at",
    "agency_id",
    "held_by_id",
    "household_id",
    "consent",
    "author_id",
    "categories",
    "details",
    "mark_id",
    "concern",
    "kind",
    "channel",
    *TEXTS,
)

SHARED = token("shared")


def readable_at(agency_id: int) -> int:
    """Token of records an agency reads: its own, and those of charts it took over."""
    return token("at", agency_id)


def row_of(record: Mapping[str, Any]) -> tuple[int, int, datetime, list[int]]:
    """(record, municipality, when, grams and tokens) of a record's COLUMNS."""
    grams = [*sorted(set(_tokens(record))), *text_grams(record[name] for name in TEXTS)]
    return record["id"], record["municipality_id"], record["occurred_at"], grams


def _tokens(record: Mapping[str, Any]) -> Iterator[int]:
    yield readable_at(record["agency_id"])
    yield token("agency", record["agency_id"])
    if record["held_by_id"] is not None:
        yield readable_at(record["held_by_id"])
    if record["consent"] == "given" and record["household_id"] is not None:
        yield SHARED
    for kind, field in (("category", "categories"), ("detail", "details")):
        yield from (token(kind, code) for code in record[field])
    levels = 0 if record["concern"] is None else record["concern"] + 1
    yield from (token("concern", level) for level in range(levels))
    for kind, field in _SINGLE.items():
        if record[field] is not None:
            yield token(kind, record[field])


#: Kinds of token that say one thing of a record, and its field. "concern" stands for that level and above.
_SINGLE = {"writer": "author_id", "mark": "mark_id", "kind": "kind", "channel": "channel"}
