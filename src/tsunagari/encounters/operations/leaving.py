"""担当のひきつぎ: what somebody who leaves still owns goes to a colleague; nothing due is left without an owner.

`settings.LEAVING` names this module: accounts ask `still_owned` before a membership is ended and call `settle` after.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from tsunagari.accounts.models import Membership
from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import ChartHandover, Consultation, PlanAction, SupportPlan
from tsunagari.encounters.operations import chart_entries, charts, circulation
from tsunagari.encounters.queries.owned import (
    Owned,
    owned_actions,
    owned_by,
    owned_charts,
    owned_plans,
    owned_steps,
    unmanned,
)
from tsunagari.encounters.queries.workers import at_work, workers

LEFT = "担当だった人の所属が終わった"


@transaction.atomic
def hand_all_over(
    user_id: int, agency_id: int, *, actor: Actor, to_user_id: int, reason: str = "担当のひきつぎ"
) -> Owned:
    """Everything one person still owns at an agency goes to a colleague there: charts with what is due in them, next
    steps, plan actions, and handovers that wait for them. What went.

    DomainError when the colleague does not work there today. The centre's 統括 does this for any agency of the town.
    """
    if actor.agency_id != agency_id and actor.scope != "municipality":
        raise Forbidden("ほかの機関の担当は変えられません。", action=access.REASSIGN.name)
    name = charts.require_worker(to_user_id, agency_id)
    if to_user_id == user_id:
        raise DomainError("ほかの人をえらんでください。", field="owner")
    went = owned_by(user_id, agency_id)
    _pass_on(user_id, agency_id, (to_user_id, name), actor, reason)
    return went


def still_owned(membership: Membership) -> list[str]:
    """What its holder owns at the place of a membership, in words; empty when nothing."""
    if membership.agency_id is None:
        return []
    return owned_by(membership.user_id, membership.agency_id).words


def settle(membership: Membership, *, actor: Actor) -> None:
    """After a membership got its end: from its last day on what the holder owns goes to whoever stands in.

    DomainError when nobody is left there to stand in: charts have to be handed over or closed before.
    """
    if membership.agency_id is None:
        return
    if _works_after(membership.user_id, membership.agency_id, clock.today()):
        return
    _stand_in(membership.user_id, membership.agency_id, actor)


def cover_left(*, actor: Actor) -> int:
    """What belongs to people whose memberships have run out, or who may not sign in any more, goes to whoever stands
    in; where nobody works any more it stays, and 担当のひきつぎ shows it. Their open seals are withdrawn. How many
    people it was."""
    covered = 0
    for user_id, agency_id in unmanned(actor.municipality_id):
        if workers(agency_id, clock.today()):
            _stand_in(user_id, agency_id, actor)
            covered += 1
    circulation.release_all(actor=actor)
    return covered


def _works_after(user_id: int, agency_id: int, day: date) -> bool:
    """Whether a membership holds the person at the agency after `day`."""
    others = at_work(day).filter(user_id=user_id, agency_id=agency_id)
    return others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).exists()


def _stand_in(user_id: int, agency_id: int, actor: Actor) -> None:
    owned = owned_by(user_id, agency_id)
    if not owned:
        return
    someone = _who_stands_in(user_id, agency_id)
    if someone is None:
        raise DomainError(
            f"担当しているもの（{'、'.join(owned.words)}）を引き受ける人が、この機関にいません。",
            what_to_do="先に、ほかの機関にひきつぐか、次の人を登録してください。",
        )
    _pass_on(user_id, agency_id, someone, actor, LEFT)


def _who_stands_in(user_id: int, agency_id: int) -> tuple[int, str] | None:
    """The agency's 施設長 first, at the centre the 統括, then who has worked there longest; on from tomorrow too."""
    today = clock.today()
    staying = at_work(today).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), agency_id=agency_id)
    rows = staying.exclude(user_id=user_id).select_related("user").order_by("valid_from", "pk")
    first = {Role.MANAGER: 0, Role.LEAD: 1}
    ordered = sorted(rows, key=lambda row: first.get(Role(row.role), 2))
    return (ordered[0].user_id, ordered[0].user.name) if ordered else None


def _pass_on(user_id: int, agency_id: int, to: tuple[int, str], actor: Actor, reason: str) -> None:
    """The rows are locked in the order of their ids."""
    to_id, to_name = to
    for chart in owned_charts(user_id, agency_id).select_for_update().order_by("pk"):
        charts.keep_revision(chart, actor, reason)
        charts.save(chart, owner_id=to_id, owner_name=to_name)
        moved = chart_entries.pass_due(chart, user_id)
        audit.record(
            access.REASSIGN,
            actor=actor,
            household_id=chart.household_id,
            obj=chart,
            detail={"from": user_id, "to": to_id, **moved},
        )
    steps = list(owned_steps(user_id, agency_id).select_for_update(of=("self",)).order_by("pk"))
    Consultation.objects.filter(pk__in=[row.pk for row in steps]).update(
        next_owner_id=to_id, next_owner_name=to_name
    )
    actions = list(owned_actions(user_id, agency_id).select_for_update(of=("self",)).order_by("pk"))
    PlanAction.objects.filter(pk__in=[row.pk for row in actions]).update(owner_id=to_id, owner_name=to_name)
    plans = list(owned_plans(user_id, agency_id).select_for_update(of=("self",)).order_by("pk"))
    SupportPlan.objects.filter(pk__in=[row.pk for row in plans]).update(owner_id=to_id, owner_name=to_name)
    families = {step.household_id for step in steps} | {plan.household_id for plan in plans}
    families |= {action.plan.household_id for action in actions}
    for household_id in sorted(families, key=lambda pk: pk or 0):
        audit.record(
            access.REASSIGN, actor=actor, household_id=household_id, detail={"from": user_id, "to": to_id}
        )
    waiting = ChartHandover.objects.filter(
        to_user_id=user_id, to_agency_id=agency_id, taken_at__isnull=True, declined_at__isnull=True
    )
    waiting.update(to_user_id=to_id, to_name=to_name)
