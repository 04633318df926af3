"""A tool in force, assessments and plans, for their tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Assessment, AssessmentTool, SupportPlan
from tsunagari.encounters.operations import assessments, plans, tools
from tsunagari.encounters.queries.assessments import as_input
from tsunagari.encounters.rules.assessment import AssessmentInput
from tsunagari.encounters.rules.plans import ActionInput, Goal, PlanInput
from tsunagari.families.models import Household


def in_force(actor: Actor) -> AssessmentTool:
    """The tool that ships, used from today."""
    return tools.put_in_force(tools.begin(actor=actor), actor=actor, starts_on=clock.today())


def answered(tool: AssessmentTool, value: int | None = 1, **more: Any) -> AssessmentInput:
    """The same answer to every question."""
    answers = {item.key: value for item in as_input(tool).items}
    given: dict[str, Any] = {"assessed_on": clock.today(), "answers": answers, "concern": 2}
    return AssessmentInput(**(given | {"words": "夜に眠れていない。"} | more))


def assessed(actor: Actor, family: Household, tool: AssessmentTool, **more: Any) -> Assessment:
    """A saved assessment."""
    value = more.pop("value", 1)
    of = {name: more.pop(name) for name in ("person", "chart") if name in more}
    return assessments.assess(
        family, answered(tool, value, **more), actor=actor, tool=tool, key=uuid4(), **of
    )


def planned(**more: Any) -> PlanInput:
    """A plan as typed: one goal with one thing to do."""
    given: dict[str, Any] = {
        "wishes": "夜に眠りたい。",
        "issues": "ひとりで夜の世話をしている。",
        "supports": "一時預かりを週1回。",
        "family_words": "とにかく眠りたいです。",
        "goals": (Goal("g1", "週に3日は5時間ねむる", "ねむりの表"),),
        "actions": (ActionInput("g1", "一時預かりを申し込む", "お母さん", due_on=days(7)),),
        "review_on": days(30),
    }
    return PlanInput(**(given | more))


def days(number: int) -> Any:
    """The day so many days from today."""
    return clock.today() + timedelta(days=number)


def plan(actor: Actor, family: Household, **more: Any) -> SupportPlan:
    """A saved plan."""
    of = {name: more.pop(name) for name in ("person", "chart", "owner_id") if name in more}
    return plans.make_plan(family, planned(**more), actor=actor, key=uuid4(), **of)
