"""Choosing where to work now."""

from __future__ import annotations

from tsunagari.accounts import access
from tsunagari.accounts.queries import Workplace
from tsunagari.accounts.sessions import find_actor
from tsunagari.audit import operations as audit
from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError


def choose_workplace(place: Workplace, *, user_id: int, ip: str) -> Actor:
    """Start working at `place`, in a transaction of its town; the trail of the town says so.

    DomainError when the membership has ended in the meantime. Nobody acts yet, hence no `actor`.
    """
    with tenancy.municipality(place.municipality_id, user_id=user_id):
        actor = find_actor(place.membership_id, user_id, ip=ip)
        if actor is None:
            raise DomainError("その場所では、もう働けません。", what_to_do="市の担当にお問い合わせください。")
        audit.record(access.CHOOSE_WORKPLACE, actor=actor)
        return actor
