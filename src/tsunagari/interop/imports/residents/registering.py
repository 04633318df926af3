"""What an extract means for registrations: who left ends theirs, newborns get a home where the city says so."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.families.models import Household, Person, Registration
from tsunagari.families.operations import registrations
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.rules import CHILD
from tsunagari.interop.imports.residents.match import Work

#: A child that is new to us counts as just born up to this age: extracts come monthly, births are notified late.
JUST_BORN = timedelta(days=92)


def end_of_those_gone(work: Work, *, actor: Actor, today: date) -> None:
    """End the registrations of households that moved out or came to an end with this extract."""
    gone = {
        pk: touched.row
        for pk, touched in work.changed_households.items()
        if "status" in touched.before and touched.row.status != Household.Status.ACTIVE
    }
    open_rows = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), household__in=list(gone)
    )
    for pk in sorted(set(open_rows.values_list("household_id", flat=True))):
        household = gone[pk]
        moved = household.status == Household.Status.MOVED
        registrations.end_all(
            household,
            actor=actor,
            ends_on=household.moved_out_on or today,
            reason=Registration.End.MOVED if moved else Registration.End.OTHER,
        )


def homes_of_newborns(work: Work, *, actor: Actor, today: date) -> None:
    """Where the city's rule at birth is to set a home: the area's agency for families of newborns without one."""
    policy = policy_of(actor.municipality_id)
    if policy.at_birth != policy.HomeRule.SET:
        return
    born = {person.household_id for person in work.people if _just_born(person, today)}
    born |= {
        touched.row.household_id
        for touched in work.changed_people.values()
        if touched.before.get("life") == Person.Life.EXPECTED and touched.row.life == Person.Life.LIVING
    }
    for household in Household.objects.filter(pk__in=born).order_by("pk"):
        registrations.register_by_rule(household, actor=actor, occasion="birth")


def _just_born(person: Person, today: date) -> bool:
    birth = person.birth_date
    return person.kind == CHILD and birth is not None and today - JUST_BORN <= birth <= today
