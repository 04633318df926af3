"""What is typed to start an import."""

from __future__ import annotations

from django import forms

from tsunagari.interop.models import Import
from tsunagari.places.models import Area

_CHOOSE = "取り込むものを選んでください。"


class UploadForm(forms.Form):
    """Kind and file; a sheet's name and the sort of district where they are needed."""

    kind = forms.ChoiceField(
        label="取り込むもの",
        choices=Import.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    file = forms.FileField(
        label="ファイル",
        help_text="CSV か Excel（xlsx）。区域は GeoJSON。50MBまで。個人番号（マイナンバー）の列があるファイルは取り込めません。",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.zip,.geojson,.json"}),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。中身のあるファイルを選んでください。",
            "missing": "ファイルを選んでください。",
            "invalid": "ファイルを送れませんでした。もう一度選んでください。",
        },
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
