"""Who came, when, how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from tsunagari.base import clock
from tsunagari.base.fields import ClockField, DayField
from tsunagari.base.offering import field_of, shares_choices
from tsunagari.encounters.forms.sites import SiteField
from tsunagari.encounters.queries import Member
from tsunagari.places.queries import SiteChoice

DAY = ["%Y-%m-%d"]
TALLY = 10


def day_field(label: str, **options: Any) -> DayField:
    """A day picked or typed; read as ISO, which is what browsers send."""
    widget = forms.DateInput(format=DAY[0], attrs={"type": "date"})
    errors = {"invalid": "日付を確かめてください。", "required": "日付を入れてください。"}
    return DayField(label=label, widget=widget, input_formats=DAY, error_messages=errors, **options)


def time_field(label: str, **options: Any) -> ClockField:
    """A clock time to the minute."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    errors = {"invalid": "時刻を「9:30」のように入れてください。", "required": "時刻を入れてください。"}
    return ClockField(label=label, widget=widget, error_messages=errors, **options)


class DayForm(forms.Form):
    """The day of a roster."""

    day = day_field("日にち", required=False)


def count_field(label: str, *, required: bool = True) -> forms.TypedChoiceField:
    """A small number, pressed once."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=[(str(number), str(number)) for number in range(TALLY)],
        coerce=int,
        initial="1",
        widget=forms.RadioSelect,
        error_messages={
            "required": "人数をえらんでください。",
            "invalid_choice": "人数をえらびなおしてください。",
        },
    )


def more_field(label: str) -> forms.IntegerField:
    """A large number, typed; it stands instead of the pressed one."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=TALLY,
        max_value=99,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "人数を数字で入れてください。",
            "min_value": f"{TALLY}人以上のときに入れてください。",
            "max_value": "99人まで入れられます。それより多いときは2回に分けてください。",
        },
    )


class VisitForm(forms.Form):
    """When and where somebody came."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    adults = count_field("大人")
    site = SiteField("どこで")
    elsewhere = SiteField("今日は開いていない場所で", widget=forms.Select)
    day = day_field("来た日", required=False)
    time = time_field("来た時刻", required=False)
    note = forms.CharField(label="メモ", required=False, max_length=200)

    def offer_sites(self, sites: Sequence[SiteChoice], last: int | None = None) -> None:
        """Show the sites of the agency: those open today to press, with the one chosen `last` pressed; the others
        for late entry. Nothing appears for an agency that goes nowhere."""
        opened = [site for site in sites if site.is_open]
        field_of(self, "site", SiteField).offer(opened)
        field_of(self, "elsewhere", SiteField).offer([site for site in sites if not site.is_open], "—")
        if last in {site.id for site in opened}:
            self.fields["site"].initial = str(last)

    def clean(self) -> dict[str, Any]:
        """`at` is None for now; a time alone is of today, a day alone as `clock.told`. `site` is an id or None."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["site"] = cleaned.get("elsewhere") or cleaned.get("site")
        day, time = cleaned.get("day"), cleaned.get("time")
        cleaned["at"] = None
        if day or time:
            cleaned["at"] = clock.told(day or clock.today(), time)
            if cleaned["at"] > clock.now():
                self.add_error("time", "これからの時刻です。来た時刻を入れてください。")
        return cleaned


class PeopleField(forms.MultipleChoiceField):
    """Ids of people; whether they live in the family is for the operation to say, which holds it locked."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return value.isdecimal() and len(value) < 19


class PeopleForm(forms.Form):
    """The children of one family who came. `offer` says whom the page shows; reading what was sent needs nobody."""

    people = PeopleField(label="来た人", required=False)
    offered: Sequence[Member] = ()

    def offer(self, members: Sequence[Member]) -> None:
        """Show these children, all ticked unless something was sent."""
        self.offered = [one for one in members if one.living and one.is_child]
        self.fields["people"].initial = [str(one.id) for one in self.offered]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["person_ids"] = [int(pk) for pk in cleaned.get("people", [])]
        return cleaned

    @property
    def chips(self) -> list[tuple[Member, bool]]:
        """Children and whether each is ticked."""
        ticked = {str(pk) for pk in self["people"].value() or []}
        return [(one, str(one.id) in ticked) for one in self.offered]


@shares_choices
class CheckInForm(PeopleForm, VisitForm):
    """The members of one family who came; `children` counts them where nobody is named yet."""

    children = count_field("子ども", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["children"] = cleaned.get("children") or 0
        if not (cleaned["person_ids"] or cleaned.get("adults") or cleaned.get("children")):
            self.add_error("people", "来た人を1人以上えらんでください。")
        return cleaned


class AnonymousForm(VisitForm):
    """People without a name."""

    children = count_field("子ども")
    adults_more = more_field("大人（10人以上のとき）")
    children_more = more_field("子ども（10人以上のとき）")
    other_town = forms.BooleanField(label="市外から来た", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("adults", "children"):
            cleaned[name] = cleaned.get(f"{name}_more") or cleaned.get(name)
        if not cleaned.get("adults") and not cleaned.get("children") and not self.errors:
            self.add_error("adults", "来た人の数を入れてください。")
        return cleaned
