"""Locking many families at once, in the one order everybody locks families in: by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction

from tsunagari.base.errors import Conflict
from tsunagari.families.models import Household

MOST_TRIES = 10


def hold(find: Callable[[], Iterable[int]], *, for_deletion: bool = False) -> set[int]:
    """Lock the families that `find` names until the end of the transaction; their ids.

    One statement, by id: two who hold many families never wait for each other in a circle. `find` is asked again
    once they are held. When a family was joined or rows were moved meanwhile, all are let go and held anew. Without
    `for_deletion` rows that point at the families may be written beside.
    """
    wanted = set(find())
    for _ in range(MOST_TRIES):
        before = transaction.savepoint()
        rows = Household.objects.select_for_update(of=("self",), no_key=not for_deletion)
        list(rows.filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
        found = set(find())
        if found <= wanted:
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(before)
        wanted = found
    raise Conflict("家庭がまとめられている途中です。", what_to_do="少し待って、もう一度おためしください。")


def follow_joins(ids: Iterable[int]) -> dict[int, int]:
    """Household → the one it was joined into since, itself otherwise."""
    final = {pk: pk for pk in ids}
    while joined := dict(
        Household.objects.filter(pk__in=set(final.values()), joined_into__isnull=False).values_list(
            "pk", "joined_into_id"
        )
    ):
        final = {pk: joined.get(home) or home for pk, home in final.items()}
    return final
