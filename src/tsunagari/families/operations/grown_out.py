"""Closing the registrations of families that have grown out, many in one go."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.families.models import Household, Registration
from tsunagari.families.operations import registrations

MOST_AT_ONCE = 100


@transaction.atomic
def close_grown_out(households: Sequence[Household], *, actor: Actor) -> list[Registration]:
    """End today the registrations of these families because they have grown out; an agency ends its own.

    A family without any is passed over (a second click). Each can be taken up again with `registrations.reopen`.
    """
    if len(households) > MOST_AT_ONCE:
        raise DomainError(f"一度に終わりにできるのは{MOST_AT_ONCE}組までです。")
    ids = sorted(household.pk for household in households)
    rows = Household.objects.select_for_update(of=("self",)).filter(pk__in=ids, joined_into__isnull=True)
    ended: list[Registration] = []
    for household in rows.order_by("pk"):
        ended += registrations.end_all(
            household,
            actor=actor,
            ends_on=clock.today(),
            reason=Registration.End.GROWN_OUT,
            agency_id=actor.agency_id if actor.scope == "agency" else None,
        )
    return ended
