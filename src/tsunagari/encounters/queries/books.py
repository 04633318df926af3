"""The agency's records in the three styles: a day as a sheet, families with their entries, marked ones.

One set of entries: each is the agency's own or in a chart it took over, once, for those who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import (
    Attachment,
    Consultation,
    ConsultationPerson,
    ConsultationQuerySet,
    RecordKeeping,
)
from tsunagari.encounters.queries.names import FamilyName, family_names
from tsunagari.encounters.queries.records import book_of, newest_of, unread_marked
from tsunagari.encounters.rules import CATEGORY, CHANNELS, KINDS, RESPONSES, Words
from tsunagari.families.models import Household

EXCERPT = 160
PAGE = 30
#: Which view comes first, by style; all of them are always there.
ORDER = {
    "family": ("family", "day", "marked", "all"),
    "day": ("day", "family", "marked", "all"),
    "hybrid": ("day", "marked", "family", "all"),
}


@dataclass(frozen=True, slots=True)
class BookLine:
    """An entry in a book. `text` is its beginning, or all of it on paper; `ages` of the children that day."""

    id: int
    family: FamilyName | None
    who_hint: str
    ages: str
    at: datetime
    kind: str
    channel: str
    category: str
    more_categories: int
    text: str
    responses: str
    next_step: str
    next_on: date | None
    next_done: bool
    mark: str
    author_name: str
    narrow: bool
    corrected: bool
    unread: bool
    files: int
    ours: bool
    household_id: int | None

    @property
    def key(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class BookPage:
    """Entries in order; `more` is the key of the next page or ""."""

    lines: list[BookLine]
    more: str = ""

    @property
    def ids(self) -> list[int]:
        return [line.id for line in self.lines]


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A day's entries by time; `before` and `after` are the nearest days with an entry."""

    day: date
    lines: list[BookLine]
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family with its latest entry and how many there are."""

    family: FamilyName
    latest: BookLine
    count: int


@dataclass(frozen=True, slots=True)
class FamilyPage:
    lines: list[FamilyLine]
    more: str = ""


def style_of(actor: Actor) -> str:
    """How the actor's agency keeps its records. One query."""
    found = RecordKeeping.objects.filter(agency_id=actor.agency_id or 0).values_list("style", flat=True)
    return found.first() or "day"


def day_sheet(actor: Actor, day: date, words: Words, *, whole: bool = False) -> DaySheet:
    """The day's entries, earliest first; with `whole` the full text, for paper. At most eight queries."""
    start, end = clock.at(day), clock.at(day + timedelta(days=1))
    rows = [
        row
        for part in book_of(actor)
        for row in _described(part.filter(occurred_at__gte=start, occurred_at__lt=end), actor)
    ]
    rows.sort(key=attrgetter("occurred_at", "pk"))
    days = [
        [
            part.filter(occurred_at__lt=start)
            .order_by("-occurred_at")
            .values_list("occurred_on", flat=True)
            .first()
            for part in book_of(actor)
        ],
        [
            part.filter(occurred_at__gte=end)
            .order_by("occurred_at")
            .values_list("occurred_on", flat=True)
            .first()
            for part in book_of(actor)
        ],
    ]
    before, after = (list(filter(None, found)) for found in days)
    lines = _lines(rows, actor, words, whole=whole)
    return DaySheet(day, lines, max(before, default=None), min(after, default=None))


def marked(actor: Actor, words: Words, *, mark: int | None = None, before: str = "") -> BookPage:
    """Entries with a mark, newest first. Three queries."""
    parts = [
        part.filter(mark_id=mark) if mark else part.filter(mark__isnull=False) for part in book_of(actor)
    ]
    return _newest(parts, actor, words, before)


def family_book(actor: Actor, household: Household, words: Words, *, before: str = "") -> BookPage:
    """One family's entries at the agency, newest first. The caller has seen to it that the family may be seen."""
    return _newest([part.filter(household=household) for part in book_of(actor)], actor, words, before)


