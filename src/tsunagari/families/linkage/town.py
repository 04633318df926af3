"""Reads a town from the database, in one pass."""

from __future__ import annotations

from collections.abc import Iterator

from tsunagari.families.linkage.frames import Entry, Frame, of_entries
from tsunagari.families.models import CandidatePair, Household, Person, SecondHome

_PERSON = (
    "pk", "household_id", "kind", "family_name", "given_name", "family_kana", "given_kana", "nickname", "sex",
    "birth_date", "age_hint_months", "age_hint_on", "relation", "phone", "phone_other", "email",
    "household__postal_code", "household__address", "household__nickname",
)  # fmt: skip


def of_town(municipality_id: int) -> Frame:
    """Everybody living in a household of the town that was not joined into another. Needs the town's scope."""
    return of_entries(_entries(municipality_id), apart=_apart(municipality_id))


def _entries(municipality_id: int) -> Iterator[Entry]:
    people = Person.objects.filter(
        municipality_id=municipality_id,
        life=Person.Life.LIVING,
        left_on__isnull=True,
        same_as__isnull=True,
        household__joined_into__isnull=True,
    ).order_by("household_id", "pk")
    for row in people.values_list(*_PERSON).iterator(chunk_size=5_000):
        yield Entry(*row)


def _apart(municipality_id: int) -> frozenset[tuple[int, int]]:
    """Pairs people decided to be different, and the two homes of one child."""
    decided = CandidatePair.objects.filter(
        municipality_id=municipality_id, decision=CandidatePair.Decision.DIFFERENT
    ).values_list("left_id", "right_id")
    homes = SecondHome.objects.filter(municipality_id=municipality_id).values_list(
        "person__household_id", "household_id"
    )
    standing = Household.objects.filter(municipality_id=municipality_id, joined_into__isnull=False)
    joined = dict(standing.values_list("pk", "joined_into_id"))
    pairs = ((_end(joined, one), _end(joined, other)) for one, other in [*decided, *homes])
    return frozenset((min(pair), max(pair)) for pair in pairs)


def _end(joined: dict[int, int], household: int) -> int:
    """Where a household's people are now."""
    while household in joined:
        household = joined[household]
    return household
