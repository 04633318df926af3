"""Comparing an extract with the families we know: additions, changes, moves, births, deaths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tsunagari.base import clock
from tsunagari.families.models import Household, Person
from tsunagari.families.rules import CHILD, kinds_of
from tsunagari.interop.imports.plan import Notes, Plan, Sample
from tsunagari.interop.imports.points import AreaFinder
from tsunagari.interop.imports.residents import homes
from tsunagari.interop.imports.residents.book import Book, load, same_person
from tsunagari.interop.imports.residents.fields import (
    Touched,
    household_values,
    person_values,
    relation_of,
    shown_changes,
)
from tsunagari.interop.imports.residents.read import Resident, Residents


@dataclass(slots=True)
class Work:
    """What `apply` carries out."""

    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    changed_households: dict[int, Touched[Household]] = field(default_factory=dict)
    changed_people: dict[int, Touched[Person]] = field(default_factory=dict)
    #: (person, household id left, household joined, which may be new)
    moves: list[tuple[Person, int, Household]] = field(default_factory=list)


def plan(found: Residents, *, municipality_id: int, today: date, lock: bool = False) -> Plan:
    """Compare with the town's families as of `today`; `lock` when the plan is to be applied."""
    book = load(found.rows, municipality_id=municipality_id, lock=lock)
    comparison = _Comparison(book, AreaFinder(municipality_id, today), municipality_id, today)
    comparison.waiting = found.waiting
    groups: dict[str, list[Resident]] = defaultdict(list)
    for row in found.rows:
        groups[row.household_no].append(row)
    for number, rows in groups.items():
        comparison.household(number, rows)
    comparison.close_empty()
    return comparison.result(found)


