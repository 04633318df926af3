"""What one person is in charge of at an agency: charts, next steps, plan actions."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from tsunagari.accounts.models import User
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Chart, ChartHandover, Consultation, PlanAction, SupportPlan
from tsunagari.encounters.queries.workers import at_work
from tsunagari.places.models import Agency


@dataclass(frozen=True, slots=True)
class Owned:
    """How much: open charts (and how many reviews are overdue), open next steps, open plan actions, handovers that wait
    for this person's answer, and open plans whose review is theirs."""

    charts: int = 0
    overdue: int = 0
    steps: int = 0
    actions: int = 0
    waiting: int = 0
    plans: int = 0

    def __bool__(self) -> bool:
        return bool(self.charts or self.steps or self.actions or self.waiting or self.plans)

    @property
    def words(self) -> list[str]:
        """["個別記録3件", "次にすること2件"]; empty when nothing."""
        named = (
            ("個別記録", self.charts),
            ("次にすること", self.steps),
            ("プランですること", self.actions),
            ("支援プランの見直し", self.plans),
            ("返事を待つひきつぎ", self.waiting),
        )
        return [f"{name}{number}件" for name, number in named if number]


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """One person at one agency. `ends_on`: the last day there, None while it is open; `gone`: it is over."""

    user_id: int
    name: str
    agency_id: int
    agency: str
    owned: Owned
    ends_on: date | None = None
    gone: bool = False


def owned_charts(user_id: int, agency_id: int) -> QuerySet[Chart, Chart]:
    """Open charts of an agency the person is in charge of."""
    return Chart.objects.filter(owner_id=user_id, agency_id=agency_id, closed_on__isnull=True)


def owned_steps(user_id: int, agency_id: int) -> QuerySet[Consultation, Consultation]:
    """Open next steps of an agency's records, or of records it took over, that are the person's. One that went along
    with its record to another agency where the person works is not among those of the agency that wrote it."""
    elsewhere = at_work(clock.today()).filter(user_id=user_id, agency_id__isnull=False).values("agency_id")
    own = Q(agency_id=agency_id) & (Q(held_by__isnull=True) | ~Q(held_by__in=elsewhere))
    return Consultation.objects.filter(
        own | Q(held_by_id=agency_id),
        next_owner_id=user_id,
        next_on__isnull=False,
        next_done_at__isnull=True,
    )


def owned_actions(user_id: int, agency_id: int) -> QuerySet[PlanAction, PlanAction]:
    """Open actions of plans an agency sees to that are the person's: a plan goes along with its chart."""
    return PlanAction.objects.filter(
        Q(plan__chart__agency_id=agency_id) | Q(plan__chart__isnull=True, plan__agency_id=agency_id),
        plan__closed_on__isnull=True,
        owner_id=user_id,
        done_on__isnull=True,
        dropped_at__isnull=True,
    ).select_related("plan")


def owned_plans(user_id: int, agency_id: int) -> QuerySet[SupportPlan, SupportPlan]:
    """Open plans an agency sees to whose review is the person's: a plan goes along with its chart."""
    rows: QuerySet[SupportPlan, SupportPlan] = SupportPlan.objects.filter(
        Q(chart__agency_id=agency_id) | Q(chart__isnull=True, agency_id=agency_id),
        closed_on__isnull=True,
        owner_id=user_id,
    )
    return rows


def owned_by(user_id: int, agency_id: int) -> Owned:
    """How much one person owns at an agency. Five queries."""
    charts = list(owned_charts(user_id, agency_id).values_list("review_on", flat=True))
    today = clock.today()
    return Owned(
        len(charts),
        sum(day is not None and day < today for day in charts),
        owned_steps(user_id, agency_id).count(),
        owned_actions(user_id, agency_id).count(),
        _waiting_for(user_id, agency_id).count(),
        owned_plans(user_id, agency_id).count(),
    )


def _waiting_for(user_id: int, agency_id: int) -> QuerySet[ChartHandover, ChartHandover]:
    return ChartHandover.objects.filter(
        to_user_id=user_id, to_agency_id=agency_id, taken_at__isnull=True, declined_at__isnull=True
    )


