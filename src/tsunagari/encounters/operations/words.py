"""What records are found by, kept up to date with them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from tsunagari.encounters.models import Consultation
from tsunagari.encounters.rules.indexing import COLUMNS, row_of

_KEEP = """
INSERT INTO encounters_recordwords (consultation_id, municipality_id, occurred_at, grams)
VALUES (%s, %s, %s, %s::integer[])
ON CONFLICT (consultation_id) DO UPDATE SET occurred_at = excluded.occurred_at, grams = excluded.grams
WHERE (encounters_recordwords.occurred_at, encounters_recordwords.grams) IS DISTINCT FROM
      (excluded.occurred_at, excluded.grams)
"""


def keep(records: Iterable[Consultation]) -> None:
    """Find these records by what they say and are now; after every change of one. One statement."""
    rows = [row_of({name: getattr(record, name) for name in COLUMNS}) for record in records]
    with connection.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(_KEEP, rows[0])
        elif rows:
            cursor.executemany(_KEEP, rows)
