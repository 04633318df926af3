"""A found family outside one's own may be met: the hit carries a ticket that says this actor found it just now.

Without it an id typed into an address would open any family of the town.
"""

from __future__ import annotations

from django.core import signing
from django.db.models import QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.families.models import Household

VALID_SECONDS = 60 * 60
_signer = signing.TimestampSigner(salt="families.found")


def ticket(actor: Actor, household_id: int) -> str:
    """Proof, good for an hour, that this membership found the household by enough terms."""
    return _signer.sign(f"{actor.membership_id}-{household_id}")


@prepared
def _seen(actor: Actor, household: int) -> QuerySet[Household, Household]:
    return Household.objects.visible_to(actor).filter(pk=household)[:1]


def reach(actor: Actor, household_id: int, ticket: str = "") -> Household | None:
    """The household if the actor may see it, or holds a ticket for it; None otherwise. Leaves no trail by itself."""
    seen = _seen.first(actor, household_id)
    if seen is not None or not ticket:
        return seen
    try:
        said = _signer.unsign(ticket, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    if said != f"{actor.membership_id}-{household_id}" or actor.scope == "none":
        return None
    return Household.objects.filter(
        pk=household_id, municipality_id=actor.municipality_id, joined_into__isnull=True
    ).first()