class _Comparison:
    """One walk over the households of an extract."""

    def __init__(self, book: Book, areas: AreaFinder, municipality_id: int, today: date) -> None:
        self.book, self.areas, self.municipality_id, self.today = book, areas, municipality_id, today
        self.plan, self.work, self.notes = Plan(), Work(), Notes()
        self.outside = 0
        self.waiting: set[str] = set()

    def household(self, number: str, rows: Sequence[Resident]) -> None:
        """One 世帯番号 with all its rows."""
        members = [row for row in rows if row.state == "resident"]
        home = homes.find_home(number, members, self.book, self.today, self.notes) if members else None
        if members and (home is not None or number in self.waiting or self._concerns_us(members)):
            self._members(home, members)
        else:
            for row in members:
                self._outside(row)
        for row in rows:
            if row.state != "resident":
                self._gone(row, home)

    def _concerns_us(self, members: Sequence[Resident]) -> bool:
        """A child under 18, or a woman who expects one."""
        if any(homes.is_minor(row, self.today) for row in members):
            return True
        known = (self.book.by_resident.get(row.resident_no) for row in members)
        return any(person is not None and homes.expects(person, self.book) for person in known)

    def _members(self, home: Household | None, members: Sequence[Resident]) -> None:
        head = next((row for row in members if row.relation == "02"), members[0])
        values = household_values(head, members, home, self.areas)
        changed: list[str] = []
        if home is None:
            home = Household(municipality_id=self.municipality_id, created_at=clock.now(), **values)
            self.work.households.append(home)
        else:
            if self.book.by_number.get(head.household_no) is home and home.resident_no is not None:
                del values["resident_no"]  # found by it, or by the number of a household joined into it
            changed = self._set_household(home, {**values, **self._back(home, head)})
        kinds = kinds_of([(row.relation, homes.age_of(row, self.today)) for row in members])
        births = homes.pair_births(self._unknown_children(home, members), self._expected(home), self.notes)
        for row, kind in zip(members, kinds, strict=True):
            self._member(row, kind, home, births.get(row.row), changed)

    def _back(self, home: Household, head: Resident) -> dict[str, object]:
        """A family that had left and is in the extract again lives here again."""
        if home.status != Household.Status.MOVED:
            return {}
        back: dict[str, object] = {"status": Household.Status.ACTIVE, "moved_out_on": None}
        return back | ({"moved_in_on": head.since} if head.since else {})

    def _unknown_children(self, home: Household, members: Sequence[Resident]) -> list[Resident]:
        return [
            row
            for row in members
            if homes.is_minor(row, self.today)
            and row.resident_no not in self.book.by_resident
            and self._same_in(home, row) is None
        ]

    def _expected(self, home: Household) -> list[Person]:
        return [p for p in self._people(home) if p.life == Person.Life.EXPECTED and p.left_on is None]

    def _people(self, home: Household) -> list[Person]:
        return self.book.people.get(home.pk, []) if home.pk else []

    def _same_in(self, home: Household, row: Resident) -> Person | None:
        """Somebody of the household without number who is called the same and born the same day."""
        people = [p for p in self._people(home) if p.resident_no is None and p.life != Person.Life.EXPECTED]
        same = [person for person in people if same_person(row, person)]
        return same[0] if len(same) == 1 else None

    def _member(
        self, row: Resident, kind: str, home: Household, born: Person | None, home_changed: list[str]
    ) -> None:
        person = self.book.by_resident.get(row.resident_no) or self._same_in(home, row) or born
        if person is None:
            self._add(row, kind, home)
            return
        values = person_values(row, person)
        if person is born:
            values |= {"life": Person.Life.LIVING, "kind": CHILD}
        elif person.life == Person.Life.DECEASED:
            self.notes.add("死亡として記録されている人です。生死はそのままにします", row.row)
        if person.left_on is not None:
            values["left_on"] = None
        touched = self._touched(person)
        changed = touched.set(values)
        self.book.by_resident[row.resident_no] = person
        if person.household_id != home.pk or home.pk is None:
            changed += self._move(person, home, kind, touched)
        self._count(row, person, touched, changed, home, home_changed)

    def _add(self, row: Resident, kind: str, home: Household) -> None:
        person = Person(
            municipality_id=self.municipality_id, household=home, kind=kind, relation=relation_of(row, kind),
            **person_values(row, None),
        )  # fmt: skip
        self.work.people.append(person)
        self.book.by_resident[row.resident_no] = person
        if home.pk:
            self.book.people[home.pk].append(person)
        self.plan.added += 1
        self.plan.sample(Sample(row.row, "added", f"{row.name}（{Person.Kind(kind).label}）"))

    def _move(self, person: Person, home: Household, kind: str, touched: Touched[Person]) -> list[str]:
        """The person now belongs to another household; children not born yet go with their mother."""
        expected = (
            self._expected(self.book.households[person.household_id])
            if homes.expects(person, self.book)
            else []
        )
        for moving in (person, *expected):
            former = moving.household_id
            mark = touched if moving is person else self._touched(moving)
            mark.before.setdefault("household_id", former)
            self.work.changed_people[moving.pk] = mark
            self.book.people[former].remove(moving)
            self.work.moves.append((moving, former, home))
            if home.pk:
                self.book.people[home.pk].append(moving)
            moving.household = home
        if person.kind != CHILD:
            touched.set({"kind": kind})
        return ["household_id"]

    def _outside(self, row: Resident) -> None:
        """Somebody of a household we do not keep; known people have left the family they were in."""
        person = self.book.by_resident.get(row.resident_no)
        if person is None or person.left_on is not None or person.life != Person.Life.LIVING:
            self.plan.unchanged += 1
            self.outside += person is None
            return
        touched = self._touched(person)
        changed = touched.set({"left_on": self.today})
        self.notes.add("子どものいない世帯に移ったため、前の家庭を出たことにします", row.row)
        self._count(row, person, touched, changed, self.book.households[person.household_id], [])

    def _gone(self, row: Resident, home: Household | None) -> None:
        """Moved out, dead or removed. People we do not know are none of our business."""
        person = self.book.by_resident.get(row.resident_no) or (self._same_in(home, row) if home else None)
        if person is None:
            self.plan.unchanged += 1
            self.outside += 1
            return
        values: dict[str, object] = {"resident_no": row.resident_no}
        if row.state == "dead":
            values |= {"life": Person.Life.DECEASED, "ended_on": row.gone_on or person.ended_on or self.today}
        else:
            values["left_on"] = row.gone_on or person.left_on or self.today
        touched = self._touched(person)
        self._count(row, person, touched, touched.set(values), self.book.households[person.household_id], [])

    def close_empty(self) -> None:
        """Households whose last person left have moved out; where the last one died, the family is closed."""
        changed = {touched.row.household_id for touched in self.work.changed_people.values()}
        formers = {former for _, former, _ in self.work.moves}
        for household_id in sorted(pk for pk in changed | formers if pk is not None):
            home = self.book.households.get(household_id)
            if home is None or home.status != Household.Status.ACTIVE:
                continue
            staying = [p for p in self._people(home) if p.left_on is None and p.life == Person.Life.LIVING]
            if staying:
                continue
            left = [p.left_on for p in self._people(home) if p.left_on]
            self._set_household(
                home,
                {"status": Household.Status.MOVED, "moved_out_on": max(left)}
                if left
                else {"status": Household.Status.CLOSED},
            )

    def _touched(self, person: Person) -> Touched[Person]:
        return self.work.changed_people.get(person.pk) or Touched(person)

    def _set_household(self, home: Household, values: dict[str, object]) -> list[str]:
        touched = self.work.changed_households.get(home.pk) or Touched(home)
        changed = touched.set(values)
        if changed:
            self.work.changed_households[home.pk] = touched
            if home.resident_no:
                self.book.by_number[home.resident_no] = home
        return changed

    def _count(
        self,
        row: Resident,
        person: Person,
        touched: Touched[Person],
        changed: list[str],
        home: Household,
        home_changed: list[str],
    ) -> None:
        if not changed and not home_changed:
            self.plan.unchanged += 1
            return
        self.plan.changed += 1
        if changed:
            self.work.changed_people[person.pk] = touched
        hide = home.protected or row.protected
        changes = shown_changes(touched, [name for name in changed if name != "household_id"], hide=hide)
        if home_changed:
            changes += shown_changes(self.work.changed_households[home.pk], home_changed, hide=hide)
        self.plan.sample(Sample(row.row, "changed", row.name, changes))

    def result(self, found: Residents) -> Plan:
        """The finished plan with the sentences about the file."""
        self.plan.rejected = found.rejected
        self.plan.notes = [*found.notes, *self.notes.lines()]
        if self.outside:
            self.plan.notes.append(
                f"{self.outside:,}行は対象外です（18歳未満の子どもも、登録ずみの人もいない世帯）。変更なしに数えています。"
            )
        protected = sum(h.protected for h in self.work.households)
        protected += sum("protected" in touched.before for touched in self.work.changed_households.values())
        if protected:
            self.plan.notes.append(
                f"支援措置の印を付ける家庭が{protected:,}件あります。印を外すのは家庭の画面だけでできます。"
            )
        self.plan.work = self.work
        return self.plan
