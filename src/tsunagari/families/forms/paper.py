"""Printing blank forms, and typing in the code of one."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagari.base.offering import offer
from tsunagari.families.forms.fields import one_of, words
from tsunagari.families.rules.paper import MOST_AT_ONCE


class PrintFormsForm(forms.Form):
    """How many, and for which agency."""

    count = forms.IntegerField(
        label="枚数",
        min_value=1,
        max_value=MOST_AT_ONCE,
        help_text=f"一度に{MOST_AT_ONCE}枚まで。1枚ごとにちがう番号とQRが入るので、コピーせずに印刷してください。",
        widget=forms.NumberInput(attrs={"class": "w-s", "inputmode": "numeric"}),
        error_messages={
            "required": "枚数を書いてください。",
            "invalid": "枚数を数字で書いてください。",
            "min_value": "1枚からにしてください。",
            "max_value": f"一度に印刷できるのは{MOST_AT_ONCE}枚までです。",
        },
    )
    agency = one_of("登録する機関", [], required=False)

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], own: int | None, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "agency", [("", "家庭がえらぶ（空らん）"), *((str(pk), name) for pk, name in agencies)])
        if own is not None:
            del self.fields["agency"]


class CodeForm(forms.Form):
    """The number under the QR, typed."""

    code = words("用紙の番号", width="w-m", most=40, required=True, autocapitalize="characters")
