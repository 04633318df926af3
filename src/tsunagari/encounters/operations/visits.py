"""Checking a family in, counting those without a name, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Visit, VisitPerson, VisitQuerySet
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.families.operations import links

SAME_VISIT = timedelta(hours=1)
CLOCK_TOLERANCE = timedelta(minutes=5)
MOST_PEOPLE = 99


def check_in(
    household: Household,
    *,
    actor: Actor,
    person_ids: Sequence[int],
    adults: int = 1,
    key: UUID,
    at: datetime | None = None,
    note: str = "",
) -> Visit:
    """Count one family in at the actor's agency; `at` (default now) may be earlier, for late entry.

    The same `key`, or a visit of the family within the hour, returns the visit that stands, with
    `visit.already` set. The family is opened to the agency (`links.meet`). Raises DomainError for a time to
    come, people of another family, or numbers out of bounds.
    """
    agency_id = _own_agency(actor)
    moment = _moment(at)
    kinds = _locked_household(household, person_ids)
    former = _former(household.pk, agency_id, key, moment + SAME_VISIT)
    if former is not None and (former.key == key or former.arrived_at >= moment - SAME_VISIT):
        former.already = True
        return former
    children = _children(kinds, person_ids)
    _check_numbers(adults, children)
    visit = Visit(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        household=household,
        visited_on=moment.date(),
        arrived_at=moment,
        adults=adults,
        children=children,
        first_time=former is None,
        note=note.strip()[:200],
        key=key,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    visit.save(force_insert=True)
    VisitPerson.objects.bulk_create(
        VisitPerson(municipality_id=actor.municipality_id, visit=visit, person_id=pk)
        for pk in dict.fromkeys(person_ids)
    )
    if at is not None:
        _settle_first_time(household.pk, agency_id)
        visit.refresh_from_db(fields=["first_time"])
    links.meet(
        household, actor=actor, agency_id=agency_id, reason=AgencyLink.Reason.CHECK_IN, on=visit.visited_on
    )
    audit.record(access.CHECK_IN, actor=actor, household_id=household.pk, obj=visit)
    return visit


def check_in_anonymous(
    *,
    actor: Actor,
    adults: int,
    children: int,
    key: UUID,
    at: datetime | None = None,
    other_town: bool = False,
    note: str = "",
) -> Visit:
    """Count people in without a name. The same `key` is the same visit, also from two clicks at once."""
    agency_id = _own_agency(actor)
    moment = _moment(at)
    _check_numbers(adults, children)
    visit = Visit(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        visited_on=moment.date(),
        arrived_at=moment,
        adults=adults,
        children=children,
        other_town=other_town,
        note=note.strip()[:200],
        key=key,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        return _by_key(actor, key)
    audit.record(access.CHECK_IN, actor=actor, obj=visit)
    return visit


@transaction.atomic
def undo_visit(visit: Visit, *, actor: Actor) -> Visit:
    """Take a visit back: it stays in the database and counts nowhere. Done twice, it is done once."""
    visit = _locked_visit(visit, actor)
    if visit.undone_at is None:
        visit.undone_at, visit.undone_by = clock.now(), actor.user_id
        visit.save(update_fields=["undone_at", "undone_by"])
        _settle_first_time(visit.household_id, visit.agency_id)
        audit.record(
            access.UNDO_VISIT,
            actor=actor,
            household_id=visit.household_id,
            obj=visit,
            detail={"undone": True},
        )
    return visit


@transaction.atomic
def restore_visit(visit: Visit, *, actor: Actor) -> Visit:
    """Let a visit that was taken back count again. Raises Conflict when the family was counted anew."""
    visit = _locked_visit(visit, actor)
    if visit.undone_at is None:
        return visit
    around = (visit.arrived_at - SAME_VISIT, visit.arrived_at + SAME_VISIT)
    if visit.household_id and _standing(visit.household_id, visit.agency_id).filter(arrived_at__range=around):
        raise Conflict("この家庭は、同じ時間にもう受け付けられています。")
    visit.undone_at, visit.undone_by = None, None
    visit.save(update_fields=["undone_at", "undone_by"])
    _settle_first_time(visit.household_id, visit.agency_id)
    audit.record(
        access.UNDO_VISIT, actor=actor, household_id=visit.household_id, obj=visit, detail={"undone": False}
    )
    return visit


def _own_agency(actor: Actor) -> int:
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけが受け付けられます。", action=access.CHECK_IN.name)
    return actor.agency_id


def _moment(at: datetime | None) -> datetime:
    now = clock.now()
    moment = now if at is None else at.astimezone(clock.TOKYO)
    if moment > now + CLOCK_TOLERANCE:
        raise DomainError("これからの時刻です。来た時刻を入れてください。", field="at")
    return moment


def _check_numbers(adults: int, children: int) -> None:
    if not (0 <= adults <= MOST_PEOPLE and 0 <= children <= MOST_PEOPLE):
        raise DomainError(f"人数は0から{MOST_PEOPLE}で入れてください。", field="adults")
    if adults + children == 0:
        raise DomainError("来た人を1人以上えらんでください。", field="person_ids")


def _locked_household(household: Household, person_ids: Sequence[int]) -> dict[int, str]:
    """Kind by id of those people who live in (or also in) the family.

    Serialises check-ins of one family, so that two clicks at once see each other.
    """
    here = Q(household_id=OuterRef("pk")) | Q(
        second_homes__household_id=OuterRef("pk"), second_homes__valid_to__isnull=True
    )
    people = Person.objects.filter(here, pk__in=person_ids, life=Person.Life.LIVING)
    joined_into, found = (
        Household.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=household.pk)
        .annotate(found=ArraySubquery(people.values(pair=JSONObject(id="pk", kind="kind"))))
        .values_list("joined_into_id", "found")
        .get()
    )
    if joined_into:
        raise Conflict("この家庭は、別の家庭にまとめられています。まとめた先の家庭で受け付けてください。")
    return {person["id"]: person["kind"] for person in found or ()}


def _former(household_id: int, agency_id: int, key: UUID, until: datetime) -> Visit | None:
    """The visit with this key, else the family's latest one here that began by `until`."""
    here = Q(household_id=household_id, agency_id=agency_id, undone_at__isnull=True, arrived_at__lte=until)
    found = Visit.objects.filter(Q(key=key, household_id=household_id) | here).order_by("-arrived_at", "-id")[
        :2
    ]
    return next((visit for visit in found if visit.key == key), found[0] if found else None)


