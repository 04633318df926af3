"""Figures: a random month counted by the report, by the roster's rules and by loops over rows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from tests.makers import Town
from tests.reports.random_month import FIRST, MONTHS, World, fill, make_world, rolled_back
from tsunagari.encounters import queries as encounters
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.rules import Counts
from tsunagari.reports.figures import Span, figures_of, record_ids
from tsunagari.reports.queries.reading import narrowed, span_of_agency, span_of_city
from tsunagari.reports.rules import Section, cell_value, month_of, named_cells

PERIOD = month_of(FIRST)
SLOW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def world(in_town: Town) -> World:
    return make_world(in_town)


def filled(world: World, month: dict[str, Any], check: Any) -> None:
    """Run `check` on the filled month and take its rows away again."""
    with rolled_back():
        fill(world, month)
        check()


def ours(world: World) -> list[Section]:
    return figures_of(span_of_agency(world.town.counselor, world.town.aoba, PERIOD, whole=True))


def rows_of(world: World) -> list[Consultation]:
    """The records of あおば in the month, with their people."""
    rows = Consultation.objects.filter(agency=world.town.aoba).prefetch_related("people__person")
    return [row for row in rows if PERIOD.first <= row.occurred_on <= PERIOD.last]


@SLOW
@given(MONTHS)
def test_visits_are_counted_as_the_roster_counts_its_days(world: World, month: dict[str, Any]) -> None:
    def check() -> None:
        days = [PERIOD.first + timedelta(days=number) for number in range(28)]
        counts = sum((encounters.roster(world.town.counselor, day).counts for day in days), Counts())
        shown = ours(world)
        got = [cell_value(shown, f"visit.{name}") for name in ("families", "adults", "children", "first")]
        assert got == [counts.families, counts.adults, counts.children, counts.first]
        got = [cell_value(shown, f"visit.{name}") for name in ("other_town", "unnamed", "tallied")]
        assert got == [counts.other_town, counts.unnamed, counts.tallied]
        assert [cell_value(shown, f"visit_age.{number}") for number in range(8)] == list(counts.by_age)

    filled(world, month, check)


def counted(rows: list[Consultation]) -> Counter[str]:
    """Cells of the report by loops over rows."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(_cells(row))
    return found


def _cells(row: Consultation) -> list[str]:
    main, by = row.main_category, row.channel
    ages = sorted(_age(one) for one in row.people.all() if one.person.kind == "child")
    youngest = ages[0] if ages else 8
    cells = ["consult.total", f"consult.{'named' if row.household_id else 'unnamed'}"]
    cells += [f"channel.{by}", "channel.total", f"kind.{row.kind}", "kind.total"]
    cells += [
        f"category.{main}.{by}",
        f"category.total.{by}",
        f"category.{main}.total",
        "category.total.total",
    ]
    cells += [f"category.{code}.all" for code in row.categories] + ["category.total.all"] * len(
        row.categories
    )
    cells += [f"age.{youngest}.{by}", f"age.{youngest}.total", f"age.total.{by}", "age.total.total"]
    cells += [f"age.{age}.kids" for age in ages] + ["age.total.kids"] * len(ages)
    cells += [f"category_age.{a}.{b}" for a in (main, "total") for b in (youngest, "total")]
    cells += [f"cube.{main}.{by}.{youngest}", f"concern.{-1 if row.concern is None else row.concern}"]
    cells += [f"response.{code}" for code in row.responses] + [f"mark.{row.mark_id or 0}"]
    if row.next_on:
        cells += ["step.set", "step.done" if row.next_done_at else "step.open"]
    for column, told in (("told", row.told), ("linked", row.linked)):
        cells += [f"partner.{pk}.{column}" for pk in told] + [f"partner.total.{column}"] * len(told)
    return [*cells, f"who.{_who(row)}"]


def _age(person: Any) -> int:
    if person.age_months is not None:
        return min(person.age_months // 12, 6)
    return 7 if person.age_text else 8


def _who(row: Consultation) -> str:
    for one in row.people.all():
        if one.consulting:
            return {"母": "mother", "父": "father"}.get(one.person.relation, "guardian")
    return "unsaid" if row.household_id else "unnamed"


@SLOW
@given(MONTHS)
def test_every_figure_about_records_is_what_a_loop_counts(world: World, month: dict[str, Any]) -> None:
    def check() -> None:
        wanted = counted(rows_of(world))
        of_records = [one for one in ours(world) if one.opens == "records"]
        got = {
            name: value for name, (_, value) in named_cells(of_records).items() if name != "consult.different"
        }
        assert {name: value for name, value in got.items() if value} == dict(wanted)

    filled(world, month, check)


@pytest.mark.slow
@settings(SLOW, max_examples=8)
@given(MONTHS)
def test_behind_every_figure_stand_as_many_records_as_it_says(world: World, month: dict[str, Any]) -> None:
    """But for sums over persons and partners, where one record counts several times."""

    def check() -> None:
        span = span_of_city(world.town.officer, PERIOD)
        for section in figures_of(span):
            if section.opens != "records" or section.key in ("consult", "partner"):
                continue
            for row, values in zip(section.rows, section.cells, strict=True):
                for column, value in zip(section.columns, values, strict=True):
                    if column.key in ("all", "kids") or not value:
                        continue
                    ids = record_ids(narrowed(span, section.items), section.key, row.key, column.key)
                    if ids is not None and column.key not in ("told", "linked", "families", "children"):
                        assert len(set(ids)) == value, (section.key, row.key, column.key)

    filled(world, month, check)


def planned(span: Span) -> set[tuple[str, str]]:
    """How the statements that sum are planned."""
    found = set()

    def ask(execute: Any, sql: str, *rest: Any) -> Any:
        if "WITH" in sql:
            found.add(settings_now())
        return execute(sql, *rest)

    with connection.execute_wrapper(ask):
        figures_of(span)
    return found


def settings_now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('random_page_cost'), current_setting('plan_cache_mode')")
        return cursor.fetchone()


def test_a_whole_towns_month_alone_is_planned_for_pages_in_order(world: World) -> None:
    before = settings_now()
    assert before[0] != "2"
    assert planned(span_of_city(world.town.officer, PERIOD)) == {("2", "force_custom_plan")}
    assert settings_now() == before
    assert planned(span_of_agency(world.town.counselor, world.town.aoba, PERIOD, whole=True)) == {before}
