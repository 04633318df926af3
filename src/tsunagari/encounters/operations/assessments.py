"""見立て: one is written with the tool in force; put right by another that stands instead, the former kept."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Assessment, AssessmentTool, Chart, Draft
from tsunagari.encounters.operations import of_family
from tsunagari.encounters.rules.assessment import AssessmentInput, answer_problems, scored, tool_of
from tsunagari.families.models import Household, Person


@transaction.atomic
def assess(
    household: Household,
    given: AssessmentInput,
    *,
    actor: Actor,
    tool: AssessmentTool,
    key: UUID,
    person: Person | None = None,
    chart: Chart | None = None,
    draft: Draft | None = None,
) -> Assessment:
    """Assess a family, or one person of it. `key` comes from the form: the same key gives the same assessment.

    `chart`: it belongs to what is followed there. DomainError for a tool that was not in force on the day.
    """
    agency_id = of_family.own_agency(actor, access.ASSESS)
    of_family.put_away(draft, actor)
    locked = of_family.locked_household(household, actor)
    same: Assessment | None = Assessment.objects.visible_to(actor).filter(key=key).first()
    if same is not None:
        return same
    if not _in_force(tool, given.assessed_on):
        raise DomainError(
            "このツールは、いまは使われていません。", what_to_do="見立てをはじめからやりなおしてください。"
        )
    of_family.require_belongs(locked, person, chart, actor, access.ASSESS)
    made = _made(given, actor, tool, key)
    made.agency_id, made.household, made.person, made.chart = agency_id, locked, person, chart
    made.save()
    audit.record(
        access.ASSESS, actor=actor, household_id=locked.pk, obj=made, detail={"tool": tool.pk, "did": "made"}
    )
    return made


@transaction.atomic
def replace(
    assessment: Assessment, given: AssessmentInput, *, actor: Actor, key: UUID, draft: Draft | None = None
) -> Assessment:
    """Put an assessment right: with the same version of the tool, about the same, in its place; the former stays.

    Conflict when somebody did so meanwhile.
    """
    of_family.put_away(draft, actor)
    locked = Assessment.objects.select_for_update(of=("self",)).select_related("tool").get(pk=assessment.pk)
    if locked.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の見立ては直せません。", action=access.ASSESS.name)
    if (
        same := Assessment.objects.filter(key=key, municipality_id=actor.municipality_id).first()
    ) is not None:
        return same
    if locked.replaced_by_id is not None:
        raise Conflict("ほかの人が先に直しました。", what_to_do="直したあとの見立てを見てください。")
    made = _made(given, actor, locked.tool, key)
    made.agency_id, made.household_id = locked.agency_id, locked.household_id
    made.person_id, made.chart_id = locked.person_id, locked.chart_id
    made.save()
    locked.replaced_by = made
    locked.save(update_fields=["replaced_by"])
    audit.record(
        access.ASSESS,
        actor=actor,
        household_id=made.household_id,
        obj=made,
        detail={"did": "replaced", "former": locked.pk},
    )
    return made


def _made(given: AssessmentInput, actor: Actor, tool: AssessmentTool, key: UUID) -> Assessment:
    """Checked and summed, not saved yet."""
    asked = tool_of(tool.name, tool.source, tool.items, tool.bands)
    for problem in answer_problems(asked, given, today=clock.today()):
        raise DomainError(problem.message, field=problem.field)
    sums = scored(asked.items, given.answers)
    return Assessment(
        municipality_id=actor.municipality_id,
        tool=tool,
        assessed_on=given.assessed_on,
        answers=dict(given.answers),
        total=sums.total if sums.answered else None,
        concern=given.concern,
        words=given.words.strip(),
        author_id=actor.user_id,
        author_name=actor.name,
        key=key,
        created_at=clock.now(),
    )


def _in_force(tool: AssessmentTool, day: date) -> bool:
    """A day before the city had a tool may be written with the first; a former version only up to its end."""
    began = tool.starts_on is not None and tool.starts_on <= clock.today()
    return began and (tool.ended_on is None or day < tool.ended_on)
