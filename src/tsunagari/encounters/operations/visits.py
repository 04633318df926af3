"""Checking a family in, counting those without a name, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add, add_all
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import Visit, VisitPerson
from tsunagari.encounters.operations import meetings
from tsunagari.encounters.queries.names import staying_in
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.families.operations import links
from tsunagari.families.queries import FamilyName, called
from tsunagari.places.models import Site

SAME_VISIT = timedelta(hours=1)
CLOCK_TOLERANCE = timedelta(minutes=5)
MOST_PEOPLE = 99
NAMES = ("family_name", "family_kana", "given_name", "given_kana", "nickname")
ORDER = (Person.Kind.GUARDIAN, Person.Kind.CHILD, Person.Kind.RELATIVE)


def check_in(
    household: Household,
    *,
    actor: Actor,
    person_ids: Sequence[int],
    adults: int = 1,
    children: int = 0,
    key: UUID,
    at: datetime | None = None,
    note: str = "",
    site: Site | None = None,
) -> Visit:
    """Count one family in at the actor's agency, or at a `site` it went to; `at` (default now) may be earlier, for
    late entry. `children` counts more than those named by `person_ids`.

    The same `key`, or a visit of the family within the hour, returns the visit that stands, with
    `visit.already` set; `visit.family` is what the family is called. The family is opened to the agency
    (`links.meet`). Raises DomainError for a time to come, people of another family, a site of another agency or
    not there that day, or numbers out of bounds.
    """
    agency_id = _own_agency(actor)
    moment = _moment(at)
    site_id = site_of(site, agency_id, moment)
    family = _locked_family(household)
    former = _former(household.pk, agency_id, key, moment + SAME_VISIT)
    if former is not None and (former.key == key or former.arrived_at >= moment - SAME_VISIT):
        former.already, former.family = True, family.name
        return former
    visit = _new_visit(actor, moment, adults, max(children, family.children(person_ids)), key, note)
    visit.household, visit.first_time, visit.family = household, former is None, family.name
    visit.site_id = site_id
    add(visit)
    _keep_people(visit, person_ids)
    if at is not None:
        settle_first_time(household.pk, agency_id)
        visit.refresh_from_db(fields=["first_time"])
    _met(visit, actor)
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
    site: Site | None = None,
) -> Visit:
    """Count people in without a name. The same `key` is the same visit, also from two clicks at once."""
    visit = _new_visit(actor, _moment(at), adults, children, key, note)
    visit.other_town = other_town
    visit.site_id = site_of(site, visit.agency_id, visit.arrived_at)
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        return _by_key(actor, key)
    audit.record(access.CHECK_IN, actor=actor, obj=visit)
    return visit


def name_visit(visit: Visit, household: Household, *, actor: Actor, person_ids: Sequence[int]) -> Visit:
    """Somebody counted without a name turned out to be this family: the visit becomes theirs, counted once, and opens
    the family to the agency. The numbers stay, unless more children are named than were counted.

    Raises Conflict when the visit has a family or was taken back, or the family was counted within the hour.
    """
    family = _locked_family(household)
    visit = _locked_visit(visit, actor)
    if visit.household_id is not None or visit.undone_at is not None:
        raise Conflict("この来所は、もう家庭がきまっているか、取り消されています。")
    visit.children = max(visit.children, family.children(person_ids))
    _check_numbers(visit.adults, visit.children)
    _refuse_twice(household.pk, visit)
    visit.household, visit.family = household, family.name
    visit.save(update_fields=["household", "children"])
    _keep_people(visit, person_ids)
    settle_first_time(household.pk, visit.agency_id)
    _met(visit, actor)
    audit.record(access.CHECK_IN, actor=actor, household_id=household.pk, obj=visit, detail={"named": True})
    return visit


def undo_visit(visit: Visit, *, actor: Actor) -> Visit:
    """Take a visit back: it stays in the database and counts nowhere. Done twice, it is done once. A family that
    was opened by nothing else is closed to the agency again; `visit.closed` says so."""
    visit = _with_family(visit, actor)
    if visit.undone_at is None:
        visit.undone_at, visit.undone_by = clock.now(), actor.user_id
        visit.save(update_fields=["undone_at", "undone_by"])
        if visit.household_id is not None:
            settle_first_time(visit.household_id, visit.agency_id)
            visit.closed = meetings.taken_back(visit.household_id, actor=actor, agency_id=visit.agency_id)
        audit.record(
            access.UNDO_VISIT,
            actor=actor,
            household_id=visit.household_id,
            obj=visit,
            detail={"undone": True},
        )
    return visit


def restore_visit(visit: Visit, *, actor: Actor) -> Visit:
    """Let a visit that was taken back count again. Raises Conflict when the family was counted anew."""
    visit = _with_family(visit, actor)
    if visit.undone_at is None:
        return visit
    if visit.household_id is not None:
        _refuse_twice(visit.household_id, visit)
    visit.undone_at, visit.undone_by = None, None
    visit.save(update_fields=["undone_at", "undone_by"])
    if visit.household_id is not None:
        settle_first_time(visit.household_id, visit.agency_id)
        _met(visit, actor)
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


def site_of(site: Site | None, agency_id: int, moment: datetime) -> int | None:
    """The id of a site the agency had at that moment, None for the agency itself; DomainError for any other."""
    if site is None:
        return None
    day = moment.astimezone(clock.TOKYO).date()
    running = site.valid_from <= day and (site.valid_to is None or day <= site.valid_to)
    if site.agency_id != agency_id or not running:
        raise DomainError("その日に行っていない場所です。来た場所をえらびなおしてください。", field="site")
    return site.pk


def _check_numbers(adults: int, children: int) -> None:
    if not (0 <= adults <= MOST_PEOPLE and 0 <= children <= MOST_PEOPLE):
        raise DomainError(f"人数は0から{MOST_PEOPLE}で入れてください。", field="adults")
    if adults + children == 0:
        raise DomainError("来た人を1人以上えらんでください。", field="person_ids")


@dataclass(frozen=True, slots=True)
class _Family:
    """A locked family: what it is called, and the kind of each person who can come, by id."""

    name: FamilyName
    kinds: dict[int, str]

    def children(self, person_ids: Sequence[int]) -> int:
        """How many of the people are children; DomainError when one does not live here."""
        if set(person_ids) - set(self.kinds):
            raise DomainError(
                "この家庭にいない人がえらばれています。えらびなおしてください。", field="person_ids"
            )
        return sum(self.kinds[pk] == Person.Kind.CHILD for pk in set(person_ids))


def _locked_family(household: Household) -> _Family:
    """Serialises check-ins of one family, so that two clicks at once see each other. Two statements."""
    row = _lock.one(household.pk)
    if row.joined_into_id:
        raise Conflict("この家庭は、別の家庭にまとめられています。まとめた先の家庭で受け付けてください。")
    here = _living(row.pk)
    own = [one for one in here if one.household_id == row.pk and not (one.left_on or one.same_as_id)]
    own.sort(key=lambda person: ORDER.index(person.kind))
    return _Family(called(row, own), {person.pk: person.kind for person in here})


@prepared
def _lock(household: int) -> QuerySet[Household, Household]:
    return Household.objects.select_for_update(no_key=True).filter(pk=household)


@prepared
def _living(household: int) -> QuerySet[Person, Person]:
    lives_here = Q(household_id=household) | Q(pk__any_of=staying_in(household))
    columns = ("household_id", "kind", "life", "left_on", "same_as_id", *NAMES)
    return Person.objects.filter(lives_here, life=Person.Life.LIVING).only(*columns).order_by("pk")


def _new_visit(actor: Actor, moment: datetime, adults: int, children: int, key: UUID, note: str) -> Visit:
    """A visit that is not saved yet; DomainError for numbers that cannot be."""
    _check_numbers(adults, children)
    return Visit(
        municipality_id=actor.municipality_id,
        agency_id=_own_agency(actor),
        visited_on=moment.date(),
        arrived_at=moment,
        adults=adults,
        children=children,
        note=note.strip()[:200],
        key=key,
        created_by=actor.user_id,
        created_at=clock.now(),
    )


def _keep_people(visit: Visit, person_ids: Sequence[int]) -> None:
    add_all(
        VisitPerson(municipality_id=visit.municipality_id, visit=visit, person_id=pk)
        for pk in dict.fromkeys(person_ids)
    )


def _met(visit: Visit, actor: Actor) -> None:
    assert visit.household is not None
    links.meet(
        visit.household,
        actor=actor,
        agency_id=visit.agency_id,
        reason=AgencyLink.Reason.CHECK_IN,
        on=visit.visited_on,
    )


def _refuse_twice(household_id: int, visit: Visit) -> None:
    """Raise Conflict when the family stands on the roster within the hour of this visit."""
    around = (visit.arrived_at - SAME_VISIT, visit.arrived_at + SAME_VISIT)
    others = meetings.standing(household_id, visit.agency_id).exclude(pk=visit.pk)
    if others.filter(arrived_at__range=around).exists():
        raise Conflict("この家庭は、同じ時間にもう受け付けられています。")


def _former(household_id: int, agency_id: int, key: UUID, until: datetime) -> Visit | None:
    """The visit with this key, else the family's latest one here that began by `until`."""
    found = _visits_before(household_id, agency_id, key, until)
    return next((visit for visit in found if visit.key == key), found[0] if found else None)


