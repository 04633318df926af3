"""G1: who holds what, what training is due by when, and nothing of it lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.makers import Town, make_actor

from tsunagari.accounts.models import Course, Membership, Qualification, Supervision, Training
from tsunagari.accounts.operations import skills as operations
from tsunagari.accounts.queries import skills as queries
from tsunagari.accounts.queries.skills import SkillFilters
from tsunagari.accounts.rules.skills import (
    OFFERED,
    CourseInput,
    QualificationInput,
    SupervisionInput,
    TrainingInput,
    state_of,
)
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.ages import add_months

TODAY = date(2026, 11, 24)
days = st.dates(date(2019, 1, 1), date(2026, 11, 24))


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.stopped_at(clock.at(TODAY, 10)):
        yield


def course(town: Town, name: str = "個人情報保護", **more: Any) -> Course:
    roles = more.pop("roles", ("counselor",))
    return operations.add_course(CourseInput(name, roles, **more), actor=town.officer)


def take(town: Town, what: Course, day: date, *who: int | None) -> list[Training]:
    given = TrainingInput(what.pk, day)
    return operations.take([pk for pk in who if pk], given, actor=town.officer)


def expected(began: list[date], taken: list[date], within: int | None, lasts: int | None) -> date | None:
    """The rule said slowly."""
    if taken:
        return add_months(max(taken), 12 * lasts) if lasts else None
    return add_months(min(began), within) if within else None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(days, min_size=1, max_size=3, unique=True),
    st.lists(days, max_size=3, unique=True),
    st.none() | st.integers(1, 40),
    st.none() | st.integers(1, 5),
)
def test_a_training_is_due_from_coming_or_from_when_it_was_taken(
    in_town: Town, began: list[date], taken: list[date], within: int | None, lasts: int | None
) -> None:
    with transaction.atomic():
        asked = course(in_town, roles=("rounds",), within_months=within, lasts_years=lasts)
        new = make_actor(in_town.municipality, Role.ROUNDS, in_town.aoba, "新 架空")
        Membership.objects.filter(pk=new.membership_id).update(valid_from=began[0])
        for start in began[1:]:
            Membership.objects.create(
                user_id=new.user_id, municipality=in_town.municipality, agency=in_town.midori,
                role="rounds", valid_from=start, valid_to=start,
            )  # fmt: skip
        for when in taken:
            take(in_town, asked, when, new.user_id)
        line = queries.person(in_town.manager, new.user_id or 0)
        assert line is not None
        due = expected(began, taken, within, lasts)
        state = state_of(due, taken=bool(taken), today=TODAY)
        assert [(need.due_on, need.state) for need in line.needs] == [(due, state)]
        transaction.set_rollback(True)


def test_what_is_due_first_stands_first(in_town: Town) -> None:
    asked = course(in_town, within_months=12, lasts_years=1)
    take(in_town, asked, TODAY - timedelta(days=100), in_town.counselor.user_id)
    take(in_town, asked, TODAY - timedelta(days=700), in_town.colleague.user_id)
    found = queries.lines(in_town.manager).lines
    assert [line.user_id for line in found[:2]] == [in_town.colleague.user_id, in_town.counselor.user_id]
    assert found[0].needs[0].state == "late"
    assert [line.due_on for line in found[2:]] == [None, None]  # 施設長 and 巡回: asked for nothing


def test_the_list_filters_by_what_is_due(in_town: Town) -> None:
    asked = course(in_town, lasts_years=1)
    take(in_town, asked, TODAY - timedelta(days=320), in_town.counselor.user_id)
    take(in_town, asked, TODAY - timedelta(days=400), in_town.colleague.user_id)

    def people(**wanted: Any) -> set[int]:
        return {line.user_id for line in queries.lines(in_town.lead, SkillFilters(**wanted)).lines}

    assert people(state="soon") == {in_town.counselor.user_id}
    assert people(state="late") == {in_town.colleague.user_id}
    assert people(state="open") == {in_town.stranger.user_id}
    everyone = {in_town.counselor.user_id, in_town.colleague.user_id, in_town.stranger.user_id}
    assert people(course_id=asked.pk) == people(role="counselor") == everyone
    assert people(agency_id=in_town.midori.pk) == {in_town.stranger.user_id}


def test_a_renewed_qualification_no_longer_runs_out(in_town: Town) -> None:
    who = in_town.counselor.user_id or 0
    operations.hold(
        who, QualificationInput("試験の資格", expires_on=date(2026, 10, 1)), actor=in_town.manager
    )
    assert queries.lines(in_town.manager, SkillFilters(state="late")).lines[0].held[0].state == "late"
    operations.hold(
        who, QualificationInput("試験の資格", expires_on=date(2031, 10, 1)), actor=in_town.manager
    )
    assert queries.lines(in_town.manager, SkillFilters(state="late")).lines == []


def test_the_latest_supervision_says_when_the_next_is(in_town: Town) -> None:
    who = in_town.counselor.user_id or 0
    for held, following in ((date(2026, 4, 1), date(2026, 6, 1)), (date(2026, 9, 1), date(2026, 11, 1))):
        given = SupervisionInput("架空 指導", held, "聞き方", next_on=following)
        operations.supervise(who, given, actor=in_town.manager)
    line = queries.lines(in_town.manager, SkillFilters(state="late")).lines[0]
    assert (line.supervised_on, line.next_on, line.next_late) == (date(2026, 9, 1), date(2026, 11, 1), True)


def test_a_training_day_is_entered_for_many_and_once(in_town: Town) -> None:
    asked = course(in_town)
    who = [in_town.counselor.user_id, in_town.colleague.user_id, in_town.manager.user_id]
    assert len(take(in_town, asked, TODAY, *who)) == 3
    assert take(in_town, asked, TODAY, *who) == []
    assert Training.objects.count() == 3


def test_putting_right_keeps_what_stood_there(in_town: Town) -> None:
    who = in_town.counselor.user_id or 0
    first = operations.hold(who, QualificationInput("保育師"), actor=in_town.manager)
    second = operations.correct_qualification(first, QualificationInput("保育士"), actor=in_town.manager)
    first.refresh_from_db()
    assert first.name == "保育師"
    assert first.ended_at is not None
    assert [row.pk for row in queries.rows_of(in_town.manager, who).qualifications] == [second.pk]
    with pytest.raises(Conflict):
        operations.correct_qualification(first, QualificationInput("保健師"), actor=in_town.officer)
    operations.take_back(second, actor=in_town.officer)
    assert queries.rows_of(in_town.manager, who).qualifications == []
    assert Qualification.objects.count() == 2


def test_a_double_press_makes_one_row(in_town: Town) -> None:
    who, given = in_town.counselor.user_id or 0, SupervisionInput("架空 指導", TODAY, "聞き方")
    operations.supervise(who, given, actor=in_town.manager)
    operations.supervise(who, given, actor=in_town.manager)
    assert Supervision.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (QualificationInput(" "), "name"),
        (QualificationInput("保育士", obtained_on=TODAY + timedelta(days=1)), "obtained_on"),
        (QualificationInput("保育士", date(2026, 5, 1), date(2026, 4, 1)), "expires_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(in_town: Town, given: QualificationInput, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        operations.hold(in_town.counselor.user_id or 0, given, actor=in_town.manager)
    assert refused.value.field == field


def test_a_manager_writes_of_the_own_people_only(in_town: Town) -> None:
    asked = course(in_town)
    given = TrainingInput(asked.pk, TODAY)
    with pytest.raises(DomainError, match="見つかりません"):
        operations.take([in_town.stranger.user_id or 0], given, actor=in_town.manager)
    assert queries.person(in_town.manager, in_town.stranger.user_id or 0) is None
    ended = Membership.objects.filter(pk=in_town.colleague.membership_id)
    ended.update(valid_to=TODAY - timedelta(days=1))
    assert queries.person(in_town.manager, in_town.colleague.user_id or 0) is None
    assert queries.person(in_town.officer, in_town.colleague.user_id or 0) is not None


def test_of_somebody_with_two_places_a_manager_sees_what_the_own_place_asks(in_town: Town) -> None:
    course(in_town, "巡回の研修", roles=("rounds",))
    for agency, role in ((in_town.midori, "rounds"), (in_town.midori, "manager")):
        Membership.objects.create(
            user_id=in_town.counselor.user_id, municipality=in_town.municipality, agency=agency,
            role=role, valid_from=TODAY,
        )  # fmt: skip
    line = queries.person(in_town.manager, in_town.counselor.user_id or 0)
    assert line is not None
    assert line.needs == ()
    assert line.works == ("あおば子育て支援センター・相談員",)
    own = queries.own(in_town.counselor)
    assert own is not None
    assert [need.name for need in own.needs] == ["巡回の研修"]


def test_courses_are_offered_once_and_changed_by_one_at_a_time(in_town: Town) -> None:
    assert len(operations.offer_courses(actor=in_town.officer)) == len(OFFERED)
    assert operations.offer_courses(actor=in_town.officer) == []
    first = queries.courses(in_town.officer)[0]
    changed = CourseInput(first.name, ("counselor",), 3)
    operations.change_course(first, changed, actor=in_town.officer, version=1)
    with pytest.raises(Conflict):
        operations.change_course(first, changed, actor=in_town.officer, version=1)
    with pytest.raises(DomainError, match="同じ名前"):
        operations.add_course(CourseInput(OFFERED[0].name, ()), actor=in_town.officer)
    operations.end_course(first, actor=in_town.officer)
    assert first not in queries.courses(in_town.officer)


def test_a_course_that_ended_is_kept_where_it_was_taken(in_town: Town) -> None:
    asked = course(in_town)
    row = take(in_town, asked, date(2026, 5, 1), in_town.counselor.user_id)[0]
    operations.end_course(asked, actor=in_town.officer)
    put = operations.correct_training(row, TrainingInput(asked.pk, date(2026, 5, 2)), actor=in_town.manager)
    assert put.taken_on == date(2026, 5, 2)
    with pytest.raises(DomainError, match="研修をえらんで"):
        take(in_town, asked, TODAY, in_town.colleague.user_id)


def test_the_list_needs_no_more_statements_for_more_people(
    in_town: Town, django_assert_max_num_queries: Any
) -> None:
    asked = course(in_town, lasts_years=1)
    for number in range(30):
        new = make_actor(in_town.municipality, Role.COUNSELOR, in_town.aoba, f"人{number} 架空")
        take(in_town, asked, TODAY - timedelta(days=number), new.user_id)
        operations.hold(new.user_id or 0, QualificationInput("保育士"), actor=in_town.manager)
    with django_assert_max_num_queries(5):
        found = queries.lines(in_town.manager, limit=20, offset=20)
    assert (len(found.lines), found.total) == (14, 34)
