"""Input about one agency: everything of A1 that can change, and what only a new one has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from tsunagari.base.actor import Actor
from tsunagari.base.japanese.text import postal_code
from tsunagari.places import queries
from tsunagari.places.forms.fields import (
    NO,
    YES,
    TimeInput,
    answer,
    day,
    number,
    several,
    text,
)
from tsunagari.places.models import Agency, Area, OperatorKind, PlaceKind
from tsunagari.places.rules import (
    ACCEPTED_AGES,
    CHANNELS,
    LANGUAGES,
    PLAIN_FIELDS,
    PROGRAMMES,
    WEEKDAYS,
    ChannelInput,
    HourInput,
    PeriodInput,
)

SLOTS = (1, 2)


class AgencyForm(forms.Form):
    """Everything of A1 that can change. Made with the period to start from, or without for a new agency."""

    name = text("名称", 120, required=True)
    kana = text("名称（カナ）", 200)
    place_kind = forms.ChoiceField(
        label="場所の種類", required=False, choices=[("", "えらんでください"), *PlaceKind.choices]
    )
    operator_kind = forms.ChoiceField(
        label="運営主体", required=False, choices=[("", "えらんでください"), *OperatorKind.choices]
    )
    operator_name = text("運営者", 120)
    operator_number = text("法人番号", 13, help_text="13けたの数字です。")
    facility_type = text("種別", 60, help_text="市の一覧での呼び方です。")
    ages = several("対象", ACCEPTED_AGES)
    ages_note = text("受入年齢の説明", 120)
    programmes = several("行っている事業", PROGRAMMES)
    postal_code = text("郵便番号", 8)
    address = text("所在地", 200)
    address_detail = text("建物名など", 120)
    latitude = number("緯度", 20, 46)
    longitude = number("経度", 122, 154)
    area = forms.ModelChoiceField(
        label="区域",
        queryset=Area.objects.none(),
        required=False,
        empty_label="緯度・経度から決める",
        error_messages={"invalid_choice": "一覧からえらんでください。"},
    )
    access = text("行き方", 300)
    parking = text("駐車場", 200)
    phone = text("電話番号", 60)
    fax = text("FAX番号", 30)
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        max_length=120,
        error_messages={"invalid": "メールアドレスの形にしてください。"},
    )
    url = forms.URLField(
        label="URL",
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": "「https://」から始まる形にしてください。"},
    )
    hours_note = forms.CharField(
        label="時間の補足", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    private_room = answer("個室での相談")
    temporary_care = answer("一時預かり")
    capacity = forms.IntegerField(
        label="定員", required=False, min_value=0, error_messages={"invalid": "数字で入れてください。"}
    )
    languages = several("対応する言語", LANGUAGES)
    note = forms.CharField(
        label="備考", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    SECTIONS = (
        ("名称と運営", "name kana place_kind operator_kind operator_name operator_number facility_type"),
        ("対象と事業", "ages ages_note programmes"),
        ("所在地", "postal_code address address_detail latitude longitude area access parking"),
        ("連絡先", "phone fax email url"),
        ("相談のしかた", "private_room temporary_care capacity languages note"),
    )

    def __init__(self, actor: Actor, *args: Any, former: PeriodInput | None = None, **kwargs: Any) -> None:
        self.actor, self.former = actor, former
        initial = _initial(former) | (kwargs.pop("initial", None) or {})
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = queries.areas(actor).defer("polygon")  # type: ignore[attr-defined]
        for weekday, slot in _slots():
            for edge, word in (("opens", "から"), ("closes", "まで")):
                label = f"{WEEKDAYS[weekday]}{'曜' if weekday < 7 else '日'}の{slot}つ目の時間（{word}）"
                self.fields[f"{edge}_{weekday}_{slot}"] = forms.TimeField(
                    label=label,
                    required=False,
                    widget=TimeInput,
                    error_messages={"invalid": "「9:00」のように入れてください。"},
                )
        for kind, word in CHANNELS.items():
            self.fields[f"channel_{kind}"] = text(word, 200)
            self.fields[f"channel_{kind}_hours"] = text(f"{word}の受付時間", 100)

    def sections(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Headings with their fields, in order."""
        for heading, names in self.SECTIONS:
            yield heading, [self[name] for name in names.split()]

    def week(self) -> Iterator[tuple[str, list[tuple[BoundField, BoundField]]]]:
        """Each weekday with its pairs of fields."""
        for weekday, name in enumerate(WEEKDAYS):
            yield (
                name,
                [(self[f"opens_{weekday}_{slot}"], self[f"closes_{weekday}_{slot}"]) for slot in SLOTS],
            )

    def channels(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        for kind, word in CHANNELS.items():
            yield word, self[f"channel_{kind}"], self[f"channel_{kind}_hours"]

    def clean_postal_code(self) -> str:
        given = self.cleaned_data["postal_code"]
        found = postal_code(given) if given else ""
        if found is None:
            raise forms.ValidationError("7けたの郵便番号にしてください。")
        return found

    def clean_operator_number(self) -> str:
        given: str = self.cleaned_data["operator_number"]
        if given and not (given.isascii() and given.isdigit() and len(given) == 13):
            raise forms.ValidationError("13けたの数字にしてください。")
        return given

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        for weekday, slot in _slots():
            opens, closes = clean.get(f"opens_{weekday}_{slot}"), clean.get(f"closes_{weekday}_{slot}")
            if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
                self.add_error(f"closes_{weekday}_{slot}", "始まりと終わりを、正しい順に両方入れてください。")
        return clean

    def period(self, on: date) -> PeriodInput:
        """The input, its area found from the point on day `on` when none was chosen."""
        clean = self.cleaned_data
        plain = {name: clean[name] for name in PLAIN_FIELDS if name in clean and name not in {"area"}}
        plain |= {
            name: {YES: True, NO: False}.get(clean[name]) for name in ("private_room", "temporary_care")
        }
        return PeriodInput(
            **plain,
            ages=tuple(clean["ages"]),
            programmes=tuple(clean["programmes"]),
            languages=tuple(clean["languages"]),
            area_id=self._area_id(on),
            hours=self._hours(),
            channels=tuple(self._channels()),
        )

    def _area_id(self, on: date) -> int | None:
        clean = self.cleaned_data
        if clean["area"] is not None:
            return int(clean["area"].pk)
        if clean["longitude"] is None or clean["latitude"] is None:
            return None
        found = queries.area_of_point(
            self.actor.municipality_id, clean["longitude"], clean["latitude"], day=on
        )
        return found.pk if found else None

    def _hours(self) -> tuple[HourInput, ...]:
        kept = [row for row in (self.former.hours if self.former else ()) if row.kind != "open"]
        typed: list[HourInput] = []
        for weekday, slot in _slots():
            opens: time | None = self.cleaned_data[f"opens_{weekday}_{slot}"]
            if opens is not None:
                typed.append(HourInput(weekday, opens, self.cleaned_data[f"closes_{weekday}_{slot}"]))
        return tuple(sorted([*kept, *typed]))

    def _channels(self) -> Iterator[ChannelInput]:
        for kind in CHANNELS:
            value, hours = self.cleaned_data[f"channel_{kind}"], self.cleaned_data[f"channel_{kind}_hours"]
            if value or hours:
                yield ChannelInput(kind, value, hours)


class OpeningForm(forms.Form):
    """What only a new agency has."""

    kind = forms.ChoiceField(
        label="区分", choices=Agency.Kind.choices, widget=forms.RadioSelect, initial="agency"
    )
    identifier = text("ID", 60, help_text="市の一覧にあるID。空けると番号を付けます。")
    opened_on = day("開設日")


def _slots() -> Iterator[tuple[int, int]]:
    return ((weekday, slot) for weekday in range(len(WEEKDAYS)) for slot in SLOTS)


def _initial(period: PeriodInput | None) -> dict[str, Any]:
    if period is None:
        return {}
    values: dict[str, Any] = {name: getattr(period, name) for name in PLAIN_FIELDS}
    values |= {name: list(getattr(period, name)) for name in ("ages", "programmes", "languages")}
    values["area"] = period.area_id
    for name in ("private_room", "temporary_care"):
        values[name] = {True: YES, False: NO}.get(getattr(period, name), "")
    for channel in period.channels:
        values[f"channel_{channel.kind}"] = channel.value
        values[f"channel_{channel.kind}_hours"] = channel.hours
    return values | _initial_hours(period)


def _initial_hours(period: PeriodInput) -> dict[str, time]:
    values: dict[str, time] = {}
    for weekday in range(len(WEEKDAYS)):
        rows = sorted(row for row in period.hours if row.kind == "open" and row.weekday == weekday)
        for slot, row in zip(SLOTS, rows, strict=False):
            values[f"opens_{weekday}_{slot}"] = row.opens
            values[f"closes_{weekday}_{slot}"] = row.closes
    return values
