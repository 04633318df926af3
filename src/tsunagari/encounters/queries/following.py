"""How a family is followed, in one statement: open charts, the latest assessment, open plans, as far as visible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import Assessment, Chart, SupportPlan
from tsunagari.encounters.rules import MASK, masks_agency
from tsunagari.families.models import Household


@dataclass(frozen=True, slots=True)
class Followed:
    """One line of the strip. `kind` is chart, assessment or plan; `on` the next review, or the day of an assessment."""

    kind: str
    id: int
    name: str
    who: str
    agency: str
    ours: bool
    concern: int | None
    on: date | None

    @property
    def late_days(self) -> int:
        """Days since a review was due; 0 or less until then."""
        return (clock.today() - self.on).days if self.on and self.kind != "assessment" else 0


@dataclass(frozen=True, slots=True)
class Following:
    """What a family page says of it. `crowded`: the own agency has two open charts of the same person."""

    charts: list[Followed]
    assessments: list[Followed]
    plans: list[Followed]
    crowded: bool = False

    def __bool__(self) -> bool:
        return bool(self.charts or self.assessments or self.plans)


def following(actor: Actor, household: Household) -> Following:
    """What the actor may see of how the family is followed. One query; none for roles that see no chart."""
    if not actor.may(access.READ_CHART):
        return Following([], [], [])
    rows = _following(actor, household.pk)
    found = [_line(actor, household, row) for row in rows]
    mine = [row[7] for row in rows if row[0] == "chart" and row[4] == actor.agency_id]
    return Following(
        charts=[line for line in found if line.kind == "chart"],
        assessments=[line for line in found if line.kind == "assessment"],
        plans=[line for line in found if line.kind == "plan"],
        crowded=len(mine) > len(set(mine)),
    )


def _line(actor: Actor, household: Household, row: tuple[Any, ...]) -> Followed:
    kind, pk, name, who, agency_id, agency, concern, _, on = row
    hidden = masks_agency(actor, agency_id, protected=household.protected)
    ours = agency_id == actor.agency_id
    return Followed(kind, pk, name, who, "" if ours else MASK if hidden else agency, ours, concern, on)


@prepared
def _following(actor: Actor, household: int) -> QuerySet[Any, Any]:
    charts = Chart.objects.visible_to(actor).filter(household=household, closed_on__isnull=True)
    tests = Assessment.objects.visible_to(actor).filter(household=household, replaced_by__isnull=True)
    plans = SupportPlan.objects.visible_to(actor).filter(household=household, closed_on__isnull=True)
    none = Cast(Value(None), IntegerField())
    wanted = ("kind", "pk", "name", "who", "agency_id", "agency_name", "level", "person_id", "day")
    open_charts = charts.annotate(
        kind=Value("chart"),
        name=F("number"),
        who=F("owner_name"),
        agency_name=F("agency__name"),
        level=F("concern"),
        day=F("review_on"),
    )
    latest = tests.annotate(
        kind=Value("assessment"),
        name=F("tool__name"),
        who=F("author_name"),
        agency_name=F("agency__name"),
        level=F("concern"),
        day=F("assessed_on"),
    ).order_by("-assessed_on", "-pk")[:1]
    open_plans = plans.annotate(
        kind=Value("plan"),
        name=Value("支援プラン"),
        who=Value(""),
        agency_name=F("agency__name"),
        level=none,
        day=F("review_on"),
    )
    parts = [rows.values_list(*wanted) for rows in (open_charts, latest, open_plans)]
    return parts[0].union(*parts[1:], all=True)
