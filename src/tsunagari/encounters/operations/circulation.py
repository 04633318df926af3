"""Circulation (回覧): who is asked to see a record, by rule or by hand; seals; what is asked no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add_all
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, ConsultationRead, Seal
from tsunagari.encounters.queries.readers import AT_WORK, CODES, MAY_READ, Reader, readers
from tsunagari.encounters.rules.circulation import LONGEST_NOTE

# Who is asked by a rule, by the record's mark, or because the agency lets every record go round. Asked by several, one
# seal: confirmed if any wants that, by the earliest day. A seal that is open already is at most made stricter.
_START = f"""
WITH record AS (
  SELECT *, CASE WHEN %(as_entered)s THEN created_at ELSE %(now)s END AS asked_at
  FROM encounters_consultation WHERE id = ANY(%(records)s)
),
asked (record, role, kind, days, rule) AS (
  SELECT record.id, unnest(rule.readers), rule.kind, rule.within_days, rule.id
  FROM record JOIN encounters_circulationrule AS rule ON rule.municipality_id = record.municipality_id
  WHERE (rule.ended_on IS NULL OR rule.ended_on > %(today)s)
    AND (rule.agency_id IS NULL OR rule.agency_id = record.agency_id)
    AND (rule.mark_id IS NULL OR rule.mark_id = record.mark_id)
    AND (rule.category IS NULL OR rule.category = ANY(record.categories))
    AND (rule.concern_from IS NULL OR rule.concern_from <= record.concern)
  UNION ALL
  SELECT record.id, unnest(mark.readers), 'read', mark.within_days, NULL
  FROM record JOIN encounters_recordmark AS mark ON mark.id = record.mark_id
  UNION ALL
  SELECT record.id, unnest(%(agency_roles)s::text[]), 'read', NULL, NULL
  FROM record JOIN encounters_recordkeeping AS keeping ON keeping.agency_id = record.agency_id
  WHERE keeping.circulate_all
),
persons AS (
  SELECT record.id AS record, post.user_id, person.name, bool_or(post.agency_id = record.agency_id) AS here,
         min(post.agency_id) AS other, bool_or(asked.kind = 'confirm') AS confirm, min(asked.days) AS days,
         min(asked.rule) AS rule
  FROM record JOIN asked ON asked.record = record.id
  JOIN accounts_membership AS post ON post.role = asked.role AND {AT_WORK}
    AND (post.agency_id = record.agency_id OR post.role = ANY(%(everywhere)s))
  JOIN accounts_user AS person ON person.id = post.user_id AND person.is_active
  WHERE {MAY_READ} AND post.user_id IS DISTINCT FROM record.author_id
  GROUP BY record.id, post.user_id, person.name
)
INSERT INTO encounters_seal AS seal (municipality_id, consultation_id, agency_id, user_id, user_name, kind, rule_id,
                                     asked_at, asked_by, asked_by_name, note, due_on)
SELECT record.municipality_id, record.id, CASE WHEN here THEN record.agency_id ELSE other END, user_id, name,
       CASE WHEN confirm THEN 'confirm' ELSE 'read' END, rule, asked_at, NULL, '', '',
       (asked_at AT TIME ZONE 'Asia/Tokyo')::date + days
FROM persons JOIN record ON record.id = persons.record
ORDER BY record.id, user_id
ON CONFLICT (consultation_id, user_id) WHERE withdrawn_at IS NULL
DO UPDATE SET due_on = LEAST(seal.due_on, excluded.due_on), rule_id = COALESCE(seal.rule_id, excluded.rule_id),
              kind = CASE WHEN excluded.kind = 'confirm' THEN 'confirm' ELSE seal.kind END
WHERE seal.sealed_at IS NULL
  AND (excluded.kind = 'confirm' AND seal.kind = 'read' OR excluded.due_on < COALESCE(seal.due_on, 'infinity'))
RETURNING consultation_id, user_id
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
NOBODY_LEFT = "読むはずだった人の所属が終わりました。"
AGENCY_ROLES = sorted(role.value for role in (Role.COUNSELOR, Role.MANAGER, Role.ROUNDS))


