"""What a family can still be given, what it was given, and what was given to all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from tsunagari.accounts.models import User
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.prepared import prepared
from tsunagari.families.models import Benefit, BenefitUse, Household, Person, Registration
from tsunagari.families.queries.heads import FamilyRows
from tsunagari.families.queries.hits import MASK
from tsunagari.families.queries.names import person_name
from tsunagari.families.rules.benefits import (
    CHILD,
    BenefitRule,
    Child,
    Registered,
    Standing,
    conditions,
    left,
    standing,
)
from tsunagari.places.models import Agency


@dataclass(frozen=True, slots=True)
class Balance:
    """One benefit of a family, or of one of its children (`person`).

    `left` of its quantity; `expires_on` the last day if there is one; `reason_not` in words when it cannot be given.
    """

    benefit: Benefit
    person: Person | None
    left: int
    given: int
    expires_on: date | None
    reason_not: str

    @property
    def who(self) -> str:
        return person_name(self.person) if self.person else ""

    @property
    def until_text(self) -> str:
        return format_wareki(self.expires_on) if self.expires_on else ""

    @property
    def once(self) -> bool:
        """Given once, as a thing; else tickets, used one by one."""
        return self.benefit.quantity == 1


@dataclass(frozen=True, slots=True)
class UseLine:
    """One standing use: what, for whom, when, where and by whom. `agency` is MASK where it is hidden."""

    id: int
    name: str
    who: str
    count: int
    unit: str
    used_on: date
    agency: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Given:
    """How much of a benefit was given: in all, to how many families, by month and by agency."""

    total: int
    families: int
    months: list[tuple[date, int]]
    agencies: list[tuple[str, int]]


def rule_of(benefit: Benefit) -> BenefitRule:
    """The pure rule of a kept benefit."""
    return BenefitRule(**{field.name: getattr(benefit, field.name) for field in fields(BenefitRule)})


def of_town(actor: Actor) -> list[tuple[Benefit, str, int]]:
    """All benefits of the town with their conditions in words and how much was given, those in force first."""
    rows = Benefit.objects.filter(municipality_id=actor.municipality_id).annotate(
        total=Sum("uses__count", filter=Q(uses__undone_at__isnull=True))
    )
    found = [(row, conditions(rule_of(row)), row.total or 0) for row in rows.order_by("name", "pk")]
    today = clock.today()
    return sorted(found, key=lambda one: one[0].valid_to is not None and one[0].valid_to < today)


def balances(household: Household, day: date, rows_of: FamilyRows | None = None) -> list[Balance]:
    """What the family has on a day: every benefit in force then, those for children once a child. Four queries, two
    with rows that were read already; one where the town has no benefits."""
    benefits = _in_force(household.municipality_id, day)
    if not benefits:
        return []
    rows = rows_of or FamilyRows(household)
    people = _children(rows)
    registered = _registered(rows, day)
    given = _given(household)
    found = [
        _balance(benefit, person, day, registered, people, given)
        for benefit in benefits
        for person in (people if benefit.each == CHILD else [None])
    ]
    return [one for one in found if one.given or not _past(one, day)]


def balance(benefit: Benefit, household: Household, person: Person | None, day: date) -> Balance:
    """One of them, asked for by an operation that holds the household locked."""
    rows = FamilyRows(household)
    return _balance(benefit, person, day, _registered(rows, day), _children(rows), _given(household))


def _past(balance: Balance, day: date) -> bool:
    """Too late for this child, and nothing was given: no use to anybody."""
    return bool(balance.reason_not) and balance.expires_on is not None and balance.expires_on < day


@prepared
def _in_force(municipality: int, day: date) -> QuerySet[Benefit, Benefit]:
    rows = Benefit.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), municipality=municipality, valid_from__lte=day
    )
    return rows.order_by("name", "pk")


def _children(rows: FamilyRows) -> list[Person]:
    return [one for one in rows.people if one.kind == Person.Kind.CHILD and one.left_on is None]


def _registered(rows: FamilyRows, day: date) -> Registered:
    counted = [row for row in rows.registrations if row.end_code != Registration.End.MISTAKE]
    holds = any(row.starts_on <= day and (row.ends_on is None or row.ends_on >= day) for row in counted)
    return Registered(min((row.starts_on for row in counted), default=None), holds)


def _given(household: Household) -> dict[tuple[int, int | None], int]:
    """(benefit, child or None) → how much; a child noted twice and found to be one has one account."""
    found: dict[tuple[int, int | None], int] = defaultdict(int)
    for benefit, person, same, count in _used(household.pk):
        found[benefit, same or person] += count
    return found


@prepared
def _used(household: int) -> QuerySet[BenefitUse, tuple[int, int | None, int | None, int]]:
    rows = BenefitUse.objects.filter(household=household, undone_at__isnull=True)
    return rows.values_list("benefit_id", "person_id", "person__same_as_id", "count")


def _balance(
    benefit: Benefit,
    person: Person | None,
    day: date,
    registered: Registered,
    people: list[Person],
    given: dict[tuple[int, int | None], int],
) -> Balance:
    concerned = [person] if person is not None else people
    children = [_child(one) for one in concerned if one.birth_date or one.life == Person.Life.EXPECTED]
    stands = standing(rule_of(benefit), day, registered=registered, children=children)
    had = given.get((benefit.pk, person.pk if person else None), 0)
    rest = left(benefit.quantity, had)
    return Balance(benefit, person, rest, had, stands.expires_on, _why_not(stands, benefit, rest))


def _why_not(stands: Standing, benefit: Benefit, rest: int) -> str:
    if rest == 0:
        return "渡しました" if benefit.quantity == 1 else "使いきりました"
    return stands.reason_not


def _child(person: Person) -> Child:
    return Child(person.pk, person.birth_date if person.life == Person.Life.LIVING else None)


def uses(actor: Actor, household: Household) -> list[UseLine]:
    """The standing uses of a family, the newest first. A protected family hides where, except at one's own agency."""
    rows = list(
        BenefitUse.objects.filter(household=household, undone_at__isnull=True)
        .select_related("benefit", "person", "agency")
        .order_by("-used_on", "-pk")
    )
    names = _writers(row.created_by for row in rows)
    return [_use(row, actor, household, names) for row in rows]


