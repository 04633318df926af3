"""What is asked of whom (質問4(1)), what follows for a report, and differences between frozen and present figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import kimura, said
from tests.makers import Town, make_agency, scope
from tests.reports.test_pages import october, stopped, submit, text, write_in_october
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, Forbidden
from tsunagari.encounters.operations import records
from tsunagari.reports.figures import figures_of
from tsunagari.reports.models import Report
from tsunagari.reports.operations import comments, making, rules
from tsunagari.reports.queries import asking, reading, years
from tsunagari.reports.queries.news import reports_waiting
from tsunagari.reports.queries.reports import began_on
from tsunagari.reports.rules import (
    ITEMS,
    Asked,
    Line,
    Section,
    cell_value,
    differences,
    from_json,
    month_of,
    months_of_year,
    shown_asking,
    to_json,
    year_of,
)

Clients = Callable[[Actor], Client]
__all__ = ["stopped"]
NOT_PARTNERS = Asked({code: "not_asked" if code == "6" else "regular" for code in ITEMS}, due_day=10)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CELLS = st.lists(st.integers(0, 9), min_size=3, max_size=3)


def section(values: list[int]) -> Section:
    rows = tuple(Line(str(number), f"{number}歳") for number in range(3))
    return Section("age", "年齢", rows, tuple((value,) for value in values))


@CALM
@given(CELLS, CELLS)
def test_differences_are_the_cells_that_are_not_the_same(before: list[int], after: list[int]) -> None:
    found = differences([section(before)], [section(after)])
    wanted = [(f"age.{n}", a, b) for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert [(one.name, one.before, one.after) for one in found] == wanted


@CALM
@given(CELLS)
def test_what_was_frozen_thaws_the_same(values: list[int]) -> None:
    assert from_json(to_json([section(values)])) == [section(values)]


def test_the_citys_answer_differs_when_agencies_do() -> None:
    assert shown_asking(["regular", "regular"]) == "regular"
    assert shown_asking(["regular", "not_asked"]) == "differs"
    assert shown_asking([]) == "not_asked"


def test_an_item_not_asked_is_not_in_what_is_submitted(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    with scope(town):
        asked = Asked({code: "not_asked" if code == "3" else "regular" for code in ITEMS})
        rules.ask(town.aoba, asked, actor=town.officer, expected_version=0)
    manager = client_of(town.manager)
    number = october(manager)
    assert "市に求められていない項目" in text(manager, f"/reports/{number}/")
    submit(manager, number)
    page = text(client_of(town.officer), f"/reports/{number}/")
    assert "相談した人" not in page
    assert "相談の主な分類と方法" in page
    assert "施設により異なる" in text(manager, "/reports/rules/")


def test_the_town_leaves_out_agencies_that_are_not_asked(in_town: Town) -> None:
    rules.ask(in_town.midori, NOT_PARTNERS, actor=in_town.officer, expected_version=0)
    span = reading.span_of_city(in_town.officer, month_of(date(2026, 10, 1)))
    assert span.left_out(("6",)) == ("みどり児童館",)
    assert span.left_out(("1",)) == ()
    everybody = [one for one in figures_of(span) if one.key == "consult"]
    assert everybody[0].left_out == ()


def test_the_page_of_rules_says_each_way_once(town: Town, client_of: Clients) -> None:
    with scope(town, town.officer.user_id):
        rules.ask(town.midori, NOT_PARTNERS, actor=town.officer, expected_version=0)
    page = client_of(town.officer).get("/reports/rules/").content.decode()
    cells = re.findall(r'<td data-label="求めている項目">(.*?)</td>', page)
    assert sorted(set(cells)) == [
        "<div><b>定期的に報告</b>：相談件数、相談内容別件数、相談者の属性、相談者の子どもの属性、対応・支援方針</div>"
        "<div><b>求めていない</b>：つないだ連携先・依頼先</div>",
        "<div>すべて定期的に報告</div>",
    ]


def test_two_who_change_a_rule_at_once_are_told(in_town: Town) -> None:
    rules.ask(None, Asked(), actor=in_town.officer, expected_version=0)
    with pytest.raises(Conflict):
        rules.ask(None, Asked(), actor=in_town.officer, expected_version=0)
    rules.ask(in_town.aoba, NOT_PARTNERS, actor=in_town.officer, expected_version=0)
    rules.as_all(in_town.aoba, actor=in_town.officer)
    assert asking.Rules(in_town.municipality.pk).asked(in_town.aoba.pk, clock.today()) == Asked()


def test_records_to_be_shared_at_once_are_a_list(town: Town, client_of: Clients) -> None:
    first = write_in_october(town)
    with scope(town):
        asked = Asked({code: "at_once" if code == "5" else "regular" for code in ITEMS})
        rules.ask(town.aoba, asked, actor=town.officer, expected_version=0)
        family = kimura(town.counselor)
        when = said(
            family,
            occurred_at=records.Consultation.objects.get(pk=first).occurred_at,
            responses=("connected",),
        )
        second = records.write_record(when, actor=town.counselor, key=uuid4()).pk
    page = text(client_of(town.manager), f"/reports/{october(client_of(town.manager))}/")
    part = page.split("そのつど共有する記録")[1].split("</section>")[0]
    assert f"/records/{second}/" in part
    assert f"/records/{first}/" not in part


def test_only_the_own_report_is_made_and_submitted(in_town: Town) -> None:
    period = month_of(date(2026, 10, 1))
    for actor, agency in (
        (in_town.manager, in_town.midori),
        (in_town.manager, None),
        (in_town.officer, in_town.aoba),
    ):
        with pytest.raises(Forbidden):
            making.draft_of(agency, period, actor=actor)
    report = making.draft_of(in_town.aoba, period, actor=in_town.manager)
    assert making.draft_of(in_town.aoba, period, actor=in_town.manager) == report
    for actor in (in_town.lead, in_town.officer, in_town.stranger):
        with pytest.raises((Forbidden, Report.DoesNotExist)):
            making.submit(report, actor=actor, expected_version=1)


def test_a_double_click_is_one_comment_one_amended_report(in_town: Town) -> None:
    report = making.draft_of(in_town.aoba, month_of(date(2026, 10, 1)), actor=in_town.manager)
    key = uuid4()
    for _ in range(2):
        comments.comment(report, "見ました。", actor=in_town.manager, key=key)
    making.submit(report, actor=in_town.manager, expected_version=report.version)
    made = {making.amend(report, actor=in_town.manager, reason="書きもれ").pk for _ in range(2)}
    assert (report.comments.count(), len(made)) == (1, 1)
    with pytest.raises(Conflict):
        making.submit(report, actor=in_town.manager, expected_version=report.version)


def test_a_year_is_the_sum_of_its_months(town: Town) -> None:
    for _ in range(2):
        write_in_october(town)
    with scope(town):
        year = reading.span_of_city(town.officer, year_of(2026))
        months = [figures_of(reading.span_of_city(town.officer, one)) for one in months_of_year(2026)]
        for name in ("consult.total", "visit.receptions", "category.5.phone", "age.total.kids"):
            assert cell_value(figures_of(year), name) == sum(cell_value(one, name) for one in months) > 0
        assert cell_value([years.trend(year)], "month.total.consult") == 2


def test_today_hears_of_reports_by_a_few_statements(
    town: Town, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    write_in_october(town)
    with scope(town):
        assert not reports_waiting(town.manager)
        rules.ask(None, Asked(due_day=1), actor=town.officer, expected_version=0)
        given = (town.municipality.pk, [town.aoba.pk, town.midori.pk], asking.Rules(town.municipality.pk))
        assert began_on(*given) == {town.aoba.pk: date(2026, 10, 20)}
        with django_assert_max_num_queries(5):
            assert [line.more for line in reports_waiting(town.manager)] == [
                "期限（11月1日）を3日すぎています"
            ]
        with django_assert_max_num_queries(6):
            assert [line.what for line in reports_waiting(town.officer)] == ["おくれている月報"]
    assert "令和8年10月の月報" in text(client_of(town.manager), "/")
    assert "おくれている月報" in text(client_of(town.officer), "/")
    assert "月報" not in text(client_of(town.counselor), "/").partition("<main")[2]


def test_a_month_sent_back_is_news_for_its_agency(town: Town, client_of: Clients) -> None:
    write_in_october(town)
    manager = client_of(town.manager)
    number = october(manager)
    submit(manager, number)
    with scope(town):
        assert [line.what for line in reports_waiting(town.officer)] == ["受け取りを待つ報告"]
        assert not reports_waiting(town.manager)
        making.send_back(Report.objects.get(pk=number), actor=town.officer, reason="人数を確かめてください")
        assert [(line.more, line.url) for line in reports_waiting(town.manager)] == [
            ("差しもどされています", f"/reports/{number}/")
        ]


def test_the_citys_page_shows_some_agencies_and_pages_to_the_others(town: Town, client_of: Clients) -> None:
    with scope(town):
        for number in range(3):
            make_agency(town.municipality, f"ひろば{number}", town.area)
    officer, seen = client_of(town.officer), []
    with patch("tsunagari.reports.views.city.PAGE", 4):
        for page in (1, 2):
            shown = officer.get(f"/reports/city/?page={page}&year=2026").context
            assert shown["page"].paginator.count == 6
            seen.append([agency.name for agency, _ in shown["lines"]])
    assert [len(names) for names in seen] == [4, 2]
    assert len({*seen[0], *seen[1]}) == 6


def test_statements_of_a_report_do_not_grow(
    town: Town, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    manager = client_of(town.manager)
    write_in_october(town)
    number = october(manager)
    for _ in range(2):
        with django_assert_max_num_queries(40):
            manager.get(f"/reports/{number}/")
        with django_assert_max_num_queries(40):
            manager.get(f"/reports/{number}/cells/category.5.phone/")
        for _ in range(3):
            write_in_october(town)
