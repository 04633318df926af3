"""Telling how far an import is while its one transaction is still open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tsunagari.interop.imports.plan import Progress

EVERY_SECONDS = 0.5


def silent(done: int, total: int) -> None:
    """Tells nobody."""


def part_of(tell: Progress, number: int, parts: int) -> Progress:
    """A Progress for one of several equal parts of the work, counted from 0."""

    def tell_part(done: int, total: int) -> None:
        tell(number * total + done, parts * total)

    return tell_part


@contextmanager
def told_to_page(import_id: int, municipality_id: int, rows: int) -> Iterator[Progress]:
    """A Progress that writes `Import.progress` (scaled to `rows`) through a connection of its own.

    The import's own row must not be locked by the transaction at work, or both would wait for each other.
    """
    own = connection.copy()
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < EVERY_SECONDS or not total:
            return
        last = time.monotonic()
        with own.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT set_config('tsunagari.municipality', %s, true)", [str(municipality_id)])
            cursor.execute(
                "UPDATE interop_import SET progress = %s WHERE id = %s", [rows * done // total, import_id]
            )
            cursor.execute("COMMIT")

    try:
        yield tell
    finally:
        own.close()
