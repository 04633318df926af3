"""Writing, correcting and moving a consultation record; following up its next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access, queries
from tsunagari.encounters.models import (
    Consultation,
    ConsultationRead,
    ConsultationRevision,
    Draft,
)
from tsunagari.encounters.operations import away, circulation, filing, filling, meetings, persons, words
from tsunagari.encounters.rules import RecordInput, problems, snapshot
from tsunagari.families.models import AgencyLink, Household
from tsunagari.families.operations import links

FIELDS = (
    "who_hint",
    "occurred_on",
    "occurred_at",
    "channel",
    "place",
    "main_category",
    "categories",
    "content",
    "assessment",
    "responses",
    "response_note",
    "progress",
    "next_step",
    "next_on",
    "consent",
    "kind",
    "details",
    "concern",
    "mark_id",
    "sight",
    "told",
    "linked",
    "next_owner_id",
)
LISTS = ("categories", "responses", "details", "told", "linked")


class StaleRecord(Conflict):
    """Somebody corrected the record since this writer opened it. `current` is the record as it stands, `mine`
    what this writer wanted to save."""

    def __init__(self, current: Consultation, mine: RecordInput) -> None:
        super().__init__("ほかの人が先に直しました。両方の文をくらべて、えらんでください。")
        self.current = current
        self.mine = mine


def write_record(
    record: RecordInput,
    *,
    actor: Actor,
    key: UUID,
    draft: Draft | None = None,
    author: tuple[int, str] | None = None,
) -> Consultation:
    """Save a new record at the actor's agency. The same `key` returns the record that was saved already. `author` is
    id and name of who wrote it when that was not the actor (on paper); the trail tells who typed.

    Ages and school years are frozen as of the day; the family is opened to the agency; `draft` goes away,
    other texts kept beside it stay. Raises DomainError naming the field that has to be put right.
    """
    agency_id = _own_agency(actor)
    _require_sound(record)
    household = _locked_household(record.household_id, actor)
    if household is None:
        _wait_for(key)
    people = persons.people_of(record)
    gone = away.put_away(draft, actor)
    if not gone.there and (saved := _saved_already(actor, key)) is not None:
        return saved
    consultation = _new(record, household, agency_id, actor=actor, key=key, author=author)
    add(consultation)
    gone.carry_to(consultation)
    persons.keep_people(consultation, record, people)
    if household is not None:
        _met(consultation, household, actor)
        filing.file_in([consultation], actor=actor)
    _trail(
        consultation, actor, {"version": 1, "channel": record.channel, "categories": list(record.categories)}
    )
    words.keep([consultation])
    circulation.start(consultation, actor=actor)
    return consultation


def _new(
    record: RecordInput,
    household: Household | None,
    agency_id: int,
    *,
    actor: Actor,
    key: UUID,
    author: tuple[int, str] | None,
) -> Consultation:
    """The row of a new record, not saved yet."""
    writer_id, writer = author or (actor.user_id, actor.name)
    filled = filling.filled(record, actor=actor, writer=(writer_id, writer), household=household)
    return Consultation(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        household=household,
        author_id=writer_id,
        author_name=writer,
        key=key,
        created_at=clock.now(),
        updated_at=clock.now(),
        **_values(filled.record, filled.owner_name),
    )


@transaction.atomic
def correct_record(
    consultation: Consultation,
    record: RecordInput,
    *,
    actor: Actor,
    expected_version: int,
    reason: str = "",
    draft: Draft | None = None,
) -> Consultation:
    """Put the text of a record right; the former text stays with who and when, and `draft` goes away.

    The family stays as it is (see move_record). Nothing changed makes no version. Raises StaleRecord when
    the record is no longer at `expected_version`; the draft then stays.
    """
    locked = _locked(consultation, actor)
    record = replace(record, household_id=locked.household_id)
    if locked.version != expected_version:
        raise StaleRecord(locked, record)
    former = queries.record_input(locked)
    filled = filling.filled(_clean(record), actor=actor, former=locked)
    record = filled.record
    away.put_away(draft, actor).carry_to(locked)
    if record == former:
        return locked
    _require_sound(record)
    people = persons.people_of(record, besides=former.person_ids)
    _keep_revision(locked, former, actor, reason)
    if (record.next_step, record.next_on) != (former.next_step, former.next_on):
        locked.next_done_at, locked.next_done_by, locked.next_result = None, None, ""
    locked.next_owner_name = filled.owner_name
    _save(locked, record, "next_done_at", "next_done_by", "next_result", "next_owner_name")
    locked.people.all().delete()
    persons.keep_people(locked, record, people)
    mark_seen([locked], actor)
    _trail(locked, actor, {"version": locked.version})
    words.keep([locked])
    circulation.start(locked, actor=actor)
    return locked


@transaction.atomic
def move_record(
    consultation: Consultation, household: Household, *, actor: Actor, reason: str
) -> Consultation:
    """Give a record to the right family, also one written without a name. Both families' trails say so.

    The people of the former family are taken off (the former text names them); that family is closed to the agency
    when nothing else opened it. Raises DomainError without a reason or when the record is there already.
    """
    if not reason.strip():
        raise DomainError("移す理由を書いてください。", field="reason")
    meetings.locked(*filter(None, (household.pk, consultation.household_id)))
    locked = _locked(consultation, actor, access.MOVE_RECORD.name)
    target = _locked_household(household.pk, actor)
    if target is None or locked.household_id == target.pk:
        raise DomainError("この記録は、もうその家庭のものです。", field="household")
    former = queries.record_input(locked)
    _keep_revision(locked, former, actor, reason)
    locked.household = target
    _save(locked, replace(former, household_id=target.pk, person_ids=(), consulting_ids=()), "household")
    locked.people.all().delete()
    Draft.objects.filter(consultation=locked).update(household=target)
    _met(locked, target, actor)
    filing.moved(locked, actor=actor, reason=reason)
    if former.household_id is not None:
        meetings.taken_back(former.household_id, actor=actor, agency_id=locked.agency_id)
    detail = {"from": former.household_id, "to": target.pk}
    for household_id in filter(None, (former.household_id, target.pk)):
        audit.record(access.MOVE_RECORD, actor=actor, household_id=household_id, obj=locked, detail=detail)
    words.keep([locked])
    circulation.start(locked, actor=actor)
    return locked


@transaction.atomic
def finish_next_step(consultation: Consultation, *, actor: Actor, result: str) -> Consultation:
    """Say what came of the next step. Raises Conflict when somebody has said so already."""
    text = result.strip()
    if not text or len(text) > 300:
        raise DomainError("結果を書いてください（300文字まで）。", field="result")
    locked = _with_open_step(consultation, actor)
    locked.next_done_at, locked.next_done_by, locked.next_result = clock.now(), actor.user_id, text
    locked.save(update_fields=["next_done_at", "next_done_by", "next_result"])
    words.keep([locked])
    _trail(locked, actor, {"next": "done"})
    return locked


@transaction.atomic
def reschedule_next_step(
    consultation: Consultation, *, actor: Actor, next_on: date, reason: str = ""
) -> Consultation:
    """Do the next step on another day; the former day stays in the history."""
    locked = _with_open_step(consultation, actor)
    former = queries.record_input(locked)
    record = replace(former, next_on=next_on)
    if next_on < clock.today():
        raise DomainError("今日よりあとの日をえらんでください。", field="next_on")
    if record != former:
        _keep_revision(locked, former, actor, reason or "次の日を変えた")
        _save(locked, record)
        mark_seen([locked], actor)
        _trail(locked, actor, {"next": "rescheduled", "version": locked.version})
    return locked


def mark_read(consultations: Iterable[Consultation], *, actor: Actor) -> None:
    """Remember that the actor has read these records as they stand, with a line each on the trail."""
    read = list(consultations)
    mark_seen(read, actor)
    for consultation in read:
        audit.record(
            access.READ_RECORD,
            actor=actor,
            household_id=consultation.household_id,
            obj=consultation,
            detail={"version": consultation.version},
        )


def mark_seen(consultations: Iterable[Consultation], actor: Actor) -> None:
    """The marks of mark_read alone, for what the actor has just written."""
    if actor.user_id is None:
        return
    ConsultationRead.objects.bulk_create(
        [
            ConsultationRead(
                municipality_id=actor.municipality_id,
                consultation=consultation,
                user_id=actor.user_id,
                version=consultation.version,
                read_at=clock.now(),
            )
            for consultation in consultations
        ],
        update_conflicts=True,
        unique_fields=["consultation", "user_id"],
        update_fields=["version", "read_at"],
    )


def _own_agency(actor: Actor) -> int:
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけが記録できます。", action=access.WRITE_RECORD.name)
    return actor.agency_id


def _require_sound(record: RecordInput) -> None:
    for problem in problems(record, now=clock.now()):
        raise DomainError(problem.message, field=problem.field)


def _clean(record: RecordInput) -> RecordInput:
    """Line ends as browsers send them become one form, blanks around texts go, time is kept to the minute."""
    texts = {name: getattr(record, name).replace("\r\n", "\n").strip() for name in queries.TEXTS}
    return replace(record, occurred_at=record.occurred_at.replace(second=0, microsecond=0), **texts)


def _values(record: RecordInput, *owner_name: str) -> dict[str, Any]:
    record = _clean(record)
    values = {name: getattr(record, name) for name in FIELDS if name != "main_category"}
    values |= {name: list(values[name]) for name in LISTS}
    if owner_name:
        values["next_owner_name"] = owner_name[0]
    return values | {"main_category": record.categories[0]}


def _locked_household(household_id: int | None, actor: Actor) -> Household | None:
    if household_id is None:
        return None
    household = _lock.first(household_id, actor.agency_id or 0)
    if household is None:
        raise DomainError("家庭が見つかりません。えらびなおしてください。", field="household")
    if household.joined_into_id is not None:
        raise Conflict("この家庭は、別の家庭にまとめられています。まとめた先の家庭をえらんでください。")
    return household


@prepared
def _lock(household: int, agency: int) -> QuerySet[Household, Household]:
    locked = Household.objects.select_for_update(no_key=True, of=("self",)).filter(pk=household)
    return filling.with_charts(locked, agency)


def _saved_already(actor: Actor, key: UUID) -> Consultation | None:
    return Consultation.objects.filter(municipality_id=actor.municipality_id, key=key).first()


def _wait_for(key: UUID) -> None:
    """Without a family to lock, the second of two clicks waits here for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int % 2**63])


