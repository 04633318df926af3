"""What is typed to find records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tsunagari.base.offering import offer
from tsunagari.encounters.forms.visits import day_field
from tsunagari.encounters.queries.search_choices import SearchChoices
from tsunagari.encounters.queries.searching import Wanted
from tsunagari.encounters.rules import CATEGORIES, CHANNELS, KINDS
from tsunagari.encounters.rules.words import LONGEST

ALL = ("", "すべて")


def _number(label: str, choices: Iterable[tuple[str, str]] = ()) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, choices=[ALL, *choices], coerce=int, empty_value=None
    )


class SearchForm(forms.Form):
    """Words and what narrows; everything is optional."""

    words = forms.CharField(
        label="ことば",
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": f"{LONGEST}文字までです。短くしてください。"},
    )
    category = _number("分類", [(str(one.code), one.short) for one in CATEGORIES])
    detail = _number("細かい分類")
    mark = _number("印")
    concern = _number("気がかりの度合い")
    writer = _number("書いた人")
    agency = _number("機関")
    kind = forms.ChoiceField(label="種類", required=False, choices=[ALL, *KINDS.items()])
    channel = forms.ChoiceField(label="方法", required=False, choices=[ALL, *CHANNELS.items()])
    since = day_field("いつから", required=False)
    until = day_field("いつまで", required=False)

    def __init__(self, *args: Any, choices: SearchChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "detail": choices.details,
            "mark": choices.marks,
            "concern": [(level, f"{word}　以上") for level, word in enumerate(choices.concerns)],
            "writer": choices.writers,
            "agency": choices.agencies,
        }
        for name, options in offered.items():
            offer(self, name, [ALL, *((str(value), label) for value, label in options)])
            if not options:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "「いつから」より前の日です。")
        return given

    def wanted(self) -> Wanted:
        """What to find; after is_valid()."""
        return Wanted(**self.cleaned_data)
