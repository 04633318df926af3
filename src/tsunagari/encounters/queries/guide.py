"""The guide as read: the book in force, the draft, former ones, and what stands beside a record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, TextField, When
from django.db.models.functions import MD5, Cast, JSONObject
from django.db.models.lookups import IsNull

from tsunagari.base.actor import Actor
from tsunagari.encounters import rules
from tsunagari.encounters.models import Draft, GuideBook, GuideEntry, Partner
from tsunagari.encounters.queries.partners import with_words
from tsunagari.encounters.rules.guide import WORDS, Changes, age_words, changes
from tsunagari.encounters.rules.partners import KINDS, STUDY_KINDS, dialled
from tsunagari.families.models import Person

PAGE = 100  # entries at once
AT_HAND = 40  # beside a record
CHOICES = 200  # partners in a list to choose from


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom an entry points to. `tel` is what a telephone dials, "" when there is no number."""

    id: int
    name: str
    phone: str = ""
    hours: str = ""
    ended: bool = False

    @property
    def tel(self) -> str:
        return dialled(self.phone)


@dataclass(frozen=True)
class Entry:
    """An entry as read; ages in months."""

    id: int
    key: UUID
    version: int
    category: int
    concern_from: int
    age_from: int | None
    age_to: int | None
    title: str
    how: str
    say: str
    urgent: bool
    position: int
    partner_id: int | None
    partner: Contact | None = None

    @property
    def ages(self) -> str:
        return age_words(self.age_from, self.age_to)

    @property
    def category_label(self) -> str:
        return rules.CATEGORY[self.category].short


@dataclass(frozen=True, slots=True)
class Chapter:
    """A category with its entries."""

    category: rules.Category
    entries: tuple[Entry, ...]


def in_force(actor: Actor) -> GuideBook | None:
    """The book that is used now. One query."""
    books = GuideBook.objects.visible_to(actor)
    return books.filter(published_at__isnull=False, replaced_at__isnull=True).first()


def draft(actor: Actor) -> GuideBook | None:
    """The book being written, for those who write it. One query."""
    return GuideBook.objects.visible_to(actor).filter(published_at__isnull=True).first()


def published(actor: Actor) -> list[GuideBook]:
    """Books that are or were in force, newest first. One query."""
    return list(GuideBook.objects.visible_to(actor).filter(published_at__isnull=False).order_by("-number"))


def entries(book: GuideBook) -> tuple[Entry, ...]:
    """All entries of a book by category and place; partners as they are, or were when it was replaced. One query."""
    return read(book, GuideEntry.objects.filter(book=book).order_by("category", "position", "pk"))


def read(book: GuideBook, rows: QuerySet[GuideEntry]) -> tuple[Entry, ...]:
    """Some entries of a book, in the order of the rows. One query."""
    former = book.contacts if book.replaced_at else {}
    return tuple(_entry(row, former) for row in rows.select_related("partner"))


def some_entries(book: GuideBook, category: int | None, part: slice) -> tuple[Entry, ...]:
    """Some of the entries in their order, of one category or of all. One query."""
    rows = GuideEntry.objects.filter(book=book).order_by("category", "position", "pk")
    return read(book, (rows if category is None else rows.filter(category=category))[part])


def urgent_first(book: GuideBook, category: int, part: slice) -> tuple[Entry, ...]:
    """Some entries of a category as paper has them. One query."""
    rows = GuideEntry.objects.filter(book=book, category=category)
    return read(book, rows.order_by("-urgent", "position", "pk")[part])


def unreachable(book: GuideBook) -> tuple[bool, bool]:
    """Whether an entry names a partner without a telephone, and one that is no longer. Two queries."""
    named = GuideEntry.objects.filter(book=book, partner__isnull=False)
    return named.filter(partner__phone="").exists(), named.filter(partner__ended_on__isnull=False).exists()


def counted(book: GuideBook) -> dict[int, int]:
    """How many entries stand in each category that has any, in the order of categories. One query."""
    rows = GuideEntry.objects.filter(book=book).order_by("category").values_list("category")
    return dict(rows.annotate(count=Count("pk")))


