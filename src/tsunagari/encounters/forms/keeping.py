"""Deciding how records are kept."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagari.encounters.rules import SIGHTS, STYLES
from tsunagari.encounters.rules.keeping import READERS, SNIPPET_FIELDS, MarkInput


class StyleForm(forms.Form):
    """An agency's style."""

    style = forms.ChoiceField(
        label="記録のしかた",
        choices=list(STYLES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "記録のしかたをえらんでください。"},
    )
    mark_required = forms.BooleanField(label="記録には印を必ずつける", required=False)
    circulate_all = forms.BooleanField(label="記録はすべて機関の中で回覧する", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class MarkForm(forms.Form):
    """A mark and what follows from it."""

    symbol = forms.CharField(
        label="印",
        max_length=4,
        help_text="●、○、別紙 など、4文字まで",
        error_messages={"required": "印を入れてください。"},
    )
    name = forms.CharField(label="名前", max_length=40, error_messages={"required": "名前を入れてください。"})
    meaning = forms.CharField(label="どんなときにつけるか", max_length=200, required=False)
    follow = forms.BooleanField(label="この印の家庭は、家庭ごとにも追う", required=False)
    readers = forms.MultipleChoiceField(
        label="かならず読む人",
        required=False,
        choices=list(READERS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    within_days = forms.IntegerField(
        label="何日以内に読むか",
        required=False,
        min_value=0,
        max_value=90,
        help_text="空のときは期限なし",
        error_messages={"invalid": "日数を数字で入れてください。"},
    )
    sight = forms.ChoiceField(
        label="見られる人", choices=list(SIGHTS.items()), widget=forms.RadioSelect, initial="usual"
    )
    position = forms.IntegerField(label="順番", min_value=0, max_value=99, initial=0)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def mark(self) -> MarkInput:
        """What was typed; after is_valid()."""
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return MarkInput(**{**given, "readers": tuple(given["readers"])})


class ConcernsForm(forms.Form):
    """The city's words for the levels of concern, lowest first."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    level_0 = forms.CharField(label="いちばん低い", max_length=30)
    level_1 = forms.CharField(label="2番目", max_length=30)
    level_2 = forms.CharField(label="3番目", max_length=30)
    level_3 = forms.CharField(label="いちばん高い", max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "言い方を入れてください。"

    def words(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[f"level_{level}"] for level in range(4))


class SnippetForm(forms.Form):
    """A text to start from."""

    title = forms.CharField(
        label="見出し", max_length=30, error_messages={"required": "見出しを入れてください。"}
    )
    text = forms.CharField(
        label="文",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "文を書いてください。"},
    )
    field = forms.ChoiceField(
        label="入れる欄", choices=list(SNIPPET_FIELDS.items()), widget=forms.RadioSelect, initial="content"
    )


class SnippetEditForm(SnippetForm):
    """A text changed; `seen` is its stamp."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
