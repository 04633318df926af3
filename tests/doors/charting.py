"""A chart of a family with a record in it, handed to a colleague who has not answered yet."""

from __future__ import annotations

from tests.makers import Town

from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import charts, handovers
from tsunagari.encounters.rules.charts import ChartInput
from tsunagari.families.models import Household


def make_chart(town: Town, household: Household, record: Consultation, words: str) -> dict[str, int]:
    """Needs the town's open scope; ids by route parameter. `words` stand wherever a person writes."""
    actor = town.counselor
    chart = charts.open_chart(household, actor=actor, head=ChartInput(words), draw_in=[record])
    given = {"actor": actor, "agency": town.aoba, "to_user_id": town.colleague.user_id}
    handover = handovers.hand_over(chart, note=words, **given)
    return {
        "chart_id": chart.pk,
        "entry_id": chart.entries.get().pk,
        "handover_id": handover.pk,
    }
