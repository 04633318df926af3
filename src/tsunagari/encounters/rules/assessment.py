"""見立て: the shared tool as data, checked; the sum of an assessment and the band it lies in.

A tool's items are [{"key", "group", "label", "hint", "scale": [{"value", "label", "hint"}]}], its bands
[{"from", "label", "concern"}] over the sum, lowest first. The sum is a help for talking, never a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tsunagari.encounters.rules.codes import CONCERNS
from tsunagari.encounters.rules.record import Problem

MOST_ITEMS, MOST_POINTS, MOST_BANDS = 40, 6, 6
HIGHEST = 100
LONGEST_NAME, LONGEST_LABEL, LONGEST_HINT, LONGEST_WORDS = 60, 80, 300, 20_000
UNKNOWN = "分からない"


@dataclass(frozen=True, slots=True)
class Point:
    """One answer: what it counts, its words, when to choose it."""

    value: int
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `key` is what answers are kept under, the same through the versions of a tool."""

    key: str
    group: str
    label: str
    scale: tuple[Point, ...]
    hint: str = ""

    @property
    def highest(self) -> int:
        return max((point.value for point in self.scale), default=0)


@dataclass(frozen=True, slots=True)
class Band:
    """From this sum on: what to call it, and the level of concern (0 to 3) people usually mean by it."""

    start: int
    label: str
    concern: int


@dataclass(frozen=True, slots=True)
class ToolInput:
    """A version of the tool as typed."""

    name: str
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    source: str = ""

    @property
    def groups(self) -> list[tuple[str, list[Item]]]:
        """The items by group, both in the order they were written."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.group, []).append(item)
        return list(found.items())

    @property
    def highest(self) -> int:
        """The largest sum there can be."""
        return sum(item.highest for item in self.items)


def tool_of(name: str, source: str, items: Any, bands: Any) -> ToolInput:
    """A tool from its JSON, as it is kept. Raises KeyError, TypeError or ValueError for what is no tool."""
    return ToolInput(name, tuple(map(_item, items)), tuple(map(_band, bands)), source)


def _item(one: Mapping[str, Any]) -> Item:
    scale = tuple(
        Point(int(point["value"]), str(point["label"]), str(point.get("hint", ""))) for point in one["scale"]
    )
    return Item(str(one["key"]), str(one["group"]), str(one["label"]), scale, str(one.get("hint", "")))


def _band(one: Mapping[str, Any]) -> Band:
    return Band(int(one["from"]), str(one["label"]), int(one["concern"]))


def tool_json(tool: ToolInput) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(items, bands) as they are kept."""
    items = [
        {
            "key": item.key,
            "group": item.group,
            "label": item.label,
            "hint": item.hint,
            "scale": [
                {"value": point.value, "label": point.label, "hint": point.hint} for point in item.scale
            ],
        }
        for item in tool.items
    ]
    return items, [{"from": band.start, "label": band.label, "concern": band.concern} for band in tool.bands]


def tool_problems(tool: ToolInput) -> Iterator[Problem]:
    """What keeps a version from being put in force. `field` is name, source, item-N or band-N, counted from 0."""
    yield from _text("name", "名称", tool.name, LONGEST_NAME)
    if len(tool.source) > 200:
        yield Problem("source", "出どころは200文字までです。")
    if not tool.items:
        yield Problem("items", "項目を1つ以上つくってください。")
    if len(tool.items) > MOST_ITEMS:
        yield Problem("items", f"項目は{MOST_ITEMS}個までです。")
    seen: dict[str, int] = {}
    for number, item in enumerate(tool.items):
        yield from _item_problems(number, item)
        if item.key in seen:
            yield Problem(f"item-{number}", f"項目{number + 1}と項目{seen[item.key] + 1}の記号が同じです。")
        seen.setdefault(item.key, number)
    yield from _band_problems(tool)


def _item_problems(number: int, item: Item) -> Iterator[Problem]:
    field, called = f"item-{number}", f"項目{number + 1}"
    yield from _text(field, f"{called}の分野", item.group, 40)
    yield from _text(field, f"{called}のことば", item.label, LONGEST_LABEL)
    if not item.key or len(item.key) > 8:
        yield Problem(field, f"{called}の記号は8文字までで入れてください。")
    if len(item.hint) > LONGEST_HINT:
        yield Problem(field, f"{called}の手がかりは{LONGEST_HINT}文字までです。")
    if not 2 <= len(item.scale) <= MOST_POINTS:
        yield Problem(field, f"{called}の答えは2つから{MOST_POINTS}つまでにしてください。")
    values = [point.value for point in item.scale]
    if len(set(values)) != len(values):
        yield Problem(field, f"{called}に、点の同じ答えがあります。ちがう点にしてください。")
    if any(not 0 <= value <= HIGHEST for value in values):
        yield Problem(field, f"{called}の点は0から{HIGHEST}までにしてください。")
    if any(not point.label.strip() or len(point.label) > LONGEST_LABEL for point in item.scale):
        yield Problem(field, f"{called}の答えのことばを{LONGEST_LABEL}文字までで入れてください。")
    if any(len(point.hint) > LONGEST_HINT for point in item.scale):
        yield Problem(field, f"{called}の答えの説明は{LONGEST_HINT}文字までです。")
    if len({point.label.strip() for point in item.scale}) != len(item.scale):
        yield Problem(field, f"{called}に、同じことばの答えがあります。")


