"""Fields that the forms of places share."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from tsunagari.base.fields import DayField

YES, NO = "yes", "no"
ANSWERS = [("", "わからない"), (YES, "あり"), (NO, "なし")]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")

    def format_value(self, value: Any) -> str | None:
        """Hours and minutes; seconds too when there are any, so that none is lost."""
        if isinstance(value, time) and (value.second or value.microsecond):
            return value.isoformat()
        return super().format_value(value)


def tidy(typed: str) -> str:
    """Text without blanks around it and with one kind of line end."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def text(label: str, most: int, *, required: bool = False, help_text: str = "") -> forms.CharField:
    messages = {"required": "入れてください。", "max_length": f"{most}文字までにしてください。"}
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, error_messages=messages
    )


def day(label: str, *, required: bool = True, help_text: str = "") -> DayField:
    messages = {"required": "日を入れてください。", "invalid": "「2026-04-01」のように入れてください。"}
    return DayField(
        label=label, required=required, help_text=help_text, widget=DateInput, error_messages=messages
    )


def several(label: str, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices.items()), required=False, widget=forms.CheckboxSelectMultiple
    )


def number(label: str, low: float, high: float) -> forms.FloatField:
    messages = {"invalid": "数字で入れてください。", "min_value": f"{low}から{high}までです。"}
    messages["max_value"] = messages["min_value"]
    return forms.FloatField(
        label=label, required=False, min_value=low, max_value=high, error_messages=messages
    )


def answer(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=ANSWERS, required=False, widget=forms.RadioSelect)
