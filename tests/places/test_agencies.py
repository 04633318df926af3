"""A1: agencies are opened, changed from a day on and closed; every day stays answerable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from tests.makers import Town, make_agency, make_area, scope

from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places import queries
from tsunagari.places.models import Agency, AgencyPeriod, OpeningException, OpeningHour
from tsunagari.places.operations import agencies, designations
from tsunagari.places.rules import ChannelInput, HourInput, PeriodInput

NINE, FIVE = time(9), time(17)
WEEK = tuple(HourInput(day, NINE, FIVE) for day in range(5))
FIRST = PeriodInput(
    name="ひばり広場",
    kana="ひばりひろば",
    operator_kind="5",
    place_kind="3",
    ages=("1", "2"),
    programmes=("kyoten",),
    latitude=36.05,
    longitude=139.05,
    channels=(ChannelInput("phone", "0480-00-0000", "平日"),),
    languages=("en",),
    hours=WEEK,
)
OPENED, MOVED = date(2024, 4, 1), date(2025, 10, 1)


@pytest.fixture
def hibari(in_town: Town) -> Agency:
    return agencies.open_agency(FIRST, actor=in_town.officer, opened_on=OPENED)


def spans(agency: Agency) -> list[tuple[date, date | None, str]]:
    return list(agency.periods.order_by("valid_from").values_list("valid_from", "valid_to", "name"))


def test_what_was_entered_comes_back_whole(hibari: Agency) -> None:
    assert queries.period_input(hibari.periods.get()) == FIRST
    assert hibari.identifier == "S0004"


def test_a_change_from_a_day_on_ends_the_former_period_the_day_before(in_town: Town, hibari: Agency) -> None:
    moved = replace(FIRST, name="ひばりテラス", address="つながり市西町3")
    agencies.change_agency(hibari, moved, actor=in_town.officer, effective_on=MOVED)
    assert spans(hibari) == [(OPENED, date(2025, 9, 30), "ひばり広場"), (MOVED, None, "ひばりテラス")]
    hibari.refresh_from_db()
    assert hibari.name == "ひばりテラス"


def test_a_correction_rewrites_the_period_and_keeps_its_days(in_town: Town, hibari: Agency) -> None:
    right = replace(FIRST, name="ひばりひろば", hours=WEEK[:3])
    agencies.change_agency(hibari, right, actor=in_town.officer, effective_on=OPENED)
    assert spans(hibari) == [(OPENED, None, "ひばりひろば")]
    assert OpeningHour.objects.filter(period__agency=hibari).count() == 3


def test_a_change_between_two_periods_keeps_the_later_one(in_town: Town, hibari: Agency) -> None:
    for name, day in [("C", date(2026, 4, 1)), ("B", MOVED)]:
        agencies.change_agency(hibari, replace(FIRST, name=name), actor=in_town.officer, effective_on=day)
    assert spans(hibari) == [
        (OPENED, date(2025, 9, 30), "ひばり広場"),
        (MOVED, date(2026, 3, 31), "B"),
        (date(2026, 4, 1), None, "C"),
    ]


def test_the_same_again_writes_nothing(in_town: Town, hibari: Agency) -> None:
    before = AgencyPeriod.objects.count()
    agencies.change_agency(hibari, replace(FIRST, ages=("2", "1")), actor=in_town.officer, effective_on=MOVED)
    assert AgencyPeriod.objects.count() == before


def test_no_change_before_the_first_day(in_town: Town, hibari: Agency) -> None:
    with pytest.raises(DomainError) as refused:
        agencies.change_agency(hibari, FIRST, actor=in_town.officer, effective_on=date(2023, 1, 1))
    assert refused.value.field == "effective_on"


def test_the_database_refuses_overlapping_periods(in_town: Town, hibari: Agency) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyPeriod.objects.create(
            municipality=in_town.municipality, agency=hibari, valid_from=MOVED, valid_to=MOVED, name="x"
        )


def test_closing_ends_the_period_and_the_designation(in_town: Town, hibari: Agency) -> None:
    designations.designate(hibari, actor=in_town.officer, valid_from=OPENED)
    last = date(2026, 3, 31)
    agencies.close_agency(hibari, actor=in_town.officer, closed_on=last)
    assert hibari.periods.get().valid_to == last
    assert hibari.designations.get().valid_to == last
    with pytest.raises(Conflict):
        agencies.close_agency(hibari, actor=in_town.officer, closed_on=last)


def test_a_mistaken_closing_is_taken_back(in_town: Town, hibari: Agency) -> None:
    agencies.close_agency(hibari, actor=in_town.officer, closed_on=date(2026, 3, 31))
    agencies.reopen_agency(hibari, actor=in_town.officer)
    assert spans(hibari) == [(OPENED, None, "ひばり広場")]
    assert Agency.objects.get(pk=hibari.pk).closed_on is None


@pytest.mark.parametrize(
    ("field", "value", "blamed"),
    [
        ("name", " ", "name"),
        ("ages", ("99",), "ages"),
        ("longitude", None, "longitude"),
        ("hours", (HourInput(0, FIVE, NINE),), "hours"),
        ("hours", (HourInput(0, NINE, time(12)), HourInput(0, time(11), FIVE)), "hours"),
    ],
)
def test_wrong_values_are_refused_by_field(in_town: Town, field: str, value: object, blamed: str) -> None:
    with pytest.raises(DomainError) as refused:
        agencies.open_agency(replace(FIRST, **{field: value}), actor=in_town.officer)
    assert refused.value.field == blamed


def test_an_area_of_another_town_is_unknown(town: Town, other_town: Town) -> None:
    with scope(town), pytest.raises(DomainError) as refused:
        agencies.open_agency(replace(FIRST, area_id=other_town.area.pk), actor=town.officer)
    assert refused.value.field == "area"


def test_an_identifier_belongs_to_one_agency(in_town: Town, hibari: Agency) -> None:
    with pytest.raises(DomainError) as refused:
        agencies.open_agency(FIRST, actor=in_town.officer, identifier=hibari.identifier)
    assert refused.value.field == "identifier"


def test_names_entered_ahead_are_brought_up_on_their_day(in_town: Town, hibari: Agency) -> None:
    agencies.change_agency(
        hibari, replace(FIRST, name="あすの名"), actor=in_town.officer, effective_on=date(2999, 4, 1)
    )
    Agency.objects.filter(pk=hibari.pk).update(name="古い名")
    assert agencies.refresh_names(actor=in_town.officer) == 1
    assert Agency.objects.get(pk=hibari.pk).name == "ひばり広場"


def test_each_change_leaves_trail(town: Town) -> None:
    with scope(town):
        agency = agencies.open_agency(FIRST, actor=town.officer, opened_on=OPENED)
        agencies.change_agency(agency, replace(FIRST, phone="1"), actor=town.officer, effective_on=OPENED)
    with scope(town):
        details = [entry.detail for entry in Entry.objects.filter(action="places.manage").order_by("seq")]
    assert '"change":"open"' in details[0]
    assert '"fields":["phone"]' in details[1]


def test_the_list_asks_the_same_number_of_questions_for_more_agencies(
    in_town: Town, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        agencies.open_agency(replace(FIRST, name=f"広場{number}"), actor=in_town.officer, opened_on=OPENED)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        lines = queries.agency_lines(queries.agencies(in_town.officer))
        assert len([line.area_name for line in lines]) == 9
    assert lines[0].agency.kind == "centre"


def test_agencies_without_an_area_or_to_come_stand_last_and_each_once(in_town: Town, hibari: Agency) -> None:
    make_agency(in_town.municipality, "ひろば")
    coming = make_agency(in_town.municipality, "みらい", in_town.area)
    coming.periods.update(valid_from=clock.today() + timedelta(days=9))
    moved = replace(FIRST, name="ひばりテラス")
    agencies.change_agency(hibari, moved, actor=in_town.officer, effective_on=MOVED)
    names = [line.agency.name for line in queries.agency_lines(queries.agencies(in_town.officer))]
    assert len(names) == len(set(names)) == 6
    assert set(names[-2:]) == {"ひろば", "みらい"}


def test_a_page_of_the_list_shows_its_part_and_the_number_of_all(town: Town, client_of: Any) -> None:
    with scope(town):
        for number in range(4):
            make_agency(town.municipality, f"ひろば{number}", town.area)
    pages = []
    with patch("tsunagari.places.views.agencies.PAGE", 5):
        for number in (1, 2):
            page = client_of(town.counselor).get(f"/places/?page={number}&q=")
            assert page.context["page"].paginator.count == 7
            pages.append([line.agency.name for line in page.context["lines"]])
    assert [len(names) for names in pages] == [5, 2]
    assert len({*pages[0], *pages[1]}) == 7


def test_as_many_are_open_as_the_lines_say(in_town: Town, hibari: Agency) -> None:
    monday = date(2026, 11, 16)
    for day in (
        monday,
        monday + timedelta(days=6),
        date(2026, 11, 23),
    ):  # a weekday, a Sunday, a public holiday
        lines = queries.agency_lines(queries.agencies(in_town.officer, day=day), day=day)
        assert queries.open_count(in_town.officer, day) == sum(bool(line.openings.spans) for line in lines)
    before = queries.open_count(in_town.officer, monday)
    for days in (7, 0):  # the later one wins
        changes = {"opens": None, "closes": None} if not days else {"opens": time(9), "closes": time(12)}
        OpeningException.objects.create(
            municipality=in_town.municipality,
            agency=hibari,
            first_day=monday - timedelta(days=days),
            last_day=monday,
            **changes,
        )
    assert (before, queries.open_count(in_town.officer, monday)) == (1, 0)


def test_the_list_is_filtered(in_town: Town, hibari: Agency) -> None:
    designations.designate(hibari, actor=in_town.officer, valid_from=OPENED)
    found = {
        "text": queries.AgencyFilters(text="ひばり"),
        "kind": queries.AgencyFilters(place_kind="3"),
        "designated": queries.AgencyFilters(designated=True),
    }
    for name, filters in found.items():
        assert [agency.pk for agency in queries.agencies(in_town.officer, filters)] == [hibari.pk], name
    without = queries.agencies(in_town.officer, queries.AgencyFilters(designated=False))
    assert hibari.pk not in {agency.pk for agency in without}


def test_an_area_without_an_agency_is_found(in_town: Town) -> None:
    lonely = make_area(in_town.municipality, "東部")
    assert list(queries.areas_without_agency(in_town.officer)) == [lonely]
