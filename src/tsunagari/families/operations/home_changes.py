"""A family's home agency changed: both ends are told, each until somebody there has seen it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add
from tsunagari.base.errors import DomainError
from tsunagari.families import access
from tsunagari.families.models import HomeChange, Household


def leave(
    household: Household, *, actor: Actor, former_id: int | None, new_id: int | None, changed_on: date
) -> HomeChange | None:
    """Tell the former and the new home; nothing when they are one. The end that did it knows already.

    Runs in the transaction of its caller, who holds the household locked.
    """
    if former_id == new_id:
        return None
    change = unsaved(household, actor=actor, former_id=former_id, new_id=new_id, changed_on=changed_on)
    add(change)
    return change


def unsaved(
    household: Household, *, actor: Actor, former_id: int | None, new_id: int | None, changed_on: date
) -> HomeChange:
    """As `leave`, not saved yet."""
    now = clock.now()
    return HomeChange(
        municipality_id=household.municipality_id,
        household=household,
        former_id=former_id,
        new_id=new_id,
        changed_on=changed_on,
        changed_at=now,
        changed_by=actor.user_id,
        former_seen_at=now if former_id is not None and former_id == actor.agency_id else None,
        new_seen_at=now if new_id is not None and new_id == actor.agency_id else None,
    )


@transaction.atomic
def seen(change: HomeChange, *, actor: Actor) -> HomeChange:
    """確認しました: the actor's agency has seen the change. Seen already, nothing happens."""
    row = HomeChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    ends = {"former_seen_at": row.former_id, "new_seen_at": row.new_id}
    own = [name for name, agency_id in ends.items() if agency_id is not None and agency_id == actor.agency_id]
    if not own:
        raise DomainError("この知らせは、前のかかりつけと新しいかかりつけの機関が確認します。")
    fresh = [name for name in own if getattr(row, name) is None]
    if not fresh:
        return row
    for name in fresh:
        setattr(row, name, clock.now())
    row.save(update_fields=fresh)
    audit.record(
        access.REGISTER,
        actor=actor,
        household_id=row.household_id,
        obj=row,
        detail={"did": "home_change_seen"},
    )
    return row
