"""Circulation (回覧): who is asked to see a record, by rule or by hand; seals; what is asked no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.queries.readers import AT_WORK, CODES, MAY_READ

# Who is asked by a rule, by the record's mark, or because the agency lets every record go round. Asked by several, one
# seal: confirmed if any wants that, by the earliest day. A seal that is open already is at most made stricter.
_START = f"""
WITH record AS (SELECT * FROM encounters_consultation WHERE id = %(record)s),
asked (role, kind, days, rule) AS (
  SELECT unnest(rule.readers), rule.kind, rule.within_days, rule.id
  FROM record JOIN encounters_circulationrule AS rule ON rule.municipality_id = record.municipality_id
  WHERE (rule.ended_on IS NULL OR rule.ended_on > %(today)s)
    AND (rule.agency_id IS NULL OR rule.agency_id = record.agency_id)
    AND (rule.mark_id IS NULL OR rule.mark_id = record.mark_id)
    AND (rule.category IS NULL OR rule.category = ANY(record.categories))
    AND (rule.concern_from IS NULL OR rule.concern_from <= record.concern)
  UNION ALL
  SELECT unnest(mark.readers), 'read', mark.within_days, NULL
  FROM record JOIN encounters_recordmark AS mark ON mark.id = record.mark_id
  UNION ALL
  SELECT unnest(%(agency_roles)s::text[]), 'read', NULL, NULL
  FROM record JOIN encounters_recordkeeping AS keeping ON keeping.agency_id = record.agency_id
  WHERE keeping.circulate_all
),
persons AS (
  SELECT post.user_id, person.name, bool_or(post.agency_id = record.agency_id) AS here, min(post.agency_id) AS other,
         bool_or(asked.kind = 'confirm') AS confirm, min(asked.days) AS days, min(asked.rule) AS rule
  FROM record JOIN asked ON true
  JOIN accounts_membership AS post ON post.role = asked.role AND {AT_WORK}
    AND (post.agency_id = record.agency_id OR post.role = ANY(%(everywhere)s))
  JOIN accounts_user AS person ON person.id = post.user_id AND person.is_active
  WHERE {MAY_READ} AND post.user_id IS DISTINCT FROM record.author_id
  GROUP BY post.user_id, person.name
)
INSERT INTO encounters_seal AS seal (municipality_id, consultation_id, agency_id, user_id, user_name, kind, rule_id,
                                     asked_at, asked_by, asked_by_name, note, due_on)
SELECT record.municipality_id, record.id, CASE WHEN here THEN record.agency_id ELSE other END, user_id, name,
       CASE WHEN confirm THEN 'confirm' ELSE 'read' END, rule, %(now)s, NULL, '', '', %(today)s::date + days
FROM persons JOIN record ON true
ON CONFLICT (consultation_id, user_id) WHERE withdrawn_at IS NULL
DO UPDATE SET due_on = LEAST(seal.due_on, excluded.due_on), rule_id = COALESCE(seal.rule_id, excluded.rule_id),
              kind = CASE WHEN excluded.kind = 'confirm' THEN 'confirm' ELSE seal.kind END
WHERE seal.sealed_at IS NULL
  AND (excluded.kind = 'confirm' AND seal.kind = 'read' OR excluded.due_on < COALESCE(seal.due_on, 'infinity'))
RETURNING user_id
"""  # noqa: S608 - our own text
# Open seals of a record whose person may read it no more where they were asked.
_STALE = f"""
UPDATE encounters_seal AS seal SET withdrawn_at = %(now)s
FROM encounters_consultation AS record
WHERE record.id = ANY(%(records)s) AND seal.consultation_id = record.id AND seal.sealed_at IS NULL
  AND seal.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM accounts_membership AS post
                  JOIN accounts_user AS person ON person.id = post.user_id AND person.is_active
                  WHERE post.user_id = seal.user_id AND post.agency_id = seal.agency_id AND {AT_WORK} AND {MAY_READ})
RETURNING record.id, seal.user_id
"""  # noqa: S608 - our own text
AGENCY_ROLES = sorted(role.value for role in (Role.COUNSELOR, Role.MANAGER, Role.ROUNDS))


def start(consultation: Consultation, *, actor: Actor) -> None:
    """Ask everybody who has to see the record as it stands: by rules, by its mark, or because all go round.

    Call it after every change of a record: who was asked is not asked again, and who may read it no more is asked no
    longer. Never asks its writer, nor anybody who may not read it. Two statements, for a new record one.
    """
    if consultation.version > 1:
        release([consultation.pk], actor=actor)
    given = {"record": consultation.pk, "agency_roles": AGENCY_ROLES}
    if asked := _done(_START, given):
        detail = {"asked": sorted(user for (user,) in asked), "by": "rule"}
        _trail(consultation, actor, detail)


def release(record_ids: Sequence[int], *, actor: Actor) -> int:
    """Open seals of those who may read these records no more are withdrawn, whatever took it from them; how many."""
    withdrawn = _done(_STALE, {"records": list(record_ids)})
    rows = Consultation.objects.in_bulk({record for record, _ in withdrawn})
    for record, user in withdrawn:
        _trail(rows[record], actor, {"withdrawn": [user], "by": "rule"})
    return len(withdrawn)


def _done(statement: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, CODES | {"today": clock.today(), "now": clock.now()} | given)
        return cursor.fetchall()


def _trail(consultation: Consultation, actor: Actor, detail: dict[str, object]) -> None:
    audit.record(
        access.ASK_TO_READ,
        actor=actor,
        household_id=consultation.household_id,
        obj=consultation,
        detail=detail,
    )
