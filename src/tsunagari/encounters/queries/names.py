"""How families, people and agencies are called in lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tsunagari.base.japanese.text import to_hiragana
from tsunagari.encounters.rules import frozen_age
from tsunagari.families.models import Household, Person
from tsunagari.places.models import Agency

UNNAMED = "お名前なし"
LISTED = (Person.Life.LIVING, Person.Life.EXPECTED)


@dataclass(frozen=True, slots=True)
class FamilyName:
    """`name` as shown (with さん where it is a surname), `kana` its reading without さん."""

    household_id: int
    name: str
    kana: str = ""
    suffix: str = ""
    protected: bool = False

    def __str__(self) -> str:
        return f"{self.name}{self.suffix}"


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


def family_names(household_ids: Iterable[int | None]) -> dict[int, FamilyName]:
    """Names of families by household id: the first guardian's surname, or the nickname. One query."""
    wanted = {pk for pk in household_ids if pk is not None}
    if not wanted:
        return {}
    rows = (
        Household.objects.filter(pk__in=wanted)
        .order_by("pk", "people__pk")
        .values_list(
            "pk",
            "kind",
            "nickname",
            "protected",
            "people__kind",
            "people__family_name",
            "people__family_kana",
            "people__left_on",
        )
    )
    found: dict[int, FamilyName] = {}
    best: dict[int, int] = {}
    for pk, kind, nickname, protected, person_kind, name, kana, left in rows:
        if kind == Household.Kind.NICKNAME:
            found[pk] = FamilyName(pk, nickname or UNNAMED, protected=protected)
            continue
        rank = 9 if not name or left else {"guardian": 0, "child": 1}.get(person_kind, 2)
        if pk not in found or rank < best[pk]:
            best[pk] = rank
            shown = FamilyName(pk, name, to_hiragana(kana or ""), "さん", protected) if name else None
            found[pk] = shown or FamilyName(pk, f"家庭 {pk}", protected=protected)
    return found


def family_name(household: Household) -> FamilyName:
    """The name of one family."""
    return family_names([household.pk])[household.pk]


def members(household: Household, day: date, *, besides: Iterable[int] = ()) -> list[Member]:
    """Who lives in (or also in) the household, children first, with ages on `day`; a pregnancy that ended and
    the dead are left out, and so are those who moved out. `besides` adds people by id. One query."""
    here = Q(household=household, left_on__isnull=True) | Q(
        second_homes__household=household, second_homes__valid_to__isnull=True
    )
    people = Person.objects.filter(
        (here & Q(life__in=LISTED, same_as__isnull=True)) | Q(pk__in=list(besides))
    ).distinct()
    order = {Person.Kind.CHILD: 0, Person.Kind.GUARDIAN: 1}
    oldest_first = sorted(
        people,
        key=lambda person: (order.get(Person.Kind(person.kind), 2), person.birth_date or day, person.pk),
    )
    return [_member(person, day) for person in oldest_first]


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
    rows = Agency.objects.filter(pk__in={agency for agency, _ in wanted}).values_list(
        "pk", "name", "periods__valid_from", "periods__valid_to", "periods__name"
    )
    for pk, name, start, end, then in rows:
        present[pk] = name
        spans.setdefault(pk, []).append((start, end, then))
    return {(pk, day): _on(spans.get(pk, []), day) or present.get(pk, "") for pk, day in wanted}


def _on(spans: list[tuple[date | None, date | None, str]], day: date) -> str:
    for start, end, name in spans:
        if start is not None and start <= day and (end is None or day <= end):
            return name
    return ""
