"""Which sheet, which row is its header, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from tsunagari.base.offering import offer
from tsunagari.interop.imports.cells import as_text
from tsunagari.interop.imports.roster.days import Period
from tsunagari.interop.imports.roster.fields import FIELDS, SKIP
from tsunagari.interop.imports.roster.mapping import ORDERS, REGISTER, Mapping
from tsunagari.interop.imports.roster.opened import SHOWN, Opened, first_lines

_LONGEST = 40
_LABELS = [("", "使わない"), *((one.name, one.label) for one in FIELDS if one.name != SKIP)]


class SheetForm(forms.Form):
    """Sheet and header, sent as an address: nothing in it is anybody's name."""

    sheet = forms.ChoiceField(label="シート", required=False)
    header = forms.IntegerField(label="見出しの行", min_value=1, max_value=40, widget=forms.Select())
    height = forms.TypedChoiceField(
        label="見出しの行数", choices=[("1", "1行"), ("2", "2行（上の段と下の段）")], coerce=int
    )

    def __init__(self, opened: Opened, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "sheet", [(name, name) for name in opened.grid.sheets or ("",)])
        header = self.fields["header"]
        header.widget.choices = [
            (number, f"{number}行目：{'／'.join(words)[:_LONGEST] or '（空）'}")
            for number, words in first_lines(opened.grid)
        ]
        self.initial = {
            "sheet": opened.grid.sheet,
            "header": opened.head.number,
            "height": str(opened.head.height),
        }


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of the sheet on the page: letter, heading, the select, its first cells as one line."""

    letter: str
    heading: str
    field: BoundField
    shown: str


class ColumnsForm(forms.Form):
    """A field for each column, and how dates and families are taken."""

    order = forms.ChoiceField(label="日付の並び", choices=list(ORDERS.items()), required=False)
    year = forms.IntegerField(
        label="年がない日付の年",
        required=False,
        min_value=1950,
        max_value=2100,
        help_text="「4/1」のように年がないときに使います。西暦で書いてください。",
        error_messages={"invalid": "西暦の数字で書いてください。", "min_value": "西暦4けたで書いてください。",
                        "max_value": "西暦4けたで書いてください。"},
        widget=forms.TextInput(attrs={"class": "w-s", "inputmode": "numeric"}),
    )  # fmt: skip
    fiscal = forms.ChoiceField(
        label="年の数え方", choices=[("1", "年度（4月から）"), ("0", "暦の年（1月から）")], required=False
    )
    fill_dates = forms.BooleanField(label="空の来所日は、上の行と同じ日とする", required=False)
    with_hidden = forms.BooleanField(label="Excel でかくれている行も読む", required=False)
    register = forms.ChoiceField(
        label="来所日のない名簿（登録簿）のとき",
        choices=list(REGISTER.items()),
        required=False,
        help_text="もうかかりつけのある家庭は、かかりつけを変えません。",
    )

    def __init__(self, opened: Opened, mapping: Mapping, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._opened, self._month = opened, mapping.period.month
        for column in range(len(opened.head.names)):
            self.fields[f"column_{column}"] = forms.ChoiceField(choices=_LABELS, required=False)
        self.initial = {
            "order": mapping.order,
            "year": mapping.period.year,
            "fiscal": "1" if mapping.period.fiscal else "0",
            "fill_dates": mapping.fill_dates,
            "with_hidden": mapping.with_hidden,
            "register": mapping.register,
            **{f"column_{column}": name for column, name in mapping.columns.items()},
        }

    def lines(self) -> Iterator[ColumnLine]:
        """The columns from the left, with the first cells that hold something."""
        letters, names = self._opened.letters, self._opened.head.names
        for column, (letter, name) in enumerate(zip(letters, names, strict=True)):
            field = self[f"column_{column}"]
            label = f"{letter}列「{name}」は何の列ですか"
            field.field.widget.attrs["aria-label"] = label
            held = [as_text(row.cells[column]).strip()[:_LONGEST] for row in self._opened.sample[:SHOWN]]
            yield ColumnLine(
                letter, name.replace("_", " "), field, " ｜ ".join(cell for cell in held if cell)
            )

    def mapping(self) -> Mapping:
        """What was chosen; call it after `is_valid`."""
        chosen = self.cleaned_data
        columns = {
            column: name
            for column in range(len(self._opened.head.names))
            if (name := chosen.get(f"column_{column}"))
        }
        return Mapping(
            columns=columns,
            order=chosen["order"] or "ymd",
            period=Period(chosen["year"], chosen["fiscal"] != "0", self._month),
            fill_dates=chosen["fill_dates"],
            with_hidden=chosen["with_hidden"],
            register=chosen["register"] or "listed",
        )
