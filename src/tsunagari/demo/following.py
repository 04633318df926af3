"""Families that are followed: charts opened where records give to worry, assessed, planned for, handed over, ended."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.demo.chance import stream
from tsunagari.demo.ground import Ground
from tsunagari.demo.plan import RecordPlan
from tsunagari.encounters.models import Chart, Consultation, PlanAction, SupportPlan
from tsunagari.encounters.operations import assessments, charts, handovers, plan_actions, plans
from tsunagari.encounters.rules.assessment import AssessmentInput
from tsunagari.encounters.rules.charts import ChartInput
from tsunagari.encounters.rules.plans import ActionInput, Goal, PlanInput
from tsunagari.families.models import Household

#: an agency may begin to follow a family that gave it this much to worry within so many days
WORRIED, WITHIN = 2, timedelta(days=120)
#: and rather one it has talked with so often
OFTEN = 3
#: so long ago the agencies began with it, and days between two beginnings in the town
SINCE, EVERY = timedelta(days=430), timedelta(days=16)
#: what happens to a chart so many days after it began
_COURSE = (
    (9, "plan"), (44, "assess"), (57, "review"), (62, "act"), (76, "give"), (101, "assess"), (103, "version"),
    (114, "review"), (134, "close"), (171, "review"), (212, "end"),
)  # fmt: skip
#: the agency that is shown first follows so many times as many families as another
_FIRST_WEIGHS = 3


@cache
def courses() -> tuple[dict[str, Any], ...]:
    """texts/following.toml."""
    text = (resources.files("tsunagari.demo") / "texts" / "following.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["course"])


@dataclass(slots=True)
class Followed:
    """A chart and what has been made of it. `serial` counts the town's charts from 0."""

    chart: Chart
    agency: str
    serial: int
    words: dict[str, Any]
    plan: SupportPlan | None = None
    assessed: int = 0


@dataclass(slots=True)
class _Worry:
    """Records of one family at one agency, oldest first; `grave` are the days of those that give to worry."""

    records: list[Consultation] = field(default_factory=list)
    grave: list[date] = field(default_factory=list)


