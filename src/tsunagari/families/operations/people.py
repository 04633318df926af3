"""People of a household: who they are, births, pregnancies, second homes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access, rules
from tsunagari.families.models import Household, Person, SecondHome
from tsunagari.families.operations import search
from tsunagari.families.operations.history import (
    assign,
    keep_before,
    locked,
    locked_person,
    said_properly,
    tidy,
    unchanged,
)
from tsunagari.families.rules import BirthInput, PersonInput

FIELDS = [
    "kind",
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "nickname",
    "sex",
    "birth_date",
    "due_date",
    "birth_order",
    "age_hint_months",
    "relation",
    "relation_code",
    "resident_no",
    "phone",
    "phone_other",
    "email",
    "language",
]


def build(household: Household, person: PersonInput) -> Person:
    """A Person not saved yet, from tidy input; expected when it has a due date and no birth date."""
    return Person(
        municipality_id=household.municipality_id,
        household=household,
        life=Person.Life.EXPECTED if person.expected else Person.Life.LIVING,
        age_hint_on=clock.today() if person.age_hint_months is not None else None,
        **{name: getattr(person, name) for name in FIELDS},
    )


@transaction.atomic
def add_person(household: Household, person: PersonInput, *, actor: Actor) -> Person:
    """Put one more person into the household; the very same person again is that person (double click).

    DomainError when nothing recognises them.
    """
    household = locked(household)
    clean = tidy(person)
    said_properly(partial(rules.check_people, [clean]))
    words = {name: getattr(clean, name) for name in FIELDS}
    if twin := household.people.filter(life=Person.Life.LIVING, left_on__isnull=True, **words).first():
        return twin
    added = build(household, clean)
    added.save(force_insert=True)
    _named(household, added)
    search.refresh([household])
    audit.record(
        access.CHANGE, actor=actor, household_id=household.pk, obj=added, detail={"did": "add_person"}
    )
    return added


@transaction.atomic
def change_person(
    person: Person, person_input: PersonInput, *, actor: Actor, expected_version: int
) -> Person:
    """Correct what is known of a person; what it said before is kept. Conflict when stale."""
    person = locked_person(person)
    unchanged(person, expected_version)
    clean = tidy(person_input)
    if person.life != Person.Life.EXPECTED:
        said_properly(partial(rules.check_people, [clean]))
    values = {name: getattr(clean, name) for name in FIELDS}
    if clean.age_hint_months is not None and clean.age_hint_months != person.age_hint_months:
        values["age_hint_on"] = clock.today()
    revision_of = Person.objects.get(pk=person.pk)
    changed = assign(person, values)
    if not changed:
        return person
    keep_before(revision_of, changed, actor=actor)
    person.version += 1
    person.save(update_fields=[*changed, "version"])
    _named(person.household, person)
    search.refresh([person.household_id, *_second_homes(person)])
    audit.record(
        access.CHANGE,
        actor=actor,
        household_id=person.household_id,
        obj=person,
        detail={"did": "change_person", "fields": changed},
    )
    return person


def _named(household: Household, person: Person) -> None:
    """A nickname family becomes a household as soon as one of its people has a family name."""
    if household.kind == Household.Kind.NICKNAME and person.family_name:
        household.kind = Household.Kind.HOUSEHOLD
        household.save(update_fields=["kind"])


def _second_homes(person: Person) -> list[int]:
    return list(person.second_homes.values_list("household_id", flat=True))


@transaction.atomic
def expect_child(household: Household, *, actor: Actor, due_date: date, count: int = 1) -> list[Person]:
    """Note a pregnancy: one expected person for each child (twins: count=2). Noted already, it is returned."""
    household = locked(household)
    said_properly(partial(rules.check_due_date, due_date, today=clock.today()))
    if not 1 <= count <= rules.MOST_AT_ONCE:
        raise DomainError(f"お子さんの人数は1から{rules.MOST_AT_ONCE}までで選んでください。", field="count")
    known = list(
        household.people.filter(life=Person.Life.EXPECTED, due_date=due_date).order_by("birth_order")
    )
    if len(known) == count:
        return known
    if known:
        raise DomainError("同じ出産予定日のお子さんが、すでに登録されています。", field="due_date")
    children = [
        build(household, PersonInput(kind=rules.CHILD, due_date=due_date, birth_order=order + 1))
        for order in range(count)
    ]
    Person.objects.bulk_create(children)
    search.refresh([household])
    audit.record(
        access.CHANGE,
        actor=actor,
        household_id=household.pk,
        detail={"did": "expect_child", "people": [child.pk for child in children]},
    )
    return children


@transaction.atomic
def record_birth(expected: Person, births: Sequence[BirthInput], *, actor: Actor) -> list[Person]:
    """The pregnancy of `expected` ended in births: its rows become children, in order; more births make more rows.

    With fewer births than expected children the others stay expected. Names may come later.
    """
    expected = _still_expected(expected)
    pregnancy = list(
        Person.objects.select_for_update()
        .filter(household=expected.household_id, life=Person.Life.EXPECTED, due_date=expected.due_date)
        .order_by("birth_order", "pk")
    )
    if not births or len(births) > max(rules.MOST_AT_ONCE, len(pregnancy)):
        raise DomainError("生まれたお子さんを1人から5人まで書いてください。")
    household = expected.household
    family = _family_name(household)
    born = [
        _born(household, row, birth, order, family)
        for order, (row, birth) in enumerate(_paired(pregnancy, births), start=1)
    ]
    search.refresh([household])
    audit.record(
        access.CHANGE,
        actor=actor,
        household_id=household.pk,
        obj=expected,
        detail={"did": "record_birth", "people": [child.pk for child in born]},
    )
    return born


def _paired(pregnancy: list[Person], births: Sequence[BirthInput]) -> list[tuple[Person | None, BirthInput]]:
    return [(pregnancy[i] if i < len(pregnancy) else None, birth) for i, birth in enumerate(births)]


def _born(
    household: Household, row: Person | None, birth: BirthInput, order: int, family: tuple[str, str]
) -> Person:
    clean = said_properly(partial(rules.tidy_birth, birth))
    due = row.due_date if row else None
    said_properly(partial(rules.check_birth_date, clean.birth_date, due, today=clock.today()))
    child = row or Person(municipality_id=household.municipality_id, household=household, kind=rules.CHILD)
    child.life = Person.Life.LIVING
    child.birth_date, child.sex, child.birth_order = clean.birth_date, clean.sex, order
    child.given_name, child.given_kana = clean.given_name, clean.given_kana
    named = clean.family_name or clean.family_kana
    child.family_name, child.family_kana = (clean.family_name, clean.family_kana) if named else family
    child.version += 1 if row else 0
    child.save()
    return child


def _family_name(household: Household) -> tuple[str, str]:
    guardian = (
        household.people.filter(kind=Person.Kind.GUARDIAN).exclude(family_name="").order_by("pk").first()
    )
    return (guardian.family_name, guardian.family_kana) if guardian else ("", "")


def _still_expected(expected: Person) -> Person:
    expected = locked_person(expected)
    if expected.life != Person.Life.EXPECTED:
        raise Conflict(
            "この妊娠の記録は、すでに終わっています。", what_to_do="家庭のページを開きなおしてください。"
        )
    return expected


@transaction.atomic
def end_pregnancy(expected: Person, *, actor: Actor, ended_on: date) -> Person:
    """Close a pregnancy without a birth: the expected child leaves every list and nothing is sent."""
    expected = _still_expected(expected)
    if ended_on > clock.today():
        raise DomainError("今日より先の日は選べません。", field="ended_on")
    expected.life = Person.Life.ENDED
    expected.ended_on = ended_on
    expected.version += 1
    expected.save(update_fields=["life", "ended_on", "version"])
    search.refresh([expected.household_id])
    audit.record(
        access.CHANGE,
        actor=actor,
        household_id=expected.household_id,
        obj=expected,
        detail={"did": "end_pregnancy"},
    )
    return expected


@transaction.atomic
def add_second_home(person: Person, household: Household, *, actor: Actor, note: str = "") -> SecondHome:
    """Note that a person also lives in `household`, from today. DomainError when it is their own or known already."""
    household = locked(household)
    if person.household_id == household.pk:
        raise DomainError("いまの家庭とは別の家庭をえらんでください。", field="household")
    if person.second_homes.filter(household=household, valid_to__isnull=True).exists():
        raise DomainError("この家庭は、すでに二つ目の家として登録されています。", field="household")
    home = SecondHome.objects.create(
        municipality_id=household.municipality_id,
        person=person,
        household=household,
        note=note.strip()[:120],
        valid_from=clock.today(),
    )
    _second_home_changed(home, actor=actor, did="add_second_home")
    return home


@transaction.atomic
def end_second_home(home: SecondHome, *, actor: Actor, ends_on: date | None = None) -> SecondHome:
    """The person no longer lives in the second household after `ends_on` (default: yesterday, so not today)."""
    home = SecondHome.objects.select_for_update(of=("self",)).select_related("person").get(pk=home.pk)
    home.valid_to = ends_on or clock.today() - timedelta(days=1)
    home.save(update_fields=["valid_to"])
    _second_home_changed(home, actor=actor, did="end_second_home")
    return home


def _second_home_changed(home: SecondHome, *, actor: Actor, did: str) -> None:
    search.refresh([home.household_id])
    for household_id in (home.person.household_id, home.household_id):
        audit.record(access.CHANGE, actor=actor, household_id=household_id, obj=home, detail={"did": did})


@transaction.atomic
def leave(person: Person, *, actor: Actor, left_on: date, died: bool = False) -> Person:
    """The person no longer lives in the household (moved out or died); what was written about them stays."""
    person = locked_person(person)
    if left_on > clock.today():
        raise DomainError("今日より先の日は選べません。", field="left_on")
    keep_before(person, ["left_on", "life"], actor=actor)
    person.left_on = left_on
    if died:
        person.life = Person.Life.DECEASED
        person.ended_on = left_on
    person.version += 1
    person.save(update_fields=["left_on", "life", "ended_on", "version"])
    search.refresh([person.household_id, *_second_homes(person)])
    audit.record(
        access.CHANGE, actor=actor, household_id=person.household_id, obj=person, detail={"did": "leave"}
    )
    return person