def ends(book: GuideBook) -> tuple[set[int], set[int]]:
    """Ids of the first entries of their categories, and of the last. Two queries."""
    rows = GuideEntry.objects.filter(book=book).values_list("pk", flat=True)
    first = rows.order_by("category", "position", "pk").distinct("category")
    last = rows.order_by("category", "-position", "-pk").distinct("category")
    return set(first), set(last)


def ends_of(whole: Iterable[Chapter]) -> tuple[set[int], set[int]]:
    """The same of chapters that are read already. No query."""
    found = [one.entries for one in whole if one.entries]
    return {entries[0].id for entries in found}, {entries[-1].id for entries in found}


def suiting(
    book: GuideBook, categories: Sequence[int], concern: int | None = None, ages: Collection[int] = ()
) -> QuerySet[GuideEntry]:
    """Entries that belong to what is talked about: すぐに first, then by the order of the categories, the nearer to the
    concern first. Nothing said (no concern, no age) narrows nothing; ages in months.

    What is to be done at once is shown whatever the level of concern: it is often written down before it is judged.
    """
    rows = GuideEntry.objects.filter(book=book, category__in=categories)
    if concern is not None:
        rows = rows.filter(Q(urgent=True) | Q(concern_from__lte=concern))
    if ages:
        rows = rows.filter(reduce(or_, map(_holds, ages)))
    places = [When(category=code, then=place) for place, code in enumerate(categories)]
    order = Case(*places, default=len(places)) if places else F("category")
    nearest = ["-concern_from"] if concern is not None else []
    return rows.order_by("-urgent", order, *nearest, "position", "pk")


def _holds(months: int) -> Q:
    young = Q(age_from__isnull=True) | Q(age_from__lte=months)
    return young & (Q(age_to__isnull=True) | Q(age_to__gte=months))


def _entry(row: GuideEntry, former: dict[str, Any]) -> Entry:
    names = (
        "key",
        "version",
        "category",
        "concern_from",
        "age_from",
        "age_to",
        "title",
        "how",
        "say",
        "urgent",
    )
    values = {name: getattr(row, name) for name in names}
    return Entry(
        id=row.pk,
        position=row.position,
        partner_id=row.partner_id,
        partner=_contact(row.partner, former),
        **values,
    )


