"""手引き: one draft is copied from the book in force, written, and put in force in its place. A book that was in force
is never changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters import access
from tsunagari.encounters.data import shipped
from tsunagari.encounters.models import GuideBook, GuideEntry, Partner
from tsunagari.encounters.operations.keeping import STALE
from tsunagari.encounters.operations.partners import lock_town
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.rules.guide import MOST_ENTRIES, EntryInput, entry_problems

COPIED = (
    "category", "concern_from", "age_from", "age_to", "title", "partner_id", "how", "say", "urgent", "position", "key",
)  # fmt: skip
PUBLISHED = "この手引きは、もう使われています。変えるには、下書きをつくってください。"


@transaction.atomic
def begin(*, actor: Actor) -> GuideBook:
    """The town's draft: the one there is, else a copy of the book in force (empty before the first)."""
    lock_town(actor)
    books = GuideBook.objects.visible_to(actor)
    if draft := books.filter(published_at__isnull=True).first():
        return draft
    number = books.aggregate(last=Max("number"))["last"] or 0
    draft = GuideBook.objects.create(
        municipality_id=actor.municipality_id, number=number + 1, created_at=clock.now()
    )
    source = books.filter(published_at__isnull=False, replaced_at__isnull=True).first()
    if source is not None:
        rows = source.entries.values(*COPIED).order_by("pk")
        GuideEntry.objects.bulk_create(
            GuideEntry(municipality_id=actor.municipality_id, book=draft, **row) for row in rows
        )
    _trail(draft, actor, "begun")
    return draft


@transaction.atomic
def fill_with_default(*, actor: Actor) -> GuideBook:
    """The set that ships, as a draft of a town that has no guide yet. Partners it names that the register lacks are
    added without telephone, to be put right."""
    draft = begin(actor=actor)
    if draft.entries.exists() or draft.number > 1:
        raise Conflict("手引きは、もう書きはじめられています。はじめの手引きは、空のときだけ入れられます。")
    data = shipped("guide")
    partners = {
        slug: _partner(actor, place, **one) for place, (slug, one) in enumerate(data["partners"].items(), 1)
    }
    GuideEntry.objects.bulk_create(
        GuideEntry(
            municipality_id=actor.municipality_id,
            book=draft,
            partner=partners[one["partner"]],
            position=place,
            key=uuid4(),
            **{name: value for name, value in one.items() if name != "partner"},
        )
        for place, one in enumerate(data["entries"], 1)
    )
    _trail(draft, actor, "default")
    return draft


def _partner(actor: Actor, place: int, *, kind: int, name: str, **more: str) -> Partner:
    found = Partner.objects.visible_to(actor).filter(name=name, ended_on__isnull=True).first()
    return found or Partner.objects.create(
        municipality_id=actor.municipality_id, kind=kind, name=name, position=place, **more
    )


@transaction.atomic
def add_entry(draft: GuideBook, given: EntryInput, *, actor: Actor, key: UUID) -> GuideEntry:
    """An entry at the end of its category. The same `key` is the same entry (double click)."""
    locked = _draft(draft.pk, actor)
    if there := locked.entries.filter(key=key).first():
        return there
    _refuse(given, actor)
    if locked.entries.count() >= MOST_ENTRIES:
        raise DomainError(f"項目は{MOST_ENTRIES}個までです。使わないものを消してください。")
    entry = GuideEntry(
        municipality_id=actor.municipality_id, book=locked, key=key, position=_last(locked) + 1
    )
    _put(entry, given)
    entry.save()
    _trail(locked, actor, "added", entry)
    return entry


@transaction.atomic
def change_entry(entry: GuideEntry, given: EntryInput, *, actor: Actor, version: int) -> GuideEntry:
    """Other words in the draft; moved to another category it stands at its end."""
    locked = _entry(entry, actor, version)
    _refuse(given, actor, former=locked.partner_id)
    if locked.category != given.category:
        locked.position = _last(locked.book) + 1
    _put(locked, given)
    locked.version += 1
    locked.save()
    _trail(locked.book, actor, "changed", locked)
    return locked


@transaction.atomic
def move_entry(entry: GuideEntry, *, actor: Actor, up: bool) -> None:
    """One place up or down within its category; at the end nothing happens."""
    book = _draft(entry.book_id, actor)
    row = list(book.entries.filter(category=entry.category).order_by("position", "pk").only("position"))
    place = next((place for place, one in enumerate(row) if one.pk == entry.pk), None)
    if place is None:
        raise Conflict("この項目は、もう消されています。")
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    positions = sorted({one.position for one in row})
    if len(positions) < len(row):
        positions = list(range(1, len(row) + 1))
    moved = [one for one, position in zip(row, positions, strict=True) if one.position != position]
    for one, position in zip(row, positions, strict=True):
        one.position = position
    GuideEntry.objects.bulk_update(moved, ["position"], batch_size=1_000)
    _trail(book, actor, "moved", entry)


