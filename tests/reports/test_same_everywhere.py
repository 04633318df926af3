"""One month, four ways: the screen, the workbook, the paper and plain SQL say the same of every figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from tests.makers import Town, scope
from tests.reports.plain import plain
from tests.reports.random_month import FIRST, FULL_MONTHS, World, fill, make_world, rolled_back
from tests.reports.surfaces import Figures, in_workbook, on_paper, on_screen
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.reports.figures import figures_of
from tsunagari.reports.queries import reading
from tsunagari.reports.rules import Section, cell_name, month_of

WIDE_ENOUGH = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],  # each is a dozen requests: shrinking would take minutes
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
Clients = Callable[[Actor], Client]
OF_AGENCY = 1_100  # figures of a report at the least, all tables together


@pytest.fixture
def world(town: Town) -> World:
    with scope(town):
        return make_world(town)


@pytest.mark.slow
@WIDE_ENOUGH
@given(FULL_MONTHS)
def test_every_figure_of_an_agencys_month_is_the_same_everywhere(
    world: World, client_of: Clients, month: dict[str, Any]
) -> None:
    with rolled_back(), clock.stopped_at(clock.at(FIRST, 10)):
        town = world.town
        with scope(town):
            fill(world, month)
            span = reading.span_of_agency(town.manager, town.aoba, month_of(FIRST), whole=False)
            sections = figures_of(span)
        manager = client_of(town.manager)
        address = manager.post("/reports/new/", {"kind": "monthly", "day": str(FIRST)}).headers["Location"]
        check_all(manager, address, sections, plain(town, [town.aoba.pk]))


@pytest.mark.slow
@WIDE_ENOUGH
@given(FULL_MONTHS)
def test_every_figure_of_the_towns_month_is_the_same_everywhere(
    world: World, client_of: Clients, month: dict[str, Any]
) -> None:
    with rolled_back(), clock.stopped_at(clock.at(FIRST, 10)):
        town = world.town
        with scope(town):
            fill(world, month)
            sections = figures_of(reading.span_of_city(town.lead, month_of(FIRST)))
        everywhere = [town.aoba.pk, town.midori.pk, town.centre.pk]
        check_all(client_of(town.lead), "/reports/city/2027-02/", sections, plain(town, everywhere))


def check_all(client: Client, address: str, sections: list[Section], counted: dict[str, int]) -> None:
    """What the sections hold but their numbers says which figures there are; the numbers come from plain SQL."""
    wanted = by_words(sections, counted)
    assert len(wanted) >= OF_AGENCY
    page, book, paper = (client.get(f"{address}{name}").content for name in ("", "report.xlsx", "report.pdf"))
    assert on_screen(page.decode()) == wanted
    assert in_workbook(book, sections) == wanted
    assert on_paper(paper, sections) == wanted


def by_words(sections: list[Section], counted: dict[str, int]) -> Figures:
    """Counted figures by the words they stand under; all that was counted has a place."""
    names = {
        cell_name(one, row, column): (one.title, row.label, column.label)
        for one in sections
        for row in one.rows
        for column in one.columns
    }
    of_agencies = any(one.key == "agency" for one in sections)
    stray = {name for name, value in counted.items() if value and name not in names}
    assert not {name for name in stray if of_agencies or not name.startswith("agency.")}
    return {words: counted.get(name, 0) for name, words in names.items()}