def _met(consultation: Consultation, household: Household, actor: Actor) -> None:
    links.meet(
        household,
        actor=actor,
        agency_id=consultation.agency_id,
        reason=AgencyLink.Reason.RECORD,
        on=consultation.occurred_on,
    )


def _locked(
    consultation: Consultation, actor: Actor, action: str = access.WRITE_RECORD.name, *, held: bool = False
) -> Consultation:
    """The record of the own agency, locked; with `held` also one that came with a chart."""
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if actor.agency_id not in (locked.agency_id, locked.held_by_id if held else None):
        raise Forbidden("ほかの機関の記録は変えられません。", action=action)
    return locked


def _with_open_step(consultation: Consultation, actor: Actor) -> Consultation:
    locked = _locked(consultation, actor, held=True)
    if not locked.next_step:
        raise DomainError("この記録には「次にすること」がありません。")
    if locked.next_done_at is not None:
        raise Conflict("ほかの人が先に結果を書きました。記録を見てください。")
    return locked


def _keep_revision(consultation: Consultation, former: RecordInput, actor: Actor, reason: str) -> None:
    people = consultation.people.values("person_id", "consulting", "age_text", "age_months", "school_year")
    ConsultationRevision.objects.create(
        municipality_id=consultation.municipality_id,
        consultation=consultation,
        version=consultation.version,
        snapshot=snapshot(former) | {"people": list(people), "next_result": consultation.next_result},
        reason=reason.strip()[:120],
        changed_at=clock.now(),
        changed_by=actor.user_id,
        changed_by_name=actor.name,
    )


def _save(consultation: Consultation, record: RecordInput, *more: str) -> None:
    for name, value in _values(record).items():
        setattr(consultation, name, value)
    consultation.version += 1
    consultation.updated_at = clock.now()
    consultation.save(update_fields=[*FIELDS, *more, "version", "updated_at"])


def _trail(consultation: Consultation, actor: Actor, detail: dict[str, object]) -> None:
    audit.record(
        access.WRITE_RECORD,
        actor=actor,
        household_id=consultation.household_id,
        obj=consultation,
        detail=detail,
    )
