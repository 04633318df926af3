"""A rule holds from a month on: changing or ending it leaves what was asked for the months before as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.makers import Town, scope
from tests.reports.test_pages import text, write_in_october
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.reports.figures import figures_of
from tsunagari.reports.models import ReportingRule
from tsunagari.reports.operations import rules
from tsunagari.reports.queries import asking, reading, reports
from tsunagari.reports.rules import ITEMS, Asked, cell_value, month_of, named_cells, year_of

Clients = Callable[[Actor], Client]
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
NO_PARTNERS = Asked({code: "not_asked" if code == "6" else "regular" for code in ITEMS}, due_day=10)


@pytest.fixture(autouse=True)
def stopped() -> Any:
    with clock.stopped_at(clock.at(date(2026, 11, 20), 10)):
        yield


def late_months(town: Town) -> list[tuple[str, date]]:
    with scope(town):
        return [(slot.period.code, slot.due_on) for slot in reports.late(town.officer)]


def asked_in(town: Town, month: date) -> Asked:
    return asking.Rules(town.municipality.pk).asked(town.aoba.pk, month)


def test_a_changed_rule_forgets_no_late_month_and_no_due_day(town: Town) -> None:
    write_in_october(town)
    with scope(town), clock.stopped_at(clock.at(date(2026, 11, 1), 9)):
        rules.ask(None, Asked(due_day=5), actor=town.officer, expected_version=0)
    assert late_months(town) == [("2026-10", date(2026, 11, 5))]
    with scope(town), clock.stopped_at(clock.at(date(2026, 12, 12), 9)):
        rules.ask(None, Asked(due_day=9), actor=town.officer, expected_version=1)
    with clock.stopped_at(clock.at(date(2027, 1, 20), 9)):
        expected = [
            ("2026-10", date(2026, 11, 5)),
            ("2026-11", date(2026, 12, 5)),
            ("2026-12", date(2027, 1, 9)),
        ]
        assert late_months(town) == expected


def test_the_town_that_begins_later_is_not_waited_for_before(town: Town) -> None:
    write_in_october(town)
    with scope(town):
        rules.ask(None, Asked(due_day=1), actor=town.officer, expected_version=0, since=NOVEMBER)
    assert late_months(town) == []
    with scope(town):
        rules.ask(town.aoba, Asked(due_day=2), actor=town.officer, expected_version=0, since=SEPTEMBER)
    assert late_months(town) == [("2026-10", date(2026, 11, 2))]


def test_an_own_rule_that_ended_still_holds_for_its_months(in_town: Town) -> None:
    rules.ask(None, Asked(), actor=in_town.officer, expected_version=0, since=SEPTEMBER)
    rules.ask(in_town.aoba, NO_PARTNERS, actor=in_town.officer, expected_version=0, since=OCTOBER)
    assert rules.as_all(in_town.aoba, actor=in_town.officer) == NOVEMBER
    answers = [asked_in(in_town, month) for month in (SEPTEMBER, OCTOBER, NOVEMBER)]
    assert answers == [Asked(), NO_PARTNERS, Asked()]
    rules.ask(in_town.aoba, NO_PARTNERS, actor=in_town.officer, expected_version=2, since=NOVEMBER)
    assert asked_in(in_town, NOVEMBER) == NO_PARTNERS


def test_a_rule_of_an_earlier_month_takes_the_place_of_later_ones(in_town: Town) -> None:
    rules.ask(in_town.aoba, NO_PARTNERS, actor=in_town.officer, expected_version=0, since=NOVEMBER)
    rules.ask(in_town.aoba, Asked(due_day=7), actor=in_town.officer, expected_version=1, since=OCTOBER)
    assert [asked_in(in_town, month).due_day for month in (OCTOBER, NOVEMBER)] == [7, 7]
    assert ReportingRule.objects.get().version == 2
    assert asked_in(in_town, SEPTEMBER) == Asked()


def test_an_item_no_longer_asked_stays_in_the_months_before(town: Town) -> None:
    write_in_october(town)
    with scope(town):
        rules.ask(None, Asked(), actor=town.officer, expected_version=0, since=OCTOBER)
        not_counted = Asked(dict.fromkeys(ITEMS, "not_asked"))
        rules.ask(None, not_counted, actor=town.officer, expected_version=1)
        before, now, year = (
            figures_of(reading.span_of_city(town.officer, period))
            for period in (month_of(OCTOBER), month_of(NOVEMBER), year_of(2026))
        )
    assert cell_value(before, "consult.total") == 1
    assert "consult.total" not in named_cells(now)
    assert "consult.total" not in named_cells(year)  # as it is asked now


@pytest.mark.parametrize("since", [date(2026, 11, 2), date(2027, 12, 1), date(1999, 4, 1)])
def test_a_rule_begins_with_a_month_that_is_near(in_town: Town, since: date) -> None:
    with pytest.raises(DomainError, match="いつの報告から"):
        rules.ask(None, Asked(), actor=in_town.officer, expected_version=0, since=since)


def typed(**more: str) -> dict[str, str]:
    return {f"item_{code}": "regular" for code in ITEMS} | {"due_day": "5", "version": "0"} | more


def test_the_city_chooses_the_month_on_the_page(town: Town, client_of: Clients) -> None:
    officer = client_of(town.officer)
    page = text(officer, "/reports/rules/all/")
    assert '<option value="2026-10-01" selected>令和8年10月分から</option>' in page
    for wrong in ("2026-11-02", "2031-01-01", "", "x"):
        assert officer.post("/reports/rules/all/", typed(since=wrong)).status_code == 422
    officer.post("/reports/rules/all/", typed(since="2026-09-01"))
    officer.post(f"/reports/rules/{town.aoba.pk}/", typed(since="2026-12-01", due_day="8"))
    shown = text(officer, "/reports/rules/")
    assert "2026年9月分" in shown
    assert "2026年12月分から変わります" in shown
    edit = text(officer, f"/reports/rules/{town.aoba.pk}/")
    assert '<option value="2026-12-01" selected>' in edit
    ended = officer.post(
        f"/reports/rules/{town.aoba.pk}/", typed(since="2026-12-01", as_all="1"), follow=True
    )
    assert "令和8年12月分の報告から、市のきまりと同じになります" in ended.content.decode()
