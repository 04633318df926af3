"""Rows of the agency form that grow: openings of a weekday, and ways to reach the place.

A row is a handful of fields with a number in their names, so the form works as one and without JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from tsunagari.base.fields import ClockField
from tsunagari.places.forms.fields import TimeInput, text
from tsunagari.places.rules import CHANNELS, WEEKDAYS, ChannelInput, HourInput, PeriodInput

HOURS, WAYS = "hours", "channels"  # what a press on もう1行 asks for
FEWEST_HOURS = 2  # a morning and an afternoon
MOST_ROWS = 50  # posted numbers beyond this are nobody's typing
_OPENS = re.compile(r"opens_([0-7])_([1-9][0-9]?)")
_WAY = re.compile(r"channel_([1-9][0-9]?)_kind")


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a form has: openings of each weekday (Monday to public holidays), and ways to reach."""

    hours: tuple[int, ...]
    ways: int


def rows_on_file(period: PeriodInput | None) -> Rows:
    """A row for everything on file and one more."""
    counts = [len(_openings(period, day)) + 1 for day in range(len(WEEKDAYS))]
    ways = len(period.channels) if period else 0
    return Rows(tuple(max(FEWEST_HOURS, count) for count in counts), ways + 1)


def rows_posted(data: Mapping[str, Any], *, more: str = "") -> Rows:
    """The rows that were posted, and one more of what `more` names."""
    counts = [FEWEST_HOURS] * len(WEEKDAYS)
    ways = 1
    for name in data:
        if found := _OPENS.fullmatch(name):
            counts[int(found[1])] = max(counts[int(found[1])], int(found[2]))
        elif found := _WAY.fullmatch(name):
            ways = max(ways, int(found[1]))
    counts = [min(count, MOST_ROWS) + (more == HOURS) for count in counts]
    return Rows(tuple(counts), min(ways, MOST_ROWS) + (more == WAYS))


def fields_of(rows: Rows, former: PeriodInput | None) -> Iterator[tuple[str, forms.Field]]:
    """Name and field of every row."""
    for day, slot in _slots(rows):
        for edge, word in (("opens", "から"), ("closes", "まで")):
            label = f"{WEEKDAYS[day]}{'曜' if day < 7 else '日'}の{slot}つ目の時間（{word}）"
            yield f"{edge}_{day}_{slot}", _time(label)
    kinds = dict(CHANNELS) | {way.kind: way.kind for way in _ways(former) if way.kind not in CHANNELS}
    for number in range(1, rows.ways + 1):
        choices = [("", "（この行は使わない）"), *kinds.items()]
        yield (
            f"channel_{number}_kind",
            forms.ChoiceField(label=f"方法 {number}", required=False, choices=choices),
        )
        yield f"channel_{number}_value", text(f"番号・宛先 {number}", 200)
        yield f"channel_{number}_hours", text(f"受付時間 {number}", 100)


def initial_of(period: PeriodInput) -> dict[str, Any]:
    """What is on file, by field name."""
    values: dict[str, Any] = {}
    for day in range(len(WEEKDAYS)):
        for slot, row in enumerate(_openings(period, day), start=1):
            values |= {f"opens_{day}_{slot}": row.opens, f"closes_{day}_{slot}": row.closes}
    for number, way in enumerate(period.channels, start=1):
        values |= {
            f"channel_{number}_kind": way.kind,
            f"channel_{number}_value": way.value,
            f"channel_{number}_hours": way.hours,
        }
    return values


def check(form: forms.Form, rows: Rows) -> None:
    """Put an error on each row that is only half filled in."""
    clean = form.cleaned_data
    for day, slot in _slots(rows):
        opens, closes = clean.get(f"opens_{day}_{slot}"), clean.get(f"closes_{day}_{slot}")
        if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
            form.add_error(f"closes_{day}_{slot}", "始まりと終わりを、正しい順に両方入れてください。")
    for number in range(1, rows.ways + 1):
        words = clean.get(f"channel_{number}_value") or clean.get(f"channel_{number}_hours")
        if words and not clean.get(f"channel_{number}_kind"):
            form.add_error(f"channel_{number}_kind", "方法をえらぶか、この行を空けてください。")


def hours(clean: Mapping[str, Any], rows: Rows) -> Iterator[HourInput]:
    """The openings that were typed."""
    for day, slot in _slots(rows):
        opens: time | None = clean[f"opens_{day}_{slot}"]
        if opens is not None:
            yield HourInput(day, opens, clean[f"closes_{day}_{slot}"])


def ways(clean: Mapping[str, Any], rows: Rows) -> Iterator[ChannelInput]:
    """The ways to reach the place that were chosen; a number and hours are not needed."""
    for number in range(1, rows.ways + 1):
        kind, value, open_for = (clean[f"channel_{number}_{part}"] for part in ("kind", "value", "hours"))
        if kind:
            yield ChannelInput(kind, value, open_for)


def week(form: forms.Form, rows: Rows) -> Iterator[tuple[str, list[tuple[BoundField, BoundField]]]]:
    """Each weekday with its pairs of fields."""
    for day, name in enumerate(WEEKDAYS):
        slots = range(1, rows.hours[day] + 1)
        yield name, [(form[f"opens_{day}_{slot}"], form[f"closes_{day}_{slot}"]) for slot in slots]


def way_fields(form: forms.Form, rows: Rows) -> Iterator[tuple[BoundField, ...]]:
    """Kind, number and hours of each row."""
    for number in range(1, rows.ways + 1):
        yield tuple(form[f"channel_{number}_{part}"] for part in ("kind", "value", "hours"))


def _slots(rows: Rows) -> Iterator[tuple[int, int]]:
    return ((day, slot) for day, count in enumerate(rows.hours) for slot in range(1, count + 1))


def _openings(period: PeriodInput | None, day: int) -> list[HourInput]:
    found = period.hours if period else ()
    return sorted(row for row in found if row.kind == "open" and row.weekday == day)


def _ways(period: PeriodInput | None) -> tuple[ChannelInput, ...]:
    return period.channels if period else ()


def _time(label: str) -> ClockField:
    messages = {"invalid": "「9:00」のように入れてください。"}
    return ClockField(label=label, required=False, widget=TimeInput, error_messages=messages)
