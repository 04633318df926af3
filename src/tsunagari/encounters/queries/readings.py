"""Furigana of a plan's sheet for the family: names with their readings, and what stands there without one."""

from __future__ import annotations

from tsunagari.base import clock
from tsunagari.encounters.models import SupportPlan
from tsunagari.encounters.queries.names import family_name, members
from tsunagari.encounters.queries.plans import PlanRead
from tsunagari.encounters.queries.workers import at_work
from tsunagari.encounters.rules.furigana import unread


def readings_of(plan: SupportPlan) -> dict[str, str]:
    """Names of the family and of who works at the plan's agency, with their readings. Three queries."""
    today = clock.today()
    family = family_name(plan.household)
    people = members(plan.household, today)
    staff = at_work(today).filter(agency_id=plan.agency_id).values_list("user__name", "user__kana")
    named = {one.name: one.kana for one in people if not one.guarded and one.kana}
    return dict(staff) | {family.name: family.kana} | named


def without_furigana(plan: SupportPlan, read: PlanRead) -> list[str]:
    """Words people wrote that the family's sheet prints without furigana, each once. Three queries."""
    version = read.version
    texts = [version.plain_words, version.family_words or version.wishes, version.supports]
    texts += [text for line in read.goals for text in (line.goal.text, line.goal.measure)]
    open_rows = [row for line in read.goals for row in line.actions if row.state == "open"]
    texts += [text for row in open_rows for text in (row.what, row.by_whom)]
    texts += [plan.agency.name, plan.owner_name]
    known = readings_of(plan)
    return list(dict.fromkeys(word for text in texts for word in unread(text, known)))
