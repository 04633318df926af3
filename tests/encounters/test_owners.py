"""Nothing due is left without an owner (E2): whatever is done to charts and memberships, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.encounters.cast import children, kimura, said, write
from tests.encounters.charting import WHY, follow, inside, pass_to, plan_of
from tests.makers import Town
from tsunagari.accounts.models import Membership, User
from tsunagari.accounts.operations import staff
from tsunagari.accounts.sessions import actor_of
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters.models import (
    Chart,
    ChartEntry,
    ChartHandover,
    Consultation,
    PlanAction,
    SupportPlan,
)
from tsunagari.encounters.operations import chart_entries, charts, handovers, leaving, records
from tsunagari.encounters.queries.owned import owned_by, unmanned
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.charts import ChartInput
from tsunagari.families.models import Household, Person

NAMES = [
    "open",
    "record",
    "plan",
    "draw",
    "take_out",
    "ask",
    "take",
    "decline",
    "name",
    "close",
    "reopen",
    "finish",
]
COMING_AND_GOING = ["end", "end", "hire", "all", "stop"]
OFTEN = ["ask", "take", "take", "record", "plan"]
ACTS = st.lists(
    st.tuples(st.sampled_from(NAMES + OFTEN + COMING_AND_GOING), st.integers(0, 99), st.integers(0, 99)),
    min_size=8,
    max_size=25,
)


@dataclass
class World:
    """A town whose workers come and go, one day after another."""

    town: Town
    family: Household

    def begin(self) -> None:
        """Somebody is followed already: a record with a next step, and a plan."""
        actor = self.town.counselor
        step = {"next_step": "きく", "next_on": clock.today() + timedelta(days=9)}
        chart = follow(actor, self.family, write(actor, self.family, **step))
        plan_of(chart, actor)

    @property
    def staff(self) -> list[Actor]:
        """Who works at the two agencies today."""
        today = Membership.objects.on(clock.today()).filter(user__is_active=True, agency__isnull=False)
        rows = today.filter(agency__in=[self.town.aoba, self.town.midori]).exclude(role=Role.ROUNDS)
        loaded = rows.select_related("user", "municipality", "agency").order_by("pk")
        return [actor_of(row, ip="", via="test") for row in loaded]

    def do(self, act: str, one: int, two: int) -> None:
        """The act by somebody who works there today; what is refused leaves nothing behind."""
        actor = _pick(self.staff, one)
        if actor is None:
            return
        try:
            with transaction.atomic():
                getattr(self, f"_{act}")(actor, two)
        except (DomainError, Forbidden):
            pass

    def _open(self, actor: Actor, n: int) -> None:
        person = Person.objects.get(pk=children(self.family)[0]) if n % 3 == 0 else None
        follow(actor, self.family, *self._own(actor)[: n % 3], person=person)

    def _record(self, actor: Actor, n: int) -> None:
        named = _pick(list(workers(actor.agency_id or 0, clock.today())), n)
        who: dict[str, Any] = {"next_owner_id": named} if n % 2 else {}
        step = {"next_step": "きく", "next_on": clock.today() + timedelta(days=n)}
        family = self.family if n % 4 else None
        record = said(family, occurred_at=clock.now(), person_ids=(), consulting_ids=(), **step, **who)
        records.write_record(record, actor=actor, key=uuid4())

    def _plan(self, actor: Actor, n: int) -> None:
        if chart := _pick(self._open_charts(actor), n):
            action = plan_of(chart, actor)
            SupportPlan.objects.filter(pk=action.plan_id).update(owner_id=actor.user_id)
            if n % 2:
                PlanAction.objects.filter(pk=action.pk).update(owner_id=None)

    def _draw(self, actor: Actor, n: int) -> None:
        if chart := _pick(self._open_charts(actor), n):
            chart_entries.draw_in(chart, self._own(actor)[:3], actor=actor)

    def _take_out(self, actor: Actor, n: int) -> None:
        rows = ChartEntry.objects.filter(chart__agency_id=actor.agency_id, taken_out_at__isnull=True)
        if entry := _pick(list(rows.order_by("pk")), n):
            chart_entries.take_out(entry, actor=actor, reason="x")

    def _ask(self, actor: Actor, n: int) -> None:
        agency = self.town.midori if n % 2 else self.town.aoba
        to = _pick([None, *workers(agency.pk, clock.today())], n)
        if chart := _pick(self._open_charts(actor), n):
            handovers.hand_over(chart, actor=actor, agency=agency, note="x", to_user_id=to, consent="given")

    def _take(self, actor: Actor, n: int) -> None:
        if handover := _pick(self._waiting(actor), n):
            handovers.take_on(handover, actor=actor)

    def _decline(self, actor: Actor, n: int) -> None:
        if handover := _pick(self._waiting(actor), n):
            handovers.decline(handover, actor=actor, reason="x")

    def _name(self, actor: Actor, n: int) -> None:
        owner = _pick(list(workers(actor.agency_id or 0, clock.today())), n)
        if chart := _pick(self._open_charts(actor), n):
            head = ChartInput(WHY, concern=n % 4)
            given = {"head": head, "owner_id": owner, "expected_version": chart.version}
            charts.change_chart(chart, actor=actor, **given)

    def _close(self, actor: Actor, n: int) -> None:
        if chart := _pick(self._open_charts(actor), n):
            given = {"reason": "settled", "summary": "x", "expected_version": chart.version}
            charts.close_chart(chart, actor=actor, **given)

    def _reopen(self, actor: Actor, n: int) -> None:
        rows = Chart.objects.filter(agency_id=actor.agency_id, closed_on__isnull=False).order_by("pk")
        if chart := _pick(list(rows), n):
            charts.reopen_chart(chart, actor=actor, reason="x")

    def _end(self, actor: Actor, n: int) -> None:
        membership = Membership.objects.get(pk=actor.membership_id)
        last = clock.today() + timedelta(days=n % 4 - 1)
        staff.end_membership(membership, actor=self.town.officer, ends_on=last)

    def _hire(self, actor: Actor, n: int) -> None:
        agency = self.town.midori if n % 2 else self.town.aoba
        role = Role.MANAGER if n % 5 == 0 else Role.COUNSELOR
        makers.make_actor(self.town.municipality, role, agency, f"新 架空{n}")

    def _all(self, actor: Actor, n: int) -> None:
        to = _pick(list(workers(actor.agency_id or 0, clock.today())), n)
        leaving.hand_all_over(actor.user_id or 0, actor.agency_id or 0, actor=actor, to_user_id=to or 0)

    def _stop(self, actor: Actor, n: int) -> None:
        if n % 3 == 0:
            User.objects.filter(pk=actor.user_id).update(is_active=False)

    def _finish(self, actor: Actor, n: int) -> None:
        rows = Consultation.objects.visible_to(actor).filter(next_done_at__isnull=True, next_on__isnull=False)
        if record := _pick(list(rows.order_by("pk")), n):
            records.finish_next_step(record, actor=actor, result="x")

    def _open_charts(self, actor: Actor) -> list[Chart]:
        rows = Chart.objects.filter(agency_id=actor.agency_id, closed_on__isnull=True)
        return list(rows.order_by("pk"))

    def _own(self, actor: Actor) -> list[Consultation]:
        return list(Consultation.objects.visible_to(actor).filter(agency_id=actor.agency_id).order_by("-pk"))

    def _waiting(self, actor: Actor) -> list[ChartHandover]:
        rows = ChartHandover.objects.filter(taken_at__isnull=True, declined_at__isnull=True)
        return list(rows.filter(to_agency_id=actor.agency_id).order_by("pk"))


def _pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)] if rows else None


def strays() -> list[str]:
    """What is due in an open chart and belongs to nobody who works there, where anybody still does."""
    found = []
    today = clock.today()
    for chart in Chart.objects.filter(closed_on__isnull=True):
        here = set(workers(chart.agency_id, today))
        if not here:
            continue
        if chart.owner_id not in here:
            found.append(f"chart {chart.pk}")
        steps = Consultation.objects.filter(
            chart_entries__chart=chart, chart_entries__taken_out_at__isnull=True, next_done_at__isnull=True
        )
        for row in steps.filter(next_on__isnull=False):
            theirs = here | set(workers(row.agency_id, today))
            if (row.next_owner_id or chart.owner_id) not in theirs:
                found.append(f"step of {row.pk} in {chart.pk}: {row.next_owner_id}")
        for action in PlanAction.objects.filter(plan__chart=chart, done_on__isnull=True):
            if (action.owner_id or chart.owner_id) not in here:
                found.append(f"action {action.pk} in {chart.pk}")
        for plan in SupportPlan.objects.filter(chart=chart, closed_on__isnull=True):
            if (plan.owner_id or chart.owner_id) not in here:
                found.append(f"review of plan {plan.pk} in {chart.pk}")
    return found


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_everything_due_in_an_open_chart_has_an_owner_who_works_there(town: Town, acts: list[Any]) -> None:
    """A day passes after every third act; in the morning what the leavers left is covered."""
    start = clock.at(clock.today(), 9)
    with makers.scope(town), transaction.atomic():
        world = World(town, kimura(town.counselor))
        for number, act in enumerate(acts):
            with clock.stopped_at(start + timedelta(days=number // 3)):
                if number == 0:
                    world.begin()
                if number % 3 == 0:
                    leaving.cover_left(actor=town.officer)
                world.do(*act)
                if act[0] == "stop":  # covered in the morning
                    leaving.cover_left(actor=town.officer)
                assert strays() == [], (number, act)
        transaction.set_rollback(True)


def _gone_along(town: Town) -> tuple[Chart, PlanAction]:
    """A chart with a record and a plan that went from Aoba to Midori, and the plan's action."""
    step = {"next_step": "きく", "next_on": clock.today() + timedelta(days=9)}
    family = kimura(town.counselor)
    chart = follow(town.counselor, family, write(town.counselor, family, **step))
    action = plan_of(chart, town.counselor)
    SupportPlan.objects.filter(pk=action.plan_id).update(owner_id=town.counselor.user_id)
    pass_to(chart, town.counselor, town.midori, town.stranger)
    return Chart.objects.get(pk=chart.pk), action


