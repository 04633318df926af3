"""``tsunagari import roster``: an old roster from the command line, as the pages bring it in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any


class _DryRun(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays, not even on the trail."""


def bring_in(options: argparse.Namespace, *, progress: Callable[[int, int], None]) -> bool:
    """Bring the file in and print what it did; whether some rows were refused. Raises `DomainError`, `SheetError`."""
    from tsunagari.base import tenancy
    from tsunagari.base.errors import DomainError
    from tsunagari.config import operators
    from tsunagari.interop import operations
    from tsunagari.places.models import Agency

    content = options.file.read_bytes()
    municipality = operators.town_of(options.municipality)
    outcome: Any = None
    try:
        with tenancy.municipality(municipality.pk):
            agency = Agency.objects.filter(pk=options.agency, municipality=municipality).first()
            if agency is None:
                raise DomainError(f"機関 {options.agency} は{municipality.name}にありません。")
            outcome = operations.roster_now(
                actor=operators.operator(municipality),
                agency=agency,
                filename=options.file.name,
                content=content,
                mapping=_mapping(options, content),
                sheet=options.sheet or "",
                header=options.header,
                maybe_new=options.maybe_new,
                progress=progress,
            )
            if options.dry_run:
                raise _DryRun
    except _DryRun:
        pass
    _show(outcome, options)
    return bool(outcome.refused)


def _mapping(options: argparse.Namespace, content: bytes) -> Any:
    """The mapping of the JSON file, or None to take the headings' own."""
    if options.mapping is None:
        return None
    from tsunagari.base.errors import DomainError
    from tsunagari.interop.imports.roster.mapping import from_file
    from tsunagari.interop.imports.roster.opened import opened_as

    opened = opened_as(content, options.file.name, sheet=options.sheet or "", header=options.header)
    try:
        return from_file(json.loads(options.mapping.read_text(encoding="utf-8")), opened.head)
    except json.JSONDecodeError as error:
        raise DomainError(f"対応の JSON を読み取れません（{error.lineno}行目）。") from None
    except ValueError as error:
        raise DomainError(str(error)) from None


def _show(outcome: Any, options: argparse.Namespace) -> None:
    row = outcome.row
    if options.json:
        counts = {
            "added": row.added,
            "changed": 0,
            "unchanged": row.unchanged,
            "rejected": row.rejected,
            "families": {**outcome.families, "made": row.changed},
        }
        print(json.dumps(counts, ensure_ascii=False))
        return
    heading = "取り込むとこうなります（まだ書き込んでいません）" if options.dry_run else "取り込みました"
    print(
        f"{heading}：追加 {row.added:,}行、変更なし {row.unchanged:,}行、取り込めない行 {outcome.refused:,}、"
        f"新しい家庭 {row.changed:,}（同じ家庭 {outcome.families['sure']:,}組、かもしれない組 {outcome.families['maybe']:,}）"
    )
    for note in row.notes:
        print(f"・{note}")
    for refused in row.rejected:
        print(f"{refused['row']}行目「{refused['column']}」{refused['value']} … {refused['reason']}")
