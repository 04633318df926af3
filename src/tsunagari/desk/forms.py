"""What readers of the trail may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from tsunagari.base.access import registry
from tsunagari.base.offering import offer
from tsunagari.desk.queries import trail

Choices = Sequence[tuple[int, str]]
_KINDS: list[tuple[str, Any]] = [
    ("", "すべて"),
    (trail.READS, "見た操作"),
    (trail.WRITES, "変えた操作"),
    (trail.REFUSED, "ことわられた操作"),
]


def _actions() -> list[tuple[str, str]]:
    return sorted(((action.name, action.label) for action in registry().values()), key=lambda pair: pair[1])


class TrailForm(forms.Form):
    """Filters of the trail: person, agency, what was done, household number, span of days."""

    user = forms.TypedChoiceField(label="だれが", required=False, coerce=int, empty_value=None)
    agency = forms.TypedChoiceField(label="どこの人が", required=False, coerce=int, empty_value=None)
    what = forms.ChoiceField(label="何を", required=False)
    household = forms.IntegerField(
        label="家庭の番号",
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-s"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "家庭の番号を数字で入れてください。"
        ),
    )
    since = forms.DateField(label="いつから", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="いつまで", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Mapping[str, Any] | None, *, staff: Choices, agencies: Choices) -> None:
        super().__init__(data)
        offer(self, "user", [("", "すべての人"), *staff])
        offer(self, "agency", [("", "すべて"), *agencies])
        offer(self, "what", [*_KINDS, ("操作ごと", _actions())])
        if not agencies:
            del self.fields["agency"]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", "「いつから」と同じ日か、後の日にしてください。")
        return values
