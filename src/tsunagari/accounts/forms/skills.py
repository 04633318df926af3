"""Input about qualifications, training and supervision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from tsunagari.accounts.forms.people import REQUIRED, day_field
from tsunagari.accounts.models import Course, Membership
from tsunagari.accounts.queries.skills import SkillFilters
from tsunagari.accounts.rules.skills import (
    OFFERED,
    CourseInput,
    QualificationInput,
    SupervisionInput,
    TrainingInput,
)
from tsunagari.base.access import LABELS, Role
from tsunagari.base.actor import Actor
from tsunagari.base.fields import DecimalField
from tsunagari.base.offering import offer, offer_rows
from tsunagari.places import queries as places

NAMES = (
    "保育士",
    "社会福祉士",
    "精神保健福祉士",
    "保健師",
    "助産師",
    "看護師",
    "公認心理師",
    "臨床心理士",
    "幼稚園教諭",
    "教員",
    "栄養士",
    "こども家庭ソーシャルワーカー",
)
STATES = [
    ("", "すべて"),
    ("late", "期限をすぎている"),
    ("soon", "3か月のうちに期限"),
    ("open", "受けていない研修がある"),
]
NO_FAMILY = (
    "家庭の名前や、だれのことか分かることは書きません。ここは施設長と統括支援員・自治体担当も読みます。"
)
_NUMBERS = dict.fromkeys(("invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), "")


def _number_errors(text: str) -> dict[str, str]:
    return dict.fromkeys(_NUMBERS, text)


def _hours() -> DecimalField:
    return DecimalField(
        label="時間",
        required=False,
        min_value=Decimal("0.1"),
        max_value=Decimal(999),
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "w-xs"}),
        error_messages=_number_errors("時間を、999までの数字で入れてください（例：6、1.5）。"),
    )


def _whole(label: str, help_text: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-xs"}),
        error_messages=_number_errors(f"1から{most}までの数字で入れてください。"),
    )


class SkillFilterForm(forms.Form):
    """Filters of the list; a value that does not fit is left out. No name: names stay out of addresses."""

    state = forms.ChoiceField(label="何が", required=False, choices=STATES)
    course: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="この研修が要る人", queryset=None, required=False, empty_label="すべて"
    )
    agency: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="場所", queryset=None, required=False, empty_label="すべて"
    )
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *Membership.ROLES])

    def __init__(self, actor: Actor, courses: QuerySet[Course], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "course", courses, _name)
        offer_rows(self, "agency", places.open_agencies(actor))
        if actor.scope == "agency":
            del self.fields["agency"]

    def filters(self) -> SkillFilters:
        self.is_valid()
        clean = self.cleaned_data
        course, agency = clean.get("course"), clean.get("agency")
        return SkillFilters(
            clean.get("state") or "",
            course.pk if course else None,
            agency.pk if agency else None,
            clean.get("role") or "",
        )


class QualificationForm(forms.Form):
    """A qualification; its number is not kept."""

    name = forms.CharField(
        label="資格",
        max_length=60,
        widget=forms.TextInput(attrs={"list": "qualification-names", "autocomplete": "off"}),
        help_text="証書の番号は入れません。",
        error_messages=REQUIRED,
    )
    obtained_on = day_field("取得日", required=False)
    expires_on = day_field("期限", required=False, help_text="期限のない資格は空けておきます。")
    seen_on = day_field("証書を確かめた日", required=False)

    def given(self) -> QualificationInput:
        return QualificationInput(**self.cleaned_data)


class TrainingForm(forms.Form):
    """A course taken. `kept`: a course that ended meanwhile, where a row already names it."""

    course: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="研修", queryset=None, empty_label="えらんでください", error_messages=REQUIRED
    )
    taken_on = day_field("受けた日")
    hours = _hours()
    note = forms.CharField(
        label="メモ", max_length=200, required=False, help_text="主催や会場など。家庭のことは書きません。"
    )

    def __init__(self, courses: QuerySet[Course], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "course", courses, _name)
        self.fields["hours"].help_text = "空けておくと、研修に決めた時間になります。"

    def given(self) -> TrainingInput:
        clean = self.cleaned_data
        return TrainingInput(clean["course"].pk, clean["taken_on"], clean["hours"], clean["note"])


class TrainingDayForm(TrainingForm):
    """The same for several people at once."""

    people = forms.TypedMultipleChoiceField(
        label="受けた人",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "受けた人をえらんでください。",
            "invalid_choice": "一覧からえらんでください。",
        },
    )

    def __init__(
        self, people: Sequence[tuple[int, str]], courses: QuerySet[Course], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(courses, *args, **kwargs)
        offer(self, "people", people)


class SupervisionForm(forms.Form):
    supervisor = forms.CharField(label="スーパーバイザー", max_length=80, error_messages=REQUIRED)
    held_on = day_field("日")
    theme = forms.CharField(label="テーマ", max_length=200, help_text=NO_FAMILY, error_messages=REQUIRED)
    learned = forms.CharField(
        label="気づき・次にすること",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="自分のかかわり方について書きます。家庭のことは書きません。",
    )
    next_on = day_field("次回", required=False)

    def given(self) -> SupervisionInput:
        return SupervisionInput(**self.cleaned_data)


class CourseForm(forms.Form):
    name = forms.CharField(
        label="研修",
        max_length=80,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"list": "course-names", "autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label="受ける人",
        required=False,
        choices=[(role.value, LABELS[role]) for role in Role if role not in (Role.KIOSK, Role.AUDITOR)],
        widget=forms.CheckboxSelectMultiple,
        help_text="えらばなければ、だれにも求めません（受けた記録はつけられます）。",
    )
    within_months = _whole("着任から何か月以内", "決めないときは空けておきます。", 120)
    lasts_years = _whole("何年ごと", "一度でよいときは空けておきます。", 50)
    hours = _hours()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def given(self) -> CourseInput:
        clean = self.cleaned_data
        return CourseInput(
            clean["name"], tuple(clean["roles"]), clean["within_months"], clean["lasts_years"], clean["hours"]
        )


def offered_names() -> tuple[str, ...]:
    """Names to choose from while typing."""
    return tuple(given.name for given in OFFERED)


def _name(course: Course) -> str:
    return course.name
