"""A talk with several families, and an entry of a paper sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from tsunagari.base import clock
from tsunagari.base.offering import offer
from tsunagari.encounters.forms.records import CATEGORY_CHOICES, RecordForm
from tsunagari.encounters.forms.visits import day_field, time_field
from tsunagari.encounters.queries import FamilyName
from tsunagari.encounters.rules import RecordInput, main_first

LONGEST = 20_000


class GroupForm(forms.Form):
    """グループでの話. After is_valid() `at`, `codes` and `texts` say when, about what, and what of whom."""

    topic = forms.CharField(
        label="なんの話か", max_length=80, error_messages={"required": "なんの話かを書いてください。"}
    )
    occurred_on = day_field("日にち")
    occurred_time = time_field("時刻", required=False)
    categories = forms.MultipleChoiceField(
        label="なんの相談", required=False, choices=CATEGORY_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    main_category = forms.ChoiceField(
        label="主な分類", required=False, choices=[("", "えらんでいません"), *CATEGORY_CHOICES]
    )
    content = forms.CharField(
        label="みんなで話したこと",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="いたどの家庭の記録からも読めます。名前は書かないでください。",
        error_messages={"max_length": f"{LONGEST}文字までです。短くしてください。"},
    )
    unnamed = forms.IntegerField(
        label="名前の分からない組",
        required=False,
        min_value=0,
        max_value=99,
        error_messages={"invalid": "組の数を数字で入れてください。"},
    )
    families = forms.MultipleChoiceField(
        label="いた家庭", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, families: Sequence[FamilyName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = families
        field = offer(self, "families", [(str(one.household_id), str(one)) for one in families])
        field.error_messages["invalid_choice"] = "えらべない家庭があります。えらびなおしてください。"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("categories") and not cleaned.get("main_category"):
            self.add_error("categories", "なんの相談か、1つ以上えらんでください。")
        day = cleaned.get("occurred_on")
        if day is not None and day > clock.today():
            self.add_error("occurred_on", "これからの日です。話があった日を入れてください。")
        return cleaned

    @property
    def codes(self) -> tuple[int, ...]:
        main = self.cleaned_data.get("main_category")
        chosen = [int(code) for code in self.cleaned_data["categories"]]
        return tuple(main_first(chosen, int(main) if main else None)[1])

    @property
    def lines(self) -> list[tuple[FamilyName, bool, str]]:
        """Families on offer: whether each was there, and what is said of it alone."""
        chosen = {str(pk) for pk in self["families"].value() or []}
        source = self.data if self.is_bound else self.initial
        return [
            (one, str(one.household_id) in chosen, str(source.get(f"text_{one.household_id}") or ""))
            for one in self.offered
        ]


class SheetEntryForm(RecordForm):
    """One line of a paper sheet: an ordinary record with its original day and writer."""

    household = forms.ChoiceField(label="家庭", required=False)
    writer = forms.ChoiceField(label="書いた人", required=False)

    def __init__(
        self,
        *args: Any,
        families: Sequence[FamilyName],
        staff: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, household_id=None, members=(), **kwargs)
        unnamed = [("", "お名前なし・あとできめる")]
        self._put("household", unnamed, [(one.household_id, str(one)) for one in families])
        self._put("writer", [("", "わたし（入力する人）")], staff)
        self.fields["consent"].required = False

    def _record(self, cleaned: dict[str, Any], day: date) -> RecordInput:
        chosen = cleaned.get("household")
        record = super()._record(cleaned, day)
        return replace(
            record, household_id=int(chosen) if chosen else None, consent=record.consent or "not_asked"
        )

    @property
    def writer_id(self) -> int | None:
        given = self.cleaned_data.get("writer")
        return int(given) if given else None
