"""What readers of the trail may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class TrailForm(forms.Form):
    """Filters of the trail: person, household number, span of days."""

    user = forms.TypedChoiceField(label="だれが", required=False, coerce=int, empty_value=None)
    household = forms.IntegerField(label="家庭の番号", required=False, min_value=1)
    since = forms.DateField(label="いつから", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="いつまで", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Mapping[str, Any] | None, *, staff: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["user"].choices = [("", "すべての人"), *staff]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", "「いつから」より後の日にしてください。")
        return values
