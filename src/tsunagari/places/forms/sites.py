"""Input about the places an agency goes to, and the times of day its roster counts by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from tsunagari.base.japanese.times import TimeError, parse_time
from tsunagari.base.offering import offer_rows
from tsunagari.places.forms.fields import TimeInput, day, number, text
from tsunagari.places.models import Site
from tsunagari.places.operations.slots import MOST
from tsunagari.places.rules import DEFAULT_SLOTS, WEEKDAYS, WEEKS, SiteInput, SiteTimeInput, Slot

FEWEST_ROWS = 2
MOST_ROWS = 30  # posted numbers beyond this are nobody's typing
_ROW = re.compile(r"weekday_([1-9][0-9]?)")
PLAIN = ("name", "kind", "address", "latitude", "longitude", "note")


class ClockField(forms.Field):
    """A clock time to the minute, in whatever way it is typed: 9:30, 9時半, 午後1時."""

    widget = TimeInput

    def to_python(self, value: Any) -> time | None:
        if value in (None, ""):
            return None
        try:
            return parse_time(value)
        except TimeError as error:
            raise forms.ValidationError(str(error)) from None


def clock_field(label: str, *, required: bool = False) -> ClockField:
    return ClockField(
        label=label, required=required, error_messages={"required": "時刻を「9:30」のように入れてください。"}
    )


class SiteForm(forms.Form):
    """A site and its weekly times, a row each; a row without a weekday is not used."""

    kind = forms.ChoiceField(
        label="種類", choices=Site.Kind.choices, widget=forms.RadioSelect, initial=Site.Kind.MOBILE
    )
    name = text("名前", 80, required=True, help_text="受付でえらぶときの名前です。例：東公民館、ハローワーク")
    address = text("所在地", 200)
    latitude = number("緯度", 20, 46)
    longitude = number("経度", 122, 154)
    note = text("備考", 200)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        site: Site | None = None,
        times: Sequence[SiteTimeInput] = (),
        typed: QueryDict | None = None,
        more: bool = False,
    ) -> None:
        """`typed` shows what was typed so far without judging it; `more` adds a row."""
        posted = data if data is not None else typed
        rows = _posted_rows(posted) if posted is not None else len(times)
        self.rows = max(rows, FEWEST_ROWS) + more
        initial = {name: getattr(site, name) for name in PLAIN} if site else {}
        super().__init__(data, initial=initial | _on_file(times) if typed is None else _typed(typed))
        for row in range(1, self.rows + 1):
            self.fields |= _row_fields(row)

    def times(self) -> Iterator[tuple[BoundField, ...]]:
        """Weekday, weeks, start and end of each row."""
        for row in range(1, self.rows + 1):
            yield tuple(self[f"{part}_{row}"] for part in ("weekday", "weeks", "opens", "closes"))

    def plain(self) -> Iterator[BoundField]:
        """The fields that are no times."""
        return (self[name] for name in ("kind", *(name for name in PLAIN if name != "kind")))

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        for row in range(1, self.rows + 1):
            self._check_row(row)
        return clean

    def _check_row(self, row: int) -> None:
        weekday, weeks, opens, closes = (
            self.cleaned_data.get(f"{part}_{row}") for part in ("weekday", "weeks", "opens", "closes")
        )
        if any(f"{part}_{row}" in self.errors for part in ("opens", "closes")):
            return
        if not weekday and (weeks or opens or closes):
            self.add_error(f"weekday_{row}", "曜日をえらぶか、この行の時刻を消してください。")
        elif weekday and (opens is None or closes is None):
            self.add_error(f"opens_{row}" if opens is None else f"closes_{row}", "時刻を両方入れてください。")
        elif opens is not None and closes is not None and closes <= opens:
            self.add_error(f"closes_{row}", "終わりを、始まりより後にしてください。")

    def site(self, days: Sequence[SiteTimeInput] = ()) -> SiteInput:
        """The input, with single days besides the weekly rows."""
        plain = {name: self.cleaned_data[name] for name in PLAIN}
        return SiteInput(**plain, times=(*self._weekly(), *days))

    def _weekly(self) -> Iterator[SiteTimeInput]:
        for row in range(1, self.rows + 1):
            weekday, weeks, opens, closes = (
                self.cleaned_data[f"{part}_{row}"] for part in ("weekday", "weeks", "opens", "closes")
            )
            if weekday:
                chosen = tuple(sorted(int(week) for week in weeks))
                yield SiteTimeInput(opens, closes, weekday=int(weekday), weeks=chosen)


class NewSiteForm(forms.Form):
    """What only a new site has."""

    agency: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="どの機関が行くところか",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "機関をえらんでください。",
            "invalid_choice": "機関をえらびなおしてください。",
        },
    )
    valid_from = day("はじまりの日")

    def __init__(self, agencies: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "agency", agencies)


class DayForm(forms.Form):
    """One day a site is open."""

    day = day("日にち")
    opens = clock_field("始まり", required=True)
    closes = clock_field("終わり", required=True)


class OnceForm(DayForm):
    """The one day of a new site; all empty when there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        missing = [name for name in self.fields if clean.get(name) is None and name not in self.errors]
        if len(missing) + len(self.errors) < len(self.fields) or self.errors:
            for name in missing:
                self.add_error(name, self.fields[name].error_messages["required"])
        return clean

    def days(self) -> list[SiteTimeInput]:
        """The day, or none."""
        clean = self.cleaned_data
        return [SiteTimeInput(**clean)] if clean.get("day") else []