def test_what_stays_behind_is_covered_without_what_went_along(town: Town) -> None:
    """Its record taken out again is Aoba's alone, and its step is covered there; the plan is Midori's still."""
    with makers.scope(town), transaction.atomic():
        chart, action = _gone_along(town)
        [record] = inside(chart)
        entry = ChartEntry.objects.get(chart=chart)
        chart_entries.take_out(entry, actor=town.stranger, reason="x")
        taker = town.stranger.user_id
        assert unmanned(town.municipality.pk) == [(taker, town.aoba.pk)]
        assert leaving.cover_left(actor=town.officer) == 1
        assert Consultation.objects.get(pk=record).next_owner_id in workers(town.aoba.pk, clock.today())
        action.refresh_from_db()
        assert (action.owner_id, SupportPlan.objects.get(chart=chart).owner_id) == (taker, taker)


def test_what_went_along_is_owned_where_it_went(town: Town) -> None:
    """Neither the step nor the plan counts for the agency that wrote them."""
    with makers.scope(town), transaction.atomic():
        _gone_along(town)
        taker = town.stranger.user_id or 0
        there = owned_by(taker, town.midori.pk)
        assert (there.charts, there.steps, there.actions, there.plans) == (1, 1, 1, 1)
        assert not owned_by(taker, town.aoba.pk)
