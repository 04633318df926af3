"""Partners and entries of the guide as typed."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagari.base.fields import SignsField
from tsunagari.base.offering import offer
from tsunagari.encounters.rules import CATEGORIES
from tsunagari.encounters.rules.guide import EntryInput
from tsunagari.encounters.rules.partners import OUTSIDE_KINDS, STUDY_KINDS, PartnerInput

KIND_CHOICES = [
    ("", "えらんでください"),
    ("役所の中", list(STUDY_KINDS.items())),
    ("役所の外", list(OUTSIDE_KINDS.items())),
]


class PartnerForm(forms.Form):
    """Whom one can turn to. `version` is 0 for a new one."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    name = forms.CharField(
        label="名称",
        max_length=80,
        help_text="電話をかける人に分かる名前。課や係まで",
        error_messages={"required": "名称を入れてください。"},
    )
    kind = forms.TypedChoiceField(
        label="種類",
        coerce=int,
        choices=KIND_CHOICES,
        error_messages={"required": "種類をえらんでください。"},
    )
    phone = SignsField(label="電話", max_length=40, required=False)
    hours = forms.CharField(
        label="受付時間", max_length=80, required=False, help_text="月〜金 8:30〜17:15 など"
    )
    place = forms.CharField(label="場所", max_length=120, required=False)
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def partner(self) -> PartnerInput:
        """What was typed; after is_valid()."""
        given = dict(self.cleaned_data)
        given.pop("version")
        return PartnerInput(**given)


class EntryForm(forms.Form):
    """An entry of the guide."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    category = forms.TypedChoiceField(
        label="分類",
        coerce=int,
        choices=[(one.code, f"{one.code}　{one.short}") for one in CATEGORIES],
        error_messages={"required": "分類をえらんでください。"},
    )
    title = forms.CharField(
        label="見出し",
        max_length=80,
        help_text="どんなときか。「離乳食を食べない」など",
        error_messages={"required": "見出しを入れてください。"},
    )
    urgent = forms.BooleanField(label="すぐに動くこと（いちばん上に出す）", required=False)
    concern_from = forms.TypedChoiceField(
        label="気がかりの度合い", coerce=int, help_text="えらんだ度合いから上で出ます"
    )
    age_from = forms.IntegerField(
        label="月齢（から）",
        required=False,
        min_value=0,
        help_text="1歳は12、3歳は36。空ならどの年齢でも",
        error_messages={"invalid": "月齢を数字で入れてください。"},
    )
    age_to = forms.IntegerField(
        label="月齢（まで）",
        required=False,
        min_value=0,
        error_messages={"invalid": "月齢を数字で入れてください。"},
    )
    partner = forms.TypedChoiceField(
        label="連携先", coerce=int, empty_value=None, required=False, help_text="電話は連携先の一覧から出ます"
    )
    how = forms.CharField(
        label="どうするか", required=False, widget=forms.Textarea(attrs={"rows": 6}), max_length=2_000
    )
    say = forms.CharField(
        label="伝え方の例", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000
    )

    def __init__(
        self,
        *args: Any,
        concerns: tuple[str, ...],
        partners: list[tuple[str, list[tuple[int, str]]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        levels = [(level, f"「{word}」から") for level, word in enumerate(concerns) if level]
        offer(self, "concern_from", [(0, "どの度合いでも"), *levels])
        offer(self, "partner", [("", "なし"), *partners])
        # Words partners were looked for with; whether there are more of them.
        self.find, self.more = "", False

    def entry(self) -> EntryInput:
        """What was typed; after is_valid()."""
        given = dict(self.cleaned_data)
        given.pop("version"), given.pop("key")
        return EntryInput(partner_id=given.pop("partner"), **given)


class PublishForm(forms.Form):
    """What changed, in the publisher's words; `seen` is what was looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)
    note = forms.CharField(
        label="かわったところ",
        max_length=200,
        help_text="読む人に向けて、1文か2文で",
        error_messages={"required": "かわったところを書いてください。"},
    )