def start(consultation: Consultation, *, actor: Actor) -> None:
    """Ask everybody who has to see the record as it stands: by rules, by its mark, or because all go round.

    Call it after every change of a record: who was asked is not asked again, and who may read it no more is asked no
    longer. Never asks its writer, nor anybody who may not read it. Two statements, for a new record one.
    """
    if consultation.version > 1:
        release([consultation.pk], actor=actor)
    for detail in _started([consultation], as_entered=False).values():
        _trail(consultation, actor, detail)


def start_many(written: Sequence[Consultation], *, actor: Actor) -> None:
    """`start` for new records saved together, each as of when it was entered. One statement."""
    found = _started(written, as_entered=True)
    for row in written:
        if row.pk in found:
            with clock.stopped_at(row.created_at):
                _trail(row, actor, found[row.pk])


def _started(rows: Sequence[Consultation], *, as_entered: bool) -> dict[int, dict[str, object]]:
    """Asks by rule; what the trail says of each record that somebody was asked to see."""
    given = {"records": [row.pk for row in rows], "agency_roles": AGENCY_ROLES, "as_entered": as_entered}
    asked: dict[int, list[int]] = defaultdict(list)
    for record, user in _done(_START, given):
        asked[record].append(user)
    return {record: {"asked": sorted(users), "by": "rule"} for record, users in asked.items()}


def release(record_ids: Sequence[int], *, actor: Actor) -> int:
    """Open seals of those who may read these records no more are withdrawn, whatever took it from them; how many."""
    withdrawn = _done(_STALE, {"records": list(record_ids)})
    rows = Consultation.objects.in_bulk({record for record, _ in withdrawn})
    for record, user in withdrawn:
        _trail(rows[record], actor, {"withdrawn": [user], "by": "rule"})
    return len(withdrawn)


def release_all(*, actor: Actor) -> int:
    """For everybody who left, or whose role may read less now: their open seals are withdrawn. What then nobody has
    seen or is asked to see goes to the 施設長 of its agency. How many seals were withdrawn."""
    open_seals = Seal.objects.filter(
        municipality_id=actor.municipality_id, sealed_at__isnull=True, withdrawn_at__isnull=True
    )
    ids = sorted(set(open_seals.values_list("consultation_id", flat=True)))
    number = release(ids, actor=actor)
    if number:
        _to_managers(ids, actor)
    return number


def _to_managers(record_ids: list[int], actor: Actor) -> None:
    kept = Seal.objects.filter(consultation_id__in=record_ids, withdrawn_at__isnull=True)
    left = set(record_ids) - set(kept.values_list("consultation_id", flat=True))
    for record in Consultation.objects.filter(pk__in=left).order_by("pk"):
        managers = [
            reader
            for reader in readers(record.pk, clock.today())
            if reader.role == Role.MANAGER and reader.agency_id == record.agency_id
        ]
        _ask(record, managers, actor, Asking(note=NOBODY_LEFT))


@dataclass(frozen=True, slots=True)
class Asking:
    """How somebody is asked by hand. `due_on` None: no day."""

    kind: str = Seal.Kind.READ
    note: str = ""
    due_on: date | None = None


@transaction.atomic
def ask(
    consultation: Consultation, user_ids: Iterable[int], *, actor: Actor, how: Asking | None = None
) -> list[str]:
    """Let a record go round to chosen people with a word; the names of those who are asked now.

    Who is asked already is left alone; who sealed a former version is asked again. DomainError when nobody was chosen,
    or somebody who may not read it.
    """
    how = how or Asking()
    wanted = sorted(set(user_ids) - {actor.user_id or 0})
    if not wanted:
        raise DomainError("だれに回すかを、えらんでください。", field="people")
    if len(how.note) > LONGEST_NOTE:
        raise DomainError(f"ひとことは{LONGEST_NOTE}文字までです。", field="note")
    if how.due_on is not None and how.due_on < clock.today():
        raise DomainError("今日よりあとの日をえらんでください。", field="due_on")
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    found = readers(consultation.pk, clock.today(), only=wanted)
    if len(found) < len(wanted):
        raise DomainError("この記録を見られない人がいます。えらびなおしてください。", field="people")
    return [reader.name for reader in _ask(consultation, found, actor, how)]


