"""Where people came: the agency itself, or one of the places it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from tsunagari.places.queries import SiteChoice

HERE = ""


class SiteField(forms.ChoiceField):
    """A site of the agency by id, or None for the agency itself. Whether the agency had it that day is for the
    operation to say; `offer` says what the page shows. Nothing is shown to an agency that goes nowhere."""

    widget = forms.RadioSelect

    def __init__(self, label: str = "来た場所", **options: Any) -> None:
        errors = {"invalid": "場所をえらびなおしてください。"}
        super().__init__(label=label, required=False, error_messages=errors, **options)
        self.offered = False

    def offer(self, sites: Sequence[SiteChoice], here: str = "機関で") -> None:
        """Show the agency and its sites, those that are open today first."""
        self.choices = [(HERE, here), *((str(site.id), site.name) for site in sites)]
        self.offered = bool(sites)

    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal() and len(str(value)) < 19

    def to_python(self, value: Any) -> Any:
        return value or HERE

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return int(found) if found else None
