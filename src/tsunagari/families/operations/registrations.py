"""Registration with agencies, one of them home (かかりつけ) on any day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add
from tsunagari.base.errors import DomainError
from tsunagari.base.prepared import prepared
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, Card, Household, Registration, RegistrationPolicy
from tsunagari.families.operations import cards, home_changes, links
from tsunagari.families.operations.history import locked
from tsunagari.families.queries import policies
from tsunagari.families.queries import registrations as queries
from tsunagari.families.queries.proposals import proposed_agency
from tsunagari.places.models import Agency

HOME_CHANGED = "かかりつけの変更"
END_WORDS: dict[str, str] = dict(Registration.End.choices)
_DAY = timedelta(days=1)
_FURTHEST_AHEAD = timedelta(days=366)
_LOOK_BACK = timedelta(days=31)


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

    A new home takes the flag from the former one, which stays a registration; both ends are told. Opens the family
    to the agency. Registering twice with the same kind returns the registration that stands.
    """
    household = locked(household)
    first_day = starts_on or clock.today()
    _may_register(household, agency, first_day, source)
    rows = _not_ended(household.pk, first_day)
    standing = _standing(rows, agency, first_day)
    if standing is not None and (standing.is_home or not is_home):
        return standing
    former = _give_up_home(rows, first_day) if is_home else None
    if standing is not None and standing.starts_on == first_day:
        standing.is_home = True
        standing.save(update_fields=["is_home"])
        made = standing
    else:
        made = _begin(household, agency, standing, is_home=is_home, source=source, first_day=first_day)
    cards.own_card(household, actor=actor)
    _tell(household, made, actor=actor, former_id=former, first_day=first_day, source=source)
    return made


def register_new(
    household: Household, agency: Agency, *, actor: Actor, is_home: bool, source: str
) -> Registration:
    """`register` from today, of a household that create_household has just made in this transaction.

    Nobody else can see it yet, and it has neither a registration nor a card, so nothing is locked or looked up. One
    whose key stood already (`household.already`) is registered as any other.
    """
    if household.already:
        return register(household, agency, actor=actor, is_home=is_home, source=source)
    first_day = clock.today()
    _may_register(household, agency, first_day, source)
    made = _begin(household, agency, None, is_home=is_home, source=source, first_day=first_day)
    cards.first_card(household, actor=actor)
    _tell(household, made, actor=actor, former_id=None, first_day=first_day, source=source)
    return made


def _tell(
    household: Household,
    made: Registration,
    *,
    actor: Actor,
    former_id: int | None,
    first_day: date,
    source: str,
) -> None:
    """Open the family to the agency, tell both ends of a new home, and keep it on the trail."""
    agency_id, is_home = made.agency_id, made.is_home
    links.meet(household, actor=actor, agency_id=agency_id, reason=AgencyLink.Reason.REGISTRATION, on=None)
    if is_home:
        home_changes.leave(
            household, actor=actor, former_id=former_id, new_id=agency_id, changed_on=first_day
        )
    audit.record(
        access.REGISTER,
        actor=actor,
        household_id=household.pk,
        obj=made,
        detail={"did": "register", "agency": agency_id, "home": is_home, "source": source},
    )


def register_by_rule(household: Household, *, actor: Actor, occasion: str) -> Registration | None:
    """Make the area's agency home where the city's rule for the occasion ("handbook" or "birth") says so.

    None, and nothing changes, when the rule says otherwise, the family has a home already, no agency serves its area,
    or the family is protected: opening it to an agency is then for a person to decide.
    """
    policy = policies.policy_of(household.municipality_id)
    rule = {"handbook": policy.at_handbook, "birth": policy.at_birth}[occasion]
    if rule != RegistrationPolicy.HomeRule.SET:
        return None
    household = locked(household)
    active = household.status == Household.Status.ACTIVE and household.kind == Household.Kind.HOUSEHOLD
    if not active or household.protected or queries.has_home(household):
        return None
    agency = proposed_agency(household)
    if agency is None or _begins_later(household, agency):
        return None
    return register(household, agency, actor=actor, is_home=True, source=occasion)


def _begins_later(household: Household, agency: Agency) -> bool:
    return Registration.objects.filter(
        household=household, agency=agency, starts_on__gt=clock.today()
    ).exists()


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


