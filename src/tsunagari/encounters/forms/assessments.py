"""Assessing by a tool, and the tool itself as a form of plain fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from tsunagari.base import clock
from tsunagari.base.fields import whole
from tsunagari.base.offering import offer
from tsunagari.encounters.forms.visits import day_field
from tsunagari.encounters.queries import Member
from tsunagari.encounters.rules import CONCERNS
from tsunagari.encounters.rules.assessment import (
    HIGHEST,
    LONGEST_WORDS,
    MOST_ITEMS,
    MOST_POINTS,
    AssessmentInput,
    Band,
    Item,
    Point,
    Scored,
    ToolInput,
    answer_problems,
    band_of,
    new_key,
    scored,
)

NOT_KNOWN = "unknown"
WHOLE = "0"


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as its page shows it: `chosen` what was pressed ("", "unknown" or a value as text)."""

    item: Item
    chosen: str
    error: str

    @property
    def name(self) -> str:
        return f"answer-{self.item.key}"


class AssessForm(forms.Form):
    """Day, level of concern, words; the answers are read by `groups`."""

    assessed_on = day_field("見立てた日")
    concern = forms.TypedChoiceField(
        label="書く人から見た気がかりの度合い",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "書く人から見た気がかりの度合いをえらんでください。"},
    )
    findings = forms.CharField(
        label="見立て",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="点の理由、できていること、点に出ないこと",
    )

    def __init__(
        self, *args: Any, tool: ToolInput, concerns: Sequence[str] = CONCERNS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tool = tool
        offer(self, "concern", [(str(level), words) for level, words in enumerate(concerns)])
        self.problems: dict[str, str] = {}

    @property
    def first_problem(self) -> str:
        """Where the first question stands that has a problem."""
        return next(iter(self.problems), "")

    def _chosen(self, item: Item) -> str:
        values: Mapping[str, Any] = self.data if self.is_bound else self.initial
        return str(values.get(f"answer-{item.key}") or "")

    @property
    def groups(self) -> list[tuple[str, list[Asked]]]:
        """Areas with their questions, as pressed so far."""
        return [
            (
                name,
                [
                    Asked(item, self._chosen(item), self.problems.get(f"answer-{item.key}", ""))
                    for item in items
                ],
            )
            for name, items in self.tool.groups
        ]

    @property
    def sums(self) -> Scored:
        """The sum of what was pressed so far."""
        return scored(self.tool.items, self.answers)

    @property
    def band(self) -> Band | None:
        """The band of the sum so far; None before anything was pressed."""
        return band_of(self.tool, self.sums.total) if self.sums.answered else None

    @property
    def answers(self) -> dict[str, int | None]:
        """What was pressed; questions left open are absent."""
        answers: dict[str, int | None] = {}
        for item in self.tool.items:
            chosen = self._chosen(item)
            if chosen == NOT_KNOWN:
                answers[item.key] = None
            elif chosen.isdecimal() and len(chosen) < 6:
                answers[item.key] = int(chosen)
        return answers

    @property
    def given(self) -> AssessmentInput:
        """What was typed; after is_valid()."""
        values = self.cleaned_data
        return AssessmentInput(values["assessed_on"], self.answers, values["concern"], values["findings"])

    def complete(self) -> bool:
        """Whether every question was answered; those left open are told all at once."""
        for problem in answer_problems(self.tool, self.given, today=clock.today()):
            self.refuse(problem.field, problem.message)
        return not self.errors and not self.problems

    def refuse(self, field: str, message: str) -> None:
        """Put a problem where it belongs: at a field, or at a question."""
        field = "findings" if field == "words" else field
        if field.startswith("answer-"):
            self.problems[field] = message
            return
        self.add_error(field if field in self.fields else None, message)


class AboutForm(forms.Form):
    """Whom an assessment or a plan is about, and which chart it belongs to."""

    person = forms.ChoiceField(label="だれについて", widget=forms.RadioSelect, initial=WHOLE)
    chart = forms.ChoiceField(label="個別記録", widget=forms.RadioSelect, required=False)

    def __init__(
        self, *args: Any, members: Sequence[Member], charts: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [one for one in members if not one.guarded]
        offer(self, "person", [(WHOLE, "家庭ぜんたい"), *((str(one.id), one.name) for one in named)])
        if not charts:
            del self.fields["chart"]
            return
        known = ((str(pk), name) for pk, name in charts.items())
        offer(self, "chart", [*known, (WHOLE, "個別記録には入れない")]).initial = next(iter(charts))

    @property
    def begun(self) -> dict[str, str]:
        """As the draft keeps it."""
        return {"person": self.cleaned_data["person"], "chart": self.cleaned_data.get("chart") or WHOLE}


class StartsForm(forms.Form):
    """From when on a version is used."""

    starts_on = day_field("使いはじめる日")


def tool_fields(tool: ToolInput) -> list[dict[str, Any]]:
    """The items as rows of the edit page; each has one empty answer more, up to the most."""
    return [
        {
            "number": number,
            "item": item,
            "points": [
                {"number": place, "point": point}
                for place, point in enumerate(
                    [*item.scale, *([None] if len(item.scale) < MOST_POINTS else [])]
                )
            ],
        }
        for number, item in enumerate(tool.items)
    ]


def posted_tool(posted: QueryDict) -> ToolInput:
    """The tool as the edit page sent it, in the order people gave. Rows without any words are left out."""
    items = sorted(_items(posted), key=lambda one: one[0])
    kept = [item for _, item in items]
    taken = [item.key for item in kept if item.key]
    for place, item in enumerate(kept):
        if not item.key:
            key = new_key(taken)
            taken.append(key)
            kept[place] = Item(key, item.group, item.label, item.scale, item.hint)
    return ToolInput(
        posted.get("name", "").strip(), tuple(kept), tuple(_bands(posted)), posted.get("source", "").strip()
    )


def _items(posted: QueryDict) -> Iterator[tuple[float, Item]]:
    for number in range(MOST_ITEMS + 1):
        way = f"item-{number}"
        label = posted.get(f"{way}-label", "").strip()
        group = posted.get(f"{way}-group", "").strip()
        if (not label and not group) or f"{way}-off" in posted:
            continue
        place = whole(posted.get(f"{way}-place", ""), most=999)
        order = float(place) if place is not None else number + 1.5
        hint = posted.get(f"{way}-hint", "").strip()
        key = posted.get(f"{way}-key", "").strip()[:8]
        yield order, Item(key, group, label, tuple(_points(posted, way)), hint)


def _points(posted: QueryDict, way: str) -> Iterator[Point]:
    for place in range(MOST_POINTS):
        label = posted.get(f"{way}-point-{place}-label", "").strip()
        if label:
            value = _number(posted.get(f"{way}-point-{place}-value", ""))
            yield Point(value, label, posted.get(f"{way}-point-{place}-hint", "").strip())


def _bands(posted: QueryDict) -> Iterator[Band]:
    for number in range(7):
        label = posted.get(f"band-{number}-label", "").strip()
        if label:
            concern = _number(posted.get(f"band-{number}-concern", ""))
            yield Band(_number(posted.get(f"band-{number}-from", "")), label, concern)


def _number(text: str) -> int:
    """A small whole number; one that is none becomes -1, which the rules refuse with words."""
    number = whole(text, most=HIGHEST * 40)
    return -1 if number is None else number