def _use(row: BenefitUse, actor: Actor, household: Household, names: dict[int, str]) -> UseLine:
    hidden = household.protected and row.agency_id is not None and row.agency_id != actor.agency_id
    where = row.agency.name if row.agency else "市"
    return UseLine(
        id=row.pk,
        name=row.benefit.name,
        who=person_name(row.person) if row.person else "",
        count=row.count,
        unit=row.benefit.unit,
        used_on=row.used_on,
        agency=MASK if hidden else where,
        by="" if hidden else names.get(row.created_by or 0, ""),
        note=row.note,
    )


def _writers(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in ids if pk is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def given(benefit: Benefit) -> Given:
    """How much of a benefit was given, the newest month first; four queries."""
    rows = BenefitUse.objects.filter(benefit=benefit, undone_at__isnull=True)
    all_of_it = rows.aggregate(total=Sum("count"), families=Count("household", distinct=True))
    return Given(
        total=all_of_it["total"] or 0,
        families=all_of_it["families"],
        months=_by_month(rows),
        agencies=_by_agency(rows),
    )


def _by_month(rows: QuerySet[BenefitUse]) -> list[tuple[date, int]]:
    months = rows.annotate(month=TruncMonth("used_on")).values("month").annotate(total=Sum("count"))
    return [(row["month"], row["total"]) for row in months.order_by("-month")]


def _by_agency(rows: QuerySet[BenefitUse]) -> list[tuple[str, int]]:
    found = dict(rows.values_list("agency_id").annotate(total=Sum("count")))
    names = dict(Agency.objects.filter(pk__in=[pk for pk in found if pk]).values_list("pk", "name"))
    lines = [(names[pk] if pk else "市", total) for pk, total in found.items()]
    return sorted(lines, key=lambda line: (-line[1], line[0]))
