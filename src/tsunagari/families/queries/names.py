"""How families and their people are called: one rule for headings, lists and messages of every app."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from tsunagari.base.japanese.text import to_hiragana
from tsunagari.base.prepared import prepared
from tsunagari.families.models import Household, Person

NAMELESS = "名前は未定"
UNCONFIRMED = "お名前は未確認"
HONORIFIC = "さん家庭"


@dataclass(frozen=True, slots=True)
class FamilyName:
    """What a family is called: 「木村」+「さん家庭」, or its nickname as it stands. `kana` is hiragana, may be empty.

    `who` is the full name of its first guardian, given only where another family of the same list is called the same.
    """

    household_id: int
    name: str
    kana: str = ""
    suffix: str = ""
    protected: bool = False
    who: str = ""

    def __str__(self) -> str:
        return f"{self.name}{self.suffix}"


class _Namer(NamedTuple):
    """What of a person a name needs, with the household: a day's list reads hundreds, and rows of models are slow."""

    pk: int
    household_id: int
    kind: str
    life: str
    family_name: str
    family_kana: str
    given_name: str
    given_kana: str
    nickname: str
    birth_date: date | None
    due_date: date | None
    birth_order: int
    left_on: date | None
    household_kind: str
    household_nickname: str
    household_protected: bool


_COLUMNS = [
    name.replace("household_", "household__") if name != "household_id" else name for name in _Namer._fields
]


def called(household: Household, people: Sequence[Person]) -> FamilyName:
    """The name of a family from its people, in the order of `display_order`; without any name its nickname."""
    return _called(household.pk, household.kind, household.nickname, household.protected, people)


def _called(
    pk: int, kind: str, own_nickname: str, protected: bool, people: Sequence[Person | _Namer]
) -> FamilyName:
    if kind == Household.Kind.NICKNAME and own_nickname:
        return FamilyName(pk, own_nickname, protected=protected)
    lead = next((one for one in people if one.family_name), None) or next(
        (one for one in people if one.given_name), None
    )
    if lead is None:
        nickname = own_nickname or next((one.nickname for one in people if one.nickname), UNCONFIRMED)
        return FamilyName(pk, nickname, protected=protected)
    name, kana = (
        (lead.family_name, lead.family_kana) if lead.family_name else (lead.given_name, lead.given_kana)
    )
    return FamilyName(pk, name, to_hiragana(kana), HONORIFIC, protected)


def as_outside(name: FamilyName) -> FamilyName:
    """The name as somebody sees it who has not met the family: without the reading when it is protected."""
    return replace(name, who="", kana="" if name.protected else name.kana)


def family_name(household: Household) -> FamilyName:
    """The name of one family; one query."""
    people = _named([household.pk])
    return _called(household.pk, household.kind, household.nickname, household.protected, people)


def family_names(household_ids: Iterable[int | None]) -> dict[int, FamilyName]:
    """Names of families by household id, those alike told apart; one query (two when a family has nobody)."""
    wanted = {pk for pk in household_ids if pk is not None}
    if not wanted:
        return {}
    people: dict[int, list[_Namer]] = defaultdict(list)
    for person in _named(wanted):
        people[person.household_id].append(person)
    names = {
        pk: _called(pk, here[0].household_kind, here[0].household_nickname, here[0].household_protected, here)
        for pk, here in people.items()
    }
    if empty := wanted - set(names):
        families = Household.objects.only("kind", "nickname", "protected").in_bulk(empty)
        names |= {pk: called(row, []) for pk, row in families.items()}
    return told_apart(names, people)


def told_apart(
    names: dict[int, FamilyName], people: Mapping[int, Sequence[Person | _Namer]]
) -> dict[int, FamilyName]:
    """The same names, with `who` where two are alike."""
    alike = Counter(str(name) for name in names.values())
    return {
        pk: replace(name, who=_who(people.get(pk, ()))) if alike[str(name)] > 1 else name
        for pk, name in names.items()
    }


def _who(people: Sequence[Person | _Namer]) -> str:
    named = [one for one in people if one.given_name]
    return person_name(named[0]) if named else ""


def _named(household_ids: Iterable[int]) -> list[_Namer]:
    """Who names each household; those who left or died come last, so that a family never loses its name."""
    gone = (Person.Life.DECEASED, Person.Life.ENDED)
    return sorted(
        map(_Namer._make, _naming(list(household_ids))),
        key=lambda one: (bool(one.left_on) or one.life in gone, display_order(one)),
    )


@prepared
def _naming(households: list[int]) -> QuerySet[Person, tuple[Any, ...]]:
    rows = Person.objects.filter(household__any_of=households, same_as__isnull=True)
    return rows.values_list(*_COLUMNS)


_KINDS: dict[str, int] = {Person.Kind.GUARDIAN: 0, Person.Kind.CHILD: 1, Person.Kind.RELATIVE: 2}


def display_order(person: Person | _Namer) -> tuple[int, date, int, int]:
    """Guardians as entered, then children from the eldest to the unborn, then relatives."""
    day = (person.birth_date or person.due_date or date.max) if person.kind == Person.Kind.CHILD else date.min
    return _KINDS[person.kind], day, person.birth_order, person.pk


def person_name(person: Person | _Namer) -> str:
    """Family and given name with a space; 名前は未定 for a born child without one; a nickname as it is."""
    full = " ".join(part for part in (person.family_name, person.given_name) if part)
    if person.life == Person.Life.EXPECTED:
        return "おなかのお子さん" if not person.given_name else full
    if not person.given_name and person.kind == Person.Kind.CHILD and not person.nickname:
        return f"{full}（{NAMELESS}）" if full else NAMELESS
    return full or person.nickname


def named_at(household_id: int | None, person: Person, *, guarded: bool) -> bool:
    """Whether a person may be named beside this family. One whose own home is under 支援措置 (`guarded`) is named with
    that home alone: not where they stay besides, nor where they lived before."""
    return not guarded or person.household_id == household_id


def unnamed(person: Person) -> str:
    """Who stands there, for one who is not to be named."""
    return "お子さん" if person.kind == Person.Kind.CHILD else person.relation or person.get_kind_display()


def person_kana(person: Person) -> str:
    """The reading in hiragana, family and given with a space."""
    return to_hiragana(" ".join(part for part in (person.family_kana, person.given_kana) if part))
