"""Forms of reports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from tsunagari.base import clock
from tsunagari.base.japanese.ages import add_months
from tsunagari.base.offering import offer
from tsunagari.reports.models import ReportKind
from tsunagari.reports.operations.comments import LONGEST as LONGEST_COMMENT
from tsunagari.reports.operations.layouts import LARGEST
from tsunagari.reports.operations.making import LONGEST_NOTE, LONGEST_REASON
from tsunagari.reports.operations.rules import LATEST_DUE_DAY, MONTHS_AHEAD
from tsunagari.reports.rules import ITEMS, Asked, month_of
from tsunagari.reports.rules.asking import AT_ONCE, NOT_ASKED, REGULAR, WORDS

MONTHS_BACK = 12
_CHOOSE = {"required": "えらんでください。", "invalid_choice": "一覧からえらんでください。"}


class NewForm(forms.Form):
    """Which report to open: a day, or the month that holds it."""

    kind = forms.ChoiceField(choices=ReportKind.choices, error_messages=_CHOOSE)
    day = forms.DateField(
        error_messages={"required": "日をえらんでください。", "invalid": "日付をえらびなおしてください。"}
    )


class NoteForm(forms.Form):
    """所見, saved or sent with the report."""

    note = forms.CharField(
        label="所見",
        required=False,
        strip=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="この期間の様子や、市に伝えたいこと。お名前は書かないでください。",
        error_messages={"max_length": f"{LONGEST_NOTE}文字までで書いてください。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a report is sent back or amended."""

    reason = forms.CharField(
        label="理由",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "理由を書いてください。",
            "max_length": f"理由は{LONGEST_REASON}文字までで書いてください。",
        },
    )


class CommentForm(forms.Form):
    """A word about the report; `key` makes a double click one comment."""

    text = forms.CharField(
        label="コメント",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "コメントを書いてください。",
            "max_length": f"コメントは{LONGEST_COMMENT}文字までです。",
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key


class AskForm(forms.Form):
    """How each of the six items is asked for (質問4(1)), whether there are daily reports, the due day, and from which
    month on all this holds. `starts` are months that are offered besides a year back and ahead."""

    since = forms.TypedChoiceField(
        label="いつの報告から",
        coerce=date.fromisoformat,
        help_text="えらんだ月より前の報告は、前のきまりのままです。",
        error_messages=_CHOOSE,
    )
    daily = forms.BooleanField(label="日報も出してもらう", required=False)
    due_day = forms.TypedChoiceField(
        label="月報の期限",
        coerce=int,
        choices=[(day, f"翌月{day}日まで") for day in range(1, LATEST_DUE_DAY + 1)],
        error_messages=_CHOOSE,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, starts: Collection[date] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = clock.today().replace(day=1)
        near = [add_months(this, number) for number in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]
        months = [month_of(day) for day in sorted({*near, *starts})]
        offer(self, "since", [(str(one.first), f"{one.text}分から") for one in months])
        choices = [(code, WORDS[code]) for code in (REGULAR, AT_ONCE, NOT_ASKED)]
        asked = {
            f"item_{code}": forms.ChoiceField(
                label=f"{code}　{label}", choices=choices, widget=forms.RadioSelect, error_messages=_CHOOSE
            )
            for code, label in ITEMS.items()
        }
        self.fields = asked | self.fields

    @classmethod
    def initial_of(cls, asked: Asked, since: date, version: int) -> dict[str, Any]:
        items = {f"item_{code}": asked.how(code) for code in ITEMS}
        rest = {"daily": asked.daily, "due_day": asked.due_day, "since": str(since), "version": version}
        return items | rest

    def asked(self) -> Asked:
        """What was chosen."""
        data = self.cleaned_data
        return Asked({code: data[f"item_{code}"] for code in ITEMS}, data["daily"], data["due_day"])


class LayoutForm(forms.Form):
    """The city's own workbook."""

    kind = forms.ChoiceField(
        label="どの報告の様式か", choices=ReportKind.choices, widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    file = forms.FileField(
        label="様式（xlsx）",
        max_length=120,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=f"{LARGEST // 1024 // 1024}MBまで。マクロのない xlsx。",
        error_messages={"required": "ファイルをえらんでください。", "empty": "中身のないファイルです。"},
    )
