"""Input about what happens to places: when a change holds, days off, designations, areas, the list's filters."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from django import forms

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.fields import ClockField
from tsunagari.base.offering import offer
from tsunagari.places import queries
from tsunagari.places.forms.fields import (
    NO,
    YES,
    TimeInput,
    day,
    text,
)
from tsunagari.places.models import Area, PlaceKind
from tsunagari.places.rules import (
    AreaInput,
)

CORRECT, FROM_DAY = "correct", "from"


class WhenForm(forms.Form):
    """Whether a change corrects what was wrong or holds from a day on."""

    when = forms.ChoiceField(
        label="いつからのことですか",
        choices=[(FROM_DAY, "この日から変わる"), (CORRECT, "前からの誤りを直す")],
        widget=forms.RadioSelect,
        error_messages={"required": "えらんでください。"},
    )
    effective_on = day(
        "変わる日",
        required=False,
        help_text="「この日から変わる」のときに入れます。前の内容は履歴に残ります。",
    )

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if (
            clean.get("when") == FROM_DAY
            and not clean.get("effective_on")
            and "effective_on" not in self.errors
        ):
            self.add_error("effective_on", "日を入れてください。")
        return clean

    def day(self, first_day: date) -> date:
        """The day from which the change holds; `first_day` is where the period at hand begins."""
        chosen: date = self.cleaned_data["effective_on"]
        return first_day if self.cleaned_data["when"] == CORRECT else chosen


class ExceptionForm(forms.Form):
    first_day = day("はじめの日")
    last_day = day("おわりの日", required=False, help_text="1日だけなら空けます。")
    opens = ClockField(label="開く時刻", required=False, widget=TimeInput, help_text="空けると休みです。")
    closes = ClockField(label="閉める時刻", required=False, widget=TimeInput)
    reason = text("理由", 120)


class DesignationForm(forms.Form):
    valid_from = day("指定日")
    valid_to = day("終了日", required=False, help_text="決まっていなければ空けておきます。")
    basis = text("根拠", 200, help_text="告示や決裁の番号など。")
    note = text("備考", 200)


class EndForm(forms.Form):
    """The last day of something, with a reason."""

    ends_on = day("終わりの日")
    reason = text("理由", 200)


class CloseForm(forms.Form):
    closed_on = day("廃止日", help_text="この日までは開いています。")


class AreaForm(forms.Form):
    kind = forms.ChoiceField(label="種類", choices=Area.Kind.choices, widget=forms.RadioSelect)
    code = text("区域コード", 60, required=True)
    name = text("区域名", 80, required=True)
    polygon = forms.CharField(
        label="区域の形",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="GeoJSONのPolygonかMultiPolygonです。まとめて入れるときは「取り込み」を使います。",
    )

    def clean_polygon(self) -> dict[str, Any] | None:
        given = self.cleaned_data["polygon"].strip()
        if not given:
            return None
        try:
            found = orjson.loads(given)
        except orjson.JSONDecodeError:
            raise forms.ValidationError("GeoJSONとして読み取れません。") from None
        if not isinstance(found, dict):
            raise forms.ValidationError("GeoJSONのPolygonかMultiPolygonにしてください。")
        return found.get("geometry", found) if found.get("type") == "Feature" else found

    def area(self) -> AreaInput:
        clean = self.cleaned_data
        return AreaInput(code=clean["code"], name=clean["name"], polygon=clean["polygon"], kind=clean["kind"])


class AgencyFilterForm(forms.Form):
    """Filters of the list; a value that does not fit is left out."""

    q = forms.CharField(label="名前・住所", required=False, max_length=80)
    area = forms.ChoiceField(label="区域", required=False)
    place_kind = forms.ChoiceField(
        label="場所の種類", required=False, choices=[("", "すべて"), *PlaceKind.choices]
    )
    designated = forms.ChoiceField(
        label="指定", required=False, choices=[("", "すべて"), (YES, "指定あり"), (NO, "指定なし")]
    )
    state = forms.ChoiceField(
        label="状態",
        required=False,
        choices=[("open", "開いている場所"), ("closed", "廃止した場所"), ("all", "すべて")],
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = queries.areas(actor).values_list("code", "name")
        offer(self, "area", [("", "すべて"), *codes])

    def filters(self) -> queries.AgencyFilters:
        self.is_valid()
        clean = self.cleaned_data
        return queries.AgencyFilters(
            text=clean.get("q", ""),
            area_code=clean.get("area", ""),
            place_kind=clean.get("place_kind", ""),
            designated={YES: True, NO: False}.get(clean.get("designated", "")),
            state=clean.get("state") or "open",
        )


def proposed_day() -> dict[str, Any]:
    """A change is dated today unless somebody says otherwise."""
    return {"when": FROM_DAY, "effective_on": clock.today()}
