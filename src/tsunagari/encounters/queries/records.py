"""Reading records: as input for a correction, as a list, with their former texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import (
    Consultation,
    ConsultationPerson,
    ConsultationQuerySet,
    ConsultationRead,
    ConsultationRevision,
    Kind,
)
from tsunagari.encounters.queries.names import (
    FamilyName,
    family_names,
    name_at,
    person_names,
)
from tsunagari.encounters.rules import (
    CATEGORY,
    CHANNELS,
    CONSENTS,
    RESPONSES,
    Difference,
    RecordInput,
    Words,
    differences,
    from_snapshot,
    main_first,
    shown,
    to_fields,
)

TEXTS = ("who_hint", "place", "content", "assessment", "response_note", "progress", "next_step")
COUNTED_TO = 1_000


def record_input(consultation: Consultation) -> RecordInput:
    """A saved record as it would be typed. One query (its people)."""
    people = sorted(consultation.people.all(), key=lambda row: row.pk)
    return RecordInput(
        occurred_at=consultation.occurred_at,
        categories=tuple(main_first(list(consultation.categories), consultation.main_category)[1]),
        household_id=consultation.household_id,
        person_ids=tuple(row.person_id for row in people),
        consulting_ids=tuple(row.person_id for row in people if row.consulting),
        channel=consultation.channel,
        responses=tuple(consultation.responses),
        next_on=consultation.next_on,
        consent=consultation.consent,
        kind=consultation.kind,
        details=tuple(consultation.details),
        concern=consultation.concern,
        mark_id=consultation.mark_id,
        sight=consultation.sight,
        told=tuple(consultation.told),
        linked=tuple(consultation.linked),
        next_owner_id=consultation.next_owner_id,
        **{name: getattr(consultation, name) for name in TEXTS},
    )


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What a list of records is narrowed to; None or "" leaves it open. Days are inclusive."""

    mine: bool = False
    category: int | None = None
    channel: str = ""
    consent: str = ""
    since: date | None = None
    until: date | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in a list: no words of it, only what it is about."""

    id: int
    family: FamilyName | None
    who_hint: str
    occurred_at: datetime
    channel: str
    categories: tuple[str, ...]
    author_name: str
    consent: str
    consent_label: str
    corrected: bool
    unread: bool
    next_on: date | None
    next_done: bool

    @property
    def key(self) -> str:
        return f"{self.occurred_at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of a list. `total` is counted up to COUNTED_TO; `more` is the key of the next page or ""."""

    lines: list[RecordLine]
    total: int
    more: str

    @property
    def total_text(self) -> str:
        return f"{COUNTED_TO}件以上" if self.total > COUNTED_TO else f"{self.total}件"


def book_of(actor: Actor) -> list[ConsultationQuerySet]:
    """What every view of 記録 shows: the agency's own entries, and those of charts it took over. Apart, so that each
    walks an index."""
    return [Consultation.objects.own_of(actor), Consultation.objects.taken_over_by(actor)]


def records(actor: Actor, wanted: RecordFilter, *, before: str = "", limit: int = 30) -> RecordPage:
    """The agency's book, newest first, from the entry after the key `before`. At most five queries."""
    parts = [unread_marked(_narrowed(part, actor, wanted), actor) for part in book_of(actor)]
    if wanted.unread:
        parts = [only_unread(part, actor) for part in parts]
    total = 0 if before else sum(map(_counted, parts))
    rows = newest_of(parts, before, limit)
    names = family_names(row.household_id for row in rows[:limit])
    lines = [record_line(row, names) for row in rows[:limit]]
    return RecordPage(lines, total, lines[-1].key if len(rows) > limit else "")


def newest_of(parts: Iterable[ConsultationQuerySet], before: str, limit: int) -> list[Consultation]:
    """Of several index walks the newest after the key `before`: up to `limit`, and one that says there are more."""
    cursor = _cursor(before)
    rows: list[Consultation] = []
    for part in parts:
        if cursor:
            part = part.filter(Q(occurred_at__lt=cursor[0]) | Q(occurred_at=cursor[0], pk__lt=cursor[1]))
        rows += part.order_by("-occurred_at", "-pk")[: limit + 1]
    return sorted(rows, key=attrgetter("occurred_at", "pk"), reverse=True)[: limit + 1]


def _counted(part: ConsultationQuerySet) -> int:
    return len(part.order_by().values_list("pk", flat=True)[: COUNTED_TO + 1])


def _narrowed(found: ConsultationQuerySet, actor: Actor, wanted: RecordFilter) -> ConsultationQuerySet:
    if wanted.mine:
        found = found.filter(author_id=actor.user_id)
    if wanted.category:
        found = found.filter(categories__contains=[wanted.category])
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.consent:
        found = found.filter(consent=wanted.consent)
    if wanted.since:
        found = found.filter(occurred_at__gte=clock.at(wanted.since))
    if wanted.until:
        found = found.filter(occurred_at__lt=clock.at(wanted.until + timedelta(days=1)))
    return found


def unread_marked(found: ConsultationQuerySet, actor: Actor) -> ConsultationQuerySet:
    """With `unread`: written by somebody else and not read by the actor as it stands now."""
    return found.annotate(unread=~Exists(_reads(actor)) & ~Q(author_id=actor.user_id or 0))


