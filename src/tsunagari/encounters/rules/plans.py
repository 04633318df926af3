"""支援プラン: what has to be said, what a version changed, and words that are not for the family's sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tsunagari.encounters.rules.compare import Piece, pieces
from tsunagari.encounters.rules.record import Problem

#: The four items the law asks for, in its order.
STATUTORY: dict[str, str] = {
    "wishes": "意向",
    "issues": "解決すべき課題",
    "supports": "支援の種類及び内容",
    "others": "その他",
}
TEXTS: dict[str, str] = STATUTORY | {
    "family_words": "ご家族のことば",
    "plain_words": "ご家族に渡す説明",
}
MOST_GOALS, MOST_ACTIONS = 6, 5
LONGEST, LONGEST_GOAL, LONGEST_WHAT, LONGEST_WHO = 20_000, 300, 200, 80
LONGEST_RESULT, LONGEST_REASON = 300, 200
FURTHEST = timedelta(days=3 * 366)
#: Words of the trade: they stay out of what a family is given.
INTERNAL: tuple[str, ...] = (
    "見立て",
    "アセスメント",
    "気がかりの度合い",
    "要支援",
    "要保護",
    "特定妊婦",
    "要対協",
    "ハイリスク",
    "リスク",
    "困難事例",
    "ケース会議",
    "見守り対象",
    "虐待",
    "ネグレクト",
    "主訴",
)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is aimed at, and by what people see that it is reached. `key` stays through the versions."""

    key: str
    text: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class ActionInput:
    """Who does what by when for a goal. `id` of one that is carried on, None for a new one; `owner_id` sees to it."""

    goal: str
    what: str
    by_whom: str
    owner_id: int | None = None
    due_on: date | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PlanInput:
    """What a version of a plan says."""

    wishes: str = ""
    issues: str = ""
    supports: str = ""
    others: str = ""
    family_words: str = ""
    plain_words: str = ""
    goals: tuple[Goal, ...] = ()
    agreed_on: date | None = None
    agreed_by: str = ""
    reason: str = ""
    actions: tuple[ActionInput, ...] = ()
    review_on: date | None = None

    @property
    def goals_json(self) -> list[dict[str, str]]:
        return [{"key": goal.key, "text": goal.text, "measure": goal.measure} for goal in self.goals]


def goals_of(kept: Sequence[dict[str, Any]]) -> tuple[Goal, ...]:
    """Goals as they are kept."""
    return tuple(Goal(str(one["key"]), str(one["text"]), str(one.get("measure", ""))) for one in kept)


def plan_problems(plan: PlanInput, *, today: date) -> Iterator[Problem]:
    """What keeps a version from being saved; `field` is a field of the form: goal_N, what_N_M (counted from 0)."""
    for name, label in TEXTS.items():
        yield from too_long(name, label, getattr(plan, name), LONGEST)
    for name in ("wishes", "issues", "supports"):
        if not getattr(plan, name).strip():
            yield Problem(
                name, f"「{TEXTS[name]}」を書いてください。まだのときは「話し合い中」などと書けます。"
            )
    yield from _goal_problems(plan.goals)
    yield from _action_problems(plan, today)
    if len(plan.agreed_by) > LONGEST_WHO:
        yield Problem("agreed_by", f"{LONGEST_WHO}文字までです。")
    if plan.agreed_on is not None and plan.agreed_on > today:
        yield Problem("agreed_on", "ご家族と確かめた日は、今日より前の日をえらんでください。")
    if plan.agreed_on is None and plan.agreed_by.strip():
        yield Problem("agreed_on", "ご家族と確かめた日も入れてください。")
    if len(plan.reason) > LONGEST_REASON:
        yield Problem("reason", f"{LONGEST_REASON}文字までです。")
    yield from review_problems(plan.review_on, today=today)


def _goal_problems(goals: Sequence[Goal]) -> Iterator[Problem]:
    if not goals:
        yield Problem("goal_0", "目標を1つ以上書いてください。")
    if len(goals) > MOST_GOALS:
        yield Problem("goal_0", f"目標は{MOST_GOALS}つまでです。")
    for number, goal in enumerate(goals):
        if not goal.text.strip():
            yield Problem(f"goal_{number}", "目標を書いてください。")
        yield from too_long(f"goal_{number}", "目標", goal.text, LONGEST_GOAL)
        yield from too_long(f"measure_{number}", "めやす", goal.measure, LONGEST_GOAL)


