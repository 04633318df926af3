"""What is typed about circulation: asking by hand, comments, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms

from tsunagari.base import clock
from tsunagari.base.offering import offer
from tsunagari.encounters.forms.visits import day_field
from tsunagari.encounters.rules import CATEGORIES
from tsunagari.encounters.rules.circulation import KINDS, LONGEST_COMMENT, LONGEST_NOTE, MOST_DAYS, RuleInput
from tsunagari.encounters.rules.keeping import READERS

ALL = ("", "どれでも")


class AskForm(forms.Form):
    """Whom to ask, what for, by when, with a word."""

    people = forms.TypedMultipleChoiceField(
        label="だれに回すか",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "だれに回すかを、えらんでください。",
            "invalid_choice": "いま見られる人の中から、えらびなおしてください。",
        },
    )
    kind = forms.ChoiceField(
        label="求めること", choices=list(KINDS.items()), widget=forms.RadioSelect, initial="read"
    )
    note = forms.CharField(label="ひとこと", required=False, max_length=LONGEST_NOTE)
    due_on = day_field("いつまでに", required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "people", people)
        self.fields["due_on"].widget.attrs["min"] = clock.today().isoformat()


class CommentForm(forms.Form):
    """A comment; `advice` for those who supervise."""

    text = forms.CharField(
        label="コメント",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_COMMENT,
        error_messages={
            "required": "コメントを書いてください。",
            "max_length": f"{LONGEST_COMMENT}文字までです。短くしてください。",
        },
    )
    advice = forms.BooleanField(label="助言として書く（書いた人に知らせます）", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


def _whole(text: Any) -> int | None:
    return int(text) if text else None


class RuleForm(forms.Form):
    """A rule: which records, to whom, by when."""

    agency_id = forms.TypedChoiceField(label="機関", required=False, coerce=_whole, empty_value=None)
    mark_id = forms.TypedChoiceField(label="印", required=False, coerce=_whole, empty_value=None)
    category = forms.TypedChoiceField(
        label="分類",
        required=False,
        coerce=_whole,
        empty_value=None,
        choices=[ALL, *((str(one.code), one.short) for one in CATEGORIES)],
    )
    concern_from = forms.TypedChoiceField(
        label="気がかりの度合い", required=False, coerce=_whole, empty_value=None
    )
    readers = forms.MultipleChoiceField(
        label="だれに回すか",
        choices=list(READERS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "だれに回すかを、えらんでください。"},
    )
    kind = forms.ChoiceField(
        label="求めること", choices=list(KINDS.items()), widget=forms.RadioSelect, initial="read"
    )
    within_days = forms.IntegerField(
        label="何日以内に",
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text="空のときは期限なし。0はその日のうち",
        error_messages={"invalid": "日数を数字で入れてください。"},
    )

    def __init__(
        self,
        *args: Any,
        agencies: Mapping[int, str],
        own_only: bool,
        marks: Mapping[int, str],
        concerns: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        everywhere = [] if own_only else [("", "すべての機関")]
        offer(self, "agency_id", [*everywhere, *((str(pk), name) for pk, name in agencies.items())])
        offer(self, "mark_id", [ALL, *((str(pk), name) for pk, name in marks.items())])
        offer(self, "concern_from", [ALL, *((str(at), f"{word}　以上") for at, word in enumerate(concerns))])
        self.fields["agency_id"].required = own_only

    def rule(self) -> RuleInput:
        """What was typed; after is_valid()."""
        given: dict[str, Any] = dict(self.cleaned_data)
        return RuleInput(**{**given, "readers": tuple(given["readers"])})
