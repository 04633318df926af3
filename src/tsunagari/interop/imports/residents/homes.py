"""Which household of ours a household of the register is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tsunagari.base.japanese.ages import age_on
from tsunagari.families.models import Household, Person
from tsunagari.families.rules import GUARDIAN
from tsunagari.interop.imports.plan import Notes
from tsunagari.interop.imports.residents.book import Book, may_be_born_as, row_keys, same_person
from tsunagari.interop.imports.residents.read import ADULT_AT, Resident


def age_of(row: Resident, today: date) -> int | None:
    """Full years, or None when the birth date is unknown."""
    return age_on(row.birth_date, today).years if row.birth_date else None


def is_minor(row: Resident, today: date) -> bool:
    age = age_of(row, today)
    return age is not None and age < ADULT_AT


def find_home(
    number: str, members: Sequence[Resident], book: Book, today: date, notes: Notes
) -> Household | None:
    """Ours by 世帯番号; by all its people having come under a new number; or entered by hand, when unambiguous."""
    if number in book.by_number:
        return book.by_number[number]
    return _renumbered(members, book) or _by_hand(members, book, today, notes)


def _renumbered(members: Sequence[Resident], book: Book) -> Household | None:
    """The household all of whose numbered people stand in this one now."""
    numbers = {row.resident_no for row in members}
    homes = {book.by_resident[number].household_id for number in numbers if number in book.by_resident}
    if len(homes) != 1:
        return None
    home = homes.pop()
    there = {person.resident_no for person in book.living(home) if person.resident_no}
    return book.households[home] if there and there <= numbers else None


def _by_hand(members: Sequence[Resident], book: Book, today: date, notes: Notes) -> Household | None:
    if not book.by_hand:
        return None
    children = [row for row in members if is_minor(row, today)]
    adults = [row for row in members if not is_minor(row, today)]
    by_child = {p.household_id for row in children for p in _called(row, book) if p.kind == Person.Kind.CHILD}
    by_adult = {p.household_id for row in adults for p in _called(row, book) if p.kind == GUARDIAN}
    expecting = {
        h for h in by_adult if any(may_be_born_as(row, p) for row in children for p in book.living(h))
    }
    both = (by_child & by_adult) | expecting
    if len(both) == 1:
        home = book.households[both.pop()]
        return home if home.resident_no is None else None
    for household_id in sorted(both or by_child):
        notes.add(f"同じ家庭かもしれません：家庭 {household_id}。画面で確かめてください", members[0].row)
    return None


def _called(row: Resident, book: Book) -> list[Person]:
    found = {
        p.pk: p
        for key in row_keys(row)
        for day in {row.birth_date, None}
        for p in book.by_hand.get((key, day), ())
    }
    return [person for person in found.values() if same_person(row, person)]


def expects(person: Person, book: Book) -> bool:
    """Whether this guardian is the woman a household's expected child belongs to."""
    if person.kind != GUARDIAN or person.sex != Person.Sex.FEMALE:
        return False
    return any(other.life == Person.Life.EXPECTED for other in book.living(person.household_id))


def pair_births(rows: Sequence[Resident], expected: Sequence[Person], notes: Notes) -> dict[int, Person]:
    """Row number → the expected child it is. Twins are paired in order; several pregnancies only when clear."""
    near = [person for person in expected if any(may_be_born_as(row, person) for row in rows)]
    if len({person.due_date for person in near}) <= 1:
        born = [row for row in rows if near and may_be_born_as(row, near[0])]
        if len({row.birth_date for row in born}) <= 2:
            ordered = sorted(near, key=lambda person: (person.birth_order, person.pk))
            return {row.row: person for row, person in zip(born, ordered, strict=False)}
    pairs: dict[int, Person] = {}
    for row in rows:
        fits = [person for person in near if may_be_born_as(row, person) and person not in pairs.values()]
        if len(fits) == 1:
            pairs[row.row] = fits[0]
        elif fits:
            notes.add(
                "出産予定が2つ以上あり、どのお子さんか分からないため新しく入れます。画面で確かめてください",
                row.row,
            )
    return pairs
