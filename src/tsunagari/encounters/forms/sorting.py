"""Finer categories and official tables as typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from tsunagari.base.fields import SignsField
from tsunagari.base.offering import offer
from tsunagari.encounters.queries.sorting import Place
from tsunagari.encounters.rules import CATEGORIES
from tsunagari.encounters.rules.sorting import FIRST_YEAR, LAST_YEAR, ItemInput


def year_field(label: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.NumberInput(attrs={"class": "w-s"}),
        error_messages={
            "required": "年度を入れてください。",
            "invalid": "年度を西暦4けたで入れてください。",
            "min_value": "年度を西暦4けたで入れてください。",
            "max_value": "年度を西暦4けたで入れてください。",
        },
        **more,
    )


class DetailForm(forms.Form):
    """A new finer category."""

    category = forms.TypedChoiceField(
        label="もとの分類",
        coerce=int,
        choices=[(one.code, f"{one.code}　{one.short}") for one in CATEGORIES],
    )
    label = forms.CharField(
        label="名称", max_length=60, error_messages={"required": "名称を入れてください。"}
    )
    from_year = year_field("年度（から）")


class RenameForm(forms.Form):
    """Another name from a fiscal year on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    label = forms.CharField(
        label="新しい名称", max_length=60, error_messages={"required": "名称を入れてください。"}
    )
    from_year = year_field("この年度から")


class EndForm(forms.Form):
    """The last fiscal year."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    to_year = year_field("この年度まで使う")


class TableForm(forms.Form):
    """A table for a fiscal year: one that ships, or the city's own."""

    key = forms.ChoiceField(
        label="表", widget=forms.RadioSelect, error_messages={"required": "表をえらんでください。"}
    )
    label = forms.CharField(
        label="市の表の名前", max_length=80, required=False, help_text="「市で決めた表」のときだけ"
    )
    fiscal_year = year_field("年度")

    def __init__(self, *args: Any, defaults: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "key", [*defaults.items(), ("own", "市で決めた表")])


class ItemForm(forms.Form):
    """A line of a table."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    code = SignsField(
        label="番号", max_length=20, help_text="英数字", error_messages={"required": "番号を入れてください。"}
    )
    group = forms.CharField(label="まとまり", max_length=80, required=False)
    label = forms.CharField(
        label="行の名前", max_length=80, error_messages={"required": "行の名前を入れてください。"}
    )

    def item(self) -> ItemInput:
        """What was typed; after is_valid()."""
        return ItemInput(*(self.cleaned_data[name] for name in ("code", "label", "group")))


class CheckForm(forms.Form):
    """That a person compared the table with the original."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    source = forms.CharField(
        label="照らしあわせた原本",
        max_length=200,
        help_text="名前と版。「○○記入要領（令和8年4月）」など",
        error_messages={"required": "原本の名前と版を書いてください。"},
    )
    compared = forms.BooleanField(
        label="すべての行を原本と照らしあわせました",
        error_messages={"required": "照らしあわせてから、印をつけてください。"},
    )


class ReopenForm(forms.Form):
    """Why a checked table is opened again."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label="なぜ変えるか", max_length=200, error_messages={"required": "なぜ変えるかを書いてください。"}
    )


class CopyForm(forms.Form):
    """The fiscal year to copy to."""

    fiscal_year = year_field("写す先の年度")


class MappingForm(forms.Form):
    """Where records are counted: one choice a category, and one a finer category."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, *args: Any, places: Sequence[Place], lines: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        for place in places:
            nowhere = "まだ当てていない" if place.detail is None else "もとの分類と同じ行"
            self.fields[place.name] = forms.TypedChoiceField(
                label=place.label,
                required=False,
                coerce=int,
                empty_value=None,
                initial=place.item_id or "",
                choices=[("", nowhere), *lines],
                widget=forms.Select(attrs={"class": "input"}),
                error_messages={"invalid_choice": "行をえらびなおしてください。"},
            )

    @property
    def rows(self) -> list[tuple[Place, forms.BoundField]]:
        return [(place, self[place.name]) for place in self.places]

    def mapping(self) -> dict[tuple[int, int | None], int | None]:
        """What was chosen; after is_valid()."""
        return {
            (place.category.code, place.detail.pk if place.detail is not None else None): self.cleaned_data[
                place.name
            ]
            for place in self.places
        }
