"""支援プラン: those of a family, one as it is read, its versions, and what is due in plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import PlanAction, PlanVersion, SupportPlan
from tsunagari.encounters.queries.names import name_at
from tsunagari.encounters.rules import MASK, masks_agency
from tsunagari.encounters.rules.plans import Changed, Goal, PlanInput, changed, goals_of
from tsunagari.families.models import Household

MOST = 50
WHOLE = "家庭ぜんたい"


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One thing to do. `state` is open, done or dropped."""

    id: int
    goal: str
    what: str
    by_whom: str
    owner_id: int | None
    owner_name: str
    due_on: date | None
    state: str
    result: str
    ended_on: date | None

    @property
    def late_days(self) -> int:
        """Days since it was due, while it is open; 0 or less until then."""
        return (clock.today() - self.due_on).days if self.due_on and self.state == "open" else 0


def _line(row: PlanAction) -> ActionLine:
    state = "done" if row.done_on else "dropped" if row.dropped_at else "open"
    dropped = row.dropped_at.astimezone(clock.TOKYO).date() if row.dropped_at else None
    return ActionLine(
        row.pk,
        row.goal,
        row.what,
        row.by_whom,
        row.owner_id,
        row.owner_name,
        row.due_on,
        state,
        row.result,
        row.done_on or dropped,
    )


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with what is to be done for it."""

    goal: Goal
    actions: list[ActionLine]


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A plan with the version in force. `loose`: actions of goals that are no more; `agency` when it is another's."""

    plan: SupportPlan
    version: PlanVersion
    about: str
    goals: list[GoalLine]
    loose: list[ActionLine]
    agency: str
    own: bool

    @property
    def open_actions(self) -> list[ActionLine]:
        lines = [line for goal in self.goals for line in goal.actions] + self.loose
        return [line for line in lines if line.state == "open"]

    @property
    def owner(self) -> str:
        """Who sees to the review."""
        return self.plan.owner_name or (self.plan.chart.owner_name if self.plan.chart else "")

    @property
    def count(self) -> int:
        """How many things to do the plan ever had."""
        return sum(len(goal.actions) for goal in self.goals) + len(self.loose)

    @property
    def late_days(self) -> int:
        """Days since the review was due; 0 or less until then."""
        day = self.plan.review_on
        return (clock.today() - day).days if day and self.plan.closed_on is None else 0


def plan_read(actor: Actor, plan: SupportPlan) -> PlanRead:
    """A plan loaded with household, person's household, agency and chart. Two queries."""
    version = PlanVersion.objects.get(plan=plan, number=plan.version)
    lines = [_line(row) for row in PlanAction.objects.filter(plan=plan).order_by("position", "pk")]
    goals = goals_of(version.goals)
    keys = {goal.key for goal in goals}
    holder = plan.chart.agency_id if plan.chart else plan.agency_id
    hidden = masks_agency(actor, plan.agency_id, protected=plan.household.protected)
    return PlanRead(
        plan,
        version,
        name_at(plan.household_id, plan.person).text if plan.person else WHOLE,
        [GoalLine(goal, [line for line in lines if line.goal == goal.key]) for goal in goals],
        [line for line in lines if line.goal not in keys],
        "" if plan.agency_id == actor.agency_id else MASK if hidden else plan.agency.name,
        holder == actor.agency_id,
    )


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list of its family's."""

    id: int
    about: str
    starts_on: date
    review_on: date | None
    closed_on: date | None
    owner_name: str
    version: int
    goals: list[str]
    agency: str
    late_days: int


def family_plans(actor: Actor, household: Household) -> list[PlanLine]:
    """A family's plans the actor may see, open ones first, the latest first. Two queries."""
    rows = list(
        SupportPlan.objects.visible_to(actor)
        .filter(household=household)
        .select_related("household", "person__household", "agency", "chart")
        .order_by("-starts_on", "-pk")[:MOST]
    )
    versions = PlanVersion.objects.filter(plan__in=[row.pk for row in rows])
    said = {
        (row.plan_id, row.number): row for row in versions.defer("wishes", "issues", "supports", "others")
    }
    lines = [_plan_line(actor, row, said[row.pk, row.version].goals) for row in rows]
    return sorted(lines, key=lambda line: line.closed_on is not None)


def _plan_line(actor: Actor, row: SupportPlan, goals: list[dict[str, str]]) -> PlanLine:
    hidden = masks_agency(actor, row.agency_id, protected=row.household.protected)
    due = row.review_on if row.closed_on is None else None
    return PlanLine(
        row.pk,
        name_at(row.household_id, row.person).text if row.person else WHOLE,
        row.starts_on,
        row.review_on,
        row.closed_on,
        row.owner_name or (row.chart.owner_name if row.chart else ""),
        row.version,
        [goal.text for goal in goals_of(goals)],
        "" if row.agency_id == actor.agency_id else MASK if hidden else row.agency.name,
        (clock.today() - due).days if due else 0,
    )


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with what it says otherwise than the one before (everything, for the first)."""

    number: int
    made_at: datetime
    by: str
    reason: str
    agreed_on: date | None
    agreed_by: str
    changes: list[Changed]


def versions(plan: SupportPlan) -> list[VersionLine]:
    """Every version of a plan, the latest first; one query."""
    rows = list(PlanVersion.objects.filter(plan=plan).order_by("number"))
    said = [PlanInput(), *(_said(row) for row in rows)]
    lines = [
        VersionLine(
            row.number,
            row.made_at.astimezone(clock.TOKYO),
            row.made_by_name,
            row.reason,
            row.agreed_on,
            row.agreed_by,
            changed(said[place], said[place + 1]),
        )
        for place, row in enumerate(rows)
    ]
    return lines[::-1]


def _said(row: PlanVersion) -> PlanInput:
    texts = {name: getattr(row, name) for name in _TEXTS}
    return PlanInput(**texts, goals=goals_of(row.goals))


_TEXTS = ("wishes", "issues", "supports", "others", "family_words", "plain_words")


def goal_keys(plan: SupportPlan) -> list[str]:
    """Every key a goal of the plan ever had, so that a new goal gets another."""
    rows: Iterable[list[dict[str, str]]] = PlanVersion.objects.filter(plan=plan).values_list(
        "goals", flat=True
    )
    return list(dict.fromkeys(goal["key"] for goals in rows for goal in goals))


def by_key(actor: Actor, key: str) -> SupportPlan | None:
    """The plan that a draft became."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return SupportPlan.objects.visible_to(actor).filter(key=wanted).first()
