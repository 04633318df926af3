"""Input about one agency: everything of A1 that can change, and what only a new one has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from tsunagari.base.actor import Actor
from tsunagari.base.japanese.text import postal_code
from tsunagari.base.offering import offer_rows
from tsunagari.places import queries
from tsunagari.places.forms import rows
from tsunagari.places.forms.fields import NO, YES, answer, day, number, several, text, tidy
from tsunagari.places.models import Agency, OperatorKind, PlaceKind
from tsunagari.places.rules import (
    ACCEPTED_AGES,
    LANGUAGES,
    PLAIN_FIELDS,
    PROGRAMMES,
    HourInput,
    PeriodInput,
)


class AgencyForm(forms.Form):
    """Everything of A1 that can change. Made with the period to start from, or without for a new agency.

    What is left untouched stays as it is on file, to the letter: a list that was imported may hold more than
    this form would take by itself.
    """

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
    area: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="区域",
        queryset=None,
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

    def __init__(
        self,
        actor: Actor,
        data: QueryDict | None = None,
        *,
        former: PeriodInput | None = None,
        typed: QueryDict | None = None,
        more: str = "",
    ) -> None:
        """`typed` shows what was typed so far without judging it, with one more row of what `more` names."""
        posted = data if data is not None else typed
        self.actor, self.former = actor, former
        self.rows = rows.rows_posted(posted, more=more) if posted is not None else rows.rows_on_file(former)
        super().__init__(data, initial=_initial(former) if typed is None else _typed(typed))
        areas = queries.areas(actor, also=former.area_id if former else None)
        offer_rows(self, "area", areas.defer("polygon"))
        self.fields |= dict(rows.fields_of(self.rows, former))

    def sections(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Headings with their fields, in order."""
        for heading, names in self.SECTIONS:
            yield heading, [self[name] for name in names.split()]

    def week(self) -> Iterator[tuple[str, list[tuple[BoundField, BoundField]]]]:
        """Each weekday with its pairs of fields."""
        return rows.week(self, self.rows)

    def channels(self) -> Iterator[tuple[BoundField, ...]]:
        """Ways to reach the place, a row each."""
        return rows.way_fields(self, self.rows)

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
        rows.check(self, self.rows)
        return clean

    def period(self, on: date) -> PeriodInput:
        """The input, its area found from the point on day `on` when none was chosen."""
        clean = self.cleaned_data
        plain = {name: self._plain(name) for name in PLAIN_FIELDS if name in clean}
        plain |= {
            name: {YES: True, NO: False}.get(clean[name]) for name in ("private_room", "temporary_care")
        }
        return PeriodInput(
            **plain,
            ages=tuple(clean["ages"]),
            programmes=tuple(clean["programmes"]),
            languages=tuple(clean["languages"]),
            area_id=self._area_id(on),
            hours=tuple(sorted([*self._other_hours(), *rows.hours(clean, self.rows)])),
            channels=tuple(rows.ways(clean, self.rows)),
        )

    def _plain(self, name: str) -> Any:
        """The value typed; the one on file when the text differs only by what browsers and fields tidy away."""
        typed, former = self.cleaned_data[name], getattr(self.former, name, None)
        if not isinstance(typed, str):
            return typed
        untouched = isinstance(former, str) and tidy(former) == tidy(str(self.data.get(name, "")))
        return former if untouched else tidy(typed)

    def _other_hours(self) -> list[HourInput]:
        """Hours of telephone, consultation and others, which this form does not show."""
        return [row for row in (self.former.hours if self.former else ()) if row.kind != "open"]

    def _area_id(self, on: date) -> int | None:
        clean = self.cleaned_data
        chosen = int(clean["area"].pk) if clean["area"] else None
        point = clean["longitude"], clean["latitude"]
        former = self.former
        if former and (chosen, *point) == (former.area_id, former.longitude, former.latitude):
            return former.area_id
        if chosen is not None or None in point:
            return chosen
        found = queries.area_of_point(self.actor.municipality_id, *point, day=on)
        return found.pk if found else None


class OpeningForm(forms.Form):
    """What only a new agency has."""

    kind = forms.ChoiceField(
        label="区分", choices=Agency.Kind.choices, widget=forms.RadioSelect, initial="agency"
    )
    identifier = text("ID", 60, help_text="市の一覧にあるID。空けると番号を付けます。")
    opened_on = day("開設日")


def _typed(posted: QueryDict) -> dict[str, Any]:
    several_of = ("ages", "programmes", "languages")
    return posted.dict() | {name: posted.getlist(name) for name in several_of}


def _initial(period: PeriodInput | None) -> dict[str, Any]:
    if period is None:
        return {}
    values: dict[str, Any] = {name: getattr(period, name) for name in PLAIN_FIELDS}
    values |= {name: list(getattr(period, name)) for name in ("ages", "programmes", "languages")}
    values["area"] = period.area_id
    for name in ("private_room", "temporary_care"):
        values[name] = {True: YES, False: NO}.get(getattr(period, name), "")
    return values | rows.initial_of(period)
