"""How people and agencies are called in lists. Families: see families.queries.names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from tsunagari.base.japanese.text import to_hiragana
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.rules import frozen_age
from tsunagari.families.models import Household, Person, SecondHome
from tsunagari.families.queries import FamilyName, family_name, family_names
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
    """A person of a household on one day: how they are called, how old, whether they can come on a visit."""

    id: int
    kind: str
    name: str
    kana: str
    relation: str
    age: str
    school_year: str
    living: bool

    @property
    def is_child(self) -> bool:
        return self.kind == Person.Kind.CHILD

    def __str__(self) -> str:
        return self.name


def staying_in(household_id: int) -> list[int]:
    """Ids of people for whom the household is a second home. Asked apart: an OR over a join reads every person."""
    return _staying(household_id)


@prepared
def _staying(household: int) -> QuerySet[SecondHome, int]:
    stays = SecondHome.objects.filter(household=household, valid_to__isnull=True)
    return stays.values_list("person_id", flat=True)


def members(household: Household, day: date, *, besides: Iterable[int] = ()) -> list[Member]:
    """Who lives in (or also in) the household, children first, with ages on `day`; a pregnancy that ended and
    the dead are left out, and so are those who moved out. `besides` adds people by id. Two queries."""
    people = _listed(household.pk, staying_in(household.pk), list(besides))
    order = {Person.Kind.CHILD: 0, Person.Kind.GUARDIAN: 1}
    oldest_first = sorted(
        people,
        key=lambda person: (order.get(Person.Kind(person.kind), 2), person.birth_date or day, person.pk),
    )
    return [_member(person, day) for person in oldest_first]


@prepared
def _listed(household: int, staying: list[int], besides: list[int]) -> QuerySet[Person, Person]:
    here = Q(household=household, left_on__isnull=True) | Q(pk__any_of=staying)
    return Person.objects.filter((here & Q(life__in=LISTED, same_as__isnull=True)) | Q(pk__any_of=besides))


def recognisable(members: Sequence[Member], *, protected: bool) -> list[Member]:
    """The same people for somebody who has not met the family: by age or relation, without a name. Of a protected
    family nobody."""
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
    ]


def people_of(consultation: Consultation) -> list[int]:
    """Ids of the people on a record."""
    return list(consultation.people.values_list("person_id", flat=True))


def _member(person: Person, day: date) -> Member:
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
        person.life == Person.Life.LIVING,
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


def person_names(person_ids: Iterable[int]) -> dict[int, str]:
    """Names by id, for comparing texts."""
    return {person.pk: person_name(person) for person in Person.objects.filter(pk__in=set(person_ids))}


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
