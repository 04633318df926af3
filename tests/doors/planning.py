"""What the crawl needs of assessments and plans, each with words of the family."""

from __future__ import annotations

from tests.encounters.planning import assessed, in_force, plan
from tests.makers import Town

from tsunagari.encounters.models import Chart, PlanAction
from tsunagari.encounters.operations.drafts import open_form
from tsunagari.encounters.rules.plans import ActionInput, Goal
from tsunagari.families.models import Household


def make_planning(town: Town, household: Household, chart_id: int | None, words: str) -> dict[str, int]:
    """Needs the town's open scope; ids by route parameter. `words` stand wherever a person writes."""
    tool = in_force(town.officer)
    chart = Chart.objects.filter(pk=chart_id).first()
    row = assessed(town.counselor, household, tool, chart=chart, words=words)
    made = plan(
        town.counselor,
        household,
        chart=chart,
        wishes=words,
        family_words=words,
        plain_words=words,
        goals=(Goal("g1", words, words),),
        actions=(ActionInput("g1", words, words),),
    )
    action = PlanAction.objects.get(plan=made)
    about = {"actor": town.counselor, "household": household}
    begun = {"person": "0", "chart": "0", "tool": str(tool.pk), "findings": words, "wishes": words}
    drafts = {
        "assess_draft_id": open_form(f"assess:{household.pk}", fields=begun, **about),
        "plan_draft_id": open_form(f"plan:new:{household.pk}", fields=begun, **about),
        "end_draft_id": open_form(
            f"plan_end:{made.pk}", fields={"plan": str(made.pk), "outcome": words}, **about
        ),
    }
    return {name: draft.pk for name, draft in drafts.items()} | {
        "tool_id": tool.pk,
        "assessment_id": row.pk,
        "plan_id": made.pk,
        "plan_action_id": action.pk,
    }
