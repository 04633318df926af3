"""A family that is followed, for the tests of charts."""

from __future__ import annotations

from typing import Any

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import (
    Chart,
    ChartEntry,
    ChartHandover,
    Consultation,
    PlanAction,
    SupportPlan,
)
from tsunagari.encounters.operations import charts, handovers
from tsunagari.encounters.rules.charts import ChartInput
from tsunagari.families.models import Household
from tsunagari.places.models import Agency

WHY = "夜に眠れない日が続いている。"


def follow(actor: Actor, family: Household, *records: Consultation, **more: Any) -> Chart:
    """An open chart with these records."""
    given: dict[str, Any] = {"head": ChartInput(WHY), "draw_in": records}
    return charts.open_chart(family, actor=actor, **(given | more))


def inside(chart: Chart) -> list[int]:
    """Ids of the records in a chart, the first drawn in first."""
    rows = ChartEntry.objects.filter(chart=chart, taken_out_at__isnull=True).order_by("pk")
    return list(rows.values_list("consultation_id", flat=True))


def pass_to(chart: Chart, giver: Actor, agency: Agency, taker: Actor) -> ChartHandover:
    """Asked with the family's consent, and taken on."""
    given = {"note": "たのみます。", "consent": "given", "to_user_id": taker.user_id}
    handover = handovers.hand_over(chart, actor=giver, agency=agency, **given)
    handovers.take_on(handover, actor=taker)
    return handover


def plan_of(chart: Chart, actor: Actor) -> PlanAction:
    """A plan of the chart with one action of the actor's."""
    plan = SupportPlan.objects.create(
        municipality_id=chart.municipality_id,
        agency_id=chart.agency_id,
        household_id=chart.household_id,
        chart=chart,
        starts_on=clock.today(),
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    return PlanAction.objects.create(
        municipality_id=chart.municipality_id,
        plan=plan,
        goal="a",
        what="一時預かりを使ってみる",
        by_whom="母",
        owner_id=actor.user_id,
        owner_name=actor.name,
        due_on=clock.today(),
        updated_at=clock.now(),
    )
