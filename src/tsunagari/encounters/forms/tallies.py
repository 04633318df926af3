"""Counting by figures alone: numbers raised and lowered by pressing, with or without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from tsunagari.base import clock
from tsunagari.base.offering import field_of
from tsunagari.encounters.forms.sites import SiteField
from tsunagari.encounters.forms.visits import day_field, time_field
from tsunagari.encounters.operations.tallies import MOST
from tsunagari.encounters.rules import AGE_GROUPS
from tsunagari.places.queries import SiteChoice

STEP = "step"
_PRESSED = re.compile(r"([a-z_0-9]+)([+-]1)")
CHILDREN = tuple(f"children_{number}" for number in range(len(AGE_GROUPS)))


def _number(label: str, unit: str) -> forms.IntegerField:
    """A number from 0; an empty one is 0."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        initial=0,
        help_text=unit,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-stepped": ""}),
        error_messages={
            "invalid": f"{label}を数字で入れてください。",
            "min_value": f"{label}を0以上にしてください。",
            "max_value": f"{label}を{MOST}までにしてください。それより多いときは2回に分けてください。",
        },
    )


class TallyForm(forms.Form):
    """Families, adults and children by age, when and where."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    families = _number("来た組", "組")
    adults = _number("大人", "人")
    newcomers = _number("はじめての組", "組")
    other_town = _number("市外の組", "組")
    site = SiteField()
    day = day_field("日にち", required=False)
    time = time_field("時刻", required=False)
    note = forms.CharField(label="メモ", required=False, max_length=200)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        sites: Sequence[SiteChoice] = (),
        typed: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`typed` shows what was typed so far with the pressed number changed; nothing is judged yet."""
        super().__init__(data, initial=stepped(typed) if typed is not None else initial)
        for name, label in zip(CHILDREN, AGE_GROUPS, strict=True):
            self.fields[name] = _number(f"子ども {label}", "人")
        field_of(self, "site", SiteField).offer(sites)

    def big(self) -> Iterator[BoundField]:
        """Families and adults."""
        return (self[name] for name in ("families", "adults"))

    def kids(self) -> Iterator[tuple[BoundField, str]]:
        """Children by age, with the age."""
        return ((self[name], label) for name, label in zip(CHILDREN, AGE_GROUPS, strict=True))

    def among(self) -> Iterator[BoundField]:
        """Families that came for the first time, or from another town."""
        return (self[name] for name in ("newcomers", "other_town"))

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        for name in ("families", "adults", "newcomers", "other_town", *CHILDREN):
            if clean.get(name) is None and name not in self.errors:
                clean[name] = 0
        clean["at"] = self._at(clean)
        if clean["at"] is not None and clean["at"] > clock.now():
            self.add_error("time", "これからの時刻です。来た時刻を入れてください。")
        return clean

    def _at(self, clean: dict[str, Any]) -> datetime | None:
        """None for now; a time without a day is today's, a day without a time noon."""
        day, time = clean.get("day"), clean.get("time")
        if not day and not time:
            return None
        return clock.told(day or clock.today(), time)

    def numbers(self) -> dict[str, Any]:
        """What `operations.tallies.add_tally` takes, but for the site."""
        clean = self.cleaned_data
        plain = ("families", "adults", "newcomers", "other_town", "key", "at", "note")
        return {name: clean[name] for name in plain} | {"children": [clean[name] for name in CHILDREN]}


def stepped(typed: QueryDict) -> dict[str, Any]:
    """What was typed, the number named by the pressed button one more or one less, never below 0."""
    values: dict[str, Any] = typed.dict()
    pressed = _PRESSED.fullmatch(values.pop(STEP, ""))
    if pressed is not None:
        before = str(values.get(pressed[1], "") or "0")
        number = int(before) if before.isdecimal() and len(before) < 5 else 0
        values[pressed[1]] = min(max(number + int(pressed[2]), 0), MOST)
    return values
