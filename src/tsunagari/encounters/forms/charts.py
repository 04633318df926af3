"""What is typed about charts: the head, records to put in, handing over, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from tsunagari.base.offering import offer
from tsunagari.encounters.forms.visits import day_field
from tsunagari.encounters.models import Chart
from tsunagari.encounters.queries import Member
from tsunagari.encounters.queries.workers import Place
from tsunagari.encounters.rules import CONCERNS, CONSENTS
from tsunagari.encounters.rules.charts import CLOSINGS, LONGEST, LONGEST_REASON, ChartInput

WHOLE = "0"


def long_text(label: str, rows: int, asked: str) -> forms.CharField:
    """A text of some length that has to be there."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": asked},
        max_length=LONGEST,
    )


class HeadForm(forms.Form):
    """The head of a chart. After is_valid() `head` is what to keep and `owner_id` who is in charge."""

    why = long_text("追うことにした理由", 4, "追うことにした理由を書いてください。")
    concern = forms.TypedChoiceField(
        label="気がかりの度合い",
        coerce=int,
        widget=forms.RadioSelect,
        initial="1",
        error_messages={"required": "気がかりの度合いをえらんでください。"},
    )
    owner = forms.TypedChoiceField(
        label="担当",
        coerce=int,
        error_messages={
            "required": "担当をえらんでください。",
            "invalid_choice": "担当は、いまこの機関で働いている人からえらんでください。",
        },
    )
    review_on = day_field("次の見直し", required=False)
    shared = forms.BooleanField(label="こども家庭センターと共有する（ご家族の同意あり）", required=False)

    def __init__(
        self, *args: Any, owners: Mapping[int, str], concerns: Sequence[str] = CONCERNS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", [(str(pk), name) for pk, name in owners.items()])
        offer(self, "concern", [(str(level), words) for level, words in enumerate(concerns)])

    @property
    def head(self) -> ChartInput:
        values = self.cleaned_data
        return ChartInput(values["why"], values["concern"], values["review_on"], values["shared"])


class OpenForm(HeadForm):
    """Beginning a chart: of the whole family or of one person."""

    person = forms.ChoiceField(
        label="だれの個別記録",
        widget=forms.RadioSelect,
        initial=WHOLE,
        error_messages={"invalid_choice": "この家庭の人をえらんでください。"},
    )
    field_order = ("person", "why", "concern", "owner", "review_on", "shared")

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [one for one in members if not one.guarded]
        offer(self, "person", [(WHOLE, "家庭ぜんたい"), *((str(one.id), one.name) for one in named)])


class ChangeForm(HeadForm):
    """Changing the head; `version` is what the page was opened with."""

    reason = forms.CharField(label="変えた理由", required=False, max_length=LONGEST_REASON)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def values_of(chart: Chart) -> dict[str, Any]:
        """The head as the form shows it."""
        return {
            "why": chart.why,
            "concern": str(chart.concern),
            "owner": str(chart.owner_id),
            "review_on": chart.review_on,
            "shared": chart.shared,
            "version": chart.version,
        }


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = forms.CharField(
        label="理由",
        max_length=LONGEST_REASON,
        error_messages={"required": "理由を書いてください。"},
    )


class CloseForm(forms.Form):
    """The end of a chart."""

    reason = forms.ChoiceField(
        label="終える理由",
        choices=list(CLOSINGS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "終える理由をえらんでください。"},
    )
    summary = long_text("終わりのまとめ", 8, "終わりのまとめを書いてください。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class HandOverForm(forms.Form):
    """Who is asked, what they have to know, and whether the family agrees."""

    to = forms.ChoiceField(
        label="だれにひきつぐ",
        error_messages={
            "required": "ひきつぐ人をえらんでください。",
            "invalid_choice": "いまその機関で働いている人からえらんでください。",
        },
    )
    note = long_text("申し送り", 6, "申し送りを書いてください。")
    consent = forms.ChoiceField(
        label="ご家族の同意",
        required=False,
        choices=list(CONSENTS.items()),
        widget=forms.RadioSelect,
        initial="not_asked",
    )

    def __init__(self, *args: Any, places: Sequence[Place], own: int, besides: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordered = sorted(places, key=lambda place: place.id != own)
        groups = (_group(place, own, besides) for place in ordered)
        offer(self, "to", [("", "えらんでください"), *groups])

    @property
    def target(self) -> tuple[int, int | None]:
        """(agency, person or None for whoever takes it on)."""
        agency, _, user = self.cleaned_data["to"].partition("-")
        return int(agency), int(user) or None


def _group(place: Place, own: int, besides: int) -> tuple[str, list[tuple[str, str]]]:
    people = [(f"{place.id}-{pk}", name) for pk, name in place.workers if place.id != own or pk != besides]
    anybody = [] if place.id == own else [(f"{place.id}-0", f"{place.name}のだれか")]
    return place.name, anybody + people


class HandAllForm(forms.Form):
    """The colleague who gets everything of somebody who leaves."""

    to = forms.TypedChoiceField(
        label="だれにひきつぐ",
        coerce=int,
        error_messages={
            "required": "ひきつぐ人をえらんでください。",
            "invalid_choice": "いまその機関で働いている人からえらんでください。",
        },
    )

    def __init__(self, *args: Any, colleagues: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", [("", "えらんでください"), *((str(pk), name) for pk, name in colleagues.items())])