def families_by_entry(actor: Actor, words: Words, *, before: str = "") -> FamilyPage:
    """Families with an entry, the one written about last first. Four queries, by index however many there are."""
    later = Q(occurred_at__gt=OuterRef("occurred_at")) | Q(
        occurred_at=OuterRef("occurred_at"), pk__gt=OuterRef("pk")
    )
    same = Consultation.objects.kept_by(actor).filter(household=OuterRef("household_id"))
    count = same.order_by().values("household").annotate(number=Count("pk")).values("number")
    parts = [
        part.filter(household__isnull=False)
        .alias(later=Subquery(same.filter(later).order_by().values("pk")[:1]))
        .filter(later__isnull=True)
        .annotate(number=Coalesce(Subquery(count), 1))
        for part in book_of(actor)
    ]
    rows, more = _cut(parts, actor, before)
    lines = _lines(rows, actor, words)
    return FamilyPage(
        [
            FamilyLine(line.family, line, getattr(row, "number", 1))
            for line, row in zip(lines, rows, strict=True)
            if line.family is not None
        ],
        lines[-1].key if more else "",
    )


def _newest(parts: Iterable[ConsultationQuerySet], actor: Actor, words: Words, before: str) -> BookPage:
    rows, more = _cut(parts, actor, before)
    lines = _lines(rows, actor, words)
    return BookPage(lines, lines[-1].key if more else "")


def _cut(parts: Iterable[ConsultationQuerySet], actor: Actor, before: str) -> tuple[list[Consultation], bool]:
    """The next page of what several index walks give, and whether there is more."""
    rows = newest_of([_described(part, actor) for part in parts], before, PAGE)
    return rows[:PAGE], len(rows) > PAGE


def _described(rows: ConsultationQuerySet, actor: Actor) -> ConsultationQuerySet:
    """With what a line says besides: whether it is new to the reader, its files, the children's ages."""
    files = Attachment.objects.filter(consultation=OuterRef("pk"), removed_at__isnull=True)
    people = ConsultationPerson.objects.filter(consultation=OuterRef("pk"), person__kind="child")
    found: ConsultationQuerySet = unread_marked(rows, actor).annotate(
        files=Coalesce(
            Subquery(files.order_by().values("consultation").annotate(n=Count("pk")).values("n")), 0
        ),
        ages=ArraySubquery(people.order_by("pk").values(json=JSONObject(age=F("age_text")))),
    )
    return found


def _lines(
    rows: Sequence[Consultation], actor: Actor, words: Words, *, whole: bool = False
) -> list[BookLine]:
    names = family_names(row.household_id for row in rows)
    return [_line(row, actor, names, words, whole) for row in rows]


def _line(
    row: Consultation, actor: Actor, names: dict[int, FamilyName], words: Words, whole: bool
) -> BookLine:
    text = row.content if whole or len(row.content) <= EXCERPT else f"{row.content[:EXCERPT]}…"
    ages: list[dict[str, str]] = getattr(row, "ages", [])
    return BookLine(
        row.pk,
        names.get(row.household_id or 0),
        row.who_hint,
        "、".join(one["age"] for one in ages if one["age"]),
        row.occurred_at.astimezone(clock.TOKYO),
        "" if row.kind == "consult" else KINDS.get(row.kind, ""),
        CHANNELS.get(row.channel, ""),
        CATEGORY[row.main_category].short if row.main_category in CATEGORY else "",
        len(row.categories) - 1,
        text,
        "、".join(RESPONSES[code] for code in row.responses if code in RESPONSES),
        row.next_step,
        row.next_on,
        row.next_done_at is not None,
        words.marks.get(row.mark_id or 0, ""),
        row.author_name,
        row.sight != "usual",
        row.version > 1,
        bool(getattr(row, "unread", False)),
        getattr(row, "files", 0),
        row.agency_id == actor.agency_id,
        row.household_id,
    )
