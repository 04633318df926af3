"""Benefits: what the city defines, and giving one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import uuid4

from django import forms

from tsunagari.base.japanese.eras import format_wareki
from tsunagari.families.forms.fields import DayField, one_of, words
from tsunagari.families.models import Benefit
from tsunagari.families.rules.benefits import MOST, MOST_MONTHS, BenefitRule


def _number(label: str, most: int, *, required: bool = False, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=0,
        max_value=most,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "w-xs", "inputmode": "numeric"}),
        error_messages={
            "required": f"{label}を書いてください。",
            "invalid": "数字で書いてください。",
            "min_value": "0から書いてください。",
            "max_value": f"{most}までで書いてください。",
        },
    )


class BenefitForm(forms.Form):
    """Everything about a benefit."""

    name = words("名前", width="w-l", most=60, required=True)
    description = words("内容", width="w-l", most=200)
    each = one_of("だれに", [("household", "家庭ごと"), ("child", "お子さんごと")], bar=True)
    quantity = _number(
        "数", MOST, required=True, help_text="1なら一度だけ渡すもの、2からはチケットになります。"
    )
    unit = words("数え方", width="w-s", most=10)
    needs_registration = forms.BooleanField(label="登録している家庭だけ", required=False)
    from_months = _number(
        "月齢から", MOST_MONTHS, help_text="空けておくと、おなかにいるときから。0は生まれた日から。"
    )
    until_months = _number(
        "月齢まで", MOST_MONTHS, help_text="この月齢になる前の日まで。1歳になるまでなら12。"
    )
    months_from_registration = _number(
        "登録から使える月数", MOST_MONTHS, help_text="はじめて登録した日から数えます。空けておくと、ずっと。"
    )
    valid_from = DayField(label="はじめの日", required=True)
    valid_to = DayField(label="おわりの日", help_text="空けておくと、決めるまで続きます。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def rule(self) -> BenefitRule:
        """What was typed."""
        return BenefitRule(**{field.name: self.cleaned_data[field.name] for field in fields(BenefitRule)})


def benefit_values(benefit: Benefit) -> dict[str, Any]:
    """A kept benefit as the form shows it."""
    shown: dict[str, Any] = {name: getattr(benefit, name) for name in BenefitForm.base_fields}
    for name in ("valid_from", "valid_to"):
        shown[name] = format_wareki(shown[name]) if shown[name] else ""
    return shown


class EndBenefitForm(forms.Form):
    """The last day of a benefit."""

    ends_on = DayField(label="おわりの日", required=True)


class UseForm(forms.Form):
    """Giving one: which child, how much, on which day."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    count = forms.IntegerField(
        label="数",
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"class": "w-xs", "inputmode": "numeric"}),
        error_messages={
            "required": "数を書いてください。",
            "invalid": "数字で書いてください。",
            "min_value": "1から書いてください。",
        },
    )
    used_on = DayField(label="日付")
    note = words("メモ", width="w-l", most=120)
