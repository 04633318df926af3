"""What the family page shows of renewals and benefits, in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import Household, Renewal
from tsunagari.families.queries.benefits import Balance, UseLine, balances, uses
from tsunagari.families.queries.heads import FamilyRows
from tsunagari.families.queries.renewals import State, states


@dataclass(frozen=True, slots=True)
class Counter:
    """`renewals` are empty where the city does not renew, `benefits` where it gives none.

    Each benefit comes with the key of its form: a press twice is one use.
    """

    renewals: list[State]
    documents: list[tuple[str, str]]
    benefits: list[tuple[Balance, UUID]]
    uses: list[UseLine]


def counter(actor: Actor, household: Household, rows_of: FamilyRows | None = None) -> Counter:
    """How the family stands at the counter today. `rows_of` shares rows with the head."""
    if household.joined_into_id is not None:
        return Counter([], [], [], [])
    found = balances(household, clock.today(), rows_of)
    return Counter(
        renewals=states(actor, household),
        documents=list(Renewal.Document.choices),
        benefits=[(balance, uuid4()) for balance in found],
        uses=uses(actor, household) if any(balance.given for balance in found) else [],
    )
