"""Running an import in a test as the officer does, and writing the files it reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from tests.makers import Town
from tsunagari.base import tenancy
from tsunagari.interop import operations
from tsunagari.interop.imports.plan import Plan
from tsunagari.interop.imports.progress import silent


def run_import(
    town: Town,
    kind: str,
    content: bytes | str,
    filename: str = "list.csv",
    *,
    dry_run: bool = False,
    **options: str,
) -> Plan:
    """One import at once, in the town's scope."""
    data = content.encode() if isinstance(content, str) else content
    with tenancy.municipality(town.municipality.pk, user_id=town.officer.user_id):
        return operations.import_now(
            actor=town.officer, kind=kind, filename=filename, content=data, options=options,
            dry_run=dry_run, progress=silent,
        ).plan  # fmt: skip


def csv_of(rows: Iterable[Mapping[str, object]], headers: Iterable[str] = ()) -> str:
    """A CSV of the rows; headers are those of the first row unless given."""
    rows = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(headers) or list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
