"""Two old rosters that wait on the import page: one is looked through and waits for decisions, one for its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.demo.ground import Ground
from tsunagari.demo.life import children_on, guardians
from tsunagari.demo.people import start_of
from tsunagari.demo.plan import FamilyPlan
from tsunagari.demo.rosters import RosterChild, RosterFamily, made_up_families, register_book, visit_book
from tsunagari.interop import operations
from tsunagari.interop.imports.roster.opened import open_first
from tsunagari.interop.imports.roster.remembered import proposed
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import

#: of the eight families nobody knows, so many stand in the book of visits, the others in the register
_IN_VISITS = 4
_KNOWN_IN_BOOK = 7


@dataclass(frozen=True, slots=True)
class Book:
    """A roster as an agency kept it: a workbook, and whose it is."""

    agency: str
    filename: str
    content: bytes


def books(ground: Ground, families: Sequence[FamilyPlan]) -> tuple[Book, Book]:
    """The first agency's visits of the month before the two years, and another's register of families of late."""
    first, other = ground.plan.agencies[0].key, ground.plan.agencies[2].key
    month = (start_of(ground.today).replace(day=1) - timedelta(days=1)).replace(day=1)
    visits = [*_known(families, first, month), *made_up_families(month)[:_IN_VISITS]]
    register = [*_known(families, other, ground.today), *made_up_families(ground.today)[_IN_VISITS:]]
    called = format_wareki(month).split("月")[0]
    return (
        Book(first, f"来所簿_{called}月.xlsx", visit_book(visits, month)),
        Book(other, "ひろば利用登録簿.xlsx", register_book(register, ground.today)),
    )


def write(found: Iterable[Book], folder: Path) -> None:
    """Put the workbooks into the folder, for those who want to send them themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    for book in found:
        (folder / book.filename).write_bytes(book.content)


def upload(ground: Ground, book: Book) -> Import:
    """Sent by whoever heads the agency, else by the centre's lead. Needs the town's scope."""
    agency = ground.agencies[book.agency]
    return operations.upload_roster(
        actor=_sender(ground, book.agency), agency=agency, filename=book.filename, content=book.content
    )


def take_columns(ground: Ground, book: Book, row: Import) -> None:
    """Say that the columns are what they seem to be, and match the families. Opens scopes of its own."""
    actor = _sender(ground, book.agency)
    with tenancy.municipality(ground.municipality_id, user_id=actor.user_id):
        opened = open_first(book.content, book.filename)
        mapping = proposed(opened, ground.agencies[book.agency].pk, today=clock.today())
        operations.choose_columns(row, opened, mapping, actor=actor)
    assert actor.membership_id is not None
    assert actor.user_id is not None
    jobs.match(row.pk, ground.municipality_id, actor.membership_id, actor.user_id)


def _sender(ground: Ground, agency: str) -> Actor:
    heads = ground.actors.get(("manager", agency)) or ground.actors["lead", ground.plan.centre.key]
    return heads[0]


def _known(families: Sequence[FamilyPlan], agency: str, day: date) -> list[RosterFamily]:
    """Families of the town that were at the agency by then, as it wrote them down."""
    there = (
        family for family in families
        if agency in (family.home, family.also) and family.how == "import" and family.protected is None
        and family.moved_out is None and family.registered is not None
    )  # fmt: skip
    found = [made for family in there if (made := _as_written(family, day)) is not None]
    return found[:_KNOWN_IN_BOOK]


def _as_written(family: FamilyPlan, day: date) -> RosterFamily | None:
    """The mother and the small children of that day; of every third family nobody noted the telephone."""
    mother = guardians(family)[0]
    born = [
        child
        for child in children_on(family, max(day, family.known))
        if child.birth < day - timedelta(days=60)
    ]
    small = [child for child in born if (day - child.birth).days < 4 * 365]
    if not small or mother.language:
        return None
    return RosterFamily(
        mother.family, mother.given, f"{mother.family_kana} {mother.given_kana}",
        tuple(RosterChild(child.given, child.given_kana, child.birth) for child in small),
        mother.phone if family.number % 3 else "", family.address,
    )  # fmt: skip
