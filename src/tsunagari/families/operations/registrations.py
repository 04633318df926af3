"""Registration with agencies, one of them home (かかりつけ) on any day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, Household, Registration
from tsunagari.families.operations import cards, links
from tsunagari.families.operations.history import locked
from tsunagari.places.models import Agency

HOME_CHANGED = "かかりつけの変更"
_DAY = timedelta(days=1)
_FURTHEST_AHEAD = timedelta(days=366)


def register(
    household: Household,
    agency: Agency,
    *,
    actor: Actor,
    is_home: bool,
    source: str,
    starts_on: date | None = None,
) -> Registration:
    """Register the household with an agency from a day on (default today); its first registration gives a card.

    A new home takes the flag from the former one, which stays a registration. Opens the family to the agency.
    Registering twice with the same kind returns the registration that stands.
    """
    household = locked(household)
    first_day = starts_on or clock.today()
    _may_register(household, agency, first_day, source)
    rows = _not_ended(household, first_day)
    standing = _standing(rows, agency, first_day)
    if standing is not None and (standing.is_home or not is_home):
        return standing
    if is_home:
        _give_up_home(rows, first_day)
    if standing is not None and standing.starts_on == first_day:
        standing.is_home = True
        standing.save(update_fields=["is_home"])
        made = standing
    else:
        made = _begin(household, agency, standing, is_home=is_home, source=source, first_day=first_day)
    cards.own_card(household, actor=actor)
    links.meet(household, actor=actor, agency_id=agency.pk, reason=AgencyLink.Reason.REGISTRATION, on=None)
    audit.record(
        access.REGISTER,
        actor=actor,
        household_id=household.pk,
        obj=made,
        detail={"did": "register", "agency": agency.pk, "home": is_home, "source": source},
    )
    return made


def _may_register(household: Household, agency: Agency, first_day: date, source: str) -> None:
    if household.kind == Household.Kind.NICKNAME:
        raise DomainError(
            "お名前の分からない家庭は登録できません。",
            what_to_do="お名前を書きたすか、世帯にまとめてから登録してください。",
        )
    if source not in Registration.Source.values:
        raise DomainError("登録のきっかけをえらんでください。", field="source")
    if agency.closed_on is not None and agency.closed_on < first_day:
        raise DomainError("この機関は、登録日にはもう閉まっています。", field="agency")
    if first_day > clock.today() + _FURTHEST_AHEAD:
        raise DomainError("登録日が先すぎます。年を確かめてください。", field="starts_on")


def _not_ended(household: Household, day: date) -> list[Registration]:
    """The household's registrations that hold on the day or begin after it, locked, the earliest first."""
    rows = Registration.objects.select_for_update().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), household=household
    )
    return list(rows.order_by("starts_on", "pk"))


def _standing(found: list[Registration], agency: Agency, first_day: date) -> Registration | None:
    """The registration with this agency that holds on the day; DomainError when one begins after it."""
    rows = [row for row in found if row.agency_id == agency.pk]
    if any(row.starts_on > first_day for row in rows):
        raise DomainError("この機関には、もっとあとの日からの登録がすでにあります。", field="starts_on")
    return rows[0] if rows else None


def _give_up_home(found: list[Registration], first_day: date) -> None:
    """End the home flag of the former home the day before; it stays registered for the rest of its period."""
    formers = [row for row in found if row.is_home]
    if any(former.starts_on > first_day for former in formers):
        raise DomainError(
            "もっとあとの日から、別の機関がかかりつけになっています。",
            what_to_do="登録日を確かめてください。",
            field="starts_on",
        )
    for former in formers:
        _split(former, first_day, is_home=False)


def _split(row: Registration, first_day: date, *, is_home: bool, source: str | None = None) -> Registration:
    """The same registration with another home flag from `first_day` on; the days before keep theirs."""
    if row.starts_on == first_day:
        row.is_home = is_home
        row.save(update_fields=["is_home"])
        return row
    last_day = row.ends_on
    row.ends_on, row.end_reason = first_day - _DAY, HOME_CHANGED
    row.save(update_fields=["ends_on", "end_reason"])
    return Registration.objects.create(
        municipality_id=row.municipality_id,
        household_id=row.household_id,
        agency_id=row.agency_id,
        is_home=is_home,
        source=source or row.source,
        starts_on=first_day,
        ends_on=last_day,
        created_at=clock.now(),
    )


def _begin(
    household: Household,
    agency: Agency,
    standing: Registration | None,
    *,
    is_home: bool,
    source: str,
    first_day: date,
) -> Registration:
    if standing is not None:
        return _split(standing, first_day, is_home=is_home)
    return Registration.objects.create(
        municipality_id=household.municipality_id,
        household=household,
        agency=agency,
        is_home=is_home,
        source=source,
        starts_on=first_day,
        created_at=clock.now(),
    )


@transaction.atomic
def end_registration(registration: Registration, *, actor: Actor, ends_on: date, reason: str) -> Registration:
    """End a registration after a day, saying why. The agency goes on knowing the family."""
    locked(registration.household)
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if row.ends_on is not None and row.ends_on <= clock.today():
        raise DomainError("この登録は、すでに終わっています。")
    if ends_on < row.starts_on:
        raise DomainError("終了日が登録日より前になっています。", field="ends_on")
    if not reason.strip():
        raise DomainError("終了の理由を書いてください。", field="reason")
    row.ends_on, row.end_reason = ends_on, reason.strip()[:80]
    row.save(update_fields=["ends_on", "end_reason"])
    audit.record(
        access.REGISTER,
        actor=actor,
        household_id=row.household_id,
        obj=row,
        detail={"did": "end_registration", "agency": row.agency_id},
    )
    return row
