"""Households: made, changed, protected, shown in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add, add_all
from tsunagari.base.errors import DomainError
from tsunagari.base.prepared import prepared
from tsunagari.families import access, queries, rules
from tsunagari.families.models import AgencyLink, Household, HouseholdRevision, Registration
from tsunagari.families.operations import links, registrations, search
from tsunagari.families.operations import people as persons
from tsunagari.families.operations.history import assign, keep_before, locked, said_properly, tidy, unchanged
from tsunagari.families.queries import protection
from tsunagari.families.rules import AddressInput, PersonInput, ResidentKeys

CAUTION_LENGTH = 200


def create_household(
    *,
    actor: Actor,
    people: Sequence[PersonInput],
    address: AddressInput | None = None,
    caution: str = "",
    resident: ResidentKeys | None = None,
    key: UUID | None = None,
) -> Household:
    """Make a household with its people; for an agency's worker it is open to the agency from then on.

    The same `key` is the same household (double click). DomainError names what is missing (`field`; later people
    by their place in the list).
    """
    if made := _made_before(key):
        return made
    clean = [tidy(person) for person in people]
    said_properly(partial(rules.check_people, clean))
    keys = resident or ResidentKeys(registered_resident=False)
    household = Household(
        municipality_id=actor.municipality_id,
        created_at=clock.now(),
        caution=caution.strip()[:CAUTION_LENGTH],
        resident_no=keys.resident_no,
        registered_resident=keys.registered_resident,
        moved_in_on=keys.moved_in_on,
        protected=keys.protected,
        key=key,
    )
    assign(household, _address(address or AddressInput()))
    return _keep_new(household, clean, actor=actor)


def create_nickname_family(
    *,
    actor: Actor,
    nickname: str,
    age_hint_months: int | None = None,
    sex: str = "0",
    key: UUID | None = None,
) -> Household:
    """Make a family known by a nickname only ("きいろい帽子の子のお母さん"), with one child of about an age.

    The same `key` is the same family.
    """
    if made := _made_before(key):
        return made
    child = tidy(PersonInput(kind=rules.CHILD, nickname=nickname, age_hint_months=age_hint_months, sex=sex))
    if not child.nickname:
        raise DomainError("呼び名を書いてください。", field="nickname")
    household = Household(
        municipality_id=actor.municipality_id,
        created_at=clock.now(),
        kind=Household.Kind.NICKNAME,
        nickname=child.nickname,
        key=key,
    )
    return _keep_new(household, [child], actor=actor)


def _made_before(key: UUID | None) -> Household | None:
    """The household made with this key; the second of two clicks waits here for the first."""
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int % 2**63])
    made = _with_key.first(key)
    if made is not None:
        made.already = True
    return made


@prepared
def _with_key(key: UUID) -> QuerySet[Household, Household]:
    return Household.objects.filter(key=key)[:1]


def _keep_new(household: Household, people: Sequence[PersonInput], *, actor: Actor) -> Household:
    add(household)
    here = [persons.build(household, person) for person in people]
    add_all(here)
    audit.record(
        access.CREATE, actor=actor, household_id=household.pk, obj=household, detail={"kind": household.kind}
    )
    maker = actor.agency_id if actor.scope == "agency" else None
    entry = search.enter(household, here, agency_ids=[] if maker is None else [maker])
    if maker is not None:
        links.open_to(household, actor=actor, agency_id=maker, reason=AgencyLink.Reason.CREATED, entry=entry)
    return household


def _address(address: AddressInput) -> dict[str, object]:
    clean = said_properly(partial(rules.tidy_address, address))
    return {
        "postal_code": clean.postal_code,
        "address": clean.address,
        "address_detail": clean.address_detail,
        "latitude": clean.latitude,
        "longitude": clean.longitude,
        "area_id": clean.area_id,
    }


@transaction.atomic
def change_household(
    household: Household, *, actor: Actor, address: AddressInput, caution: str, expected_version: int
) -> Household:
    """Correct address and caution; what they said before is kept. Conflict when stale."""
    household = locked(household)
    unchanged(household, expected_version)
    before = Household.objects.get(pk=household.pk)
    changed = assign(household, {**_address(address), "caution": caution.strip()[:CAUTION_LENGTH]})
    if not changed:
        return household
    keep_before(before, [name.removesuffix("_id") for name in changed], actor=actor)
    household.version += 1
    household.save(update_fields=[*changed, "version"])
    audit.record(
        access.CHANGE,
        actor=actor,
        household_id=household.pk,
        obj=household,
        detail={"did": "change_household", "fields": changed},
    )
    return household


@transaction.atomic
def protect(household: Household, *, actor: Actor, protected: bool) -> Household:
    """Put address protection (支援措置) on a household or take it off. Put on a household that has it from a joined
    one alone, it is its own from now on, and stays when they are parted."""
    household = locked(household)
    its_own = not (protected and household.protected and protection.by_join_alone(household.pk))
    if household.protected == protected and its_own:
        return household
    keep_before(household, ["protected"], actor=actor)
    household.protected = protected
    household.version += 1
    household.save(update_fields=["protected", "version"])
    audit.record(
        access.CHANGE,
        actor=actor,
        household_id=household.pk,
        obj=household,
        detail={"did": "protect", "protected": protected},
    )
    return household


@transaction.atomic
def unmask(household: Household, *, actor: Actor, reason: str) -> queries.Revealed:
    """What protection hides, for this one answer; the typed reason stays with the household, not on the trail."""
    household = locked(household)
    if not household.protected:
        raise DomainError("この家庭は支援措置の家庭ではありません。")
    if not reason.strip():
        raise DomainError("見る理由を書いてください。", field="reason")
    revision = HouseholdRevision.objects.create(
        municipality_id=household.municipality_id,
        household=household,
        before={},
        reason=reason.strip()[:120],
        changed_at=clock.now(),
        changed_by=actor.user_id,
    )
    audit.record(access.UNMASK, actor=actor, household_id=household.pk, obj=revision)
    return queries.revealed(household)


@transaction.atomic
def move_out(household: Household, *, actor: Actor, moved_on: date) -> Household:
    """The family left the town on a day: it leaves the agencies' lists and stays findable; its registrations end that
    day, and its card stops."""
    gone = _move(household, actor=actor, status=Household.Status.MOVED, moved_out_on=moved_on, did="move_out")
    registrations.end_all(gone, actor=actor, ends_on=moved_on, reason=Registration.End.MOVED)
    return gone


@transaction.atomic
def come_back(household: Household, *, actor: Actor, moved_on: date) -> Household:
    """A family that had left lives here again since a day."""
    return _move(
        household, actor=actor, status=Household.Status.ACTIVE, moved_in_on=moved_on, did="come_back"
    )


def _move(household: Household, *, actor: Actor, status: str, did: str, **days: date) -> Household:
    household = locked(household)
    if household.status == status:
        return household
    keep_before(household, ["status", "moved_in_on", "moved_out_on"], actor=actor)
    if status == Household.Status.ACTIVE:
        household.moved_out_on = None
    household.status = status
    assign(household, dict(days))
    household.version += 1
    household.save(update_fields=["status", "moved_in_on", "moved_out_on", "version"])
    search.refresh([household])
    audit.record(access.CHANGE, actor=actor, household_id=household.pk, obj=household, detail={"did": did})
    return household
