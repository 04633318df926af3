"""What people decide about two households that may be one. The machine proposes, nobody is joined by it (D8)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access
from tsunagari.families.models import CandidatePair, Household, HouseholdJoin
from tsunagari.families.operations import joins


@transaction.atomic
def decide(pair: CandidatePair, decision: str, *, actor: Actor) -> CandidatePair:
    """Say that a pair is `different` (never asked again), that it is for `later`, or `open` again.

    Conflict when somebody decided meanwhile. `same` is said by `join_pair`.
    """
    row = CandidatePair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if decision not in (*_WITHOUT_JOIN, CandidatePair.Decision.OPEN):
        raise DomainError("同じ家庭のときは、のこす家庭をえらんで、まとめてください。")
    if row.decision == decision:
        return row
    if row.decision == CandidatePair.Decision.SAME:
        raise Conflict(
            "この2つの家庭は、もうひとつにまとめられています。",
            what_to_do="まとめた家庭の画面で、もとにもどせます。",
        )
    if row.decision == CandidatePair.Decision.DIFFERENT and decision != CandidatePair.Decision.OPEN:
        raise Conflict(
            "ほかの人が「別の家庭」と決めています。", what_to_do="決めなおすときは、先にもどしてください。"
        )
    return _keep(row, decision, actor)


@transaction.atomic
def join_pair(
    left: Household, right: Household, *, actor: Actor, keep_id: int, same: Mapping[int, int]
) -> HouseholdJoin:
    """Join two households into the one with id `keep_id`; `same` maps left person ids to right ones.

    A pair of the two, when there is one, is decided `same`. Raises what joins.join raises.
    """
    if keep_id not in (left.pk, right.pk):
        raise DomainError("のこす家庭をえらんでください。", field="keep")
    if len(set(same.values())) != len(same):
        raise DomainError("ひとりに、ふたりを重ねることはできません。", field="same")
    if keep_id == right.pk:
        join = joins.join(left, right, actor=actor, same=same)
    else:
        join = joins.join(right, left, actor=actor, same={theirs: mine for mine, theirs in same.items()})
    first, second = sorted((left.pk, right.pk))
    pair = CandidatePair.objects.select_for_update(of=("self",)).filter(left=first, right=second).first()
    if pair is not None:
        pair.join = join
        _keep(pair, CandidatePair.Decision.SAME, actor)
    return join


_WITHOUT_JOIN = (CandidatePair.Decision.DIFFERENT, CandidatePair.Decision.LATER)


def _keep(pair: CandidatePair, decision: str, actor: Actor) -> CandidatePair:
    pair.decision = decision
    is_open = decision == CandidatePair.Decision.OPEN
    pair.decided_at, pair.decided_by = (None, None) if is_open else (clock.now(), actor.user_id)
    pair.save(update_fields=["decision", "decided_at", "decided_by", "join"])
    for household_id in (pair.left_id, pair.right_id):
        audit.record(
            access.REVIEW,
            actor=actor,
            household_id=household_id,
            obj=pair,
            detail={"decision": decision, "left": pair.left_id, "right": pair.right_id},
        )
    return pair
