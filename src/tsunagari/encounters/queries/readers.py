"""Who, of those who work in the town today, may read a record: Consultation.objects.visible_to, asked the other way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from tsunagari.base.access import LABELS, SCOPES, Role
from tsunagari.encounters.access import READERS
from tsunagari.encounters.models import Consent, Sight

# Of a row `record` of encounters_consultation and a row `post` of accounts_membership.
MAY_READ = """
(post.agency_id IN (record.agency_id, record.held_by_id)
 OR (post.role = ANY(%(everywhere)s) AND record.consent = %(given)s AND record.household_id IS NOT NULL))
AND (post.role = ANY(%(whole)s) OR record.sight = %(usual)s OR record.author_id = post.user_id)
"""
AT_WORK = """
post.municipality_id = record.municipality_id AND post.agency_id IS NOT NULL AND post.role = ANY(%(readers)s)
AND post.valid_from <= %(today)s AND (post.valid_to IS NULL OR post.valid_to >= %(today)s)
"""
_EVERYWHERE = sorted(role.value for role in READERS if SCOPES[role] == "municipality")
CODES: dict[str, Any] = {
    "everywhere": _EVERYWHERE,
    "whole": [*_EVERYWHERE, Role.MANAGER.value],
    "readers": sorted(role.value for role in READERS),
    "given": Consent.GIVEN.value,
    "usual": Sight.USUAL.value,
}
"""Values of MAY_READ and AT_WORK; `today` comes from the caller."""

_READERS = f"""
SELECT DISTINCT ON (post.user_id) post.user_id, person.name, post.role, post.agency_id
FROM encounters_consultation AS record
JOIN accounts_membership AS post ON {AT_WORK}
JOIN accounts_user AS person ON person.id = post.user_id AND person.is_active
WHERE record.id = %(record)s AND {MAY_READ} AND (%(only)s::bigint[] IS NULL OR post.user_id = ANY(%(only)s))
ORDER BY post.user_id, (post.agency_id = record.agency_id) DESC, post.id
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read a record, at the place where they may."""

    user_id: int
    name: str
    role: str
    agency_id: int

    @property
    def role_label(self) -> str:
        """ "施設長"."""
        return LABELS[Role(self.role)]


def readers(record_id: int, day: date, *, only: Iterable[int] | None = None) -> list[Reader]:
    """Everybody who may read a record as it stands, on a day; `only` narrows to some users. One query."""
    wanted = None if only is None else list(only)
    with connection.cursor() as cursor:
        cursor.execute(_READERS, CODES | {"record": record_id, "today": day, "only": wanted})
        return [Reader(*row) for row in cursor.fetchall()]
