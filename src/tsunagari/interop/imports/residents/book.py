"""What the database knows of the people in an extract: loaded once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tsunagari.base.japanese.text import fold_kana
from tsunagari.families.models import Household, Person
from tsunagari.families.rules import name_key
from tsunagari.interop.imports.residents.read import Resident

#: A child of the register is the expected child when the due date is at most this far from the birth.
BIRTH_WINDOW = timedelta(weeks=8)
M = TypeVar("M", bound=Model)


@dataclass(slots=True)
class Book:
    """Households and people by number, and families entered by hand by what they are called."""

    households: dict[int, Household] = field(default_factory=dict)
    by_number: dict[str, Household] = field(default_factory=dict)
    by_resident: dict[str, Person] = field(default_factory=dict)
    people: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_hand: dict[tuple[str, date | None], list[Person]] = field(default_factory=lambda: defaultdict(list))

    def living(self, household_id: int) -> list[Person]:
        """People of a household who live there, expected children too."""
        return [
            p for p in self.people[household_id] if p.left_on is None and p.life in ("living", "expected")
        ]


def load(rows: Iterable[Resident], *, municipality_id: int, lock: bool) -> Book:
    """The book for an extract. `lock` holds the rows until the transaction ends."""
    numbers, homes = set(), set()
    for row in rows:
        numbers.add(row.resident_no)
        homes.add(row.household_no)
    people, households = (
        Person.objects.filter(municipality_id=municipality_id),
        Household.objects.filter(municipality_id=municipality_id),
    )
    numbered = set(people.filter(resident_no__in=numbers).values_list("household_id", flat=True))
    by_hand = Q(
        resident_no__isnull=True, kind=Household.Kind.HOUSEHOLD, joined_into__isnull=True, status="active"
    )
    book = Book()
    for household in _held(households.filter(Q(resident_no__in=homes) | Q(pk__in=numbered) | by_hand), lock):
        book.households[household.pk] = household
        if household.resident_no:
            book.by_number[household.resident_no] = household
    _follow(book, households, lock)
    once = people.filter(Q(same_as__isnull=True) | Q(resident_no__isnull=False))  # doubles of joined families
    for person in _held(once.filter(household__in=list(book.households)).order_by("pk"), lock):
        _enter(book, person)
    return book


def _follow(book: Book, households: QuerySet[Household], lock: bool) -> None:
    """A number of a household that was joined into another leads to that one."""
    while joined := {home.joined_into_id for home in book.by_number.values() if home.joined_into_id}:
        for home in _held(households.filter(pk__in=joined - set(book.households)), lock):
            book.households[home.pk] = home
        for number, home in book.by_number.items():
            if home.joined_into_id:
                book.by_number[number] = book.households[home.joined_into_id]


def _held(rows: QuerySet[M], lock: bool) -> QuerySet[M]:
    return rows.order_by("pk").select_for_update(of=("self",)) if lock else rows


def _enter(book: Book, person: Person) -> None:
    household = person.household = book.households[person.household_id]
    book.people[household.pk].append(person)
    if person.resident_no:
        book.by_resident[person.resident_no] = person
    elif household.resident_no is None and person.left_on is None:
        for key in stored_keys(person):
            book.by_hand[key, person.birth_date].append(person)


def stored_keys(person: Person) -> set[str]:
    """How a stored person may be called; without a family name the given name stands alone."""
    return _keys(
        person.family_name,
        person.given_name,
        person.family_kana,
        person.given_kana,
        alone=not person.family_name,
    )


def row_keys(row: Resident) -> set[str]:
    """How a row's person may be called, also by the given name alone."""
    args = (row.family_name, row.given_name, row.family_kana, row.given_kana)
    return _keys(*args, alone=False) | _keys(*args, alone=True)


def _keys(family: str, given: str, family_kana: str, given_kana: str, *, alone: bool) -> set[str]:
    mark = "g" if alone else "w"
    name = name_key(given if alone else family + given)
    kana = fold_kana(given_kana if alone else family_kana + given_kana)
    return {f"{mark}n:{name}" if name else "", f"{mark}k:{kana}" if kana else ""} - {""}


def same_person(row: Resident, person: Person) -> bool:
    """Whether name or reading agree and the birth dates do not differ."""
    agree = row.birth_date == person.birth_date or (person.birth_date is None and person.kind != "child")
    return agree and bool(stored_keys(person) & row_keys(row))


def may_be_born_as(row: Resident, person: Person) -> bool:
    """Whether the row can be this expected child."""
    if person.life != Person.Life.EXPECTED or row.birth_date is None or person.due_date is None:
        return False
    return abs(row.birth_date - person.due_date) <= BIRTH_WINDOW