def _contact(partner: Partner | None, former: dict[str, Any]) -> Contact | None:
    if partner is None:
        return None
    if (was := former.get(str(partner.pk))) is not None:
        return Contact(partner.pk, *was)
    return Contact(partner.pk, partner.name, partner.phone, partner.hours, partner.ended_on is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as two books are compared: where it stands, and `said`, which changes with its words."""

    key: UUID
    version: int
    category: int
    position: int
    title: str
    said: str

    @property
    def category_label(self) -> str:
        return rules.CATEGORY[self.category].short


def lines(book: GuideBook) -> list[Line]:
    """All entries of a book, as light as can be. One query."""
    rows = GuideEntry.objects.filter(book=book).order_by("category", "position", "pk")
    said = MD5(Cast(JSONObject(**{name: name for name in WORDS}), TextField()))
    return [Line(*row) for row in rows.values_list("key", "version", "category", "position", "title", said)]


class Placed(Protocol):
    """What a stamp is made of."""

    @property
    def key(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def category(self) -> int: ...
    @property
    def position(self) -> int: ...


def stamp(found: Sequence[Placed]) -> str:
    """A short text that changes with anything an entry says or where it stands."""
    said = [(str(one.key), one.version, one.category, one.position) for one in found]
    return sha256(repr(said).encode()).hexdigest()[:16]


def chapters(found: Sequence[Entry]) -> list[Chapter]:
    """The 13 categories in order, each with its entries."""
    return [
        Chapter(one, tuple(entry for entry in found if entry.category == one.code))
        for one in rules.CATEGORIES
    ]


def changed_by(book: GuideBook) -> Changes[Line]:
    """What a book has that the one before has not, and the other way round. Three queries."""
    before = (
        GuideBook.objects.filter(
            municipality=book.municipality_id, number__lt=book.number, published_at__isnull=False
        )
        .order_by("-number")
        .first()
    )
    return compared(lines(before) if before is not None else [], lines(book))


def compared(before: Sequence[Line], after: Sequence[Line]) -> Changes[Line]:
    """What one book has that the other has not. No query."""
    return changes(before, after, lambda one: one.said)


def at_hand(
    actor: Actor, categories: Sequence[int], concern: int | None, ages: Collection[int]
) -> tuple[Entry, ...]:
    """Entries of the book in force for what is talked about, すぐに first; AT_HAND and one more where there are more. Two
    queries."""
    book = in_force(actor)
    known = [code for code in dict.fromkeys(categories) if code in rules.CATEGORY]
    return read(book, suiting(book, known, concern, ages)[: AT_HAND + 1]) if book is not None else ()


def ages_of(draft: Draft, people: Collection[int], day: date) -> list[int]:
    """Ages in months on a day of the children a draft is about: those of `people`, else all of its family. One
    query."""
    if draft.household_id is None:
        return []
    rows = Person.objects.filter(
        household=draft.household_id, kind=Person.Kind.CHILD, life=Person.Life.LIVING
    ).values_list("pk", "birth_date", "age_hint_months", "age_hint_on")
    found = {
        pk: rules.frozen_age(day, is_child=True, birth=born, hint_months=hint, hint_on=on).months
        for pk, born, hint, on in rows
    }
    about = [found[pk] for pk in people if pk in found] or list(found.values())
    return [months for months in about if months is not None]


@dataclass(frozen=True, slots=True)
class PartnerKind:
    """A kind with its partners."""

    code: int
    label: str
    partners: tuple[Partner, ...]

    @property
    def side(self) -> str:
        """Whether one asks inside the town hall or outside."""
        return "役所の中" if self.code in STUDY_KINDS else "役所の外"


def offered_partners(
    actor: Actor, text: str = "", chosen: int | None = None
) -> tuple[list[PartnerKind], bool]:
    """Partners in use to choose from, by kind, with the chosen one: CHOICES of those of which the words are said, and
    whether there are more. One query, two with one chosen."""
    rows = listed_partners(actor, text).filter(ended_on__isnull=True)
    found = list(rows[: CHOICES + 1])
    kept = Partner.objects.visible_to(actor).filter(pk=chosen) if chosen is not None else ()
    shown = {one.pk: one for one in (*kept, *found[:CHOICES])}
    kinds: dict[int, list[Partner]] = {code: [] for code in KINDS}
    for one in shown.values():
        kinds.setdefault(one.kind, []).append(one)
    lines = [PartnerKind(code, KINDS.get(code, ""), tuple(of)) for code, of in kinds.items() if of]
    return lines, len(found) > CHOICES


def listed_partners(actor: Actor, text: str = "") -> QuerySet[Partner]:
    """Partners of which every word of the text is said, by kind, the ended ones last."""
    rows = with_words(Partner.objects.visible_to(actor), text)
    return rows.order_by(IsNull(F("ended_on"), False), "kind", "position", "pk")


def partners_in_use(actor: Actor, most: int) -> list[Partner]:
    """Partners one can turn to, by kind, `most` at most. One query."""
    return list(listed_partners(actor).filter(ended_on__isnull=True)[:most])


def by_kind(rows: Iterable[Partner]) -> tuple[list[PartnerKind], list[Partner]]:
    """Partners under their kinds, and the ended ones."""
    kinds: dict[int, list[Partner]] = {code: [] for code in KINDS}
    ended: list[Partner] = []
    for one in rows:
        (ended if one.ended_on is not None else kinds.setdefault(one.kind, [])).append(one)
    return [PartnerKind(code, KINDS.get(code, ""), tuple(of)) for code, of in kinds.items() if of], ended
