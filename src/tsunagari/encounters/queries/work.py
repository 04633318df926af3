"""What waits for one person besides the day itself: seals, handovers, reviews, actions of plans. One statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import Chart, ChartHandover, PlanAction, SupportPlan
from tsunagari.encounters.queries.circulation import COUNTED_TO, open_seals
from tsunagari.encounters.queries.names import FamilyName, family_names

MOST = 20


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to do. `kind` is handover, review (of a chart), action or plan (its review); `id` its own."""

    kind: str
    id: int
    text: str
    family: FamilyName | None
    on: date | None
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """`seals`: open ones counted up to COUNTED_TO, `seals_late` of them overdue. Lines of each kind up to MOST."""

    seals: int = 0
    seals_late: int = 0
    lines: list[WorkLine] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(line.late_days > 0 for line in self.lines)


def work(actor: Actor, day: date) -> Work:
    """What waits for the actor on a day, the latest first. Two queries; none for roles that see no charts."""
    if actor.agency_id is None or not actor.may(access.READ_CHART):
        return Work()
    rows = _work(actor, day)
    seals = [on for kind, _, _, _, on in rows if kind == "seal"]
    due = [row for row in rows if row[0] != "seal"]
    names = family_names(household for _, _, _, household, _ in due)
    lines = [_line(row, names, day) for row in due]
    lines.sort(key=lambda line: (line.kind != "handover", line.on or date.max, line.kind, line.id))
    return Work(len(seals), sum(on is not None and on < day for on in seals), lines)


def _line(row: tuple[Any, ...], names: dict[int, FamilyName], day: date) -> WorkLine:
    kind, pk, text, household, on = row
    late = (day - on).days if on is not None and kind != "handover" else 0
    return WorkLine(kind, pk, text, names.get(household), on, max(late, 0))


@prepared
def _work(actor: Actor, day: date) -> QuerySet[Any, Any]:
    wanted = ("work", "pk", "text", "family", "on")
    seals = open_seals(actor).annotate(
        work=Value("seal"), text=Value(""), family=F("consultation__household_id"), on=F("due_on")
    )
    waiting = ChartHandover.objects.filter(
        Q(to_user_id=actor.user_id or 0) | Q(to_user_id__isnull=True),
        municipality_id=actor.municipality_id,
        to_agency=actor.agency_id or 0,
        taken_at__isnull=True,
        declined_at__isnull=True,
    ).annotate(
        work=Value("handover"),
        text=F("from_name"),
        family=F("chart__household_id"),
        on=Cast(Value(None), DateField()),
    )
    reviews = Chart.objects.own_of(actor).filter(
        owner_id=actor.user_id or 0,
        closed_on__isnull=True,
        review_on__lte=day,
    )
    reviews = reviews.annotate(
        work=Value("review"), text=F("number"), family=F("household_id"), on=F("review_on")
    )
    parts = [
        seals.order_by().values_list(*wanted)[:COUNTED_TO],
        waiting.order_by("pk").values_list(*wanted)[:MOST],
        reviews.order_by("review_on", "pk").values_list(*wanted)[:MOST],
        *_of_plans(actor, day, wanted),
    ]
    return parts[0].union(*parts[1:], all=True)


def _of_plans(actor: Actor, day: date, wanted: tuple[str, ...]) -> list[QuerySet[Any, Any]]:
    """Actions of plans, and plans whose review is the actor's."""
    plans = SupportPlan.objects.visible_to(actor).filter(closed_on__isnull=True)
    actions = PlanAction.objects.filter(
        owner_id=actor.user_id or 0,
        due_on__lte=day,
        done_on__isnull=True,
        dropped_at__isnull=True,
        plan__in=plans,
    ).annotate(work=Value("action"), text=F("what"), family=F("plan__household_id"), on=F("due_on"))
    reviews = plans.filter(owner_id=actor.user_id or 0, review_on__lte=day).annotate(
        work=Value("plan"), text=Value(""), family=F("household_id"), on=F("review_on")
    )
    return [
        actions.order_by("due_on", "pk").values_list(*wanted)[:MOST],
        reviews.order_by("review_on", "pk").values_list(*wanted)[:MOST],
    ]
