"""Why a card is stopped; how cards are laid out on paper."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagari.families.forms.fields import one_of
from tsunagari.families.models import Card

SHEET = "sheet"
LAYOUTS = [
    (SHEET, "A4の用紙に10枚（91×55mm）"),
    ("a4", "A4に1枚ずつ、切りとり線つき"),
    ("card", "カードの大きさの用紙（85.6×54mm）"),
]
PLACES = [(str(place), f"{place}枚目から") for place in range(1, 11)]
#: Cards in one PDF.
MOST = 100


class CardReasonForm(forms.Form):
    """Why the card is stopped."""

    reason = one_of("理由", [("", "えらんでください"), *Card.Reason.choices])


class StopForm(CardReasonForm):
    """Why the card is stopped for good."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = "止めたカードは、受付で使えなくなります。"


class LayoutForm(forms.Form):
    """What paper lies in the printer, and which places of its first sheet are still there."""

    layout = one_of("用紙", LAYOUTS)
    start = one_of("はじめる場所", PLACES, required=False)

    def clean_start(self) -> int:
        """1 to 10; 1 when not asked."""
        return int(self.cleaned_data["start"] or 1)


class CardsField(forms.MultipleChoiceField):
    """Ids of cards; whether they exist and may be seen is for the query to say."""

    def valid_value(self, value: str) -> bool:
        return value.isdecimal() and len(value) < 19

    def clean(self, value: Any) -> list[int]:
        """The ids, each once; refused beyond MOST."""
        ids = list(dict.fromkeys(int(text) for text in super().clean(value)))
        if len(ids) > MOST:
            raise forms.ValidationError(f"一度に印刷できるのは{MOST}枚までです。分けて印刷してください。")
        return ids


class SheetForm(LayoutForm):
    """The cards chosen in the list."""

    card = CardsField(
        error_messages={
            "required": "印刷するカードを、1枚以上えらんでください。",
            "invalid_choice": "印刷するカードを、えらびなおしてください。",
        }
    )
