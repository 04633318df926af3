"""The common record, its next step, and the list's filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from tsunagari.base import clock
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.offering import offer, offered, shares_choices
from tsunagari.encounters.forms.visits import day_field, time_field
from tsunagari.encounters.queries import Choices, Member, PartnerChoice, RecordFilter
from tsunagari.encounters.rules import (
    CATEGORIES,
    CATEGORY,
    CHANNELS,
    CONSENTS,
    KINDS,
    RESPONSES,
    SIGHTS,
    RecordInput,
    main_first,
    next_day,
    problems,
)

FIELD_OF = {
    "occurred_at": "occurred_on",
    "person_ids": "people",
    "consulting_ids": "people",
    "mark_id": "mark",
    "next_owner_id": "next_owner",
}
CATEGORY_CHOICES = [(str(one.code), one.short) for one in CATEGORIES]


def _text(label: str, rows: int, required: bool = False, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, **attrs}),
        error_messages={"required": f"{label}を書いてください。"},
    )


class OneOf(forms.ChoiceField):
    """A choice among rows. Offered when the page is made; whether it is the town's is asked by the operation."""

    def valid_value(self, value: str) -> bool:
        return value == "" or value.isdecimal()


class SomeOf(forms.MultipleChoiceField):
    """As OneOf, several."""

    def valid_value(self, value: str) -> bool:
        return value.isdecimal()


def _some(label: str) -> SomeOf:
    return SomeOf(label=label, required=False, widget=forms.CheckboxSelectMultiple)


