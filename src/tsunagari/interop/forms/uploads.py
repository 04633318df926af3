"""What is typed to start an import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagari.base.offering import field_of
from tsunagari.interop.models import Import
from tsunagari.places.models import Agency, Area

_CHOOSE = "取り込むものを選んでください。"
_LISTS = [(kind, label) for kind, label in Import.Kind.choices if kind != Import.Kind.ROSTER]
_NO_FILE = {
    "required": "ファイルを選んでください。",
    "empty": "ファイルが空です。中身のあるファイルを選んでください。",
    "missing": "ファイルを選んでください。",
    "invalid": "ファイルを送れませんでした。もう一度選んでください。",
}


class UploadForm(forms.Form):
    """Kind and file; a sheet's name and the sort of district where they are needed."""

    kind = forms.ChoiceField(
        label="取り込むもの",
        choices=_LISTS,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    file = forms.FileField(
        label="ファイル",
        help_text="CSV か Excel（xlsx）。区域は GeoJSON。50MBまで。個人番号（マイナンバー）の列があるファイルは取り込めません。",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.zip,.geojson,.json"}),
        error_messages=_NO_FILE,
    )
    sheet = forms.CharField(
        label="シートの名前",
        required=False,
        max_length=60,
        help_text="Excel にシートが2つ以上あるときだけ。空なら最初のシートを読みます。",
        widget=forms.TextInput(),
    )
    area_kind = forms.ChoiceField(
        label="区域の種類",
        choices=Area.Kind.choices,
        required=False,
        initial=Area.Kind.SCHOOL,
        help_text="区域を取り込むときだけ選びます。",
    )

    def options(self) -> dict[str, str]:
        """What the import remembers of the choices."""
        return {
            "sheet": self.cleaned_data["sheet"].strip(),
            "area_kind": self.cleaned_data["area_kind"] or Area.Kind.SCHOOL,
        }


class RosterUploadForm(forms.Form):
    """The file of an old roster and whose it is. An agency's manager has one agency to choose from."""

    agency = forms.ChoiceField(
        label="どの機関の名簿ですか",
        error_messages={
            "required": "機関をえらんでください。",
            "invalid_choice": "機関をえらびなおしてください。",
        },
    )
    file = forms.FileField(
        label="名簿のファイル",
        help_text="Excel（xlsx・xls）か CSV。50MB・50,000行まで。個人番号（マイナンバー）のあるファイルは取り込めません。",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.zip"}),
        error_messages=_NO_FILE,
    )

    def __init__(self, agencies: Iterable[Agency], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(agency.pk), agency.name) for agency in agencies]
        field = field_of(self, "agency", forms.ChoiceField)
        if len(choices) == 1:
            field.widget, field.initial = forms.HiddenInput(), choices[0][0]
            field.choices = choices
        else:
            field.choices = [("", "えらんでください"), *choices]
