"""支援プラン (E4): versions that never change, things to do that carry on, reviews, the end, what is due of whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import kimura, mother, trail
from tests.encounters.charting import follow, pass_to
from tests.encounters.planning import days, plan, planned
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters.models import PlanAction, PlanVersion, SupportPlan
from tsunagari.encounters.operations import plan_actions, plans
from tsunagari.encounters.queries import plans as queries
from tsunagari.encounters.queries.work import work
from tsunagari.encounters.rules.plans import (
    TEXTS,
    ActionInput,
    Goal,
    PlanInput,
    changed,
    not_for_family,
    plan_problems,
)
from tsunagari.families.models import Person


def again(made: SupportPlan) -> PlanInput:
    """What the plan says now, as a form would carry it on."""
    said = plans.input_of(plans.version_of(made))
    rows = PlanAction.objects.filter(plan=made, done_on__isnull=True, dropped_at__isnull=True)
    actions = tuple(
        ActionInput(row.goal, row.what, row.by_whom, row.owner_id, row.due_on, row.pk) for row in rows
    )
    return replace(said, actions=actions, review_on=days(30))


def due(actor: Actor, ahead: int = 0) -> list[tuple[str, str, int]]:
    """What waits for the actor on 今日, so many days from now."""
    return [(line.kind, line.text, line.late_days) for line in work(actor, days(ahead)).lines]


def test_a_plan_says_the_four_items_and_who_does_what(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    made = plan(in_town.counselor, family, person=Person.objects.get(pk=mother(family)))
    read = queries.plan_read(in_town.counselor, made)
    assert (read.about, read.version.wishes, made.owner_id) == (
        "木村 綾",
        "夜に眠りたい。",
        in_town.counselor.user_id,
    )
    action = read.goals[0].actions[0]
    assert (action.what, action.by_whom, action.owner_name) == (
        "一時預かりを申し込む",
        "お母さん",
        in_town.counselor.name,
    )
    assert trail("plan.write")[0].household_id == family.pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"wishes": " "}, "wishes"),
        ({"supports": ""}, "supports"),
        ({"issues": "あ" * 20_001}, "issues"),
        ({"others": "\x00"}, "others"),
        ({"goals": ()}, "goal_0"),
        ({"goals": (Goal("g1", ""),)}, "goal_0"),
        ({"goals": tuple(Goal(f"g{n}", "x") for n in range(7)), "actions": ()}, "goal_0"),
        ({"actions": (ActionInput("g9", "x", "y"),)}, "goal_0"),
        ({"actions": (ActionInput("g1", "", "y"),)}, "what_0_0"),
        ({"actions": (ActionInput("g1", "x", ""),)}, "whom_0_0"),
        ({"agreed_by": "母"}, "agreed_on"),
        ({"review_on": None}, "review_on"),
    ],
)
def test_what_is_missing_is_told_at_its_field(wrong: dict[str, Any], field: str) -> None:
    assert field in [one.field for one in plan_problems(planned(**wrong), today=clock.today())]


def test_a_next_version_shows_what_changed_and_a_stale_one_is_refused(in_town: Town) -> None:
    made = plan(in_town.counselor, kimura(in_town.counselor))
    given = replace(again(made), supports="一時預かりを週2回。", reason="足りなかった")
    later = plans.next_version(made, given, actor=in_town.colleague, expected_version=1)
    lines = queries.versions(later)
    assert [(one.number, [change.label for change in one.changes]) for one in lines][:1] == [
        (2, ["支援の種類及び内容"])
    ]
    assert "".join(piece.text for piece in lines[0].changes[0].pieces if piece.kind == "ins") == "2"
    with pytest.raises(plans.StalePlan) as stale:
        plans.next_version(made, replace(given, wishes="x"), actor=in_town.counselor, expected_version=1)
    assert stale.value.current.version == 2
    same = plans.next_version(made, again(later), actor=in_town.counselor, expected_version=2)
    assert same.version == 2


def test_the_database_keeps_versions_as_they_are(in_town: Town) -> None:
    plan(in_town.counselor, kimura(in_town.counselor))
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanVersion.objects.update(wishes="x")


def test_a_goal_with_something_open_cannot_go(in_town: Town) -> None:
    made = plan(in_town.counselor, kimura(in_town.counselor))
    given = planned(goals=(Goal("g2", "ほかのこと"),), actions=())
    with pytest.raises(DomainError, match="まだ終わっていない") as refused:
        plans.next_version(made, given, actor=in_town.counselor, expected_version=1)
    assert refused.value.field == "goal_0"
    plan_actions.drop_action(PlanAction.objects.get(), actor=in_town.counselor, reason="いらない")
    later = plans.next_version(made, given, actor=in_town.counselor, expected_version=1)
    assert [line.what for line in queries.plan_read(in_town.counselor, later).loose] == [
        "一時預かりを申し込む"
    ]


def test_done_once_with_its_result(in_town: Town) -> None:
    made = plan(in_town.counselor, kimura(in_town.counselor))
    action = PlanAction.objects.get(plan=made)
    with pytest.raises(DomainError):
        plan_actions.finish_action(action, actor=in_town.counselor, result=" ")
    done = plan_actions.finish_action(action, actor=in_town.colleague, result="申し込んだ。")
    assert (done.done_on, done.result) == (clock.today(), "申し込んだ。")
    for refused, said in (
        (plan_actions.finish_action, {"result": "x"}),
        (plan_actions.drop_action, {"reason": "x"}),
    ):
        with pytest.raises(Conflict):
            refused(action, actor=in_town.counselor, **said)  # type: ignore[operator]
    assert PlanAction.objects.get().result == "申し込んだ。"


def test_two_clicks_add_one_thing_and_make_one_plan(in_town: Town) -> None:
    family, key = kimura(in_town.counselor), uuid4()
    made = [plans.make_plan(family, planned(), actor=in_town.counselor, key=key) for _ in range(2)]
    assert made[0] == made[1]
    one = ActionInput("g1", "保健師に電話する", "相談員", due_on=days(3))
    for _ in range(2):
        plan_actions.set_action(made[0], one, actor=in_town.counselor, goals=["g1"], after=1)
    assert PlanAction.objects.count() == 2
    plan_actions.set_action(made[0], one, actor=in_town.counselor, goals=["g1"], after=2)
    assert PlanAction.objects.count() == 3


def test_reviewed_it_goes_on_and_says_so(in_town: Town) -> None:
    made = plan(in_town.counselor, kimura(in_town.counselor))
    for _ in range(2):
        made.refresh_from_db()
        plans.review(
            made,
            actor=in_town.counselor,
            words="よく眠れている。続ける。",
            review_on=days(60),
            expected_version=made.version,
        )
    made.refresh_from_db()
    assert (made.version, made.review_on) == (3, days(60))
    line = queries.versions(made)[0]
    assert (line.reason, line.changes) == ("よく眠れている。続ける。", [])
    with pytest.raises(plans.StalePlan):
        plans.review(made, actor=in_town.counselor, words="x", review_on=days(60), expected_version=2)


def test_closed_what_was_open_is_dropped_and_nothing_is_due(in_town: Town) -> None:
    made = plan(in_town.counselor, kimura(in_town.counselor))
    assert len(due(in_town.counselor, 40)) == 2
    plans.close_plan(made, actor=in_town.counselor, outcome="眠れるようになった。", expected_version=1)
    assert PlanAction.objects.get().result == "プランを終えたため"
    assert due(in_town.counselor, 40) == []
    with pytest.raises(Conflict):
        plans.next_version(made, planned(), actor=in_town.counselor, expected_version=1)


def test_what_is_due_belongs_to_who_is_named(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    one = ActionInput("g1", "訪問する", "保健師", in_town.colleague.user_id, days(0))
    made = plan(
        in_town.counselor, family, actions=(one,), review_on=days(0), owner_id=in_town.manager.user_id
    )
    assert due(in_town.colleague) == [("action", "訪問する", 0)]
    assert due(in_town.manager) == [("plan", "", 0)]
    assert due(in_town.counselor) == []
    assert due(in_town.colleague, 3) == [("action", "訪問する", 3)]
    stray = ActionInput("g1", "x", "y", in_town.stranger.user_id)
    with pytest.raises(DomainError, match="いまこの機関で働いている人"):
        plan_actions.set_action(made, stray, actor=in_town.counselor, goals=["g1"])


def test_with_its_chart_a_plan_goes_to_who_takes_it_on(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    chart = follow(in_town.counselor, family)
    made = plan(in_town.counselor, family, chart=chart)
    assert not SupportPlan.objects.visible_to(in_town.stranger).exists()
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    made.refresh_from_db()
    assert made.owner_id == in_town.stranger.user_id
    assert [kind for kind, *_ in due(in_town.stranger, 40)] == ["action", "plan"]
    assert due(in_town.counselor, 40) == []
    assert SupportPlan.objects.visible_to(in_town.counselor).get() == made
    with pytest.raises(Forbidden):
        plans.next_version(made, again(made), actor=in_town.counselor, expected_version=1)
    plans.next_version(made, replace(again(made), others="x"), actor=in_town.stranger, expected_version=1)


def test_words_of_the_trade_are_found_in_what_the_family_reads() -> None:
    given = planned(
        plain_words="アセスメントの結果です。", issues="ネグレクトの心配。", others="要対協に出す。"
    )
    assert not_for_family(given, ["とても気になるので電話"], ["とても気になる"]) == [
        ("ご家族に渡す説明", "アセスメント"),
        ("すること", "とても気になる"),
    ]


WORDS = st.sampled_from(["", "夜に眠りたい。", "夜に、よく眠りたい。", "仕事にもどる。\nゆっくり。"])


@given(first=st.tuples(*[WORDS] * 6), second=st.tuples(*[WORDS] * 6))
def test_changes_give_both_versions_back(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    one, two = (
        PlanInput(**dict(zip(TEXTS, texts, strict=True)), goals=(Goal("g1", texts[0] or "x"),))
        for texts in (first, second)
    )
    found = changed(one, two)
    assert (found == []) == (first == second)
    for change in found:
        names = [name for name, label in TEXTS.items() if label == change.label]
        if names:
            former = "".join(piece.text for piece in change.pieces if piece.kind != "ins")
            later = "".join(piece.text for piece in change.pieces if piece.kind != "del")
            assert (former, later) == (getattr(one, names[0]), getattr(two, names[0]))


ACTS = st.lists(
    st.tuples(st.sampled_from(["version", "add", "finish", "drop", "review", "stale"]), st.integers(0, 9)),
    min_size=3,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_versions_never_change_and_things_to_do_survive_them(
    in_town: Town, acts: list[tuple[str, int]]
) -> None:
    """Every version says what it said, every thing to do is there with its result and an owner who works there."""
    made = plan(in_town.counselor, kimura(in_town.counselor))
    seen: dict[int, Any] = {}
    things: dict[int, str] = {}
    for act, number in acts:
        made.refresh_from_db()
        try:
            with transaction.atomic():
                _act(in_town, made, act, number)
        except DomainError:
            assert act in ("stale", "finish", "drop")
        for row in PlanVersion.objects.filter(plan=made):
            said = plans.input_of(row)
            assert seen.setdefault(row.number, said) == said
        rows = {row.pk: row for row in PlanAction.objects.filter(plan=made)}
        assert set(things) <= set(rows)
        for pk, row in rows.items():
            assert row.owner_id == in_town.counselor.user_id
            if row.result:
                assert things.setdefault(pk, row.result) in (row.result, "")
            things[pk] = row.result
    assert sorted(seen) == list(range(1, SupportPlan.objects.get(pk=made.pk).version + 1))


def _act(town: Town, made: SupportPlan, act: str, number: int) -> None:
    actor = town.counselor
    row = PlanAction.objects.filter(plan=made).order_by("pk")[number % made.actions.count()]
    if act == "version":
        given = replace(again(made), wishes=f"ねがい{number}", supports=f"支え{number % 3}")
        plans.next_version(made, given, actor=actor, expected_version=made.version)
    elif act == "stale":
        plans.next_version(made, planned(), actor=actor, expected_version=made.version - 1)
    elif act == "add":
        one = ActionInput("g1", f"すること{number}", "母", due_on=clock.today() + timedelta(days=number))
        plan_actions.set_action(made, one, actor=actor, goals=["g1"])
    elif act == "finish":
        plan_actions.finish_action(row, actor=actor, result=f"できた{number}")
    elif act == "drop":
        plan_actions.drop_action(row, actor=actor, reason=f"やめた{number}")
    else:
        given = {"words": f"見直し{number}", "review_on": days(30 + number)}
        plans.review(made, actor=actor, expected_version=made.version, **given)
