"""Joining, parting, linking and following change no total of consultations or visits, in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import kimura, visit, write
from tests.encounters.charting import follow
from tests.makers import Town
from tests.reports.random_month import rolled_back
from tsunagari.base import clock
from tsunagari.encounters.models import Chart, ChartEntry, Consultation, Visit
from tsunagari.encounters.operations import chart_entries, records, visits
from tsunagari.families.models import HouseholdJoin
from tsunagari.families.operations import households, joins
from tsunagari.reports.figures import figures_of
from tsunagari.reports.queries.reading import span_of_agency
from tsunagari.reports.rules import cell_value, month_of

NIGHT = clock.at(date(2026, 11, 20), 22)
CALM = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Work:
    """Two families at あおば, one known by a nickname alone, and what is done with them and their records."""

    def __init__(self, town: Town) -> None:
        self.town, self.actor = town, town.counselor
        self.family = kimura(self.actor)
        self.nickname = households.create_nickname_family(
            actor=self.actor, nickname="たんぽぽさん", age_hint_months=3
        )
        self.joined: HouseholdJoin | None = None

    def come(self, steps: list[int]) -> None:
        """Families come and talk, some by a nickname or without a name, some for a walk-in of nobody known."""
        for number, step in enumerate(steps):
            at = NIGHT - timedelta(hours=2 * number + 1)
            if step == 0:
                visit(self.actor, self.family, at=at)
            elif step == 1:
                visit(self.actor, self.nickname, person_ids=[], at=at)
            elif step == 2:
                write(self.actor, self.family, occurred_at=at)
            elif step == 3:
                write(self.actor, occurred_at=at, who_hint="2か月の子")
            else:
                visits.check_in_anonymous(actor=self.actor, adults=1, children=1, key=uuid4(), at=at)

    def totals(self) -> dict[str, int]:
        period = month_of(clock.today())
        sections = figures_of(span_of_agency(self.actor, self.town.aoba, period, whole=True))
        names = (
            "consult.total",
            "visit.receptions",
            "category.total.total",
            "age.total.total",
            "channel.total",
        )
        return {name: cell_value(sections, name) for name in names}

    def join(self) -> None:
        if self.joined is None:
            self.joined = joins.join(self.nickname, self.family, actor=self.actor, same={})

    def part(self) -> None:
        if self.joined is not None:
            joins.part(self.joined, actor=self.actor)
            self.joined = None

    def link(self) -> None:
        """The first record and the first visit of nobody known are the family's after all."""
        for record in Consultation.objects.filter(household=None).order_by("pk")[:1]:
            records.move_record(record, self.family, actor=self.actor, reason="ご家庭が分かった")
        for came in Visit.objects.filter(household=None).order_by("pk")[:1]:
            visits.name_visit(came, self.family, actor=self.actor, person_ids=[])

    def draw(self) -> None:
        """All records of the family, and of nobody known, into the family's chart."""
        found = list(Consultation.objects.filter(Q(household=self.family) | Q(household=None)).order_by("pk"))
        chart = Chart.objects.filter(household=self.family).first()
        if chart is None:
            follow(self.actor, self.family, *found)
        else:
            chart_entries.draw_in(chart, found, actor=self.actor)

    def out(self) -> None:
        for entry in ChartEntry.objects.filter(taken_out_at__isnull=True).order_by("pk"):
            chart_entries.take_out(entry, actor=self.actor, reason="べつの家庭のことだった")


STEPS: dict[str, Callable[[Work], None]] = {
    "join": Work.join,
    "part": Work.part,
    "link": Work.link,
    "draw": Work.draw,
    "out": Work.out,
}


@CALM
@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=6),
    st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=8),
)
def test_no_order_of_mending_changes_a_total(in_town: Town, came: list[int], steps: list[str]) -> None:
    with rolled_back(), clock.stopped_at(NIGHT):
        work = Work(in_town)
        work.come(came)
        before = work.totals()
        for step in steps:
            STEPS[step](work)
            assert work.totals() == before, step


def test_a_record_of_nobody_is_drawn_in_and_nobodys_again(in_town: Town) -> None:
    with clock.stopped_at(NIGHT):
        work = Work(in_town)
        work.come([3, 2, 3, 0, 4])
        before = work.totals()
        for step, unnamed in ((Work.draw, 0), (Work.join, 0), (Work.out, 2), (Work.part, 2), (Work.draw, 0)):
            step(work)
            assert work.totals() == before
            assert Consultation.objects.filter(household=None).count() == unnamed