@transaction.atomic
def remove_entry(entry: GuideEntry, *, actor: Actor, version: int) -> None:
    """Take an entry out of the draft; books that were in force keep it."""
    locked = _entry(entry, actor, version)
    _trail(locked.book, actor, "removed", locked)
    locked.delete()


@transaction.atomic
def discard(draft: GuideBook, *, actor: Actor) -> None:
    """Throw the draft away; the book in force stays."""
    locked = _draft(draft.pk, actor)
    _trail(locked, actor, "discarded")
    locked.delete()


@transaction.atomic
def publish(draft: GuideBook, *, actor: Actor, note: str, seen: str) -> GuideBook:
    """Put the draft in force in the place of the book that was. `note` says what changed; `seen` is the stamp of what
    was looked at (queries.guide.stamp).

    Raises Conflict when the draft changed since, DomainError when nothing stands in it or nothing changed.
    """
    locked = _draft(draft.pk, actor)
    entries = queries.lines(locked)
    if queries.stamp(entries) != seen:
        raise Conflict("たしかめたあとで、下書きが変わりました。もう一度たしかめてから出してください。")
    if not note.strip() or len(note.strip()) > 200:
        raise DomainError("かわったところを200文字までで書いてください。", field="note")
    if not entries:
        raise DomainError("項目が1つもありません。")
    now = clock.now()
    former = _in_force(actor)
    if former is not None:
        if not queries.compared(queries.lines(former), entries):
            raise DomainError("使われている手引きと同じです。変えてから出してください。")
        former.replaced_at = now
        former.contacts = _contacts(former)
        former.save(update_fields=["replaced_at", "contacts"])
    locked.published_at, locked.published_by_name, locked.note = now, actor.name, note.strip()
    locked.save(update_fields=["published_at", "published_by_name", "note"])
    _trail(locked, actor, "published")
    return locked


def _in_force(actor: Actor) -> GuideBook | None:
    books = GuideBook.objects.visible_to(actor).select_for_update()
    return books.filter(published_at__isnull=False, replaced_at__isnull=True).first()


def _contacts(book: GuideBook) -> dict[str, Any]:
    named = Partner.objects.filter(pk__in=book.entries.values("partner"))
    return {str(one.pk): [one.name, one.phone, one.hours] for one in named}


def _draft(pk: int, actor: Actor) -> GuideBook:
    lock_town(actor)
    book = GuideBook.objects.visible_to(actor).select_for_update().filter(pk=pk).first()
    if book is None:
        raise Conflict("この下書きは、もう消されています。")
    if book.published_at is not None:
        raise Conflict(PUBLISHED)
    return book


def _entry(entry: GuideEntry, actor: Actor, version: int) -> GuideEntry:
    book = _draft(entry.book_id, actor)
    locked = GuideEntry.objects.select_for_update().filter(pk=entry.pk).first()
    if locked is None:
        raise Conflict("この項目は、もう消されています。")
    if locked.version != version:
        raise Conflict(STALE)
    locked.book = book
    return locked


def _last(book: GuideBook) -> int:
    return book.entries.aggregate(last=Max("position"))["last"] or 0


def _refuse(given: EntryInput, actor: Actor, *, former: int | None = None) -> None:
    for problem in entry_problems(given):
        raise DomainError(problem.message, field=problem.field)
    if given.partner_id is not None and given.partner_id != former:
        there = Partner.objects.visible_to(actor).filter(pk=given.partner_id, ended_on__isnull=True)
        if not there.exists():
            raise DomainError("連携先をえらびなおしてください。", field="partner")


def _put(entry: GuideEntry, given: EntryInput) -> None:
    entry.category, entry.concern_from, entry.urgent = given.category, given.concern_from, given.urgent
    entry.age_from, entry.age_to, entry.partner_id = given.age_from, given.age_to, given.partner_id
    entry.title = given.title.strip()
    entry.how, entry.say = (text.replace("\r\n", "\n").strip() for text in (given.how, given.say))


def _trail(book: GuideBook, actor: Actor, what: str, entry: GuideEntry | None = None) -> None:
    detail = {"guide": what, "number": book.number} | ({"entry": entry.pk} if entry is not None else {})
    audit.record(access.MANAGE_GUIDE, actor=actor, obj=book, detail=detail)
