"""Who came on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.prepared import prepared
from tsunagari.base.walls import OfAgencyQuerySet
from tsunagari.encounters.models import Tally, Visit, VisitPerson
from tsunagari.encounters.queries.names import FamilyName, family_names, name_at
from tsunagari.encounters.queries.tallies import TallyLine, tallies
from tsunagari.encounters.rules import Came, Counts, count, frozen_age
from tsunagari.families.models import Person
from tsunagari.places.models import Agency


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
    """One visit. `family` is None for people without a name; `site` is the name of a site where day_book says it."""

    visit_id: int
    at: datetime
    family: FamilyName | None
    people: tuple[VisitPersonLine, ...]
    adults: int
    children: int
    first: bool
    other_town: bool
    note: str
    site_id: int | None = None
    site: str = ""

    @property
    def came(self) -> Came:
        """The visit as it counts."""
        kids = {one.counted_as: one.months for one in self.people if one.is_child}
        who = self.family.household_id if self.family else f"visit {self.visit_id}"
        return Came(
            who,
            self.at.time(),
            self.adults,
            self.children,
            kids,
            first=self.first,
            other_town=self.other_town,
            named=self.family is not None,
        )


@dataclass(frozen=True, slots=True)
class AgencyCount:
    """The numbers of one agency, for those who work at none. `tallied` of the visits are families counted by figures
    alone."""

    agency_id: int
    name: str
    visits: int = 0
    adults: int = 0
    children: int = 0
    tallied: int = 0


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """How many families came, and how many of them for the first time."""

    families: int = 0
    first: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """The day at the actor's agency, by time. Roles without an agency get `agencies` and no names. Lines of `undone`
    name nobody but the family: it may never have come. `tallies` are in the counts unless they were taken back."""

    day: date
    lines: list[RosterLine] = field(default_factory=list)
    undone: list[RosterLine] = field(default_factory=list)
    tallies: list[TallyLine] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    agencies: list[AgencyCount] = field(default_factory=list)

    @property
    def day_text(self) -> str:
        """ "令和8年11月23日（月）"."""
        return f"{format_wareki(self.day)}（{weekday_ja(self.day)}）"


def first_marked(visits: OfAgencyQuerySet[Visit]) -> OfAgencyQuerySet[Visit]:
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
    """Who came to the actor's agency on the day, wherever it was. Four queries."""
    if actor.agency_id is None:
        return Roster(day, agencies=by_agency(actor, day))
    rows = _visits(actor, day)
    people = _people(rows, day)
    names = family_names(row.household_id for row in rows)
    lines = [_line(row, names, people.get(row.pk, ())) for row in rows if row.undone_at is None]
    undone = [_line(row, names, ()) for row in rows if row.undone_at is not None]
    tallied = tallies(actor, day)
    return Roster(day, lines, undone, tallied, counts_of(lines, tallied))


def latest(actor: Actor, day: date, limit: int) -> list[Visit]:
    """The last who came to the actor's agency on the day, the newest first; `roster_lines` makes them readable."""
    return _latest(actor, day, limit=limit)


def roster_lines(rows: list[Visit], names: dict[int, FamilyName], day: date) -> list[RosterLine]:
    """Visits of a day as shown; the names of their families are known. One query, none without visits."""
    people = _people(rows, day) if rows else {}
    return [_line(row, names, people.get(row.pk, ())) for row in rows]


def numbers(actor: Actor, day: date) -> DayNumbers:
    """The same numbers as `roster(actor, day).counts`, without reading the day. Two queries."""
    standing = [tally.tallied for tally in tallies(actor, day) if not tally.undone]
    families, first = _in_numbers.first(actor, day) or (0, 0)
    return DayNumbers(
        families + sum(one.families for one in standing), first + sum(one.newcomers for one in standing)
    )