@prepared
def _visits_before(household: int, agency: int, key: UUID, until: datetime) -> QuerySet[Visit, Visit]:
    here = Q(household_id=household, agency_id=agency, undone_at__isnull=True, arrived_at__lte=until)
    return Visit.objects.filter(Q(key=key, household_id=household) | here).order_by("-arrived_at", "-id")[:2]


def _by_key(actor: Actor, key: UUID) -> Visit:
    visit = Visit.objects.visible_to(actor).filter(key=key).first()
    if visit is None:
        raise Conflict("この画面は使いおわっています。画面を読み込みなおしてください。")
    visit.already = True
    return visit


def _with_family(visit: Visit, actor: Actor) -> Visit:
    """The visit, locked after its family, as every operation here does it."""
    if visit.household_id is not None:
        meetings.locked(visit.household_id)
    return _locked_visit(visit, actor)


def _locked_visit(visit: Visit, actor: Actor) -> Visit:
    locked = Visit.objects.select_for_update().get(pk=visit.pk)
    if locked.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の来所は取り消せません。", action=access.UNDO_VISIT.name)
    return locked


def settle_first_time(household_id: int, agency_id: int) -> None:
    """Keep はじめて at the family's earliest standing visit to the agency, and nowhere else."""
    first = meetings.standing(household_id, agency_id).order_by("arrived_at", "pk").first()
    flagged = Visit.objects.filter(household_id=household_id, agency_id=agency_id, first_time=True)
    if first is None:
        flagged.update(first_time=False)
        return
    flagged.exclude(pk=first.pk).update(first_time=False)
    if not first.first_time:
        Visit.objects.filter(pk=first.pk).update(first_time=True)
