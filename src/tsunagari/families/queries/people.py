"""The people of a family as its page shows them, and who lives there besides."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagari.base import clock
from tsunagari.base.japanese.ages import gestation_text
from tsunagari.base.japanese.dates import format_wareki, school_year_label
from tsunagari.base.japanese.text import format_phone
from tsunagari.families.models import Household, Person, SecondHome
from tsunagari.families.queries.hits import age_text, masked_text
from tsunagari.families.queries.names import person_kana, person_name, unnamed


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as shown today; texts are ready, empty where nothing is known. `phone` may be MASK."""

    id: int
    kind: str
    life: str
    name: str
    kana: str
    relation: str
    sex: str
    born: str
    age: str
    school_year: str
    pregnancy: str
    phone: str
    phone_other: str
    email: str
    language: str
    here_too: bool
    version: int


def lines(
    household: Household, people: list[Person], stays: list[SecondHome], *, masked: bool
) -> list[PersonLine]:
    """Who lives here, and who does besides; those whose own home is under protection are not named."""
    living = {person.pk for person in people}
    guests = [
        stay.person for stay in stays if stay.household_id == household.pk and stay.person_id not in living
    ]
    own = [_person(person, masked=masked, here_too=False) for person in people]
    return own + [
        _guarded(guest) if guest.household.protected else _person(guest, masked=masked, here_too=True)
        for guest in guests
    ]


def _guarded(guest: Person) -> PersonLine:
    """Somebody lives here too, and no more: their own home is under protection."""
    who = unnamed(guest)
    nothing = dict.fromkeys(
        (
            "kana",
            "sex",
            "born",
            "age",
            "school_year",
            "pregnancy",
            "phone",
            "phone_other",
            "email",
            "language",
        ),
        "",
    )
    return PersonLine(
        id=guest.pk, kind=guest.kind, life=guest.life, name=who, relation=who, here_too=True,
        version=guest.version, **nothing,
    )  # fmt: skip


def _person(person: Person, *, masked: bool, here_too: bool) -> PersonLine:
    today = clock.today()
    born = person.birth_date if person.birth_date and person.birth_date <= today else None
    return PersonLine(
        id=person.pk,
        kind=person.kind,
        life=person.life,
        name=person_name(person),
        kana=person_kana(person),
        relation=person.relation
        or ("お子さん" if person.kind == Person.Kind.CHILD else person.get_kind_display()),
        sex=person.get_sex_display() if person.sex in ("1", "2") else "",
        born=f"{format_wareki(born)}生" if born else "",
        age=age_text(person, today) if born or not person.due_date else "",
        school_year=school_year_label(born, today) if born and person.kind == Person.Kind.CHILD else "",
        pregnancy=_pregnancy(person),
        phone=masked_text(format_phone(person.phone), masked),
        phone_other=masked_text(format_phone(person.phone_other), masked),
        email=masked_text(person.email, masked),
        language=person.language,
        here_too=here_too,
        version=person.version,
    )


def _pregnancy(person: Person) -> str:
    if person.life != Person.Life.EXPECTED or person.due_date is None:
        return ""
    due = f"予定日 {format_wareki(person.due_date)}"
    try:
        return f"{gestation_text(person.due_date, clock.today())}・{due}"
    except ValueError:
        return due