def counts_of(lines: Iterable[RosterLine], tallied: Iterable[TallyLine]) -> Counts:
    """Each family and each child once, standing tallies added."""
    return count((line.came for line in lines), (tally.tallied for tally in tallied if not tally.undone))


@prepared
def _visits(actor: Actor, day: date) -> QuerySet[Visit, Visit]:
    here = Visit.objects.own_of(actor).filter(visited_on=day)
    return first_marked(here).order_by("arrived_at", "pk")


def _standing(actor: Actor, day: date) -> OfAgencyQuerySet[Visit]:
    here = Visit.objects.own_of(actor).filter(visited_on=day)
    return first_marked(here.filter(undone_at__isnull=True))


@prepared
def _latest(actor: Actor, day: date, *, limit: int) -> QuerySet[Visit, Visit]:
    return _standing(actor, day).order_by("-arrived_at", "-pk")[:limit]


@prepared
def _in_numbers(actor: Actor, day: date) -> QuerySet[Visit, tuple[int, int]]:
    """One row, or none when nobody came. Each family once; whoever came without a name is a family of their own."""
    first, nameless = Q(first=True), Q(household__isnull=True)
    grouped = _standing(actor, day).order_by().values("agency_id")
    return grouped.annotate(
        families=Count("household", distinct=True) + Count("pk", filter=nameless),
        newcomers=Count("household", distinct=True, filter=first) + Count("pk", filter=first & nameless),
    ).values_list("families", "newcomers")


def by_agency(actor: Actor, day: date) -> list[AgencyCount]:
    """Numbers of each agency that had anybody, visits and tallies together. Two queries."""
    found = {
        pk: AgencyCount(pk, name, visits, grown, small)
        for pk, name, visits, grown, small in _visits_by_agency(actor, day)
    }
    for row in _tallies_by_agency(actor, day):
        before = found.get(row.agency_id) or AgencyCount(row.agency_id, row.agency.name)
        found[row.agency_id] = replace(
            before,
            visits=before.visits + row.families,
            adults=before.adults + row.adults,
            children=before.children + sum(row.children),
            tallied=before.tallied + row.families,
        )
    return sorted(found.values(), key=lambda one: (one.name, one.agency_id))


@prepared
def _visits_by_agency(actor: Actor, day: date) -> QuerySet[Visit, tuple[int, str, int, int, int]]:
    # by agency and day, because that is how the index of visits begins
    agencies = Agency.objects.visible_to(actor)
    came = Visit.objects.visible_to(actor).filter(visited_on=day, undone_at__isnull=True, agency__in=agencies)
    grouped = came.values("agency_id", "agency__name")
    return grouped.annotate(n=Count("pk"), grown=Sum("adults"), small=Sum("children")).values_list(
        "agency_id", "agency__name", "n", "grown", "small"
    )


@prepared
def _tallies_by_agency(actor: Actor, day: date) -> QuerySet[Tally, Tally]:
    agencies = Agency.objects.visible_to(actor)
    standing = Tally.objects.visible_to(actor).filter(day=day, undone_at__isnull=True, agency__in=agencies)
    return standing.select_related("agency")


def _people(rows: Sequence[Visit], day: date) -> dict[int, tuple[VisitPersonLine, ...]]:
    came = _came([row.pk for row in rows])
    found: dict[int, tuple[VisitPersonLine, ...]] = {}
    at = {row.pk: row.household_id for row in rows}
    for row in came:
        found[row.visit_id] = (*found.get(row.visit_id, ()), _person(row.person, day, at[row.visit_id]))
    return found


@prepared
def _came(visits: list[int]) -> QuerySet[VisitPerson, VisitPerson]:
    return VisitPerson.objects.filter(visit__any_of=visits).select_related("person__household").order_by("pk")


def _person(person: Person, day: date, household_id: int | None) -> VisitPersonLine:
    name = name_at(household_id, person)
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
        name.text,
        name.kana,
        (age.text if is_child else person.relation) if name.known else "",
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
        row.site_id,
    )
