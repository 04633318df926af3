"""Writing to the trail. Entries wait in the transaction and are written last, so the chain is held for a moment."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from django.db import connection, models

from tsunagari.audit.models import Entry
from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor


def record(
    action: object,
    *,
    actor: Actor,
    household_id: int | None = None,
    obj: models.Model | None = None,
    detail: Mapping[str, object] | None = None,
    outcome: str = Entry.Outcome.DONE,
) -> None:
    """Put one line on the trail in the running transaction. `detail` holds ids and codes, never free text."""
    scope = tenancy.current()
    entry = Entry(
        municipality_id=actor.municipality_id,
        at=clock.now(),
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        role=actor.role,
        agency_id=actor.agency_id,
        action=str(action),
        outcome=outcome,
        household_id=household_id,
        object_type=obj._meta.model_name or "" if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        ip=actor.ip,
        via=actor.via,
        detail=orjson.dumps(dict(detail), option=orjson.OPT_SORT_KEYS).decode() if detail else "",
    )
    waiting = _waiting(scope)
    waiting.append(entry)


# Written at the end of nearly every request: one statement for any number of entries, prepared once a connection.
_COLUMNS = {
    "municipality_id": "bigint",
    "at": "timestamptz",
    "user_id": "bigint",
    "membership_id": "bigint",
    "role": "text",
    "agency_id": "bigint",
    "action": "text",
    "outcome": "text",
    "household_id": "bigint",
    "object_type": "text",
    "object_id": "bigint",
    "ip": "text",
    "via": "text",
    "detail": "text",
}
_WRITE = (
    f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}, seq, prev, hash) "  # noqa: S608 - our own column names
    f"SELECT *, 0, '', '' FROM unnest({', '.join(f'%s::{kind}[]' for kind in _COLUMNS.values())})"
)


class _Waiting(list[Entry]):
    """Entries of one scope, written together before commit."""

    def __call__(self) -> None:
        if self:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, [[getattr(entry, name) for entry in self] for name in _COLUMNS])
        self.clear()


def _waiting(scope: tenancy.Scope) -> _Waiting:
    for hook in scope.before_commit:
        if isinstance(hook, _Waiting):
            return hook
    hook = _Waiting()
    scope.before_commit.append(hook)
    return hook
