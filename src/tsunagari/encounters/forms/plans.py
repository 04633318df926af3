"""A plan as typed: texts, goals with what is to be done, in as many rows as are wanted; it works without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms

from tsunagari.base import clock
from tsunagari.base.japanese.dates import DateError, parse_date
from tsunagari.base.offering import offer
from tsunagari.encounters.forms.visits import day_field
from tsunagari.encounters.models import PlanAction, PlanVersion, SupportPlan
from tsunagari.encounters.rules.plans import (
    LONGEST,
    LONGEST_REASON,
    LONGEST_RESULT,
    LONGEST_WHAT,
    LONGEST_WHO,
    MOST_ACTIONS,
    MOST_GOALS,
    TEXTS,
    ActionInput,
    Goal,
    PlanInput,
    new_goal_key,
)

HINTS: dict[str, str] = {
    "wishes": "ご本人・ご家族がどうしたいか",
    "issues": "何に困っているか、何が足りないか。ご家族に渡す紙には出ません",
    "supports": "どんな支援を、どこが、どのくらい",
    "others": "市が必要と考えること、気をつけること。ご家族に渡す紙には出ません",
    "family_words": "話されたままのことばで",
    "plain_words": "やさしいことばで。ご家族に渡す紙のはじめに載ります",
}


@dataclass
class ActionRow:
    """One row of what is to be done, as typed."""

    suffix: str
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        return any(self.values[name].strip() for name in ("what", "whom", "due", "id"))


@dataclass
class GoalRow:
    """One goal, as typed, with its rows."""

    number: int
    values: dict[str, str]
    actions: list[ActionRow]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        return bool(self.values["goal"].strip()) or any(row.filled for row in self.actions)


def _text(name: str) -> forms.CharField:
    return forms.CharField(
        label=TEXTS[name],
        required=name in ("wishes", "issues", "supports"),
        max_length=LONGEST,
        help_text=HINTS[name],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": f"「{TEXTS[name]}」を書いてください。まだのときは「話し合い中」などと書けます。"
        },
    )


class PlanForm(forms.Form):
    """The texts of a version; goals and what is to be done are read by `rows`. After is_valid() `given` is the plan."""

    family_words = _text("family_words")
    wishes = _text("wishes")
    issues = _text("issues")
    supports = _text("supports")
    others = _text("others")
    plain_words = _text("plain_words")
    review_on = day_field("次に見直す日")
    owner = forms.TypedChoiceField(
        label="見直しの担当",
        coerce=int,
        error_messages={
            "required": "担当をえらんでください。",
            "invalid_choice": "担当は、いまこの機関で働いている人からえらんでください。",
        },
    )
    agreed_on = day_field("ご家族と確かめた日", required=False)
    agreed_by = forms.CharField(label="確かめた人", required=False, max_length=LONGEST_WHO)
    reason = forms.CharField(label="見直しの理由", required=False, max_length=LONGEST_REASON)
    base_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        owners: Mapping[int, str],
        taken: Sequence[str] = (),
        more: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", [(str(pk), name) for pk, name in owners.items()])
        self.owners = [(str(pk), name) for pk, name in owners.items()]
        self._taken = taken
        self.more = more
        self.rows = self._rows()

    def _value(self, name: str) -> str:
        values: Mapping[str, Any] = self.data if self.is_bound else self.initial
        return str(values.get(name) or "")

    def _rows(self) -> list[GoalRow]:
        """Rows with words, and one empty one after them (two goals at least)."""
        goals = [self._goal(number) for number in range(MOST_GOALS)]
        used = max((goal.number + 1 for goal in goals if goal.filled), default=0)
        shown = goals[: min(MOST_GOALS, max(2, used + 1))]
        for goal in shown:
            last = max((place + 1 for place, row in enumerate(goal.actions) if row.filled), default=0)
            goal.actions = goal.actions[: min(MOST_ACTIONS, last + (2 if self.more or not last else 1))]
        return shown

    def _goal(self, number: int) -> GoalRow:
        values = {name: self._value(f"{name}_{number}") for name in ("goal", "measure", "key")}
        actions = [self._action(f"_{number}_{place}") for place in range(MOST_ACTIONS)]
        return GoalRow(number, values, actions)

    def _action(self, suffix: str) -> ActionRow:
        names = ("what", "whom", "owner", "due", "id")
        return ActionRow(suffix, {name: self._value(f"{name}{suffix}") for name in names})

    @property
    def given(self) -> PlanInput:
        """The plan as typed; rows left empty are left out. After is_valid()."""
        values = self.cleaned_data
        goals, actions = self._goals()
        return PlanInput(
            **{name: values[name] for name in TEXTS},
            goals=tuple(goals),
            actions=tuple(actions),
            agreed_on=values["agreed_on"],
            agreed_by=values["agreed_by"],
            reason=values["reason"],
            review_on=values["review_on"],
        )

    def _goals(self) -> tuple[list[Goal], list[ActionInput]]:
        taken = [*self._taken, *(row.values["key"] for row in self.rows)]
        goals: list[Goal] = []
        actions: list[ActionInput] = []
        for row in self.rows:
            if not row.filled:
                continue
            key = row.values["key"][:8]
            if not key:
                key = new_goal_key(taken)
                taken.append(key)
            goals.append(Goal(key, row.values["goal"].strip(), row.values["measure"].strip()))
            actions += [_action_input(key, one) for one in row.actions if one.filled]
        return goals, actions

    def is_valid(self) -> bool:
        """Also the days of the rows are days."""
        fine = super().is_valid()
        for goal in self.rows:
            for row in goal.actions:
                if row.values["due"] and _day(row.values["due"]) is None:
                    row.errors["due"] = "日付を確かめてください。"
                    fine = False
        return fine

    def refuse(self, name: str, message: str) -> None:
        """Put a problem where it belongs: the operation counts only rows that are filled."""
        kind, _, place = name.partition("_")
        goals = [row for row in self.rows if row.filled] or self.rows
        numbers = [int(one) for one in place.split("_") if one.isdecimal()]
        if kind in ("goal", "measure") and numbers and numbers[0] < len(goals):
            goals[numbers[0]].errors[kind] = message
        elif kind in ("what", "whom", "due") and len(numbers) == 2 and numbers[0] < len(goals):
            filled = [row for row in goals[numbers[0]].actions if row.filled]
            if numbers[1] < len(filled):
                filled[numbers[1]].errors[kind] = message
        else:
            self.add_error(name if name in self.fields else None, message)

    @property
    def row_errors(self) -> int:
        """How many problems the rows have."""
        return sum(len(goal.errors) + sum(len(row.errors) for row in goal.actions) for goal in self.rows)


def _action_input(goal: str, row: ActionRow) -> ActionInput:
    values = row.values
    owner, pk = values["owner"], values["id"]
    return ActionInput(
        goal,
        values["what"].strip(),
        values["whom"].strip(),
        int(owner) if owner.isdecimal() and len(owner) < 19 else None,
        _day(values["due"]),
        int(pk) if pk.isdecimal() and len(pk) < 19 else None,
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text, today=clock.today())
    except DateError:
        return None


def fields_of(plan: SupportPlan, version: PlanVersion, actions: Sequence[PlanAction]) -> dict[str, str]:
    """A plan as its form shows it, for the next version: open actions in their rows."""
    values = {name: str(getattr(version, name)) for name in TEXTS}
    values |= {
        "owner": str(plan.owner_id or ""),
        "base_version": str(plan.version),
        "review_on": plan.review_on.isoformat() if plan.review_on else "",
    }
    for number, goal in enumerate(version.goals):
        values |= {
            f"goal_{number}": goal["text"],
            f"measure_{number}": goal.get("measure", ""),
            f"key_{number}": goal["key"],
        }
        for place, row in enumerate(list(_open_of(actions, goal["key"]))[:MOST_ACTIONS]):
            values |= _row_fields(f"_{number}_{place}", row)
    return values


def _open_of(actions: Sequence[PlanAction], goal: str) -> Iterator[PlanAction]:
    return (row for row in actions if row.goal == goal and row.done_on is None and row.dropped_at is None)


def _row_fields(suffix: str, row: PlanAction) -> dict[str, str]:
    return {
        f"what{suffix}": row.what,
        f"whom{suffix}": row.by_whom,
        f"owner{suffix}": str(row.owner_id or ""),
        f"due{suffix}": row.due_on.isoformat() if row.due_on else "",
        f"id{suffix}": str(row.pk),
    }


class NewActionForm(forms.Form):
    """One more thing to do. `known` (how many there were) makes two clicks one."""

    goal = forms.ChoiceField(label="どの目標のこと", error_messages={"required": "目標をえらんでください。"})
    what = forms.CharField(
        label="すること", max_length=LONGEST_WHAT, error_messages={"required": "することを書いてください。"}
    )
    whom = forms.CharField(
        label="だれが",
        max_length=LONGEST_WHO,
        error_messages={"required": "だれがするかを書いてください（お母さん、保健師など）。"},
    )
    due = day_field("いつまで", required=False)
    owner = forms.TypedChoiceField(
        label="見とどける人",
        coerce=int,
        error_messages={
            "required": "見とどける人をえらんでください。",
            "invalid_choice": "いまこの機関で働いている人からえらんでください。",
        },
    )
    known = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, goals: Mapping[str, str], owners: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "goal", goals.items())
        offer(self, "owner", [(str(pk), name) for pk, name in owners.items()])


class ActionForm(forms.Form):
    """What became of one thing to do."""

    result = forms.CharField(
        label="どうだったか",
        max_length=LONGEST_RESULT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "どうだったか（やめるときは理由）を書いてください。"},
    )
    done_on = day_field("できた日", required=False)


class ReviewForm(forms.Form):
    """Looked at again, and gone on with as it is."""

    words = forms.CharField(
        label="見直して話したこと",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "見直して話したことを書いてください。"},
    )
    review_on = day_field("次に見直す日")
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """How a plan went."""

    outcome = forms.CharField(
        label="ふりかえり",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="目標はどうなったか、何が役に立ったか、これからどうするか",
        error_messages={"required": "ふりかえりを書いてください。"},
    )
    base_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