@prepared
def _not_ended(household: int, day: date) -> QuerySet[Registration, Registration]:
    """The household's registrations that hold on the day or begin after it, locked, the earliest first."""
    rows = Registration.objects.select_for_update().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), household=household
    )
    return rows.order_by("starts_on", "pk")


def _standing(found: list[Registration], agency: Agency, first_day: date) -> Registration | None:
    """The registration with this agency that holds on the day; DomainError when one begins after it."""
    rows = [row for row in found if row.agency_id == agency.pk]
    if any(row.starts_on > first_day for row in rows):
        raise DomainError("この機関には、もっとあとの日からの登録がすでにあります。", field="starts_on")
    return rows[0] if rows else None


def _give_up_home(found: list[Registration], first_day: date) -> int | None:
    """End the home flag of the former home the day before; it stays registered for the rest of its period.

    The id of the agency that gave it up, None when there was no home.
    """
    formers = [row for row in found if row.is_home]
    if any(former.starts_on > first_day for former in formers):
        raise DomainError(
            "もっとあとの日から、別の機関がかかりつけになっています。",
            what_to_do="登録日を確かめてください。",
            field="starts_on",
        )
    for former in formers:
        _split(former, first_day, is_home=False)
    return formers[0].agency_id if formers else None


def _split(row: Registration, first_day: date, *, is_home: bool, source: str | None = None) -> Registration:
    """The same registration with another home flag from `first_day` on; the days before keep theirs."""
    if row.starts_on == first_day:
        row.is_home = is_home
        row.save(update_fields=["is_home"])
        return row
    last_day, code, words = row.ends_on, row.end_code, row.end_reason
    row.ends_on, row.end_code, row.end_reason = first_day - _DAY, "", HOME_CHANGED
    row.save(update_fields=["ends_on", "end_code", "end_reason"])
    return _added(
        municipality_id=row.municipality_id,
        household_id=row.household_id,
        agency_id=row.agency_id,
        is_home=is_home,
        source=source or row.source,
        starts_on=first_day,
        ends_on=last_day,
        end_code=code,
        end_reason=words,
        created_at=clock.now(),
    )


def _added(**fields: Any) -> Registration:
    row = Registration(**fields)
    add(row)
    return row


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
    return _added(
        municipality_id=household.municipality_id,
        household=household,
        agency=agency,
        is_home=is_home,
        source=source,
        starts_on=first_day,
        created_at=clock.now(),
    )


@transaction.atomic
def end_registration(
    registration: Registration, *, actor: Actor, ends_on: date, reason: str, words: str = ""
) -> Registration:
    """End a registration after a day. `reason` is one of Registration.End, `words` what to add to it.

    The agency goes on knowing the family. A home that ends is told to it; with the last registration the card stops.
    """
    household = locked(registration.household)
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if row.ends_on is not None and row.ends_on <= clock.today():
        raise DomainError("この登録は、すでに終わっています。")
    if ends_on < row.starts_on:
        raise DomainError("終了日が登録日より前になっています。", field="ends_on")
    if ends_on > clock.today() + _FURTHEST_AHEAD:
        raise DomainError("終了日が先すぎます。年を確かめてください。", field="ends_on")
    if reason not in END_WORDS:
        raise DomainError("終了の理由をえらんでください。", field="reason")
    if _in_the_way(row, row.starts_on, ends_on):
        raise DomainError("終了日より前から、次の登録がはじまっています。", field="ends_on")
    _end(household, row, actor=actor, ends_on=ends_on, reason=reason, words=words)
    stop_card(household, actor=actor)
    return row


def _in_the_way(row: Registration, first_day: date, last_day: date | None) -> bool:
    """Whether another registration with the agency, or another home for a home, holds on one of these days."""
    others = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first_day), household=row.household_id
    ).exclude(pk=row.pk)
    if last_day is not None:
        others = others.filter(starts_on__lte=last_day)
    same = Q(agency=row.agency_id)
    return others.filter(same | Q(is_home=True) if row.is_home else same).exists()


