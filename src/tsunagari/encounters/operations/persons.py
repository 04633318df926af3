"""Who a record is about: people of its family, with age and school year as of its day."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tsunagari.base.adding import add_all
from tsunagari.base.errors import DomainError
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Consultation, ConsultationPerson
from tsunagari.encounters.rules import RecordInput, frozen_age
from tsunagari.families.models import Person


def people_of(record: RecordInput, besides: tuple[int, ...] = ()) -> list[Person]:
    """The persons of the record in its order; they live in the household, or were on the record before."""
    if not record.person_ids:
        return []
    rows = _those(record.household_id, list(record.person_ids), list(besides))
    found = {person.pk: person for person in rows}
    if missing := set(record.person_ids) - set(found):
        raise DomainError(
            f"この家庭にいない人が{len(missing)}人えらばれています。えらびなおしてください。",
            field="person_ids",
        )
    return [found[pk] for pk in dict.fromkeys(record.person_ids)]


@prepared
def _those(household: int | None, wanted: list[int], besides: list[int]) -> QuerySet[Person, Person]:
    here = Q(household_id=household) | Q(second_homes__household_id=household) | Q(pk__any_of=besides)
    return Person.objects.filter(here, pk__any_of=wanted)


def keep_people(consultation: Consultation, record: RecordInput, people: list[Person]) -> None:
    """Keep who the record is about."""
    add_all(person_rows(consultation, record, people))


def person_rows(
    consultation: Consultation, record: RecordInput, people: list[Person]
) -> list[ConsultationPerson]:
    """The people of a record, not saved yet, with age and school year as of its day."""
    rows = []
    for person in people:
        age = frozen_age(
            record.occurred_on,
            is_child=person.kind == Person.Kind.CHILD,
            birth=person.birth_date,
            hint_months=person.age_hint_months,
            hint_on=person.age_hint_on,
            due=person.due_date,
        )
        rows.append(
            ConsultationPerson(
                municipality_id=consultation.municipality_id,
                consultation=consultation,
                person=person,
                consulting=person.pk in record.consulting_ids,
                age_text=age.text,
                age_months=age.months,
                school_year=age.school_year,
            )
        )
    return rows