def _children(kinds: dict[int, str], person_ids: Sequence[int]) -> int:
    """How many of the people are children; none may be missing from `kinds`."""
    if set(person_ids) - set(kinds):
        raise DomainError(
            "この家庭にいない人がえらばれています。えらびなおしてください。", field="person_ids"
        )
    return sum(kinds[pk] == Person.Kind.CHILD for pk in set(person_ids))


def _by_key(actor: Actor, key: UUID) -> Visit:
    visit = Visit.objects.visible_to(actor).filter(key=key).first()
    if visit is None:
        raise Conflict("この画面は使いおわっています。画面を読み込みなおしてください。")
    visit.already = True
    return visit


def _locked_visit(visit: Visit, actor: Actor) -> Visit:
    locked = Visit.objects.select_for_update().get(pk=visit.pk)
    if locked.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の来所は取り消せません。", action=access.UNDO_VISIT.name)
    return locked


def _standing(household_id: int, agency_id: int) -> VisitQuerySet:
    return Visit.objects.filter(household_id=household_id, agency_id=agency_id, undone_at__isnull=True)


def _settle_first_time(household_id: int | None, agency_id: int) -> None:
    """Keep はじめて at the family's earliest standing visit to the agency, and nowhere else."""
    if household_id is None:
        return
    first = _standing(household_id, agency_id).order_by("arrived_at", "pk").first()
    flagged = Visit.objects.filter(household_id=household_id, agency_id=agency_id, first_time=True)
    if first is None:
        flagged.update(first_time=False)
        return
    flagged.exclude(pk=first.pk).update(first_time=False)
    if not first.first_time:
        Visit.objects.filter(pk=first.pk).update(first_time=True)
