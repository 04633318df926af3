"""Charts of families that turn out to be one (D8, E2), and of two people who press at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests import makers
from tests.encounters.cast import at_once, children, kimura, write
from tests.encounters.charting import WHY, follow, inside
from tests.families.people import make_family
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict
from tsunagari.encounters.models import Assessment, Chart, Consultation, SupportPlan
from tsunagari.encounters.operations import chart_entries, charts, handovers
from tsunagari.encounters.queries import chart_page
from tsunagari.encounters.queries.following import following
from tsunagari.encounters.rules.charts import ChartInput
from tsunagari.families.operations import joins
from tsunagari.families.operations.households import create_nickname_family


def test_a_joined_familys_chart_moves_and_two_open_ones_are_told(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    nickname = create_nickname_family(
        actor=in_town.counselor, nickname="きいろい帽子の子", age_hint_months=18
    )
    first, second = follow(in_town.counselor, family), follow(in_town.colleague, nickname)
    record = write(in_town.colleague, household_id=nickname.pk)
    assert not following(in_town.counselor, family).crowded
    joins.join(nickname, family, actor=in_town.counselor, same={})
    found = following(in_town.counselor, family)
    assert ({one.id for one in found.charts}, found.crowded) == ({first.pk, second.pk}, True)
    assert inside(second) == [record.pk]


def test_parted_again_each_chart_shows_its_own_familys_records(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    nickname = create_nickname_family(
        actor=in_town.counselor, nickname="きいろい帽子の子", age_hint_months=18
    )
    record = write(in_town.counselor, family)
    chart = follow(in_town.counselor, nickname)
    join = joins.join(nickname, family, actor=in_town.counselor, same={})
    chart_entries.draw_in(chart, [record], actor=in_town.counselor)
    chart.refresh_from_db()
    assert chart_page.entries(in_town.counselor, chart).total == 1
    joins.part(join, actor=in_town.counselor)
    chart.refresh_from_db()
    shown = chart_page.entries(in_town.counselor, chart)
    assert (chart.household_id, shown.total, shown.hidden) == (nickname.pk, 0, 1)


def test_a_person_beside_the_family_is_no_crowd(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    follow(in_town.counselor, family)
    follow(in_town.counselor, family, person=family.people.get(pk=children(family)[0]))
    found = following(in_town.counselor, family)
    assert (len(found.charts), found.crowded) == (2, False)


def test_what_is_seen_of_following_is_the_readers_own(in_town: Town) -> None:
    """The statement is built once a process: a second reader's ids must travel with it."""
    family = kimura(in_town.counselor)
    chart = follow(in_town.counselor, family)
    stamps: dict[str, Any] = {"created_at": chart.created_at, "updated_at": chart.updated_at}
    SupportPlan.objects.create(
        municipality=in_town.municipality,
        agency=in_town.midori,
        household=family,
        starts_on=chart.opened_on,
        **stamps,
    )
    for _ in range(2):
        assert [one.name for one in following(in_town.counselor, family).charts] == ["R8-001"]
        assert following(in_town.counselor, family).plans == []
        assert (
            following(in_town.stranger, family).charts,
            len(following(in_town.stranger, family).plans),
        ) == ([], 1)
        assert not following(in_town.officer, family)
    assert not Assessment.objects.exists()


def _as(town: Town, actor: Actor, work: Any) -> str:
    try:
        with makers.scope(town, actor.user_id):
            work(actor)
            return "done"
    except Conflict:
        return "late"


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_open_one(town: Town) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)

    def opens(actor: Actor) -> str:
        return _as(town, actor, lambda one: charts.open_chart(family, actor=one, head=ChartInput(WHY)))

    assert sorted(at_once(opens, [town.counselor, town.colleague])) == ["done", "late"]
    with makers.scope(town):
        assert Chart.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_families_at_once_get_two_numbers(town: Town) -> None:
    with makers.scope(town):
        families = [kimura(town.counselor), make_family(town.counselor)]

    def opens(number: int) -> str:
        return _as(
            town,
            town.counselor,
            lambda one: charts.open_chart(families[number], actor=one, head=ChartInput(WHY)),
        )

    assert at_once(opens, [0, 1]) == ["done", "done"]
    with makers.scope(town):
        assert set(Chart.objects.values_list("number", flat=True)) == {"R8-001", "R8-002"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_on_at_once_one_does(town: Town) -> None:
    with makers.scope(town):
        chart = follow(town.counselor, kimura(town.counselor))
        given = {"agency": town.aoba, "note": "x", "to_user_id": town.colleague.user_id}
        handover = handovers.hand_over(chart, actor=town.counselor, **given)

    def takes(actor: Actor) -> str:
        return _as(town, actor, lambda one: handovers.take_on(handover, actor=one))

    assert sorted(at_once(takes, [town.colleague, town.manager])) == ["done", "late"]


@pytest.mark.django_db(transaction=True)
def test_the_same_record_drawn_in_twice_at_once_is_in_once(town: Town) -> None:
    with makers.scope(town):
        record = write(town.counselor, who_hint="木村さん")
        chart = follow(town.counselor, kimura(town.counselor))

    def draws(actor: Actor) -> str:
        return _as(town, actor, lambda one: chart_entries.draw_in(chart, [record], actor=one))

    assert at_once(draws, [town.counselor, town.colleague]) == ["done", "done"]
    with makers.scope(town):
        assert inside(chart) == [record.pk]
        assert Consultation.objects.get().version == 2
