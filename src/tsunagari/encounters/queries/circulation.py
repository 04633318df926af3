"""回覧: one's own seals, how far a record has gone round, what is said of it, and the number in the menu."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, ConsultationRead, RecordComment, Seal
from tsunagari.encounters.queries.names import FamilyName, agency_names, family_names
from tsunagari.encounters.queries.readers import Reader, readers
from tsunagari.encounters.queries.records import RecordLine, record_line
from tsunagari.encounters.rules import MASK
from tsunagari.encounters.rules.circulation import KINDS, surname

PAGE = 30
AT_ONCE = 10  # records that are read on one page
COUNTED_TO = 100


def open_count(actor: Actor) -> int:
    """How many records wait for the actor's seal, counted up to COUNTED_TO. One query over one's own open seals."""
    return len(_open_ids(actor)) if actor.agency_id is not None and actor.may(access.READ_SEALS) else 0


def menu_numbers(actor: Actor) -> dict[str, int]:
    """The numbers of the menu by URL name. One query; none for roles that see no seals."""
    return {"circulation": open_count(actor)}


@prepared
def _open_ids(actor: Actor) -> QuerySet[Any, int]:
    return open_seals(actor).values_list("pk", flat=True)[:COUNTED_TO]


def open_seals(actor: Actor) -> QuerySet[Seal, Seal]:
    """Open seals of the actor at this workplace, of records they may read."""
    mine = _own(actor).filter(sealed_at__isnull=True)
    return mine.filter(consultation__in=Consultation.objects.visible_to(actor))


def _own(actor: Actor) -> QuerySet[Seal, Seal]:
    return Seal.objects.filter(
        municipality_id=actor.municipality_id,
        user_id=actor.user_id or 0,
        agency_id=actor.agency_id or 0,
        withdrawn_at__isnull=True,
    )


@dataclass(frozen=True, slots=True)
class SealLine:
    """One record in one's circulation. `changed`: corrected since it was sealed. `opened`: read as it stands now."""

    seal: Seal
    line: RecordLine
    agency: str
    late_days: int
    changed: bool
    opened: bool

    @property
    def kind(self) -> str:
        return KINDS[self.seal.kind]


@dataclass(frozen=True, slots=True)
class SealPage:
    """One page of one's circulation; `more` is what `before` becomes for the next, or ""."""

    lines: list[SealLine]
    more: str = ""


def waiting(actor: Actor, *, start: int = 0, limit: int = PAGE) -> SealPage:
    """What waits for the actor's seal: the earliest day first, then what has none, the oldest first."""
    rows = open_seals(actor).order_by(F("due_on").asc(nulls_last=True), "asked_at", "pk")
    found = list(_with_reads(rows, actor)[start : start + limit + 1])
    return SealPage(_lines(actor, found[:limit]), str(start + limit) if len(found) > limit else "")


