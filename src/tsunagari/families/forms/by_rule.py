"""The area's agency as かかりつけ, proposed where the city says so."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagari.base.offering import offer
from tsunagari.families.forms.fields import one_of


class ByRuleForm(forms.Form):
    """A ticked box with the area's agency in it; both can be changed."""

    register = forms.BooleanField(label="かかりつけを登録する", required=False)
    agency = one_of("機関", [], required=False)

    def __init__(self, data: Any, *, agencies: list[tuple[int, str]], proposed: int | None) -> None:
        initial = {"register": proposed is not None, "agency": str(proposed or "")}
        super().__init__(data, initial=initial, prefix="rule")
        offer(self, "agency", [("", "えらんでください"), *((str(pk), name) for pk, name in agencies)])

    def clean(self) -> dict[str, Any]:
        """A ticked box needs an agency."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("register") and not cleaned.get("agency") and "agency" not in self.errors:
            self.add_error("agency", "機関をえらぶか、「かかりつけを登録する」をはずしてください。")
        return cleaned