class Following:
    """Told of every record, it lets the agencies follow families; nothing later than `until`."""

    def __init__(self, ground: Ground, until: date) -> None:
        self.ground, self.until = ground, until
        self.charts: list[Followed] = []
        self._worries: dict[tuple[str, int], _Worry] = defaultdict(_Worry)
        self._later: dict[date, list[tuple[Followed, str]]] = defaultdict(list)
        self._begins = ground.today - SINCE
        self._steps: dict[str, Callable[[Followed], None]] = {
            "plan": self._make_plan, "assess": self._assess, "review": self._review, "act": self._act,
            "give": self._give, "version": self._version, "close": self._close, "end": self._close,
        }  # fmt: skip

    def noted(self, plan: RecordPlan, record: Consultation) -> None:
        """A record was written."""
        if record.household_id is None or plan.family is None or plan.family < 0:
            return
        worry = self._worries[plan.agency, record.household_id]
        worry.records.append(record)
        if (record.concern or 0) >= WORRIED:
            worry.grave.append(plan.day)

    def days(self, days: Sequence[date]) -> None:
        """What falls on these days, in order."""
        for day in days:
            for followed, what in self._later.pop(day, ()):
                self._at(day, followed.serial, what, followed)
            if day >= self._begins and (found := self._next(day)) is not None:
                self._begins = day + EVERY
                self._begin(day, *found)

    # beginning -------------------------------------------------------------------------------------------------
    def _next(self, day: date) -> tuple[str, int] | None:
        """A family that worries an agency, of the agency that follows fewest so far."""
        known = {(one.agency, one.chart.household_id) for one in self.charts}
        fitting = [
            (len(worry.records) < OFTEN, self._share(agency), -len(recent), min(recent), agency, household_id)
            for (agency, household_id), worry in self._worries.items()
            if (agency, household_id) not in known
            and (recent := [on for on in worry.grave if day - WITHIN <= on < day])
        ]
        return min(fitting)[-2:] if fitting else None

    def _share(self, agency: str) -> float:
        number = sum(one.agency == agency for one in self.charts)
        return number / _FIRST_WEIGHS if agency == self.ground.plan.agencies[0].key else number

    def _opener(self, agency: str) -> Actor:
        """Those who work there by turns, the first of them for the newest."""
        return self.ground.worker(agency, 1 + sum(one.agency == agency for one in self.charts))

    def _begin(self, day: date, agency: str, household_id: int) -> None:
        records = [row for row in self._worries[agency, household_id].records if row.occurred_on < day]
        grave = max(records, key=lambda row: (row.concern or 0, row.pk))
        words = next(one for one in courses() if grave.main_category in one["categories"])
        serial = len(self.charts)
        with clock.stopped_at(clock.at(day, 10, 5 + serial)):
            head = ChartInput(
                words["why"], grave.concern or WORRIED, day + timedelta(days=60),
                shared=any(row.consent == "given" for row in records),
            )  # fmt: skip
            chart = charts.open_chart(
                Household.objects.get(pk=household_id), actor=self._opener(agency), head=head,
                draw_in=records,
            )  # fmt: skip
            followed = Followed(chart, agency, serial, words)
            self.charts.append(followed)
            self._assess(followed)
        for after, what in _COURSE:
            if self._takes(serial, what):
                self._later[_working_day(day + timedelta(days=after))].append((followed, what))

    def _takes(self, serial: int, what: str) -> bool:
        """Which charts have a plan, go to another person, end."""
        chosen = {
            "plan": serial % 5 in (0, 2, 3), "act": serial % 5 in (0, 2, 3), "version": serial % 5 in (0, 2, 3),
            "give": serial % 5 == 1 and serial > 1, "close": serial % 3 != 0,
        }  # fmt: skip
        return chosen.get(what, True)

    def _at(self, day: date, serial: int, what: str, followed: Followed) -> None:
        followed.chart.refresh_from_db()
        if day <= self.until and followed.chart.closed_on is None:
            with clock.stopped_at(clock.at(day, 16, 5 + serial)):
                self._steps[what](followed)

    def owner(self, followed: Followed) -> Actor:
        """Who is in charge, at the agency that follows."""
        key = next(
            key for key, agency in self.ground.agencies.items() if agency.pk == followed.chart.agency_id
        )
        found = [
            actor
            for (_, agency), actors in self.ground.actors.items()
            for actor in actors
            if agency == key and actor.user_id == followed.chart.owner_id
        ]
        return found[0]

    # on the way ------------------------------------------------------------------------------------------------
    def _assess(self, followed: Followed) -> None:
        turn, chart = followed.assessed, followed.chart
        random = stream(self.ground.seed, self.ground.plan.key, "assess", followed.serial, turn)
        answers: dict[str, int | None] = {}
        for item in self.ground.tool.items:
            level = 3 - turn if item["group"] in followed.words["focus"] else 1 - turn
            answers[item["key"]] = min(3, max(0, level - random.choice((0, 0, 1))))
        answers[random.choice(sorted(answers))] = None
        given = AssessmentInput(
            clock.today(), answers, max(0, chart.concern - turn), followed.words["assessed"][min(turn, 2)]
        )
        assessments.assess(
            chart.household, given, actor=self.owner(followed), tool=self.ground.tool, chart=chart,
            key=self.ground.key("assessment", followed.serial, turn),
        )  # fmt: skip
        followed.assessed += 1

    def _plan_input(self, followed: Followed, day: date, **more: Any) -> PlanInput:
        words = followed.words
        goals = tuple(Goal(f"g{place + 1}", *one) for place, one in enumerate(words["goals"]))
        said = {name: words[name] for name in (
            "wishes", "issues", "supports", "others", "family_words", "plain_words",
        )}  # fmt: skip
        given = {
            "goals": goals,
            "agreed_on": day,
            "agreed_by": "ご家族",
            "review_on": day + timedelta(days=90),
        }
        return PlanInput(**said | given | more)

    def _make_plan(self, followed: Followed) -> None:
        day, actor = clock.today(), self.owner(followed)
        actions = tuple(
            ActionInput(f"g{goal + 1}", what, who, actor.user_id, day + timedelta(days=days))
            for goal, what, who, days in followed.words["actions"]
        )
        followed.plan = plans.make_plan(
            followed.chart.household, self._plan_input(followed, day, actions=actions), actor=actor,
            chart=followed.chart, key=self.ground.key("plan", followed.serial),
        )  # fmt: skip

    def _act(self, followed: Followed) -> None:
        """Half of what was to be done is; the rest stands open until the plan is said anew."""
        rows = list(PlanAction.objects.filter(plan=followed.plan).order_by("position"))
        self._done(followed, rows[: len(rows) // 2])

    def _done(self, followed: Followed, rows: list[PlanAction]) -> None:
        for row in rows:
            plan_actions.finish_action(row, actor=self.owner(followed), result="できた。ご家族も喜んでいた。")

    def _version(self, followed: Followed) -> None:
        assert followed.plan is not None
        self._done(followed, list(PlanAction.objects.filter(plan=followed.plan, done_on__isnull=True)))
        followed.plan.refresh_from_db()
        given = self._plan_input(
            followed, clock.today(), reason=followed.words["reviewed"], issues=followed.words["reviewed"]
        )
        plans.next_version(
            followed.plan, given, actor=self.owner(followed), expected_version=followed.plan.version
        )

    def _review(self, followed: Followed) -> None:
        chart = followed.chart
        head = ChartInput(
            chart.why, max(1, chart.concern - 1), clock.today() + timedelta(days=60), chart.shared
        )
        charts.change_chart(
            chart, actor=self.owner(followed), head=head, expected_version=chart.version,
            reason=followed.words["reviewed"],
        )  # fmt: skip

    def _give(self, followed: Followed) -> None:
        """To a colleague; where one works alone, to the centre, with the family's consent."""
        giver, here = self.owner(followed), followed.agency
        others = [
            actor
            for key in (here, self.ground.plan.centre.key)
            for role in ("counselor", "nurse", "lead", "manager")
            for actor in self.ground.actors.get((role, key), ())
            if actor.user_id != giver.user_id
        ]
        taker = others[0]
        assert taker.agency_id is not None
        agency = next(one for one in self.ground.agencies.values() if one.pk == taker.agency_id)
        asked = handovers.hand_over(
            followed.chart, actor=giver, agency=agency, note=followed.words["handed"], consent="given",
            to_user_id=taker.user_id,
        )  # fmt: skip
        followed.chart = handovers.take_on(asked, actor=taker)

    def _close(self, followed: Followed) -> None:
        actor = self.owner(followed)
        if followed.plan is not None and followed.plan.agency_id == actor.agency_id:
            followed.plan.refresh_from_db()
            plans.close_plan(
                followed.plan, actor=actor, outcome=followed.words["closing"],
                expected_version=followed.plan.version,
            )  # fmt: skip
        charts.close_chart(
            followed.chart, actor=actor, reason="settled", summary=followed.words["closing"],
            expected_version=followed.chart.version,
        )  # fmt: skip

    # today -----------------------------------------------------------------------------------------------------
    def ask_one(self, to: str) -> None:
        """One handover waits at the agency `to`: the newest open chart of another agency whose family consents."""
        taker = self.ground.worker(to)
        for followed in reversed(self.charts):
            followed.chart.refresh_from_db()
            here = followed.chart.agency_id == taker.agency_id
            if followed.chart.closed_on is None and not here:
                handovers.hand_over(
                    followed.chart, actor=self.owner(followed), agency=self.ground.agencies[to],
                    note=followed.words["handed"], consent="given", to_user_id=taker.user_id,
                )  # fmt: skip
                return


def _working_day(day: date) -> date:
    """The day, or the Monday after its weekend."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
