"""Benefits: defined by the city, given or spent once by whoever serves the family, taken back when it was a mistake."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access
from tsunagari.families.models import Benefit, BenefitUse, Household, Person
from tsunagari.families.operations.history import assign, locked, said_properly
from tsunagari.families.queries import benefits as queries
from tsunagari.families.rules.benefits import BenefitRule, check_rule

_NOTE_LENGTH = 120


@transaction.atomic
def define_benefit(rule: BenefitRule, *, actor: Actor) -> Benefit:
    """A benefit of the actor's town."""
    clean = said_properly(partial(check_rule, rule))
    benefit = Benefit.objects.create(municipality_id=actor.municipality_id, **asdict(clean))
    audit.record(access.MANAGE_BENEFIT, actor=actor, obj=benefit, detail={"did": "define"})
    return benefit


@transaction.atomic
def change_benefit(benefit: Benefit, rule: BenefitRule, *, actor: Actor, expected_version: int) -> Benefit:
    """Change what is defined; what was given stays. Conflict when somebody saved after the form was opened.

    Once some was given, whether it is for each family or for each child can no longer change.
    """
    row = Benefit.objects.select_for_update().get(pk=benefit.pk)
    if row.version != expected_version:
        raise Conflict(
            "ほかの人が先に保存しました。", what_to_do="いまの内容と見くらべて、もう一度保存してください。"
        )
    clean = said_properly(partial(check_rule, rule))
    if clean.each != row.each and row.uses.exists():
        raise DomainError("もう渡しはじめているので、だれに渡すかは変えられません。", field="each")
    changed = assign(row, asdict(clean))
    if not changed:
        return row
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    audit.record(access.MANAGE_BENEFIT, actor=actor, obj=row, detail={"did": "change", "fields": changed})
    return row


@transaction.atomic
def end_benefit(benefit: Benefit, *, actor: Actor, ends_on: date) -> Benefit:
    """The benefit is given until a day and no longer; what was given stays."""
    row = Benefit.objects.select_for_update().get(pk=benefit.pk)
    if ends_on < row.valid_from:
        raise DomainError("はじめの日より前の日です。", field="ends_on")
    if row.valid_to == ends_on:
        return row
    row.valid_to = ends_on
    row.version += 1
    row.save(update_fields=["valid_to", "version"])
    audit.record(
        access.MANAGE_BENEFIT,
        actor=actor,
        obj=row,
        detail={"did": "end", "on": ends_on.isoformat()},
    )
    return row


@transaction.atomic
def use_benefit(
    benefit: Benefit,
    household: Household,
    *,
    actor: Actor,
    person: Person | None,
    count: int,
    key: UUID,
    used_on: date | None = None,
    note: str = "",
) -> BenefitUse:
    """Give a benefit, or spend `count` of it, on a day (default today). The same `key` is the same use.

    The household is locked, so of two clicks at once the second sees what the first left. DomainError says why not.
    """
    with connection.cursor() as cursor:  # the second of two clicks waits here, whichever family it names
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int % 2**63])
    if made := BenefitUse.objects.filter(key=key).first():
        if (made.household_id, made.benefit_id) != (household.pk, benefit.pk):
            raise Conflict("この画面は使いおわっています。画面を読み込みなおしてください。")
        return made
    household = locked(household)
    day = used_on or clock.today()
    fresh = Benefit.objects.get(pk=benefit.pk)
    _may_use(fresh, household, person, count, day)
    use = BenefitUse.objects.create(
        municipality_id=household.municipality_id,
        benefit=fresh,
        household=household,
        person=person,
        agency_id=actor.agency_id,
        count=count,
        used_on=day,
        note=" ".join(note.split())[:_NOTE_LENGTH],
        key=key,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    _tell(use, actor=actor, did="use")
    return use


def _may_use(benefit: Benefit, household: Household, person: Person | None, count: int, day: date) -> None:
    if benefit.municipality_id != household.municipality_id:
        raise DomainError("この家庭の市の特典ではありません。")
    if day > clock.today():
        raise DomainError("今日より先の日は選べません。", field="used_on")
    if count < 1:
        raise DomainError("1から書いてください。", field="count")
    if benefit.each == Benefit.For.CHILD:
        if person is None or person.household_id != household.pk or person.kind != Person.Kind.CHILD:
            raise DomainError("お子さんをえらんでください。", field="person")
        if person.same_as_id is not None:  # its account is that of the child it turned out to be
            raise DomainError("まとめる前のお子さんです。画面を読み込みなおしてください。", field="person")
    elif person is not None:
        raise DomainError("この特典は、家庭ごとに渡します。", field="person")
    balance = queries.balance(benefit, household, person, day)
    if balance.reason_not:
        raise DomainError(f"「{benefit.name}」は{balance.reason_not}。")
    if count > balance.left:
        raise DomainError(f"のこりは{balance.left}{benefit.unit}です。", field="count")


@transaction.atomic
def take_back(use: BenefitUse, *, actor: Actor) -> BenefitUse:
    """A use was a mistake: it stays and counts no longer. Taken back already, nothing happens."""
    locked(use.household)
    row = BenefitUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    if row.undone_at is not None:
        return row
    row.undone_at, row.undone_by = clock.now(), actor.user_id
    row.save(update_fields=["undone_at", "undone_by"])
    _tell(row, actor=actor, did="take_back")
    return row


def _tell(use: BenefitUse, *, actor: Actor, did: str) -> None:
    detail = {"did": did, "benefit": use.benefit_id, "count": use.count, "person": use.person_id}
    audit.record(access.USE_BENEFIT, actor=actor, household_id=use.household_id, obj=use, detail=detail)
