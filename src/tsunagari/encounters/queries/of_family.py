"""What pages of assessments and plans ask about a family: its open charts, a person, a chart, a plan's steps."""

from __future__ import annotations

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Chart, PlanAction, SupportPlan
from tsunagari.encounters.queries.names import name_at
from tsunagari.families.models import Household, Person


def open_charts(actor: Actor, household: Household) -> dict[int, str]:
    """Open charts the own agency has of the family: number and whose, by id."""
    rows = Chart.objects.own_of(actor).filter(household=household, closed_on__isnull=True)
    return {
        row.pk: f"{row.number}　{name_at(household.pk, row.person).text if row.person else '家庭ぜんたい'}"
        for row in rows.select_related("person__household").order_by("pk")
    }


def open_chart(actor: Actor, chart_id: int) -> Chart | None:
    """An open chart of the own agency; None for any other."""
    rows = Chart.objects.own_of(actor).filter(closed_on__isnull=True)
    return rows.filter(pk=chart_id).first()


def person_with_home(person_id: int) -> Person | None:
    """A person with the household; whether they belong to a family is the operation's to see."""
    return Person.objects.select_related("household").filter(pk=person_id).first()


def visible_plan(actor: Actor, plan_id: int) -> SupportPlan | None:
    """A plan the actor may see; None for any other."""
    return SupportPlan.objects.visible_to(actor).filter(pk=plan_id).first()


def visible_action(actor: Actor, action_id: int) -> PlanAction | None:
    """Something to be done of a plan the actor may see; None for any other."""
    mine = SupportPlan.objects.visible_to(actor)
    return PlanAction.objects.filter(plan__in=mine, pk=action_id).select_related("plan").first()


def actions_of(plan: SupportPlan) -> list[PlanAction]:
    """What is or was to be done in a plan, in order."""
    return list(PlanAction.objects.filter(plan=plan).order_by("position", "pk"))