def _end(
    household: Household, row: Registration, *, actor: Actor, ends_on: date, reason: str, words: str = ""
) -> None:
    added = " ".join(words.split())
    row.ends_on, row.end_code = ends_on, reason
    row.end_reason = (f"{END_WORDS[reason]}（{added}" if added else END_WORDS[reason])[:79]
    row.end_reason += "）" if added else ""
    row.save(update_fields=["ends_on", "end_code", "end_reason"])
    if row.is_home:
        changed_on = ends_on + _DAY
        home_changes.leave(
            household, actor=actor, former_id=row.agency_id, new_id=None, changed_on=changed_on
        )
    audit.record(
        access.REGISTER,
        actor=actor,
        household_id=row.household_id,
        obj=row,
        detail={"did": "end_registration", "agency": row.agency_id, "reason": reason},
    )


def end_all(
    household: Household, *, actor: Actor, ends_on: date, reason: str, agency_id: int | None = None
) -> list[Registration]:
    """End every registration that would hold after the day (of one agency, when given); the card stops.

    One that has not begun by then ends on its first day; one that ended before today stays as it was. Runs in its
    caller's transaction, household locked.
    """
    rows = _not_ended(household.pk, ends_on + _DAY)
    standing = [row for row in rows if row.ends_on is None or row.ends_on >= clock.today()]
    ending = [row for row in standing if agency_id in (None, row.agency_id)]
    for row in ending:
        _end(household, row, actor=actor, ends_on=max(ends_on, row.starts_on), reason=reason)
    if ending:
        stop_card(household, actor=actor)
    return ending


def stop_card(household: Household, *, actor: Actor) -> None:
    """Stop the household's cards once no registration is left, now or to come."""
    if queries.has_open_after(household, clock.today()):
        return
    for card in Card.objects.filter(household=household, state=Card.State.ACTIVE).order_by("pk"):
        cards.revoke_card(card, actor=actor, reason=Card.Reason.ENDED)


@transaction.atomic
def stop_cards_of_ended(*, actor: Actor) -> int:
    """Stop the cards of families whose last registration was to end on a day that is over now; how many families.

    For the calendar: an end entered ahead leaves the card working until its day. Works in the open scope of a town.
    """
    today = clock.today()
    lately = Registration.objects.filter(ends_on__lt=today, ends_on__gte=today - _LOOK_BACK)
    carrying = Card.objects.filter(household=OuterRef("household_id"), state=Card.State.ACTIVE)
    ids = sorted(set(lately.filter(Exists(carrying)).values_list("household_id", flat=True)))
    stopped = 0
    for household in Household.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"):
        if not queries.has_open_after(household, today - _DAY):
            stop_card(household, actor=actor)
            stopped += 1
    return stopped


@transaction.atomic
def reopen(registration: Registration, *, actor: Actor) -> Registration:
    """An end was a mistake: the registration goes on, with a card; home again unless another agency is.

    DomainError when the family has registered with the agency again, or has left.
    """
    household = locked(registration.household)
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if row.ends_on is None:
        return row
    if household.status != Household.Status.ACTIVE:
        raise DomainError("転出・終了した家庭です。", what_to_do="先に「転出・転入」でもどしてください。")
    next_day = row.ends_on + _DAY
    others = _not_ended(household.pk, next_day)
    if any(other.agency_id == row.agency_id and other.pk != row.pk for other in others):
        raise DomainError("この機関には、あらためて登録されています。")
    stays_home = row.is_home and not any(other.is_home and other.pk != row.pk for other in others)
    reopened = _go_on(row, next_day, is_home=stays_home)
    cards.taken_up_again(household, actor=actor)
    if stays_home:
        home_changes.leave(household, actor=actor, former_id=None, new_id=row.agency_id, changed_on=next_day)
    audit.record(
        access.REGISTER,
        actor=actor,
        household_id=household.pk,
        obj=reopened,
        detail={"did": "reopen_registration", "agency": row.agency_id},
    )
    return reopened


def _go_on(row: Registration, next_day: date, *, is_home: bool) -> Registration:
    """The row without its end; a former home beside a new one goes on as a plain registration."""
    row.ends_on, row.end_code, row.end_reason = None, "", ""
    if row.is_home == is_home:
        row.save(update_fields=["ends_on", "end_code", "end_reason"])
        return row
    return _split(row, next_day, is_home=False)
