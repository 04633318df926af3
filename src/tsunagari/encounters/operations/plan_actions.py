"""What is to be done in a plan, who by when: carried on through versions; done or dropped it stays, with its result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import PlanAction, SupportPlan
from tsunagari.encounters.operations.charts import require_worker
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.plans import LONGEST_RESULT, ActionInput, action_problems


def carry_on(plan: SupportPlan, given: Sequence[ActionInput], *, actor: Actor) -> None:
    """Keep the open actions of a plan as a version says them: changed ones in place, new ones at the end. One that is
    not said stays as it is: only people finish and drop. The plan is locked."""
    rows = PlanAction.objects.select_for_update().filter(plan=plan)
    known = {row.pk: row for row in rows}
    last = max((row.position for row in known.values()), default=-1)
    for one in given:
        if one.id is None:
            last += 1
            row = PlanAction(municipality_id=plan.municipality_id, plan=plan, position=last)
        elif (found := known.get(one.id)) is None:
            raise DomainError("このプランにないことがあります。画面を読みこみなおしてください。")
        elif found.done_on or found.dropped_at:
            continue  # somebody finished it while this was written
        else:
            row = found
        _put(row, one, plan, actor)


@transaction.atomic
def set_action(
    plan: SupportPlan,
    given: ActionInput,
    *,
    actor: Actor,
    goals: Sequence[str],
    after: int | None = None,
) -> PlanAction:
    """Add one thing to do to an open plan, or change an open one. `goals`: keys the version in force has; `after`: how
    many there were when the page was opened, so that a second click adds no second one."""
    locked = _open_plan(plan, actor)
    if after is not None and (same := _just_added(locked, given, actor, after)) is not None:
        return same
    if given.goal not in goals:
        raise DomainError("どの目標のことか、えらんでください。", field="goal")
    for problem in action_problems(given, today=clock.today()):
        raise DomainError(problem.message, field=problem.field)
    carry_on(locked, [given], actor=actor)
    rows = PlanAction.objects.filter(plan=locked)
    row = rows.get(pk=given.id) if given.id else rows.latest("pk")
    _trail(row, locked, actor, "set")
    return row


@transaction.atomic
def finish_action(
    action: PlanAction, *, actor: Actor, result: str, done_on: date | None = None
) -> PlanAction:
    """It was done, and what came of it. Conflict when somebody said so already."""
    locked = _open_action(action, actor)
    day = done_on or clock.today()
    if day > clock.today():
        raise DomainError("できた日は、今日より前の日をえらんでください。", field="done_on")
    locked.result = _said(result, "どうだったかを書いてください。")
    locked.done_on = day
    return _saved(locked, actor, "done_on", "finished")


@transaction.atomic
def drop_action(action: PlanAction, *, actor: Actor, reason: str) -> PlanAction:
    """It will not be done, and why. Conflict when it is done or dropped already."""
    locked = _open_action(action, actor)
    locked.result = _said(reason, "やめる理由を書いてください。")
    locked.dropped_at = clock.now()
    return _saved(locked, actor, "dropped_at", "dropped")


def drop_open(plan: SupportPlan, *, actor: Actor, why: str) -> None:
    """What is still open of a plan that ends. The plan is locked."""
    rows = PlanAction.objects.filter(plan=plan, done_on__isnull=True, dropped_at__isnull=True)
    rows.update(dropped_at=clock.now(), result=why, updated_at=clock.now(), updated_by=actor.user_id)


def _just_added(plan: SupportPlan, given: ActionInput, actor: Actor, after: int) -> PlanAction | None:
    newer = PlanAction.objects.filter(plan=plan).order_by("pk")[after:]
    said = (given.goal, given.what.strip(), given.by_whom.strip(), actor.user_id)
    return next((row for row in newer if (row.goal, row.what, row.by_whom, row.updated_by) == said), None)


def _put(row: PlanAction, given: ActionInput, plan: SupportPlan, actor: Actor) -> None:
    """An owner who is not named stays who it was, else is who sees to the plan."""
    agency_id = plan.chart.agency_id if plan.chart else plan.agency_id
    owner = given.owner_id or row.owner_id or plan.owner_id or actor.user_id or 0
    if given.owner_id is None and owner not in workers(agency_id, clock.today()):
        owner = plan.owner_id if plan.owner_id in workers(agency_id, clock.today()) else actor.user_id or 0
    if owner != row.owner_id:
        row.owner_name = require_worker(owner, agency_id)
    row.goal, row.what, row.by_whom = given.goal, given.what.strip(), given.by_whom.strip()
    row.owner_id, row.due_on = owner, given.due_on
    row.updated_at, row.updated_by = clock.now(), actor.user_id
    row.save()


def _said(text: str, asked: str) -> str:
    if not text.strip():
        raise DomainError(asked, field="result")
    if len(text.strip()) > LONGEST_RESULT or "\x00" in text:
        raise DomainError(f"{LONGEST_RESULT}文字までで書いてください。", field="result")
    return text.strip()


def _open_plan(plan: SupportPlan, actor: Actor) -> SupportPlan:
    rows = SupportPlan.objects.select_for_update(of=("self",)).select_related("chart")
    locked = rows.get(pk=plan.pk)
    agency_id = locked.chart.agency_id if locked.chart else locked.agency_id
    if agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の支援プランは変えられません。", action=access.WRITE_PLAN.name)
    if locked.closed_on is not None:
        raise Conflict("この支援プランは終わっています。")
    return locked


def _open_action(action: PlanAction, actor: Actor) -> PlanAction:
    _open_plan(action.plan, actor)
    locked = PlanAction.objects.select_for_update(of=("self",)).select_related("plan").get(pk=action.pk)
    if locked.done_on is not None or locked.dropped_at is not None:
        raise Conflict("ほかの人が先に書きました。", what_to_do="いまの内容をたしかめてください。")
    return locked


def _saved(row: PlanAction, actor: Actor, field: str, did: str) -> PlanAction:
    row.updated_at, row.updated_by = clock.now(), actor.user_id
    row.save(update_fields=[field, "result", "updated_at", "updated_by"])
    _trail(row, row.plan, actor, did)
    return row


def _trail(row: PlanAction, plan: SupportPlan, actor: Actor, did: str) -> None:
    detail = {"did": did, "plan": plan.pk}
    audit.record(access.WRITE_PLAN, actor=actor, household_id=plan.household_id, obj=row, detail=detail)
