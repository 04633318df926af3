"""What no screen of ours sends: letters no database keeps, days beyond all calendars."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from tests import makers
from tests.makers import Town

from tsunagari.base.fields import DayField


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/partners/?q=%00", "/partners/?q=a%00b&page=1", "/families/%00/", "/f/a%00/"]
)
def test_a_nul_in_the_address_is_a_bad_request_and_no_error_of_ours(town: Town, path: str) -> None:
    answer = makers.client_of(town.manager).get(path)
    assert answer.status_code == 400
    assert "読み取れませんでした" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2204-04-01"])
def test_a_day_beyond_all_calendars_narrows_no_list_and_breaks_none(town: Town, day: str) -> None:
    client = makers.client_of(town.manager)
    assert client.get("/records/", {"since": day, "until": day}).status_code == 200


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "1867-12-31", "2204-04-01", "99999999"])
def test_days_that_are_slips_of_the_pen_are_no_days(typed: str) -> None:
    with pytest.raises(ValidationError):
        DayField().to_python(typed)


@pytest.mark.parametrize("typed", ["2026-11-01", "2026/11/1", "R8.11.1", "２０２６－１１－０１", "20261101"])
def test_days_are_read_as_they_are_typed(typed: str) -> None:
    assert DayField().to_python(typed) == date(2026, 11, 1)


def test_no_day_is_none() -> None:
    assert DayField(required=False).to_python("") is None
