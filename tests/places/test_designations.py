"""A2: designation as 地域子育て相談機関 for a period."""

from __future__ import annotations

from datetime import date

import pytest
from tests.makers import Town

from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places.operations import agencies, designations

START, END = date(2024, 4, 1), date(2025, 3, 31)


def test_a_designation_ends_and_another_begins(in_town: Town) -> None:
    first = designations.designate(in_town.aoba, actor=in_town.officer, valid_from=START, basis="告示第1号")
    designations.end_designation(first, actor=in_town.officer, ends_on=END, reason="運営者の交代")
    second = designations.designate(in_town.aoba, actor=in_town.officer, valid_from=date(2025, 4, 1))
    first.refresh_from_db()
    assert (first.valid_to, first.end_reason, second.valid_to) == (END, "運営者の交代", None)


def test_two_at_a_time_are_refused(in_town: Town) -> None:
    designations.designate(in_town.aoba, actor=in_town.officer, valid_from=START)
    with pytest.raises(DomainError) as refused:
        designations.designate(in_town.aoba, actor=in_town.officer, valid_from=date(2026, 4, 1))
    assert refused.value.field == "valid_from"


def test_the_centre_is_no_agency(in_town: Town) -> None:
    with pytest.raises(DomainError, match="こども家庭センター"):
        designations.designate(in_town.centre, actor=in_town.officer, valid_from=START)


def test_nothing_closed_is_designated(in_town: Town) -> None:
    agencies.close_agency(in_town.aoba, actor=in_town.officer, closed_on=END)
    with pytest.raises(DomainError) as refused:
        designations.designate(in_town.aoba, actor=in_town.officer, valid_from=START)
    assert refused.value.field == "valid_to"
    assert designations.designate(in_town.aoba, actor=in_town.officer, valid_from=START, valid_to=END).pk


def test_an_ended_designation_does_not_end_again(in_town: Town) -> None:
    designation = designations.designate(in_town.aoba, actor=in_town.officer, valid_from=START, valid_to=END)
    with pytest.raises(Conflict):
        designations.end_designation(designation, actor=in_town.officer, ends_on=END)
    with pytest.raises(DomainError):
        designations.end_designation(designation, actor=in_town.officer, ends_on=date(2023, 1, 1))
