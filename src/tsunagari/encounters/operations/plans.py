"""支援プラン: made, said anew in a next version, reviewed, closed; what it says stands in versions that never change."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Chart, Draft, PlanAction, PlanVersion, SupportPlan
from tsunagari.encounters.operations import charts, of_family, plan_actions
from tsunagari.encounters.rules.plans import (
    LONGEST,
    LONGEST_REASON,
    PlanInput,
    changed,
    goals_of,
    plan_problems,
    review_problems,
    too_long,
)
from tsunagari.families.models import Household, Person


class StalePlan(Conflict):
    """Somebody else made a version since this person opened the page. `current` is the plan as it stands."""

    def __init__(self, current: SupportPlan) -> None:
        super().__init__("ほかの人が先に新しい版をつくりました。くらべて、もう一度保存してください。")
        self.current = current


@transaction.atomic
def make_plan(
    household: Household,
    given: PlanInput,
    *,
    actor: Actor,
    key: UUID,
    starts_on: date | None = None,
    person: Person | None = None,
    chart: Chart | None = None,
    owner_id: int | None = None,
    draft: Draft | None = None,
) -> SupportPlan:
    """The first version of a plan for a family, or one person of it. The same `key` gives the same plan. The review
    belongs to `owner_id`, else to who is in charge of the chart, else to the actor."""
    agency_id = of_family.own_agency(actor, access.WRITE_PLAN)
    of_family.put_away(draft, actor)
    locked = of_family.locked_household(household, actor)
    same: SupportPlan | None = SupportPlan.objects.visible_to(actor).filter(key=key).first()
    if same is not None:
        return same
    _require_sound(given)
    of_family.require_belongs(locked, person, chart, actor, access.WRITE_PLAN)
    owner = owner_id or (chart.owner_id if chart else None) or actor.user_id or 0
    plan = SupportPlan(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        household=locked,
        person=person,
        chart=chart,
        starts_on=starts_on or clock.today(),
        review_on=given.review_on,
        owner_id=owner,
        owner_name=charts.require_worker(owner, agency_id),
        key=key,
    )
    _begin(plan, given, actor)
    return plan


def _begin(plan: SupportPlan, given: PlanInput, actor: Actor) -> None:
    plan.created_at = plan.updated_at = clock.now()
    plan.save()
    _keep_version(plan, given, actor)
    plan_actions.carry_on(plan, given.actions, actor=actor)
    _trail(access.WRITE_PLAN, plan, actor, "made")


@transaction.atomic
def next_version(
    plan: SupportPlan,
    given: PlanInput,
    *,
    actor: Actor,
    expected_version: int,
    owner_id: int | None = None,
    draft: Draft | None = None,
) -> SupportPlan:
    """Say the plan anew; the former version stays and what is to be done carries on.

    StalePlan when the plan is no longer at `expected_version`. Nothing said otherwise makes no version, though the day
    of the review, its owner and what is to be done may change.
    """
    of_family.put_away(draft, actor)
    locked = locked_plan(plan, actor, access.WRITE_PLAN, expected_version)
    _require_sound(given)
    _keep_goals(locked, given)
    former = version_of(locked)
    if changed(input_of(former), given) or _agreed_otherwise(former, given):
        locked.version += 1
        _keep_version(locked, given, actor)
    plan_actions.carry_on(locked, given.actions, actor=actor)
    _set_review(locked, given.review_on, owner_id)
    _trail(access.WRITE_PLAN, locked, actor, "next version")
    return locked


@transaction.atomic
def review(
    plan: SupportPlan, *, actor: Actor, words: str, review_on: date | None, expected_version: int
) -> SupportPlan:
    """Looked at again and gone on with as it is: a version that says so in `words`, and the day of the next review."""
    locked = locked_plan(plan, actor, access.WRITE_PLAN, expected_version)
    if not words.strip():
        raise DomainError("見直して話したことを書いてください。", field="words")
    for problem in (
        *too_long("words", "見直して話したこと", words.strip(), LONGEST_REASON),
        *review_problems(review_on, today=clock.today()),
    ):
        raise DomainError(problem.message, field=problem.field)
    former = input_of(version_of(locked))
    locked.version += 1
    _keep_version(locked, former, actor, reason=words.strip())
    _set_review(locked, review_on, None)
    _trail(access.WRITE_PLAN, locked, actor, "reviewed")
    return locked


@transaction.atomic
def close_plan(
    plan: SupportPlan, *, actor: Actor, outcome: str, expected_version: int, draft: Draft | None = None
) -> SupportPlan:
    """End a plan with how it went (ふりかえり). What was not done is dropped and says that the plan ended."""
    of_family.put_away(draft, actor)
    locked = locked_plan(plan, actor, access.WRITE_PLAN, expected_version)
    if not outcome.strip():
        raise DomainError("ふりかえりを書いてください。", field="outcome")
    for problem in too_long("outcome", "ふりかえり", outcome, LONGEST):
        raise DomainError(problem.message, field=problem.field)
    plan_actions.drop_open(locked, actor=actor, why="プランを終えたため")
    locked.closed_on, locked.outcome, locked.updated_at = clock.today(), outcome.strip(), clock.now()
    locked.save(update_fields=["closed_on", "outcome", "updated_at"])
    _trail(access.WRITE_PLAN, locked, actor, "closed")
    return locked


def locked_plan(
    plan: SupportPlan, actor: Actor, action: Action, expected_version: int | None = None
) -> SupportPlan:
    """The open plan of the own agency, or of a chart it took on, locked. Forbidden, Conflict or StalePlan else."""
    rows = SupportPlan.objects.select_for_update(of=("self",)).select_related("chart", "household")
    locked = rows.get(pk=plan.pk)
    if holder(locked) != actor.agency_id:
        raise Forbidden("ほかの機関の支援プランは変えられません。", action=action.name)
    if locked.closed_on is not None:
        raise Conflict(
            "この支援プランは終わっています。", what_to_do="続けるときは、新しいプランをつくってください。"
        )
    if expected_version is not None and locked.version != expected_version:
        raise StalePlan(locked)
    return locked


def holder(plan: SupportPlan) -> int:
    """The agency that goes on with a plan: who holds its chart, else who made it."""
    return plan.chart.agency_id if plan.chart else plan.agency_id


def version_of(plan: SupportPlan) -> PlanVersion:
    """The version in force."""
    return PlanVersion.objects.get(plan=plan, number=plan.version)


def input_of(version: PlanVersion) -> PlanInput:
    """What a version says, without what is to be done."""
    return PlanInput(
        wishes=version.wishes,
        issues=version.issues,
        supports=version.supports,
        others=version.others,
        family_words=version.family_words,
        plain_words=version.plain_words,
        goals=goals_of(version.goals),
        agreed_on=version.agreed_on,
        agreed_by=version.agreed_by,
        reason=version.reason,
    )


def _keep_version(plan: SupportPlan, given: PlanInput, actor: Actor, *, reason: str = "") -> None:
    PlanVersion.objects.create(
        municipality_id=plan.municipality_id,
        plan=plan,
        number=plan.version,
        wishes=given.wishes.strip(),
        issues=given.issues.strip(),
        supports=given.supports.strip(),
        others=given.others.strip(),
        family_words=given.family_words.strip(),
        plain_words=given.plain_words.strip(),
        goals=given.goals_json,
        agreed_on=given.agreed_on,
        agreed_by=given.agreed_by.strip(),
        reason=(reason or given.reason).strip(),
        made_at=clock.now(),
        made_by=actor.user_id,
        made_by_name=actor.name,
    )


def _keep_goals(plan: SupportPlan, given: PlanInput) -> None:
    """A goal may go only when nothing of it is open any more."""
    staying = {goal.key for goal in given.goals}
    open_ones = PlanAction.objects.filter(plan=plan, done_on__isnull=True, dropped_at__isnull=True)
    if open_ones.exclude(goal__in=staying).exists():
        raise DomainError(
            "消した目標に、まだ終わっていないことがあります。先に「できた」か「やめる」にしてください。",
            field="goal_0",
        )


def _agreed_otherwise(former: PlanVersion, given: PlanInput) -> bool:
    return (former.agreed_on, former.agreed_by) != (given.agreed_on, given.agreed_by.strip())


def _set_review(plan: SupportPlan, day: date | None, owner_id: int | None) -> None:
    if owner_id and owner_id != plan.owner_id:
        plan.owner_id, plan.owner_name = owner_id, charts.require_worker(owner_id, holder(plan))
    plan.review_on, plan.updated_at = day, clock.now()
    plan.save(update_fields=["version", "review_on", "owner_id", "owner_name", "updated_at"])


def _require_sound(given: PlanInput) -> None:
    for problem in plan_problems(given, today=clock.today()):
        raise DomainError(problem.message, field=problem.field)


def _trail(action: Action, plan: SupportPlan, actor: Actor, did: str) -> None:
    detail = {"did": did, "version": plan.version}
    audit.record(action, actor=actor, household_id=plan.household_id, obj=plan, detail=detail)
