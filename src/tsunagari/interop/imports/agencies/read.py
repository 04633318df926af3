"""From rows of a facility list to facilities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from tsunagari.base.japanese.text import fold_kana, fold_kanji
from tsunagari.base.sheets import Table
from tsunagari.interop.imports.agencies.layout import LAYOUT, PLACE_WORDS
from tsunagari.interop.imports.cells import Span
from tsunagari.interop.imports.columns import ParsedRow, bind, one_per_row, read_rows, unused_note
from tsunagari.interop.imports.plan import Notes, Progress, Rejected
from tsunagari.interop.rules import in_japan, same_town
from tsunagari.places.rules import ChannelInput, HourInput

_PLAIN = [
    "kana",
    "facility_type",
    "address_detail",
    "latitude",
    "longitude",
    "access",
    "parking",
    "fax",
    "email",
    "postal_code",
    "operator_number",
    "operator_name",
    "capacity",
    "ages_note",
    "hours_note",
    "temporary_care",
    "url",
    "note",
]
_WEEK = frozenset(range(5))
_SATURDAY = frozenset({5})
_MINUTE = "%-H:%M"


@dataclass(slots=True)
class Facility:
    """One row: what identifies it, and the fields the list says something about."""

    row: int
    identifier: str
    number: str
    name: str
    values: dict[str, object]
    hours: tuple[HourInput, ...] = ()
    opened_on: date | None = None
    address: str = ""


@dataclass(slots=True)
class Facilities:
    """A whole list: facilities, refused rows, sentences about the file."""

    rows: list[Facility] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbered: str = ""


def read(table: Table, *, code: str, today: date, progress: Progress) -> Facilities:
    """Facilities of the municipality `code` (six digits). Raises `Unreadable`."""
    binding = bind(LAYOUT, table)
    notes = Notes()
    found = Facilities(
        notes=[*table.warnings, *unused_note(LAYOUT, binding)], numbered=_numbering(binding.headers)
    )
    for parsed in read_rows(LAYOUT, binding, table, today=today, notes=notes, progress=progress):
        facility = None if parsed.problems else _facility(parsed, code, notes)
        if parsed.problems or facility is None:
            found.rejected.append(one_per_row(parsed.problems))
        else:
            found.rows.append(facility)
    found.notes += notes.lines()
    return found


def _numbering(headers: Mapping[str, tuple[str, ...]]) -> str:
    """What the NO of this list counts, "" when it is only the number of a row.

    NO of the former national editions is said to be unique, but in the list alone, hence the list's name.
    """
    if "identifier" in headers or headers.get("number", ("",))[0] not in ("NO", "No.", "NO."):
        return ""
    return "kosodate" if "temporary_care" in headers or "ages_note" in headers else "kokyo"


def _facility(parsed: ParsedRow, code: str, notes: Notes) -> Facility | None:
    town = parsed.text("town")
    if town and not same_town(town, code):
        reason = f"ほかの市区町村の行です（この取り込みは{code}）。ファイルを確かめてください。"
        parsed.problems.append(Rejected(parsed.number, "全国地方公共団体コード", town, reason))
        return None
    _mend_point(parsed, notes)
    address = _address(parsed)
    if not address and parsed.get("latitude") is None:
        parsed.problems.append(Rejected(parsed.number, "所在地", "", "所在地が空です。入力してください。"))
        return None
    values = {name: parsed.values[name] for name in _PLAIN if name in parsed.values}
    if address:
        values["address"] = address
    hours = _hours(parsed, notes)
    _gather(parsed, values)
    return Facility(
        parsed.number, parsed.text("identifier"), parsed.text("number"), parsed.text("name"), values, hours,
        opened if isinstance(opened := parsed.get("opened_on"), date) else None, address,
    )  # fmt: skip


def _mend_point(parsed: ParsedRow, notes: Notes) -> None:
    """Swap latitude and longitude back; keep in the note what is no point of Japan."""
    latitude, longitude = parsed.values.pop("latitude", None), parsed.values.pop("longitude", None)
    if latitude is None and longitude is None:
        return
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        notes.add("緯度と経度の片方がないため、位置は入れません", parsed.number)
    elif in_japan(latitude, longitude):
        parsed.values |= {"latitude": latitude, "longitude": longitude}
        return
    elif in_japan(longitude, latitude):
        parsed.values |= {"latitude": longitude, "longitude": latitude}
        notes.add("緯度と経度が入れかわっていたので、もどして取り込みます", parsed.number)
        return
    else:
        notes.add("緯度・経度が日本の外を指すため、位置は入れず備考に残します", parsed.number)
    parsed.kept.append(("緯度、経度", f"{latitude or ''}、{longitude or ''}"))


def _address(parsed: ParsedRow) -> str:
    """The address in one piece; parts that repeat what stands before them are left out."""
    if whole := parsed.text("address"):
        return whole
    joined = ""
    for part in ("prefecture", "city", "town_name", "block"):
        text = parsed.text(part)
        joined = text if joined and text.startswith(joined) else joined + text
    return joined[:200]


def _hours(parsed: ParsedRow, notes: Notes) -> tuple[HourInput, ...]:
    """Weekly openings; what does not make one is kept in the words beside them."""
    spans = [(parsed.get("days"), "opens", "closes"), (_WEEK, "opens_week", "closes_week"),
             (_SATURDAY, "opens_saturday", "closes_saturday")]  # fmt: skip
    rows: dict[int, HourInput] = {}
    for days, first, last in spans:
        opens, closes = _clock(parsed, first, last)
        if (
            isinstance(days, frozenset)
            and isinstance(opens, time)
            and isinstance(closes, time)
            and opens < closes
        ):
            rows |= {day: HourInput(day, opens, closes) for day in days}
        elif opens is not None or closes is not None or (first == "opens" and days is not None):
            _keep_hours(parsed, days if first == "opens" else None, opens, closes, notes)
    return tuple(sorted(rows.values()))


def _clock(parsed: ParsedRow, first: str, last: str) -> tuple[object, object]:
    """The two times, also where both stand in the first cell; a second cell that is filled is believed."""
    opens, closes = parsed.get(first), parsed.get(last)
    if not isinstance(opens, Span):
        return opens, closes
    return opens.opens, opens.closes if closes is None else closes


def _keep_hours(parsed: ParsedRow, days: object, opens: object, closes: object, notes: Notes) -> None:
    if isinstance(opens, time) and isinstance(closes, time) and opens >= closes:
        notes.add("終わりの時刻が始まりより前か同じため、時間は備考に残します", parsed.number)
    clock = "〜".join(t.strftime(_MINUTE) if isinstance(t, time) else "" for t in (opens, closes)).strip("〜")
    names = "".join("月火水木金土日祝"[day] for day in sorted(days)) if isinstance(days, frozenset) else ""
    parsed.kept.append(("利用可能日時", " ".join(part for part in (names, clock) if part)))


def _gather(parsed: ParsedRow, values: dict[str, object]) -> None:
    """Fields made of several columns, and the note with everything that has no field."""
    if (extension := parsed.text("extension")) and values.get("phone", parsed.get("phone")):
        values["phone"] = f"{parsed.text('phone')} 内線{extension}"[:60]
    elif phone := parsed.text("phone"):
        values["phone"] = phone
    if form := parsed.text("form_url"):
        values["channels"] = (ChannelInput("form", form),)
    ages = "〜".join(filter(None, (parsed.text("age_from"), parsed.text("age_to"))))
    if ages and "ages_note" not in values:
        values["ages_note"] = ages
    if place := _place_kind(f"{values.get('facility_type', '')} {parsed.text('name')}"):
        values["place_kind"] = place
    lines = [str(values["note"])] if "note" in values else []
    lines += [f"{label}：{text}" for label, text in parsed.kept]
    if lines:
        values["note"] = "\n".join(lines)


def _place_kind(words: str) -> str:
    return next((kind for word, kind in PLACE_WORDS if word in words), "")


def name_key(name: str) -> str:
    """What two spellings of one facility's name share."""
    return fold_kana(fold_kanji(re.sub(r"[\s「」『』（）()・]", "", unicodedata.normalize("NFKC", name))))


_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}


def _chome(match: re.Match[str]) -> str:
    tens, _, ones = match[1].partition("十")
    if "十" not in match[1]:
        return str(_KANJI_DIGITS[match[1]]) + "-" if len(match[1]) == 1 else match[0]
    return str((_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)) + "-"


def address_key(address: str, town: str) -> str:
    """What two spellings of one address share: no prefecture or town, block numbers as 1-2-3."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    plain = re.sub(r"^(?:北海道|東京都|京都府|大阪府|.{2,3}県)", "", plain).removeprefix(town)
    plain = re.sub(r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])丁目", _chome, plain)
    plain = re.sub(r"(?<=\d)(?:丁目|番地の?|番|号|の)", "-", plain)
    plain = re.sub("[\u2010-\u2015\u2212\u30fc\u2500]", "-", plain)
    return re.sub(r"-+", "-", plain).strip("-").casefold()
