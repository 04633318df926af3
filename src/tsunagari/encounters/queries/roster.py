"""Who came on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Visit, VisitPerson, VisitQuerySet
from tsunagari.encounters.queries.names import FamilyName, family_names, person_kana, person_name
from tsunagari.encounters.rules import frozen_age
from tsunagari.families.models import Person

AGE_GROUPS = ("0歳", "1歳", "2歳", "3歳", "4歳", "5歳", "6歳以上", "年齢不明")


@dataclass(frozen=True, slots=True)
class VisitPersonLine:
    """A person who came. `counted_as` is the person the row stands for, so that nobody counts twice after a
    nickname family was joined."""

    person_id: int
    counted_as: int
    name: str
    kana: str
    age: str
    months: int | None
    is_child: bool


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One visit. `family` is None for people without a name."""

    visit_id: int
    at: datetime
    family: FamilyName | None
    people: tuple[VisitPersonLine, ...]
    adults: int
    children: int
    first: bool
    other_town: bool
    note: str


@dataclass(frozen=True, slots=True)
class Counts:
    """A day in numbers. A family that came twice, or under a nickname as well, is one family."""

    families: int = 0
    adults: int = 0
    children: int = 0
    first: int = 0
    other_town: int = 0
    unnamed: int = 0
    ages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyCount:
    """The numbers of one agency, for those who work at none."""

    agency_id: int
    name: str
    visits: int
    adults: int
    children: int


@dataclass(frozen=True, slots=True)
class Roster:
    """The day at the actor's agency, by time. Roles without an agency get `agencies` and no names. Lines of `undone`
    name nobody but the family: it may never have come."""

    day: date
    lines: list[RosterLine] = field(default_factory=list)
    undone: list[RosterLine] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    agencies: list[AgencyCount] = field(default_factory=list)

    @property
    def day_text(self) -> str:
        """ "令和8年11月23日（月）"."""
        return f"{format_wareki(self.day)}（{weekday_ja(self.day)}）"


def first_marked(visits: VisitQuerySet) -> VisitQuerySet:
    """With `first`: flagged at check-in, and still the family's earliest visit to the agency. Families are
    joined later, which may bring earlier visits."""
    earlier = Visit.objects.filter(
        household=OuterRef("household"),
        agency=OuterRef("agency"),
        undone_at__isnull=True,
        arrived_at__lt=OuterRef("arrived_at"),
    )
    return visits.annotate(first=Q(first_time=True) & ~Exists(earlier))


def roster(actor: Actor, day: date) -> Roster:
    """Who came to the actor's agency on the day. Three queries."""
    if actor.agency_id is None:
        return Roster(day, agencies=_by_agency(Visit.objects.visible_to(actor).filter(visited_on=day)))
    rows = _visits(actor, day)
    people = _people(rows, day)
    names = family_names(row.household_id for row in rows)
    lines = [_line(row, names, people.get(row.pk, ())) for row in rows if row.undone_at is None]
    undone = [_line(row, names, ()) for row in rows if row.undone_at is not None]
    return Roster(day, lines, undone, count(lines))


@prepared
def _visits(actor: Actor, day: date) -> QuerySet[Visit, Visit]:
    here = Visit.objects.visible_to(actor).filter(visited_on=day, agency_id=actor.agency_id)
    return first_marked(here).order_by("arrived_at", "pk")


def _by_agency(visits: VisitQuerySet) -> list[AgencyCount]:
    rows = (
        visits.filter(undone_at__isnull=True)
        .values("agency_id", name=F("agency__name"))
        .annotate(visits=Count("pk"), grown=Sum("adults"), small=Sum("children"))
        .order_by("name")
    )
    return [AgencyCount(r["agency_id"], r["name"], r["visits"], r["grown"], r["small"]) for r in rows]


def _people(rows: Iterable[Visit], day: date) -> dict[int, tuple[VisitPersonLine, ...]]:
    came = _came([row.pk for row in rows])
    found: dict[int, tuple[VisitPersonLine, ...]] = {}
    for row in came:
        found[row.visit_id] = (*found.get(row.visit_id, ()), _person(row.person, day))
    return found


@prepared
def _came(visits: list[int]) -> QuerySet[VisitPerson, VisitPerson]:
    return VisitPerson.objects.filter(visit__any_of=visits).select_related("person").order_by("pk")


def _person(person: Person, day: date) -> VisitPersonLine:
    is_child = person.kind == Person.Kind.CHILD
    age = frozen_age(
        day,
        is_child=is_child,
        birth=person.birth_date,
        hint_months=person.age_hint_months,
        hint_on=person.age_hint_on,
    )
    return VisitPersonLine(
        person.pk,
        person.same_as_id or person.pk,
        person_name(person),
        person_kana(person),
        age.text if is_child else person.relation,
        age.months,
        is_child,
    )


def _line(row: Visit, names: dict[int, FamilyName], people: tuple[VisitPersonLine, ...]) -> RosterLine:
    return RosterLine(
        row.pk,
        row.arrived_at.astimezone(clock.TOKYO),
        names.get(row.household_id or 0),
        people,
        row.adults,
        row.children,
        bool(getattr(row, "first", False)),
        row.other_town,
        row.note,
    )


def count(lines: Iterable[RosterLine]) -> Counts:
    """The numbers of standing visits, each family and each child once."""
    groups: dict[object, list[RosterLine]] = {}
    for line in lines:
        groups.setdefault(line.family.household_id if line.family else f"visit {line.visit_id}", []).append(
            line
        )
    ages: Counter[str] = Counter()
    adults = children = 0
    for group in groups.values():
        known = {one.counted_as: one for line in group for one in line.people if one.is_child}
        unnamed = max(max(line.children for line in group) - len(known), 0)
        ages.update(_age_group(one.months) for one in known.values())
        ages[AGE_GROUPS[-1]] += unnamed
        adults += max(line.adults for line in group)
        children += len(known) + unnamed
    return Counts(
        families=len(groups),
        adults=adults,
        children=children,
        first=sum(any(line.first for line in group) for group in groups.values()),
        other_town=sum(any(line.other_town for line in group) for group in groups.values()),
        unnamed=sum(group[0].family is None for group in groups.values()),
        ages=tuple((label, ages[label]) for label in AGE_GROUPS if ages[label]),
    )


def _age_group(months: int | None) -> str:
    return AGE_GROUPS[-1] if months is None else AGE_GROUPS[min(months // 12, 6)]