def _action_problems(plan: PlanInput, today: date) -> Iterator[Problem]:
    places = {goal.key: number for number, goal in enumerate(plan.goals)}
    rows: dict[int, int] = {}
    for action in plan.actions:
        if (number := places.get(action.goal)) is None:
            yield Problem(
                "goal_0", "することの目標が消えています。目標を残すか、することを先に終えてください。"
            )
            continue
        row = rows[number] = rows.get(number, -1) + 1
        yield from action_problems(action, suffix=f"_{number}_{row}", today=today)
    if any(row >= MOST_ACTIONS for row in rows.values()):
        yield Problem("goal_0", f"することは、目標ごとに{MOST_ACTIONS}つまでです。")


def action_problems(action: ActionInput, *, today: date, suffix: str = "") -> Iterator[Problem]:
    """What keeps one thing to do from being saved. A day that is past already may stand on one that is carried on."""
    if not action.what.strip():
        yield Problem(f"what{suffix}", "することを書いてください。")
    yield from too_long(f"what{suffix}", "すること", action.what, LONGEST_WHAT)
    if not action.by_whom.strip():
        yield Problem(f"whom{suffix}", "だれがするかを書いてください（お母さん、保健師など）。")
    yield from too_long(f"whom{suffix}", "だれが", action.by_whom, LONGEST_WHO)
    if action.due_on is not None and action.id is None and action.due_on < today:
        yield Problem(f"due{suffix}", "今日よりあとの日をえらんでください。")
    if action.due_on is not None and action.due_on > today + FURTHEST:
        yield Problem(f"due{suffix}", "先すぎます。3年のうちの日をえらんでください。")


def review_problems(day: date | None, *, today: date) -> Iterator[Problem]:
    """What is wrong with the day of the next review."""
    if day is None:
        yield Problem("review_on", "次に見直す日をえらんでください。")
    elif day < today:
        yield Problem("review_on", "次の見直しは、今日よりあとの日をえらんでください。")
    elif day > today + FURTHEST:
        yield Problem("review_on", "次の見直しが先すぎます。3年のうちの日をえらんでください。")


def too_long(field: str, label: str, text: str, longest: int) -> Iterator[Problem]:
    """A text that is longer than is kept, or holds what cannot be kept."""
    if len(text) > longest:
        yield Problem(field, f"「{label}」は{longest}文字までです（いま{len(text)}文字）。短くしてください。")
    if "\x00" in text:
        yield Problem(field, "使えない文字が入っています。入力しなおしてください。")


def new_goal_key(taken: Sequence[str]) -> str:
    """A key no goal of the plan ever had: "g1", "g2" …"""
    number = 1
    while f"g{number}" in taken:
        number += 1
    return f"g{number}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A part of a plan that reads differently in two versions."""

    label: str
    pieces: list[Piece]


def changed(former: PlanInput, later: PlanInput) -> list[Changed]:
    """What the later version says otherwise: texts, goals (by key), and that the family was asked."""
    found = [
        Changed(label, pieces(getattr(former, name), getattr(later, name)))
        for name, label in TEXTS.items()
        if getattr(former, name) != getattr(later, name)
    ]
    before = {goal.key: said(goal) for goal in former.goals}
    after = {goal.key: said(goal) for goal in later.goals}
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key, "") != after.get(key, ""):
            found.append(Changed("目標", pieces(before.get(key, ""), after.get(key, ""))))
    return found


def said(goal: Goal) -> str:
    """A goal with its measure, in one line."""
    return f"{goal.text}（めやす：{goal.measure}）" if goal.measure else goal.text


def not_for_family(
    plan: PlanInput, whats: Sequence[str] = (), words: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """(where, word) of words of the trade, and of `words` besides, in what the family's sheet prints."""
    places = [
        (TEXTS[name], getattr(plan, name)) for name in ("wishes", "supports", "family_words", "plain_words")
    ]
    places += [(f"目標{number}", said(goal)) for number, goal in enumerate(plan.goals, 1)]
    places += [("すること", what) for what in whats]
    return [
        (where, word) for where, text in places for word in dict.fromkeys((*INTERNAL, *words)) if word in text
    ]