def only_unread(found: ConsultationQuerySet, actor: Actor) -> ConsultationQuerySet:
    """Those that unread_marked marks."""
    return found.filter(~Exists(_reads(actor)), ~Q(author_id=actor.user_id or 0))


def _reads(actor: Actor) -> QuerySet[ConsultationRead]:
    return ConsultationRead.objects.filter(
        consultation=OuterRef("pk"), user_id=actor.user_id or 0, version__gte=OuterRef("version")
    )


def record_line(row: Consultation, names: dict[int, FamilyName]) -> RecordLine:
    """A row of unread_marked as a line, given the families' names."""
    return RecordLine(
        row.pk,
        names.get(row.household_id or 0),
        row.who_hint,
        row.occurred_at.astimezone(clock.TOKYO),
        CHANNELS.get(row.channel, row.channel),
        tuple(CATEGORY[code].short for code in row.categories if code in CATEGORY),
        row.author_name,
        row.consent,
        CONSENTS.get(row.consent, row.consent),
        row.version > 1,
        bool(getattr(row, "unread", False)),
        row.next_on,
        row.next_done_at is not None,
    )


def _cursor(text: str) -> tuple[datetime, int] | None:
    at, _, pk = text.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """What a record's page shows beside its words."""

    people: list[RecordPerson]
    categories: list[str]
    responses: list[str]
    channel: str
    consent: str


@dataclass(frozen=True, slots=True)
class RecordPerson:
    """A person of a record with age and school year as they were that day."""

    name: str
    kana: str
    relation: str
    age: str
    school_year: str
    consulting: bool


def record_detail(consultation: Consultation) -> RecordDetail:
    """Codes and people of a record in words. One query."""
    people = consultation.people.select_related("person__household").order_by("-consulting", "pk")
    return RecordDetail(
        [_record_person(row, consultation.household_id) for row in people],
        [CATEGORY[code].label for code in consultation.categories if code in CATEGORY],
        [RESPONSES[code] for code in consultation.responses if code in RESPONSES],
        CHANNELS.get(consultation.channel, ""),
        CONSENTS.get(consultation.consent, ""),
    )


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What the city's words say of a record; empty where nothing was said. `kind` only when it is no consultation."""

    mark: str
    kind: str
    concern: str
    details: list[str]
    told: list[str]
    linked: list[str]


def record_facts(consultation: Consultation, words: Words) -> RecordFacts:
    """The record's mark, kind, concern, finer categories and partners in words. No query."""
    level = consultation.concern
    return RecordFacts(
        words.marks.get(consultation.mark_id or 0, ""),
        "" if consultation.kind == Kind.CONSULT else consultation.get_kind_display(),
        words.concerns[level] if level is not None and level < len(words.concerns) else "",
        [words.details[pk] for pk in consultation.details if pk in words.details],
        [words.partners[pk] for pk in consultation.told if pk in words.partners],
        [words.partners[pk] for pk in consultation.linked if pk in words.partners],
    )


def _record_person(row: ConsultationPerson, household_id: int | None) -> RecordPerson:
    name = name_at(household_id, row.person)
    if not name.known:
        return RecordPerson(name.text, "", "", "", "", row.consulting)
    return RecordPerson(
        name.text, name.kana, row.person.relation, row.age_text, row.school_year, row.consulting
    )


def last_correction(consultation: Consultation) -> ConsultationRevision | None:
    """The newest correction: who changed the record last."""
    return consultation.revisions.order_by("-version").first()


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a record: what it became, field by field. The newest comes first."""

    version: int
    changed_at: datetime
    changed_by_name: str
    reason: str
    changes: list[Difference]


def history(consultation: Consultation, words: Words | None = None) -> list[Revision]:
    """Every correction of a record with what it changed, in the city's words. Three queries."""
    former = list(consultation.revisions.order_by("-version"))
    inputs = [record_input(consultation), *(from_snapshot(row.snapshot) for row in former)]
    names = person_names({pk for record in inputs for pk in record.person_ids}, consultation.household_id)
    texts = [shown(to_fields(record), names, words) for record in inputs]
    moved = [record.household_id for record in inputs]
    return [
        Revision(
            row.version + 1,
            row.changed_at,
            row.changed_by_name,
            row.reason,
            [*differences(texts[index + 1], texts[index]), *_moved(moved[index + 1], moved[index])],
        )
        for index, row in enumerate(former)
    ]


def version_fields(consultation: Consultation, version: int) -> dict[str, Any] | None:
    """The form's fields as the record stood at a version; None when it never stood so."""
    if version == consultation.version:
        return to_fields(record_input(consultation))
    former = consultation.revisions.filter(version=version).first()
    return to_fields(from_snapshot(former.snapshot)) if former else None


def finished(actor: Actor, key: UUID | None, record_id: int | None) -> Consultation | None:
    """The record that a draft, now gone, became: by its key, or the one it corrected."""
    visible = Consultation.objects.visible_to(actor)
    found = visible.filter(key=key).first() if key else None
    return found or (visible.filter(pk=record_id).first() if record_id else None)


def _moved(former: int | None, later: int | None) -> Iterator[Difference]:
    if former != later:
        yield Difference(
            "household",
            "家庭",
            f"家庭 {former}" if former else "お名前なし",
            f"家庭 {later}" if later else "お名前なし",
        )