def _band_problems(tool: ToolInput) -> Iterator[Problem]:
    if len(tool.bands) > MOST_BANDS:
        yield Problem("bands", f"めやすは{MOST_BANDS}つまでです。")
    if tool.bands and tool.bands[0].start != 0:
        yield Problem("band-0", "はじめのめやすは、0点からにしてください。")
    for number, band in enumerate(tool.bands):
        field = f"band-{number}"
        yield from _text(field, f"めやす{number + 1}のことば", band.label, 40)
        if band.concern not in range(len(CONCERNS)):
            yield Problem(field, f"めやす{number + 1}の気がかりの度合いをえらんでください。")
        if band.start > tool.highest:
            yield Problem(
                field, f"めやす{number + 1}は{band.start}点からですが、合計は{tool.highest}点までです。"
            )
        if number and band.start <= tool.bands[number - 1].start:
            yield Problem(field, f"めやす{number + 1}の点を、前のめやすより大きくしてください。")
        if number and band.concern < tool.bands[number - 1].concern:
            yield Problem(field, f"めやす{number + 1}の度合いが、前のめやすより低くなっています。")


def _text(field: str, called: str, text: str, longest: int) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(field, f"{called}を入れてください。")
    if len(text) > longest:
        yield Problem(field, f"{called}は{longest}文字までです。")
    if "\x00" in text:
        yield Problem(field, "使えない文字が入っています。入力しなおしてください。")


@dataclass(frozen=True, slots=True)
class AssessmentInput:
    """One assessment as typed. `answers`: {item key: value, or None for 分からない}, an item left open is absent;
    `concern` 0 to 3 is the writer's own."""

    assessed_on: date
    answers: Mapping[str, int | None]
    concern: int | None
    words: str = ""


def answer_problems(tool: ToolInput, given: AssessmentInput, *, today: date) -> Iterator[Problem]:
    """What keeps an assessment from being saved; `field` is a field's name or answer-KEY."""
    if given.assessed_on > today:
        yield Problem("assessed_on", "今日より前の日をえらんでください。")
    known = {item.key for item in tool.items}
    if set(given.answers) - known:
        yield Problem("", "このツールにない項目があります。画面を読みこみなおしてください。")
    for item in tool.items:
        if item.key not in given.answers:
            yield Problem(
                f"answer-{item.key}", "どれかを押してください。分からないときは「分からない」です。"
            )
            continue
        answer = given.answers[item.key]
        if answer is not None and answer not in {point.value for point in item.scale}:
            yield Problem(f"answer-{item.key}", "えらびなおしてください。")
    if given.concern is None or given.concern not in range(len(CONCERNS)):
        yield Problem("concern", "書く人から見た気がかりの度合いをえらんでください。")
    if len(given.words) > LONGEST_WORDS:
        yield Problem("words", f"{LONGEST_WORDS}文字までです（いま{len(given.words)}文字）。")
    if "\x00" in given.words:
        yield Problem("words", "使えない文字が入っています。入力しなおしてください。")


@dataclass(frozen=True, slots=True)
class Scored:
    """The sum of what was answered, of `highest` that these items can reach, and how many were 分からない."""

    total: int
    highest: int
    unknown: int
    asked: int

    @property
    def answered(self) -> int:
        return self.asked - self.unknown

    @property
    def share(self) -> float | None:
        """0 to 1; None when nothing was answered."""
        return self.total / self.highest if self.highest else None


def scored(items: Sequence[Item], answers: Mapping[str, int | None]) -> Scored:
    """The sum over items; what is not known counts neither in the sum nor in what it could be."""
    known = [(item, answers[item.key]) for item in items if answers.get(item.key) is not None]
    return Scored(
        sum(value for _, value in known if value is not None),
        sum(item.highest for item, _ in known),
        len(items) - len(known),
        len(items),
    )


def band_of(tool: ToolInput, total: int) -> Band | None:
    """The band a sum lies in; None for a tool without bands."""
    below = [band for band in tool.bands if band.start <= total]
    return below[-1] if below else None


def new_key(taken: Sequence[str]) -> str:
    """A key no item has: "i1", "i2" …"""
    number = 1
    while f"i{number}" in taken:
        number += 1
    return f"i{number}"
