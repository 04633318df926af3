"""Code lists of places and pure rules about opening hours and periods.

Labels are those of the study and the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

HOLIDAY = 7  # weekday number of public holidays, as in base.japanese.times

# 質問5(5) of the study: who may register with or use the place.
ACCEPTED_AGES: Mapping[str, str] = {
    "1": "妊婦",
    "2": "0歳",
    "3": "1歳",
    "4": "2歳",
    "5": "3歳",
    "6": "4-6歳（未就学児）",
    "7": "小学生以上",
    "8": "対象者について把握していない",
}

# Two programmes of 質問5(2), the マイ保育園 of its chapter 3, then the list of 質問5(6).
PROGRAMMES: Mapping[str, str] = {
    "kyoten": "地域子育て支援拠点事業",
    "kihon": "利用者支援事業（基本型）",
    "myhoikuen": "マイ保育園",
    "1": "放課後児童健全育成事業（放課後児童クラブ）",
    "2": "子育て短期支援事業",
    "3": "乳幼児家庭全戸訪問事業",
    "4": "養育支援訪問事業",
    "5": "一時預かり事業",
    "6": "病児保育事業",
    "7": "子育て援助活動支援事業（ファミリー・サポート・センター事業）",
    "8": "その他の地域子ども・子育て支援事業",
    "9": "地域子ども・子育て支援事業以外の子育て支援事業",
    "10": "その他",
    "11": "他に子育て支援事業は行っていない",
}

CHANNELS: Mapping[str, str] = {
    "phone": "電話",
    "mail": "メール",
    "form": "問い合わせフォーム",
    "online": "オンライン面談",
    "sns": "SNS",
    "visit": "訪問",
}

# 児童福祉法施行規則 第1条の39の3: where a 地域子育て相談機関 may be.
LEGAL_PLACES: Mapping[str, str] = {
    "nursery": "保育所",
    "kindergarten": "幼稚園",
    "certified": "認定こども園",
    "base": "地域子育て支援拠点事業を行う場所",
    "children": "児童館",
    "approved": "市町村長が適切と認める場所",
}
_LEGAL_OF_KIND: Mapping[str, str] = {"3": "children", "5": "nursery", "6": "certified", "7": "kindergarten"}

LANGUAGES: Mapping[str, str] = {
    "en": "英語",
    "zh": "中国語",
    "ko": "韓国語",
    "vi": "ベトナム語",
    "pt": "ポルトガル語",
    "tl": "フィリピノ語",
    "ne": "ネパール語",
    "es": "スペイン語",
    "id": "インドネシア語",
    "uk": "ウクライナ語",
}


def legal_place(place_kind: str, programmes: Iterable[str]) -> str:
    """Key of LEGAL_PLACES for a place: its own kind first, then 拠点, else what the mayor approves."""
    if place_kind in _LEGAL_OF_KIND:
        return _LEGAL_OF_KIND[place_kind]
    return "base" if "kyoten" in set(programmes) else "approved"


@dataclass(frozen=True, slots=True, order=True)
class HourInput:
    """One weekly opening.

    `weekday` 0 is Monday, 6 Sunday, 7 public holidays; `kind` is open, consult, phone …
    """

    weekday: int
    opens: time
    closes: time
    kind: str = "open"


@dataclass(frozen=True, slots=True)
class ChannelInput:
    """A way to reach the place: `kind` of CHANNELS, number or address, and its hours in words."""

    kind: str
    value: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class PeriodInput:
    """All of an agency that can change, as it holds in one span of days."""

    name: str
    kana: str = ""
    operator_kind: str = ""
    operator_name: str = ""
    operator_number: str = ""
    place_kind: str = ""
    facility_type: str = ""
    ages: tuple[str, ...] = ()
    ages_note: str = ""
    programmes: tuple[str, ...] = ()
    postal_code: str = ""
    address: str = ""
    address_detail: str = ""
    latitude: float | None = None
    longitude: float | None = None
    area_id: int | None = None
    phone: str = ""
    fax: str = ""
    email: str = ""
    url: str = ""
    channels: tuple[ChannelInput, ...] = ()
    hours_note: str = ""
    capacity: int | None = None
    private_room: bool | None = None
    parking: str = ""
    access: str = ""
    languages: tuple[str, ...] = ()
    temporary_care: bool | None = None
    note: str = ""
    hours: tuple[HourInput, ...] = ()


PLAIN_FIELDS: tuple[str, ...] = tuple(
    field.name
    for field in fields(PeriodInput)
    if field.name not in {"ages", "programmes", "channels", "languages", "hours"}
)
CODE_LISTS: Mapping[str, Mapping[str, str]] = {
    "ages": ACCEPTED_AGES,
    "programmes": PROGRAMMES,
    "languages": LANGUAGES,
}


def differences(before: PeriodInput, after: PeriodInput) -> tuple[str, ...]:
    """Names of the fields in which two inputs differ; the order of lists says nothing."""
    return tuple(
        field.name
        for field in fields(PeriodInput)
        if _plain(getattr(before, field.name)) != _plain(getattr(after, field.name))
    )


def _plain(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class AreaInput:
    """A district as given; `polygon` is a GeoJSON Polygon or MultiPolygon in WGS84 degrees, or None."""

    code: str
    name: str
    polygon: Mapping[str, object] | None = None
    kind: str = "school"


@dataclass(frozen=True, slots=True)
class Span:
    """Wall-clock times between which a place is open on one day."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%-H:%M}〜{self.closes:%-H:%M}"


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days (inclusive) with other hours; `opens` None means closed."""

    first_day: date
    last_day: date
    opens: time | None = None
    closes: time | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Openings:
    """When a place is open on one day; `reason` says why it differs, `known` that hours are on file."""

    spans: tuple[Span, ...]
    reason: str = ""
    known: bool = True

    def holds(self, moment: datetime) -> bool:
        """Whether the place is open at the wall-clock time of `moment`."""
        clock = moment.time()
        return any(span.opens <= clock < span.closes for span in self.spans)


def openings(
    day: date, hours: Iterable[HourInput], exceptions: Sequence[SpecialDays], holiday: str | None
) -> Openings:
    """Openings of kind "open" on `day`. `holiday` is the holiday's name or None.

    Exceptions win. On a public holiday only rows of weekday 7 count. The latest exception wins over earlier
    ones.
    """
    rows = [row for row in hours if row.kind == "open"]
    matching = [item for item in exceptions if item.first_day <= day <= item.last_day]
    if matching:
        chosen = max(matching, key=lambda item: item.first_day)
        if chosen.opens is None or chosen.closes is None:
            return Openings((), chosen.reason or "臨時の休み")
        return Openings((Span(chosen.opens, chosen.closes),), chosen.reason or "時間の変更")
    weekday = HOLIDAY if holiday else day.weekday()
    spans = tuple(Span(row.opens, row.closes) for row in sorted(rows) if row.weekday == weekday)
    return Openings(spans, holiday or "", known=bool(rows))


def day_before(day: date) -> date:
    return day - timedelta(days=1)


WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日", "祝")
YES_NO: Mapping[bool | None, str] = {True: "あり", False: "なし", None: ""}


def week(hours: Iterable[HourInput]) -> list[tuple[str, list[Span]]]:
    """The openings of each weekday, Monday to Sunday and public holidays."""
    rows = sorted(row for row in hours if row.kind == "open")
    return [
        (name, [Span(row.opens, row.closes) for row in rows if row.weekday == day])
        for day, name in enumerate(WEEKDAYS)
    ]


def hours_text(hours: Iterable[HourInput]) -> str:
    """Openings in words, days with the same hours together: 月火水木金 9:00〜17:00、土 9:00〜12:00."""
    days: dict[str, str] = {}
    for name, spans in week(hours):
        text = "・".join(str(span) for span in spans)
        if text:
            days[text] = days.get(text, "") + name
    return "、".join(f"{names} {text}" for text, names in days.items())


def shown(name: str, value: object) -> str:
    """A value of PeriodInput in words, for people; empty when there is none."""
    if name == "hours":
        return hours_text(value)  # type: ignore[arg-type]
    if name == "channels":
        said = (" ".join((CHANNELS.get(c.kind, c.kind), c.value, c.hours)) for c in value)  # type: ignore[attr-defined]
        return "、".join(text.strip() for text in said)
    if name in CODE_LISTS:
        return "、".join(CODE_LISTS[name].get(code, code) for code in value)  # type: ignore[attr-defined]
    if isinstance(value, bool):
        return YES_NO[value]
    return "" if value is None else str(value)