def sealed(actor: Actor, *, before: str = "", limit: int = PAGE) -> SealPage:
    """What the actor sealed, the last first, from the one after the key `before`."""
    rows = _own(actor).filter(sealed_at__isnull=False)
    rows = rows.filter(consultation__in=Consultation.objects.visible_to(actor))
    if cursor := _cursor(before):
        rows = rows.filter(Q(sealed_at__lt=cursor[0]) | Q(sealed_at=cursor[0], pk__lt=cursor[1]))
    found = list(_with_reads(rows.order_by("-sealed_at", "-pk"), actor)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    more = f"{last.sealed_at.isoformat()}_{last.pk}" if last and last.sealed_at else ""
    return SealPage(_lines(actor, found[:limit]), more)


def to_read(actor: Actor, *, limit: int = AT_ONCE) -> tuple[list[SealLine], bool]:
    """The next records that only have to be read, whole, and whether there are more."""
    rows = open_seals(actor).filter(kind=Seal.Kind.READ)
    rows = rows.order_by(F("due_on").asc(nulls_last=True), "asked_at", "pk")
    found = list(_with_reads(rows, actor)[: limit + 1])
    return _lines(actor, found[:limit]), len(found) > limit


def _with_reads(rows: QuerySet[Seal, Seal], actor: Actor) -> QuerySet[Seal, Seal]:
    read = ConsultationRead.objects.filter(
        consultation=OuterRef("consultation_id"), user_id=actor.user_id or 0
    )
    return rows.select_related("consultation").annotate(read_version=Subquery(read.values("version")[:1]))


def _lines(actor: Actor, rows: list[Seal]) -> list[SealLine]:
    records = [row.consultation for row in rows]
    names = family_names(record.household_id for record in records)
    others = [record for record in records if record.agency_id != actor.agency_id]
    agencies = agency_names((record.agency_id, record.occurred_on) for record in others)
    return [_line(actor, row, names, agencies) for row in rows]


def _line(
    actor: Actor, row: Any, names: dict[int, FamilyName], agencies: dict[tuple[int, date], str]
) -> SealLine:
    record = row.consultation
    family = names.get(record.household_id or 0)
    masked = family is not None and family.protected
    agency = "" if record.agency_id == actor.agency_id else agencies[record.agency_id, record.occurred_on]
    return SealLine(
        row,
        record_line(record, names),
        MASK if agency and masked else agency,
        _late(row),
        changed=row.sealed_at is not None and (row.sealed_version or 0) < record.version,
        opened=(row.read_version or 0) >= record.version,
    )


def _late(row: Seal) -> int:
    if row.due_on is None or row.sealed_at is not None:
        return 0
    return max((clock.today() - row.due_on).days, 0)


def _cursor(text: str) -> tuple[datetime, int] | None:
    at, _, pk = text.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo and abs(int(pk)) < 2**62 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Stamp:
    """One person on the row of seals of a record. `changed`: the record was corrected after."""

    seal_id: int
    name: str
    short: str
    kind: str
    sealed_at: datetime | None
    due_on: date | None
    late: bool
    changed: bool
    by: str
    note: str
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Round:
    """How far a record has gone round: stamps in the order they were asked for, the actor's own open seal, comments
    with those who may strike them."""

    stamps: list[Stamp]
    mine: Seal | None
    comments: list[RecordComment]

    def __bool__(self) -> bool:
        return bool(self.stamps or self.comments)

    @property
    def left(self) -> int:
        return sum(stamp.sealed_at is None for stamp in self.stamps)


def of_record(actor: Actor, record: Consultation) -> Round:
    """How far a record that the actor may read has gone round. Two queries; none for roles that see no seals."""
    if not actor.may(access.READ_SEALS):
        return Round([], None, [])
    rows = _latest(list(_seals(record.pk)))
    mine = next((row for row in rows if _is_mine(row, actor, record)), None)
    return Round([_stamp(row, actor, record) for row in rows], mine, _comments(record.pk))


@prepared
def _seals(record: int) -> QuerySet[Seal, Seal]:
    """Open ones and all that were made."""
    rows = Seal.objects.filter(consultation_id=record)
    return rows.filter(Q(withdrawn_at__isnull=True) | Q(sealed_at__isnull=False)).order_by("asked_at", "pk")


@prepared
def _comments(record: int) -> QuerySet[RecordComment, RecordComment]:
    return RecordComment.objects.filter(consultation_id=record).order_by("written_at", "pk")


def _latest(rows: list[Seal]) -> list[Seal]:
    """The last of each person's: asked again after a correction, the former stands no more."""
    return list({row.user_id: row for row in rows}.values())


def _is_mine(row: Seal, actor: Actor, record: Consultation) -> bool:
    own = (row.user_id, row.agency_id) == (actor.user_id, actor.agency_id) and row.withdrawn_at is None
    return own and (row.sealed_at is None or (row.sealed_version or 0) < record.version)


def _stamp(row: Seal, actor: Actor, record: Consultation) -> Stamp:
    leads = actor.role in ("manager", "lead") and actor.agency_id == record.agency_id
    may = actor.may(access.ASK_TO_READ) and (leads or row.asked_by == actor.user_id)
    return Stamp(
        row.pk,
        row.user_name,
        surname(row.user_name),
        KINDS[row.kind],
        row.sealed_at,
        row.due_on,
        _late(row) > 0,
        row.sealed_at is not None and (row.sealed_version or 0) < record.version,
        row.asked_by_name,
        row.note,
        may_withdraw=may and row.sealed_at is None,
    )


def whom_to_ask(actor: Actor, record: Consultation) -> list[Reader]:
    """Those who may read the record and are not asked yet, the actor apart; the own agency's first."""
    standing = {
        row.user_id: row for row in Seal.objects.filter(consultation=record, withdrawn_at__isnull=True)
    }
    free = [
        one
        for one in readers(record.pk, clock.today())
        if one.user_id != actor.user_id
        and (
            (row := standing.get(one.user_id)) is None
            or (row.sealed_at is not None and (row.sealed_version or 0) < record.version)
        )
    ]
    return sorted(free, key=lambda one: (one.agency_id != record.agency_id, one.agency_id, one.name))
