"""Reading dates people write, and writing dates people read.

Every refusal is a `DateError` whose Japanese message says what is wrong and what to write instead. Nothing
is guessed: no century for a two-digit year, no order for 7/29/24, no year for 8月5日.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

from tsunagari.base.japanese.ages import (
    Age,
    age_on,
    class_age,
    fiscal_year,
    fiscal_year_range,
    format_age,
    gestation_text,
    legal_age_on,
    school_year_label,
)
from tsunagari.base.japanese.eras import (
    ERA_BY_SIGN,
    FIRST_DAY,
    ONE_DAY,
    Era,
    era_year_text,
    format_wareki,
    format_wareki_short,
)

__all__ = [
    "Age",
    "DateError",
    "age_on",
    "class_age",
    "fiscal_year",
    "fiscal_year_range",
    "format_age",
    "format_date_both",
    "format_wareki",
    "format_wareki_short",
    "gestation_text",
    "legal_age_on",
    "parse_cell_date",
    "parse_date",
    "school_year_label",
    "weekday_ja",
]

#: A date further ahead than this is taken for a slip of the pen (2204 for 2024).
YEARS_AHEAD = 30

JST = timezone(timedelta(hours=9), "JST")

_WEEKDAYS = "月火水木金土日"
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc\u2500]")
_WEEKDAY_SUFFIX = re.compile(r"(?:\(([月火水木金土日])(?:曜日?)?[・,]?[祝休]?日?\)|([月火水木金土日])曜日?)$")
_WESTERN = re.compile(r"(?:西暦)?(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SIGNS = "|".join(sorted(ERA_BY_SIGN, key=len, reverse=True))
_WAREKI = re.compile(rf"({_SIGNS})[-/.]?(元|\d{{1,2}})(?:年|[-/.])(\d{{1,2}})(?:月|[-/.])(\d{{1,2}})日?")
_WAREKI_PACKED = re.compile(rf"({_SIGNS})(\d{{2}})(\d{{2}})(\d{{2}})")
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")

_EXAMPLE = "「2024/4/1」「令和6年4月1日」のように"
_HINTS = (
    (re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"), f"年・月・日の順ではありません。{_EXAMPLE}書いてください"),
    (re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}"), f"年は4けた、年・月・日の順で{_EXAMPLE}書いてください"),
    (re.compile(r"\d{2}年\d{1,2}月\d{1,2}日"), f"年が2けたです。西暦4けたか元号で、{_EXAMPLE}書いてください"),
    (re.compile(r"\d{1,2}(?:月|[-/.])\d{1,2}日?"), f"年がありません。{_EXAMPLE}書いてください"),
    (re.compile(r"\d{4}年?"), f"月と日がありません。{_EXAMPLE}書いてください"),
    (re.compile(r"\d{4}(?:年|[-/.])\d{1,2}月?"), f"日がありません。{_EXAMPLE}書いてください"),
)


class DateError(ValueError):
    """A text or cell that is no usable date; the message is Japanese, for the person who wrote it."""


def parse_date(text: str, *, today: date) -> date:
    """The day meant by a western or 和暦 date in any width, with or without a weekday.

    Understands 2024-04-01, 2024/4/1, 2024.4.1, 20240401, 2024年4月1日, R6.4.1, 令和元年5月1日, 平31.4.1,
    R060401. Era years are checked against the era's bounds, a weekday against the day. Raises
    `DateError`, also for days before 明治 and more than `YEARS_AHEAD` years after `today`.
    """
    plain = _HYPHENS.sub("-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text))).lower()
    if not plain:
        raise DateError("日付が空です。")
    body = _WEEKDAY_SUFFIX.sub("", plain)
    day = _read(body, text)
    _check_weekday(plain, day)
    return _plausible(day, today)


def _read(body: str, text: str) -> date:
    if match := _WESTERN.fullmatch(body) or _EIGHT_DIGITS.fullmatch(body):
        year, month, day = (int(part) for part in match.groups())
        return _date(year, month, day, text)
    if match := _WAREKI.fullmatch(body) or _WAREKI_PACKED.fullmatch(body):
        sign, era_year, month_text, day_text = match.groups()
        year_in_era = 1 if era_year == "元" else int(era_year)
        return _era_date(ERA_BY_SIGN[sign], year_in_era, int(month_text), int(day_text), text)
    hint = next((hint for shape, hint in _HINTS if shape.fullmatch(body)), f"{_EXAMPLE}書いてください")
    raise DateError(f"日付「{_quote(text)}」を読み取れません。{hint}。")


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateError(f"「{_quote(text)}」という日はありません。月と日を確かめてください。") from None


def _era_date(era: Era, year: int, month: int, day: int, text: str) -> date:
    if year == 0:
        raise DateError(f"「{_quote(text)}」の年が0です。{era.name}の年を確かめてください。")
    found = _date(era.year_zero + year, month, day, text)
    if not era.first <= found <= era.last:
        bound = f"元年{_month_day(era.first)}から" if found < era.first else _last_day_text(era) + "まで"
        other = era_year_text(found)
        raise DateError(f"{era.name}は{bound}です。「{_quote(text)}」は{other}ではありませんか。")
    return found


def _last_day_text(era: Era) -> str:
    return f"{era.last.year - era.year_zero}年{_month_day(era.last)}"


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _check_weekday(plain: str, day: date) -> None:
    match = _WEEKDAY_SUFFIX.search(plain)
    if match and (match[1] or match[2]) != weekday_ja(day):
        raise DateError(f"{format_date_both(day)}は{weekday_ja(day)}曜日です。日付か曜日を確かめてください。")


def _plausible(day: date, today: date) -> date:
    if day < FIRST_DAY:
        raise DateError(f"{day.year}年は昔すぎます。年を確かめてください。")
    if day.year > today.year + YEARS_AHEAD:
        raise DateError(f"{day.year}年は先すぎます。年を確かめてください。")
    return day


def _quote(text: str) -> str:
    shown = text.strip()
    return shown if len(shown) <= 20 else shown[:20] + "…"


def parse_cell_date(value: object, *, today: date) -> date:
    """The day in a sheet's cell: a date, a datetime, an Excel serial number, 20240401, or a text.

    A moment with a zone is taken in Japan time. Numbers that could be a bare year are refused. Raises
    `DateError`.
    """
    if isinstance(value, datetime):
        return _plausible(_local_day(value), today)
    if isinstance(value, date):
        return _plausible(value, today)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _plausible(_from_number(value), today)
    if not isinstance(value, str):
        raise DateError(f"日付として読み取れない値です。{_EXAMPLE}書いてください。")
    if match := _ISO_TIME.fullmatch(value.strip()):
        return _plausible(_from_iso(match.group(), match[1]), today)
    return parse_date(value, today=today)


def _local_day(moment: datetime) -> date:
    return (moment.astimezone(JST) if moment.tzinfo else moment).date()


def _from_iso(text: str, day_part: str) -> date:
    try:
        return _local_day(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        message = f"日付「{_quote(text)}」を読み取れません。「{day_part}」のように書いてください。"
        raise DateError(message) from None


_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(2201, 80000)
_PACKED = range(18680101, 22001231)


def _from_number(value: float) -> date:
    if value != value or abs(value) > 1e9:
        raise DateError(f"日付として読み取れない数です。{_EXAMPLE}書いてください。")
    whole = int(value)
    if whole in _PACKED and whole == value:
        return _date(whole // 10000, whole // 100 % 100, whole % 100, str(whole))
    if whole in _SERIALS:
        return _EXCEL_EPOCH + whole * ONE_DAY
    hint = "月と日がありません。" if 1868 <= whole <= 2200 else ""
    raise DateError(f"日付「{value:g}」を読み取れません。{hint}{_EXAMPLE}書いてください。")


def weekday_ja(day: date) -> str:
    """One character, 月 to 日."""
    return _WEEKDAYS[day.weekday()]


def format_date_both(day: date) -> str:
    """ "2026年11月23日（令和8年）"."""
    return f"{day.year}年{day.month}月{day.day}日（{era_year_text(day)}）"
