"""Charts (E2): opened, changed, ended, opened again; records drawn in and taken out with day and writer kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.encounters.cast import NOON, children, kimura, trail, visit, write
from tests.encounters.charting import WHY, follow, inside, pass_to
from tests.families.people import make_family
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import queries
from tsunagari.encounters.models import Chart, ChartEntry, Consultation
from tsunagari.encounters.operations import chart_entries, charts
from tsunagari.encounters.queries import chart_history
from tsunagari.encounters.queries import charts as chart_lists
from tsunagari.encounters.queries.chart_offers import offers
from tsunagari.encounters.rules.charts import ChartInput, next_number, same_words, year_mark
from tsunagari.families.models import Household, Person


def test_the_opener_is_in_charge_and_numbers_run_by_fiscal_year(in_town: Town) -> None:
    first = follow(in_town.counselor, kimura(in_town.counselor))
    second = follow(in_town.colleague, make_family(in_town.counselor))
    year = year_mark(clock.today())
    assert (first.number, second.number) == (f"{year}-001", f"{year}-002")
    assert (first.owner_id, second.owner_name) == (in_town.counselor.user_id, in_town.colleague.name)
    assert [line.household_id for line in trail("chart.open")] == [first.household_id, second.household_id]


@pytest.mark.parametrize(
    ("given", "number"), [([], "R8-001"), (["R8-002", "R8-010", "R7-099"], "R8-011"), (["R8-x"], "R8-001")]
)
def test_the_next_number(given: list[str], number: str) -> None:
    assert next_number(given, NOON.date()) == number
    assert year_mark(NOON.date().replace(month=3)) == "R7"


def test_a_number_that_left_with_its_chart_is_not_given_again(in_town: Town) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    number = follow(in_town.counselor, make_family(in_town.counselor)).number
    assert number == f"{year_mark(clock.today())}-002"


def test_one_open_chart_for_the_family_and_one_for_each_person(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    first = follow(in_town.counselor, family)
    with pytest.raises(charts.AlreadyOpen) as refused:
        follow(in_town.colleague, family)
    assert refused.value.chart == first
    child = Person.objects.get(pk=children(family)[0])
    assert follow(in_town.counselor, family, person=child).person == child
    with pytest.raises(charts.AlreadyOpen):
        follow(in_town.counselor, family, person=child)


@pytest.mark.parametrize(
    ("head", "field"),
    [
        (ChartInput(" "), "why"),
        (ChartInput("x" * 5_001), "why"),
        (ChartInput(WHY, concern=4), "concern"),
        (ChartInput(WHY, review_on=NOON.date() - timedelta(days=900)), "review_on"),
        (ChartInput(WHY, review_on=NOON.date() + timedelta(days=4_000)), "review_on"),
    ],
)
def test_a_head_that_cannot_be_kept_names_its_field(in_town: Town, head: ChartInput, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        follow(in_town.counselor, kimura(in_town.counselor), head=head)
    assert refused.value.field == field


def test_only_somebody_who_works_here_can_be_in_charge(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    for other in (in_town.stranger, in_town.officer, in_town.rounds):
        with pytest.raises(DomainError) as refused:
            follow(in_town.counselor, family, owner_id=other.user_id)
        assert refused.value.field == "owner"


def test_a_person_of_another_family_is_refused(in_town: Town) -> None:
    other = Person.objects.filter(household=make_family(in_town.counselor)).first()
    with pytest.raises(DomainError):
        follow(in_town.counselor, kimura(in_town.counselor), person=other)


def test_a_change_keeps_the_former_head_and_a_stale_one_is_refused(in_town: Town) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    head = ChartInput(WHY, concern=3, review_on=clock.today() + timedelta(days=30))
    given = {"actor": in_town.counselor, "expected_version": 1}
    charts.change_chart(chart, head=head, owner_id=in_town.colleague.user_id, **given)
    with pytest.raises(charts.StaleChart) as refused:
        charts.change_chart(chart, head=replace(head, concern=0), **given)
    assert refused.value.current.concern == 3
    [change] = chart_history.revisions(refused.value.current, ("0", "1", "2", "3"))
    assert {label for label, *_ in change.changes} == {"気がかりの度合い", "次の見直し", "担当"}
    same = charts.change_chart(chart, head=head, actor=in_town.counselor, expected_version=2)
    assert same.version == 2


def test_ending_needs_a_reason_and_a_summary_and_can_be_taken_back(in_town: Town) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    given = {"actor": in_town.counselor, "expected_version": 1}
    for reason, summary, field in (("", "x", "reason"), ("settled", " ", "summary")):
        with pytest.raises(DomainError) as refused:
            charts.close_chart(chart, reason=reason, summary=summary, **given)
        assert refused.value.field == field
    closed = charts.close_chart(chart, reason="settled", summary="眠れるようになった。", **given)
    assert (closed.closed_on, closed.closed_by_name) == (clock.today(), in_town.counselor.name)
    with pytest.raises(Conflict):
        chart_entries.draw_in(chart, [write(in_town.counselor, chart.household)], actor=in_town.counselor)
    again = charts.reopen_chart(closed, actor=in_town.colleague, reason="また眠れない")
    assert (again.closed_on, again.owner_id, again.closing_summary) == (None, in_town.counselor.user_id, "")
    former = chart_history.revisions(again, ("0", "1", "2", "3"))[0]
    assert ("終わりのまとめ", "眠れるようになった。", "なし") in former.changes


def test_another_agency_changes_nothing(in_town: Town) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    given = {"actor": in_town.stranger, "expected_version": 1}
    with pytest.raises(Forbidden):
        charts.change_chart(chart, head=ChartInput("x"), **given)
    with pytest.raises(Forbidden):
        charts.close_chart(chart, reason="settled", summary="x", **given)
    with pytest.raises(Forbidden):
        chart_entries.draw_in(chart, [write(in_town.stranger)], actor=in_town.stranger)
    assert not Chart.objects.visible_to(in_town.stranger).exists()


def test_the_centre_reads_what_is_shared_with_consent(in_town: Town) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    assert not Chart.objects.visible_to(in_town.nurse).exists()
    charts.change_chart(chart, actor=in_town.counselor, head=ChartInput(WHY, shared=True), expected_version=1)
    assert list(Chart.objects.visible_to(in_town.nurse)) == [chart]
    for other in (in_town.officer, in_town.auditor, in_town.stranger):
        assert not Chart.objects.visible_to(other).exists()


def test_what_was_recorded_before_is_offered(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    known = write(in_town.counselor, family)
    named = write(in_town.colleague, who_hint="きむらさんの下の子")
    visit(in_town.counselor, family, at=NOON - timedelta(days=3))
    same_day = write(in_town.counselor, who_hint="電話の人", occurred_at=NOON - timedelta(days=3))
    write(in_town.counselor, who_hint="佐藤さん", occurred_at=NOON - timedelta(days=4))
    write(in_town.stranger, who_hint="木村さん")
    found = offers(in_town.counselor, family)
    assert [one.id for one in found.known] == [known.pk]
    assert [one.id for one in found.likely] == [named.pk, same_day.pk]
    chart = follow(in_town.counselor, family, known, named)
    rest = offers(in_town.counselor, family, chart_id=chart.pk)
    assert ([one.id for one in rest.known], [one.id for one in rest.likely]) == ([], [same_day.pk])


@pytest.mark.parametrize(
    ("hint", "names", "same"),
    [
        ("木村さんと2歳の男の子", ["木村", "綾"], {"木村"}),
        ("キムラさん", ["きむら"], {"きむら"}),
        ("お母さんと女の子", ["母", "女の子"], set()),
        ("そうたくんのママ", ["ソウタ"], {"そうた"}),
        ("", ["木村"], set()),
    ],
)
def test_words_that_may_name_the_family(hint: str, names: list[str], same: set[str]) -> None:
    assert same_words(hint, names) == same


def test_a_record_about_nobody_becomes_the_familys_and_is_given_back_exactly(in_town: Town) -> None:
    record = write(in_town.colleague, who_hint="木村さんらしい人", next_step="きく", next_on=NOON.date())
    before = queries.record_input(record)
    chart = follow(in_town.counselor, kimura(in_town.counselor), record)
    record = Consultation.objects.get(pk=record.pk)
    assert (record.household_id, record.author_id) == (chart.household_id, in_town.colleague.user_id)
    assert replace(queries.record_input(record), household_id=None) == before
    entry = ChartEntry.objects.get(chart=chart)
    chart_entries.take_out(entry, actor=in_town.counselor, reason="ちがう家庭だった")
    record = Consultation.objects.get(pk=record.pk)
    assert (queries.record_input(record), record.occurred_at, inside(chart)) == (before, NOON, [])
    assert {line.household_id for line in trail("chart.draw")} == {chart.household_id, None}
    with pytest.raises(Conflict):
        chart_entries.take_out(entry, actor=in_town.counselor, reason="もう一度")


def test_a_record_of_the_family_stays_the_familys_when_taken_out(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record = write(in_town.counselor, family)
    chart = follow(in_town.counselor, family, record)
    assert chart_entries.draw_in(chart, [record], actor=in_town.counselor) == []
    entry = ChartEntry.objects.get(chart=chart)
    chart_entries.take_out(entry, actor=in_town.counselor, reason="関係がない")
    record.refresh_from_db()
    assert (record.household_id, record.version, record.people.count()) == (family.pk, 1, 2)


def test_records_of_another_family_or_agency_do_not_go_in(in_town: Town) -> None:
    family: Household = kimura(in_town.counselor)
    chart = follow(in_town.counselor, family)
    with pytest.raises(DomainError):
        chart_entries.draw_in(
            chart,
            [write(in_town.counselor, make_family(in_town.counselor), person_ids=())],
            actor=in_town.counselor,
        )
    with pytest.raises(Forbidden):
        chart_entries.draw_in(chart, [write(in_town.stranger, family)], actor=in_town.counselor)


def test_the_list_goes_on_where_a_page_ended_those_without_a_review_last(in_town: Town) -> None:
    first = follow(in_town.counselor, kimura(in_town.counselor))
    days = [NOON.date() + timedelta(days=days) for days in (5, 1, 1, 3)]
    made = [
        Chart.objects.create(
            municipality=in_town.municipality, agency=in_town.aoba, household=first.household, number=f"R8-9{number}",
            why=WHY, opened_on=NOON.date(), review_on=day, created_at=NOON, updated_at=NOON,
        )
        for number, day in enumerate([*days, None, None])
    ]  # fmt: skip
    Chart.objects.filter(pk=first.pk).update(review_on=None)
    shown, before = [], None
    while before != "":
        page = chart_lists.charts(in_town.counselor, "agency", before=before or "", limit=2)
        shown += [line.id for line in page.lines]
        before = page.more
    one, two, three, four, five, six = (chart.pk for chart in made)
    assert shown == [two, three, four, one, first.pk, five, six]
