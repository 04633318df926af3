"""One family in a list: what is needed to recognise it, no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.ages import add_months, format_age
from tsunagari.base.prepared import prepared
from tsunagari.families.models import Household, Person, Registration
from tsunagari.families.queries.names import (
    FamilyName,
    as_outside,
    called,
    display_order,
    told_apart,
)
from tsunagari.families.queries.tickets import ticket

MASK = "●●●"


@dataclass(frozen=True, slots=True)
class FamilyHit:
    """A family as one line, called as `names.called` says. `children` is ready to show ("颯太 2歳3か月・はな 生後12日").

    `outside`: found by exact terms but not one's own; shows ages only (of a protected family nothing), and `ticket`
    is what a form sends to meet the family.
    """

    household_id: int
    name: str
    kana: str
    suffix: str
    children: str
    home: str
    who: str = ""
    flags: tuple[str, ...] = ()
    outside: bool = False
    protected: bool = False
    ticket: str = ""

    def __str__(self) -> str:
        return f"{self.name}{self.suffix}"


def hits(
    actor: Actor, households: Sequence[Household], *, outside: frozenset[int] = frozenset()
) -> list[FamilyHit]:
    """The households as lines, in the same order, in two queries. Ids in `outside` show the least."""
    people = residents([row.pk for row in households])
    names = told_apart({row.pk: called(row, people[row.pk]) for row in households}, people)
    homes = home_agencies([row.pk for row in households if not row.protected and row.pk not in outside])
    today = clock.today()
    made = []
    for row in households:
        if row.pk in outside:
            made.append(_outside(actor, row, names[row.pk], people[row.pk], today))
        else:
            made.append(_own(row, names[row.pk], people[row.pk], homes, today))
    return made


def residents(household_ids: Iterable[int]) -> dict[int, list[Person]]:
    """Living and expected people of each household: guardians, children by birth, others; doubles shown once."""
    found: dict[int, list[Person]] = defaultdict(list)
    for person in sorted(_residents(list(household_ids)), key=display_order):
        found[person.household_id].append(person)
    return found


@prepared
def _residents(households: list[int]) -> QuerySet[Person, Person]:
    return Person.objects.filter(
        household__any_of=households,
        life__in=[Person.Life.LIVING, Person.Life.EXPECTED],
        left_on__isnull=True,
        same_as__isnull=True,
    )


def home_agencies(household_ids: Iterable[int]) -> dict[int, str]:
    """Name of today's home agency of each household that has one."""
    return dict(_homes(list(household_ids), clock.today()))


@prepared
def _homes(households: list[int], day: date) -> QuerySet[Registration, tuple[int, str]]:
    rows = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        household__any_of=households,
        is_home=True,
        starts_on__lte=day,
    )
    return rows.values_list("household_id", "agency__name")


def masked_text(text: str, masked: bool) -> str:
    """The text, or that something is hidden; nothing stays nothing."""
    return MASK if masked and text else text


def age_text(person: Person, today: date) -> str:
    """Age as people say it, "2か月くらい" counted on from a hint, or when the child is due; empty if unknown."""
    if person.life == Person.Life.EXPECTED and person.due_date:
        return f"{person.due_date.month}月に出産予定"
    if person.birth_date:
        return format_age(person.birth_date, today) if person.birth_date <= today else ""
    if person.age_hint_months is None or person.age_hint_on is None:
        return ""
    supposed = add_months(person.age_hint_on, -person.age_hint_months)
    months = (today.year - supposed.year) * 12 + today.month - supposed.month - (today.day < supposed.day)
    years, rest = divmod(max(months, 0), 12)
    return f"{f'{years}歳' if years else ''}{f'{rest}か月' if rest or not years else ''}くらい"


def _children(row: Household, people: Sequence[Person], today: date, *, names: bool) -> str:
    """Children with ages; several of one pregnancy are counted, a nickname that is the family's own is not repeated."""
    shown: dict[str, int] = {}
    for child in (person for person in people if person.kind == Person.Kind.CHILD):
        name = (child.given_name or child.nickname) if names and child.life == Person.Life.LIVING else ""
        line = f"{'' if name == row.nickname else name} {age_text(child, today)}".strip()
        shown[line] = shown.get(line, 0) + 1
    return "・".join(f"{line}（{count}人）" if count > 1 else line for line, count in shown.items() if line)


def _own(
    row: Household, name: FamilyName, people: Sequence[Person], homes: Mapping[int, str], today: date
) -> FamilyHit:
    return FamilyHit(
        household_id=row.pk,
        name=name.name,
        kana=name.kana,
        suffix=name.suffix,
        who=name.who,
        children=_children(row, people, today, names=True),
        home=MASK if row.protected else homes.get(row.pk, ""),
        flags=flags_of(row, people),
        protected=row.protected,
    )


def _outside(
    actor: Actor, row: Household, known_as: FamilyName, people: Sequence[Person], today: date
) -> FamilyHit:
    name = as_outside(known_as)
    return FamilyHit(
        household_id=row.pk,
        name=name.name,
        kana=name.kana,
        suffix=name.suffix,
        children="" if row.protected else _children(row, people, today, names=False),
        home="",
        outside=True,
        ticket=ticket(actor, row.pk),
    )


def flags_of(row: Household, people: Sequence[Person]) -> tuple[str, ...]:
    """What must not be missed, in words, the gravest first."""
    found = []
    if row.protected:
        found.append("支援措置")
    if row.status != Household.Status.ACTIVE:
        found.append(row.get_status_display())
    if row.kind == Household.Kind.NICKNAME:
        found.append("お名前は未確認")
    if any(person.life == Person.Life.EXPECTED for person in people):
        found.append("妊娠中")
    return tuple(found)