class SiteEndForm(forms.Form):
    ends_on = day("終わりの日", help_text="この日までは、受付でえらべます。")


class SlotsForm(forms.Form):
    """Times of day, a row each; a row without a name and a start is not used."""

    def __init__(self, data: QueryDict | None = None, *, slots: Sequence[Slot] = DEFAULT_SLOTS) -> None:
        initial: dict[str, Any] = {}
        for row, slot in enumerate(slots, start=1):
            initial |= {f"name_{row}": slot.name, f"starts_{row}": slot.starts}
        super().__init__(data, initial=initial)
        self.rows = min(max(len(slots) + 2, 4), MOST) if data is None else MOST
        for row in range(1, MOST + 1):
            self.fields[f"name_{row}"] = text(f"時間帯 {row} の名前", 20)
            self.fields[f"starts_{row}"] = clock_field(f"時間帯 {row} の始まり")

    def pairs(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Name and start of each row to show."""
        for row in range(1, self.rows + 1):
            yield self[f"name_{row}"], self[f"starts_{row}"]

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        for row in range(1, MOST + 1):
            name, starts = clean.get(f"name_{row}"), clean.get(f"starts_{row}")
            if f"starts_{row}" not in self.errors and bool(name) != (starts is not None):
                missing = "starts" if name else "name"
                self.add_error(f"{missing}_{row}", "名前と始まりを、両方入れてください。")
        return clean

    def slots(self) -> list[Slot]:
        """The rows that were filled in."""
        clean = self.cleaned_data
        rows = range(1, MOST + 1)
        return [Slot(clean[f"name_{row}"], clean[f"starts_{row}"]) for row in rows if clean[f"name_{row}"]]


def _row_fields(row: int) -> dict[str, forms.Field]:
    weekdays = [("", "—"), *((str(number), f"{name}曜") for number, name in enumerate(WEEKDAYS[:7]))]
    weeks = [(str(week), name) for week, name in WEEKS.items()]
    wrong = {"invalid_choice": "えらびなおしてください。"}
    return {
        f"weekday_{row}": forms.ChoiceField(
            label=f"曜日（{row}行目）", choices=weekdays, required=False, error_messages=wrong
        ),
        f"weeks_{row}": forms.MultipleChoiceField(
            label=f"第何週（{row}行目）",
            choices=weeks,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages=wrong,
        ),
        f"opens_{row}": clock_field(f"始まり（{row}行目）"),
        f"closes_{row}": clock_field(f"終わり（{row}行目）"),
    }


def _posted_rows(data: Mapping[str, Any]) -> int:
    found = (_ROW.fullmatch(name) for name in data)
    return min(max((int(match[1]) for match in found if match), default=0), MOST_ROWS)


def _typed(posted: QueryDict) -> dict[str, Any]:
    weeks = {name: posted.getlist(name) for name in posted if name.startswith("weeks_")}
    return posted.dict() | weeks


def _on_file(times: Sequence[SiteTimeInput]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for row, one in enumerate(times, start=1):
        values |= {f"weekday_{row}": str(one.weekday), f"weeks_{row}": [str(week) for week in one.weeks]}
        values |= {f"opens_{row}": one.opens, f"closes_{row}": one.closes}
    return values
