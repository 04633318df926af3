"""How people and agencies are called in lists. Families: see families.queries.names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet

from tsunagari.base.japanese.text import to_hiragana
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.rules import frozen_age
from tsunagari.families.models import Household, Person, SecondHome
from tsunagari.families.queries import FamilyName, family_name, family_names
from tsunagari.families.queries.names import named_at, unnamed
from tsunagari.places.models import Agency

__all__ = [
    "FamilyName",
    "Member",
    "agency_names",
    "family_name",
    "family_names",
    "members",
    "people_of",
    "person_kana",
    "person_name",
    "person_names",
    "recognisable",
]

UNNAMED = "お名前なし"
LISTED = (Person.Life.LIVING, Person.Life.EXPECTED)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a household on one day: how they are called, how old, whether they can come on a visit. `guarded`:
    their own home is another and under 支援措置, so nothing but that somebody is there."""

    id: int
    kind: str
    name: str
    kana: str
    relation: str
    age: str
    school_year: str
    living: bool
    guarded: bool = False

    @property
    def is_child(self) -> bool:
        return self.kind == Person.Kind.CHILD

    def __str__(self) -> str:
        return self.name


def staying_in(household_id: int) -> ArraySubquery:
    """Ids of people for whom the household is a second home, for `any_of`: an OR over a join reads every person."""
    stays = SecondHome.objects.filter(household=household_id, valid_to__isnull=True)
    return ArraySubquery(stays.values("person_id"))


def members(household: Household, day: date, *, besides: Iterable[int] = ()) -> list[Member]:
    """Who lives in (or also in) the household, children first, with ages on `day`; a pregnancy that ended and
    the dead are left out, and so are those who moved out. `besides` adds people by id. Those whose own home is under
    protection are not named. One query."""
    people = _listed(household.pk, list(besides))
    order = {Person.Kind.CHILD: 0, Person.Kind.GUARDIAN: 1}
    oldest_first = sorted(
        people,
        key=lambda person: (order.get(Person.Kind(person.kind), 2), person.birth_date or day, person.pk),
    )
    return [_member(person, day, household.pk) for person in oldest_first]


@prepared
def _listed(household: int, besides: list[int]) -> QuerySet[Person, Person]:
    here = Q(household=household, left_on__isnull=True) | Q(pk__any_of=staying_in(household))
    listed = Q(life__in=LISTED, same_as__isnull=True)
    rows = Person.objects.filter((here & listed) | Q(pk__any_of=besides))
    return rows.annotate(guarded=F("household__protected"))


def recognisable(members: Sequence[Member], *, protected: bool) -> list[Member]:
    """The same people for somebody who has not met the family: by age or relation, without a name. Of a protected
    family nobody, nor anybody whose own home is."""
    if protected:
        return []
    return [
        replace(
            one,
            name=f"{one.age}のお子さん".removeprefix("の") if one.is_child else one.relation,
            kana="",
            age="",
            relation="",
        )
        for one in members
        if not one.guarded
    ]


def people_of(consultation: Consultation) -> list[int]:
    """Ids of the people on a record."""
    return list(consultation.people.values_list("person_id", flat=True))


def _member(person: Any, day: date, household_id: int) -> Member:
    """`person` with `guarded`, as _listed reads it."""
    living = person.life == Person.Life.LIVING
    if not named_at(household_id, person, guarded=person.guarded):
        return Member(person.pk, person.kind, unnamed(person), "", "", "", "", living, guarded=True)
    age = frozen_age(
        day,
        is_child=person.kind == Person.Kind.CHILD,
        birth=person.birth_date,
        hint_months=person.age_hint_months,
        hint_on=person.age_hint_on,
        due=person.due_date,
    )
    return Member(
        person.pk,
        person.kind,
        person_name(person),
        person_kana(person),
        person.relation or ("" if person.kind == Person.Kind.CHILD else Person.Kind(person.kind).label),
        age.text,
        age.school_year,
        living,
    )


def person_name(person: Person) -> str:
    """A child by the given name, others in full; else the nickname, else who it is."""
    if person.kind == Person.Kind.CHILD and person.given_name:
        return person.given_name
    full = f"{person.family_name} {person.given_name}".strip()
    unnamed = "おなかのお子さん" if person.life == Person.Life.EXPECTED else UNNAMED
    return full or person.nickname or unnamed


def person_kana(person: Person) -> str:
    """The reading that belongs to person_name."""
    if person.kind == Person.Kind.CHILD and person.given_name:
        return to_hiragana(person.given_kana)
    return to_hiragana(f"{person.family_kana} {person.given_kana}".strip())


def person_names(person_ids: Iterable[int], household_id: int | None) -> dict[int, str]:
    """Names by id, for comparing texts that stand with this family."""
    people = Person.objects.filter(pk__in=set(person_ids)).select_related("household")
    return {person.pk: name_at(household_id, person).text for person in people}


class NameAt(NamedTuple):
    """How a person is called beside a family; not `known` when their own home is another, under protection."""

    text: str
    kana: str
    known: bool


def name_at(household_id: int | None, person: Person) -> NameAt:
    """The name beside this family; `person` comes with the household."""
    if named_at(household_id, person, guarded=person.household.protected):
        return NameAt(person_name(person), person_kana(person), True)
    return NameAt(unnamed(person), "", False)


def agency_names(uses: Iterable[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """What each agency was called on the day, else what it is called now. One query."""
    wanted = set(uses)
    if not wanted:
        return {}
    spans: dict[int, list[tuple[date | None, date | None, str]]] = {}
    present: dict[int, str] = {}
    for pk, name, start, end, then in _periods(sorted({agency for agency, _ in wanted})):
        present[pk] = name
        spans.setdefault(pk, []).append((start, end, then))
    return {(pk, day): _on(spans.get(pk, []), day) or present.get(pk, "") for pk, day in wanted}


@prepared
def _periods(agencies: list[int]) -> QuerySet[Agency, tuple[int, str, date | None, date | None, str]]:
    spans = ("periods__valid_from", "periods__valid_to", "periods__name")
    return Agency.objects.filter(pk__any_of=agencies).values_list("pk", "name", *spans)


def _on(spans: list[tuple[date | None, date | None, str]], day: date) -> str:
    for start, end, name in spans:
        if start is not None and start <= day and (end is None or day <= end):
            return name
    return ""