def _ask(record: Consultation, found: Sequence[Reader], actor: Actor, how: Asking) -> list[Reader]:
    """Those of `found` who were not asked before, or have seen a former version alone, now are."""
    standing = {
        seal.user_id: seal for seal in Seal.objects.filter(consultation=record, withdrawn_at__isnull=True)
    }
    asked = [reader for reader in found if _again(standing.get(reader.user_id), record)]
    former = [standing[reader.user_id].pk for reader in asked if reader.user_id in standing]
    Seal.objects.filter(pk__in=former).update(withdrawn_at=clock.now())
    add_all(_seal(record, reader, actor, how) for reader in asked)
    if asked:
        _trail(record, actor, {"asked": [reader.user_id for reader in asked], "by": "hand"})
    return asked


def _again(seal: Seal | None, record: Consultation) -> bool:
    return seal is None or (seal.sealed_at is not None and (seal.sealed_version or 0) < record.version)


def _seal(record: Consultation, reader: Reader, actor: Actor, how: Asking) -> Seal:
    return Seal(
        municipality_id=record.municipality_id,
        consultation=record,
        agency_id=reader.agency_id,
        user_id=reader.user_id,
        user_name=reader.name,
        kind=how.kind,
        asked_at=clock.now(),
        asked_by=actor.user_id,
        asked_by_name=actor.name,
        note=how.note,
        due_on=how.due_on,
    )


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing came to: how many, and ids of records to be read (again) first."""

    done: int
    unread: list[int]


@transaction.atomic
def seal(shown: Mapping[int, int], *, actor: Actor) -> Sealed:
    """Put the actor's seal on records: {record: the version that was shown}. Sealed twice is sealed once.

    A record that was corrected since it was shown, or that has to be confirmed and was not opened, is left open and
    named in `unread`.
    """
    visible = Consultation.objects.visible_to(actor).filter(pk__in=list(shown))
    versions = dict(visible.values_list("pk", "version"))
    opened = _opened(actor, versions)
    rows = Seal.objects.select_for_update().filter(
        consultation_id__in=list(versions),
        user_id=actor.user_id or 0,
        agency_id=actor.agency_id or 0,
        withdrawn_at__isnull=True,
    )
    done, unread = 0, []
    for row in rows.order_by("pk").select_related("consultation"):
        version = versions[row.consultation_id]
        if row.sealed_at is not None and (row.sealed_version or 0) >= version:
            continue
        if shown[row.consultation_id] != version or row.consultation_id not in opened:
            unread.append(row.consultation_id)
            continue
        row.sealed_at, row.sealed_version = clock.now(), version
        row.save(update_fields=["sealed_at", "sealed_version"])
        audit.record(
            access.SEAL,
            actor=actor,
            household_id=row.consultation.household_id,
            obj=row.consultation,
            detail={"seal": row.pk, "kind": row.kind, "version": version},
        )
        done += 1
    return Sealed(done, unread)


def _opened(actor: Actor, versions: Mapping[int, int]) -> set[int]:
    """Records the actor has read as they stand."""
    reads = ConsultationRead.objects.filter(consultation_id__in=list(versions), user_id=actor.user_id or 0)
    return {pk for pk, version in reads.values_list("consultation_id", "version") if version >= versions[pk]}


@transaction.atomic
def withdraw(found: Seal, *, actor: Actor) -> None:
    """Ask somebody no more: by whoever asked, or by those who lead the agency of the record. Conflict once sealed."""
    row = Seal.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=found.pk)
    leads = actor.role in (Role.MANAGER, Role.LEAD) and row.consultation.agency_id == actor.agency_id
    if row.asked_by != actor.user_id and not leads:
        raise Forbidden("回した人か施設長だけが、取り下げられます。", action=access.ASK_TO_READ.name)
    if row.sealed_at is not None:
        raise Conflict(f"{row.user_name}さんは、もう押しています。")
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        _trail(row.consultation, actor, {"withdrawn": [row.user_id], "by": "hand"})


def _done(statement: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, CODES | {"today": clock.today(), "now": clock.now()} | given)
        rows: list[Any] = cursor.fetchall()
    return rows


def _trail(consultation: Consultation, actor: Actor, detail: dict[str, object]) -> None:
    audit.record(
        access.ASK_TO_READ,
        actor=actor,
        household_id=consultation.household_id,
        obj=consultation,
        detail=detail,
    )
