"""What both kinds of import do alike: keep a file, be held while it changes, hand the work to the worker."""

from __future__ import annotations

from typing import Any

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.sheets import MAX_BYTES
from tsunagari.interop.imports import files
from tsunagari.interop.models import Import


def refuse_large(content: bytes) -> None:
    """DomainError for a file larger than can be read."""
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise DomainError(
            f"ファイルが大きすぎます（{limit}MBまで）。分けて取り込んでください。", field="file"
        )


def unsaved(actor: Actor, kind: str, filename: str, content: bytes, **more: Any) -> Import:
    """An import of the file, not saved yet."""
    return Import(
        municipality_id=actor.municipality_id,
        kind=Import.Kind(kind),
        filename=filename[-200:],
        digest=files.digest(content),
        content=content,
        created_by=actor.user_id,
        created_by_name=actor.name[:80],
        created_at=clock.now(),
        **more,
    )


def held(row: Import, *states: str, message: str, what_to_do: str) -> Import:
    """The import as it is now, locked until the end of the transaction. Conflict, saying so, in any other state."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.status not in states:
        raise Conflict(message, what_to_do=what_to_do)
    return row


def handed_over(row: Import, actor: Actor) -> dict[str, Any]:
    """What the worker's job is told: which import, and for whom."""
    if actor.membership_id is None or actor.user_id is None:
        raise DomainError("だれが取り込むのか分かりません。画面から行ってください。")
    return {
        "import_id": row.pk,
        "municipality_id": row.municipality_id,
        "membership_id": actor.membership_id,
        "user_id": actor.user_id,
    }