@shares_choices
class RecordForm(forms.Form):
    """記録する. After is_valid() `record` is what to save; `reason` is asked of corrections only."""

    people = forms.MultipleChoiceField(
        label="だれの相談", required=False, widget=forms.CheckboxSelectMultiple
    )
    who_hint = forms.CharField(label="どんな人", required=False, max_length=80)
    occurred_on = day_field("相談日")
    occurred_time = time_field("時刻", required=False)
    channel = forms.ChoiceField(
        label="どこで",
        choices=list(CHANNELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "来所・電話などから1つえらんでください。"},
    )
    place = forms.CharField(label="場所", required=False, max_length=80)
    categories = forms.MultipleChoiceField(
        label="なんの相談", required=False, choices=CATEGORY_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    main_category = forms.ChoiceField(
        label="主な分類", required=False, choices=[("", "えらんでいません"), *CATEGORY_CHOICES]
    )
    content = _text("内容", 5, required=True)
    assessment = _text("見立て", 2)
    responses = forms.MultipleChoiceField(
        label="したこと", required=False, choices=list(RESPONSES.items()), widget=forms.CheckboxSelectMultiple
    )
    response_note = _text("対応の内容", 2)
    progress = _text("その後の経過", 2)
    next_step = forms.CharField(label="次にすること", required=False, max_length=200)
    next_when = forms.ChoiceField(label="いつ", required=False, widget=forms.RadioSelect)
    next_on = day_field("日にち", required=False)
    consent = forms.ChoiceField(
        label="共有への同意", choices=list(CONSENTS.items()), widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label="種類", required=False, choices=list(KINDS.items()), widget=forms.RadioSelect
    )
    mark = OneOf(label="印", required=False, widget=forms.RadioSelect)
    details = _some("細かい分類")
    concern = OneOf(label="気がかりの度合い", required=False, widget=forms.RadioSelect)
    sight = forms.ChoiceField(
        label="見られる人", required=False, choices=list(SIGHTS.items()), widget=forms.RadioSelect
    )
    told = _some("情報を伝えた先")
    linked = _some("つないだ先")
    next_owner = OneOf(label="次にする人", required=False)
    reason = forms.CharField(label="直した理由", required=False, max_length=120)

    def __init__(
        self,
        *args: Any,
        household_id: int | None,
        members: Sequence[Member],
        mark_required: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.household_id, self.members = household_id, members
        self.mark_required, self.choices = mark_required, Choices()
        self.fields["kind"].initial, self.fields["sight"].initial = "consult", "usual"
        people = offer(self, "people", [(str(one.id), one.name) for one in members])
        people.error_messages["invalid_choice"] = (
            "この家庭にいない人がえらばれています。えらびなおしてください。"
        )
        offer(self, "next_when", _when_choices(self._day()))
        self.record: RecordInput | None = None

    def offer(self, choices: Choices, found: Mapping[str, Sequence[PartnerChoice]] | None = None) -> None:
        """Put on the form what the city and the agency let one choose. What stands on the record stays on offer;
        `found` are partners that were looked for, by field."""
        self.choices = choices
        year, chosen = fiscal_year(self._day()), self._chosen
        self._put(
            "mark",
            [("", "なし")],
            [(m.id, str(m)) for m in choices.marks if not m.ended or chosen("mark", m.id)],
        )
        self._put("concern", [("", "書かない")], enumerate(choices.concerns))
        details = [d for d in choices.details if d.holds(year) or chosen("details", d.id)]
        self._put("details", [], [(one.id, one.label) for one in details])
        for name in ("told", "linked"):
            partners = {p.id: p.name for p in choices.partners if not p.ended or chosen(name, p.id)}
            looked_for = {one.id: one.name for one in (found or {}).get(name, ())}
            self._put(name, [], (looked_for | partners).items())
        self._put("next_owner", [("", "書いた人（個別記録があればその担当）")], choices.staff)
        kinds = [
            (code, label)
            for code, label in KINDS.items()
            if code != "group" or self["kind"].value() == "group"
        ]
        self._put("kind", [], kinds)

    def _put(self, name: str, first: list[tuple[str, str]], more: Iterable[tuple[Any, str]]) -> None:
        offer(self, name, [*first, *((str(value), label) for value, label in more)])

    def _chosen(self, name: str, pk: int) -> bool:
        value = self[name].value() or ()
        return str(pk) in (value if isinstance(value, list | tuple) else [str(value)])

    @property
    def details_by_category(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """Finer categories under theirs: category, its short name, and each as (value, label, chosen)."""
        values = {value for value, _ in offered(self, "details")}
        groups: dict[int, list[tuple[str, str, bool]]] = {}
        for one in self.choices.details:
            if str(one.id) in values:
                line = (str(one.id), one.label, self._chosen("details", one.id))
                groups.setdefault(one.category, []).append(line)
        return [
            (str(code), CATEGORY[code].short, lines) for code, lines in groups.items() if code in CATEGORY
        ]

    @property
    def has_more(self) -> bool:
        """Whether something stands in what an ordinary record does without."""
        texts = (
            "assessment",
            "response_note",
            "progress",
            "place",
            "concern",
            "told",
            "linked",
            "next_owner",
        )
        usual = (("kind", "consult"), ("sight", "usual"))
        return any(self[name].value() or name in self.errors for name in texts) or any(
            (self[name].value() or default) != default for name, default in usual
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.mark_required and not cleaned.get("mark"):
            self.add_error("mark", "印をえらんでください。この機関の記録には、印を必ずつけます。")
        day = cleaned.get("occurred_on")
        if day is None:
            return cleaned
        record = self._record(cleaned, day)
        for problem in problems(record, now=clock.now()):
            name = FIELD_OF.get(problem.field, problem.field)
            if name not in self.errors:
                self.add_error(name, problem.message)
        self.record = record
        return cleaned

    def _record(self, cleaned: dict[str, Any], day: date) -> RecordInput:
        people = tuple(int(pk) for pk in cleaned.get("people", []))
        children = {one.id for one in self.members if one.is_child}
        codes = [int(code) for code in cleaned.get("categories", [])]
        main = cleaned.get("main_category")
        when = cleaned.get("next_when", "")
        numbers: dict[str, Any] = {
            name: tuple(map(int, cleaned.get(name, []))) for name in ("details", "told", "linked")
        }
        texts = ("who_hint", "place", "content", "assessment", "response_note", "progress", "next_step")
        return RecordInput(
            occurred_at=clock.told(day, cleaned.get("occurred_time")),
            categories=tuple(main_first(codes, int(main) if main else None)[1]) if codes or main else (),
            household_id=self.household_id,
            person_ids=people,
            consulting_ids=tuple(pk for pk in people if pk not in children),
            channel=cleaned.get("channel", ""),
            responses=tuple(cleaned.get("responses", [])),
            next_on=next_day(day, when) or cleaned.get("next_on"),
            consent=cleaned.get("consent", ""),
            kind=cleaned.get("kind") or "consult",
            concern=_number(cleaned.get("concern")),
            mark_id=_number(cleaned.get("mark")),
            sight=cleaned.get("sight") or "usual",
            next_owner_id=_number(cleaned.get("next_owner")),
            **numbers,
            **{name: cleaned.get(name, "") for name in texts},
        )

    def _day(self) -> date:
        try:
            return date.fromisoformat(str(self["occurred_on"].value()))
        except ValueError:
            return clock.today()

    @property
    def chips(self) -> list[tuple[Member, bool]]:
        """People of the family and whether each is chosen."""
        chosen = {str(pk) for pk in self["people"].value() or []}
        return [(one, str(one.id) in chosen) for one in self.members]

    @property
    def day(self) -> date:
        """The day of the consultation as typed so far."""
        return self._day()

    @property
    def day_text(self) -> str:
        """ "令和8年11月23日（月）"."""
        return f"{format_wareki(self.day)}（{weekday_ja(self.day)}）"


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _when_choices(day: date) -> list[tuple[str, str]]:
    quick = [("1w", "1週間後"), ("2w", "2週間後"), ("1m", "1か月後")]
    dated = [(code, f"{label}（{_short(next_day(day, code) or day)}）") for code, label in quick]
    return [("", "なし"), *dated, ("date", "日をえらぶ")]


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"


class StepForm(forms.Form):
    """What came of a next step, or another day for it."""

    result = forms.CharField(
        label="結果", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_on = day_field("あたらしい日", required=False)


class MoveForm(forms.Form):
    """Where a record belongs, and why it stood elsewhere."""

    household = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "家庭をえらんでください。"}
    )
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="移す理由", max_length=120, error_messages={"required": "移す理由を書いてください。"}
    )


class FilterForm(forms.Form):
    """Narrowing the list of records; everything is optional."""

    mine = forms.BooleanField(label="自分が書いた", required=False)
    unread = forms.BooleanField(label="まだ読んでいない", required=False)
    category = forms.TypedChoiceField(
        label="分類",
        required=False,
        choices=[("", "すべて"), *CATEGORY_CHOICES],
        coerce=int,
        empty_value=None,
    )
    channel = forms.ChoiceField(label="方法", required=False, choices=[("", "すべて"), *CHANNELS.items()])
    consent = forms.ChoiceField(label="同意", required=False, choices=[("", "すべて"), *CONSENTS.items()])
    since = day_field("いつから", required=False)
    until = day_field("いつまで", required=False)

    def wanted(self) -> RecordFilter:
        """What to narrow to; a filter that was typed wrongly narrows nothing."""
        self.is_valid()
        names = ("mine", "unread", "category", "channel", "consent", "since", "until")
        return RecordFilter(
            **{name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
        )
