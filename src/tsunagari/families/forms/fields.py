"""Fields every family form shares."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from tsunagari.base import clock
from tsunagari.base.japanese.dates import DateError, format_wareki, parse_date

DATE_HELP = "「2024/4/1」「令和6年4月1日」「R6.4.1」のどれでも書けます。"


class DayField(forms.CharField):
    """A day typed in western or Japanese years; cleans to a date or None, refuses in words."""

    def __init__(
        self, *, label: str, required: bool = False, help_text: str = DATE_HELP, **options: Any
    ) -> None:
        widget = forms.TextInput(attrs={"class": "w-m", "autocomplete": "off"})
        errors = {"required": f"{label}を書いてください。"}
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            widget=widget,
            max_length=40,
            error_messages=errors,
            **options,
        )

    def clean(self, value: Any) -> date | None:
        """The day, None when left empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text, today=clock.today())
        except DateError as problem:
            raise forms.ValidationError(str(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        """A day kept already is shown as people write it."""
        return format_wareki(value) if isinstance(value, date) else value


def words(
    label: str, *, width: str = "w-m", most: int = 80, required: bool = False, **attrs: str
) -> forms.CharField:
    """A short text; browsers must not fill it in with the last family's."""
    widget = forms.TextInput(attrs={"class": width, "autocomplete": "off", **attrs})
    errors = {"required": f"{label}を書いてください。", "max_length": f"{label}は{most}文字までです。"}
    return forms.CharField(
        label=label, required=required, max_length=most, widget=widget, error_messages=errors
    )


def phone_words(label: str = "電話番号") -> forms.CharField:
    """A phone number in any form."""
    return words(label, most=40, inputmode="tel")


def one_of(
    label: str, choices: list[tuple[str, str]], *, bar: bool = False, required: bool = True
) -> forms.ChoiceField:
    """One of a few: a joined bar of buttons or a list."""
    widget = forms.RadioSelect() if bar else forms.Select()
    errors = {
        "required": f"{label}をえらんでください。",
        "invalid_choice": f"{label}をえらびなおしてください。",
    }
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=widget, error_messages=errors
    )
