"""きまり: what the city decides about registrations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from tsunagari.families.forms.fields import words
from tsunagari.families.rules.policies import (
    CARD_NOTE_LENGTH,
    GROWN_OUT_AGES,
    HISTORY,
    HOME_RULES,
    MONTHS,
    RENEWAL,
    PolicyValues,
)


def _choose(label: str, choices: dict[str, tuple[str, str]]) -> forms.ChoiceField:
    """One of the choices, each explained in a sentence."""
    errors = {"required": "どれかをえらんでください。", "invalid_choice": "一覧からえらんでください。"}
    return forms.ChoiceField(
        label=label,
        choices=[
            (code, format_html("<span><b>{}</b><br><small>{}</small></span>", name, meaning))
            for code, (name, meaning) in choices.items()
        ],
        widget=forms.RadioSelect,
        error_messages=errors,
    )


def _number(label: str, numbers: range, unit: str, help_text: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(number, f"{number}{unit}") for number in numbers],
        coerce=int,
        help_text=help_text,
        error_messages={"required": "えらんでください。", "invalid_choice": "一覧からえらんでください。"},
    )


class PolicyForm(forms.Form):
    """All of it on one page; a stale save is told by `version`."""

    at_handbook = _choose("母子手帳交付のとき", HOME_RULES)
    at_birth = _choose("出生のとき", HOME_RULES)
    renewal = _choose("登録の更新", RENEWAL)
    renewal_opens_month = _number(
        "更新の受付をはじめる月", MONTHS, "月", "この月の1日から、つぎの年度の更新を受け付けます。"
    )
    grown_out_after = _number(
        "登録を終える年齢",
        GROWN_OUT_AGES,
        "歳",
        "いちばん下のお子さんがこの年齢になった年度が終わると、「大きくなった家庭」の一覧に出ます。",
    )
    history_scope = _choose("ほかの機関の利用", HISTORY)
    card_note = words("カードに書くことば", width="w-l", most=CARD_NOTE_LENGTH)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> PolicyValues:
        """The values typed."""
        data: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return PolicyValues(**data)