def owners(actor: Actor) -> list[OwnerLine]:
    """Everybody who is in charge of something at the actor's agency, for the centre in the town: who is gone first,
    then who leaves soonest. Eight queries."""
    only = None if actor.scope == "municipality" else actor.agency_id or 0
    ends = _ends(actor.municipality_id)
    counted = {
        key: owned for key, owned in _counted(actor.municipality_id, ends).items() if only in (None, key[1])
    }
    names = dict(User.objects.filter(pk__in={user for user, _ in counted}).values_list("pk", "name"))
    agencies = dict(Agency.objects.filter(pk__in={one for _, one in counted}).values_list("pk", "name"))
    lines = [
        OwnerLine(
            user,
            names.get(user, ""),
            agency,
            agencies.get(agency, ""),
            owned,
            ends.get((user, agency)),
            gone=(user, agency) not in ends,
        )
        for (user, agency), owned in counted.items()
    ]
    return sorted(
        lines, key=lambda one: (not one.gone, one.ends_on or date.max, one.agency, one.name, one.user_id)
    )


def unmanned(municipality_id: int) -> list[tuple[int, int]]:
    """(user, agency) of everybody who is in charge of something at an agency and does not work there today."""
    ends = _ends(municipality_id)
    return sorted(key for key in _counted(municipality_id, ends) if key not in ends)


def _ends(municipality_id: int) -> dict[tuple[int, int], date | None]:
    """Last day of everybody who works somewhere today, by person and agency; None while it is open."""
    rows = at_work(clock.today()).filter(municipality_id=municipality_id, agency__isnull=False)
    ends: dict[tuple[int, int], date | None] = {}
    for user, agency, end in rows.order_by("pk").values_list("user_id", "agency_id", "valid_to"):
        known = ends.get((user, agency), date.min)
        ends[user, agency or 0] = None if end is None or known is None else max(end, known)
    return ends


def _counted(municipality_id: int, ends: dict[tuple[int, int], date | None]) -> dict[tuple[int, int], Owned]:
    """How much everybody owns, by person and agency. What a record that went to another agency asks for counts where
    its owner works, what a plan does where its chart is. Five queries."""
    numbers: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for user, agency, number, late in _charts_of(municipality_id, clock.today()):
        numbers[user, agency].update(charts=number, overdue=late)
    for user, agency, holder, number in _steps_of(municipality_id):
        numbers[user, holder if (user, holder) in ends else agency].update(steps=number)
    for user, agency, number in _actions_of(municipality_id):
        numbers[user, agency].update(actions=number)
    for user, agency, number in _plans_of(municipality_id):
        numbers[user, agency].update(plans=number)
    for user, agency, number in _waiting_of(municipality_id):
        numbers[user, agency].update(waiting=number)
    return {key: Owned(**found) for key, found in numbers.items()}


def _charts_of(municipality_id: int, day: date) -> QuerySet[Chart, Any]:
    rows = Chart.objects.filter(municipality_id=municipality_id, closed_on__isnull=True)
    late = Count("pk", filter=Q(review_on__lt=day))
    return rows.order_by().values_list("owner_id", "agency_id").annotate(number=Count("pk"), late=late)


def _steps_of(municipality_id: int) -> QuerySet[Consultation, Any]:
    rows = Consultation.objects.filter(
        municipality_id=municipality_id,
        next_owner_id__isnull=False,
        next_on__isnull=False,
        next_done_at__isnull=True,
    )
    return (
        rows.order_by().values_list("next_owner_id", "agency_id", "held_by_id").annotate(number=Count("pk"))
    )


def _actions_of(municipality_id: int) -> QuerySet[PlanAction, Any]:
    rows = PlanAction.objects.filter(
        municipality_id=municipality_id,
        plan__closed_on__isnull=True,
        owner_id__isnull=False,
        done_on__isnull=True,
        dropped_at__isnull=True,
    )
    seen_to = rows.annotate(seen_to_by=Coalesce("plan__chart__agency_id", "plan__agency_id"))
    return seen_to.order_by().values_list("owner_id", "seen_to_by").annotate(number=Count("pk"))


def _plans_of(municipality_id: int) -> QuerySet[SupportPlan, Any]:
    rows = SupportPlan.objects.filter(
        municipality_id=municipality_id, closed_on__isnull=True, owner_id__isnull=False
    )
    seen_to = rows.annotate(seen_to_by=Coalesce("chart__agency_id", "agency_id"))
    return seen_to.order_by().values_list("owner_id", "seen_to_by").annotate(number=Count("pk"))


def _waiting_of(municipality_id: int) -> QuerySet[ChartHandover, Any]:
    rows = ChartHandover.objects.filter(
        municipality_id=municipality_id,
        to_user_id__isnull=False,
        taken_at__isnull=True,
        declined_at__isnull=True,
    )
    return rows.order_by().values_list("to_user_id", "to_agency_id").annotate(number=Count("pk"))
