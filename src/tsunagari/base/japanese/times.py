"""Clock times and weekdays as people and sheets write them.

Weekdays are numbers, 0 Monday to 6 Sunday as in `date.weekday()`, and `HOLIDAY` (7) for 祝.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta, timezone

HOLIDAY = 7

_NAMES = "月火水木金土日祝"
_MINUTES_A_DAY = 24 * 60
_JST = timezone(timedelta(hours=9), "JST")
_CLOCK = re.compile(
    r"(?P<half>午前|午後|am|pm)?(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?"
    r"|時(?:(?P<minute_ja>\d{1,2})分|(?P<half_past>半))?)(?P<after>am|pm)?"
)
_PACKED = re.compile(r"(\d{1,2})(\d{2})")
_ISO = re.compile(r"(?:\d{4}-\d{2}-\d{2})?[Tt ]\d{2}:\d{2}.*")


class TimeError(ValueError):
    """A text or cell that is no clock time or no weekdays; the message is Japanese, for its writer."""


def parse_time(value: object) -> time:
    """The clock time meant, to the minute: 9：30, 09:30, 9時半, 午後1時, 0930, an Excel fraction, ISO.

    A number below 1 is a fraction of a day, 100 to 2359 is hours and minutes; a larger number with a
    fraction is an Excel date and time. A moment with a zone is taken in Japan time. Raises `TimeError`,
    also for 24:00, which no clock shows.
    """
    if isinstance(value, datetime):
        return _minute((value.astimezone(_JST) if value.tzinfo else value).time())
    if isinstance(value, time):
        return _minute(value)
    if isinstance(value, timedelta):
        return _from_fraction(value / timedelta(days=1), str(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str):
        return _from_text(value)
    raise TimeError("時刻として読み取れない値です。「9:30」のように書いてください。")


def _minute(value: time) -> time:
    return value.replace(second=0, microsecond=0, tzinfo=None)


def _from_number(value: float) -> time:
    if 0 <= value < 1:
        return _from_fraction(value, f"{value:g}")
    if 100 <= value <= 2359 and value == int(value):
        return _clock(int(value) // 100, int(value) % 100, f"{value:g}")
    if 2359 < value < 1e6 and value != int(value):
        return _from_fraction(value % 1, f"{value:g}")
    raise _unreadable(f"{value:g}")


def _from_fraction(fraction: float, shown: str) -> time:
    minutes = round(fraction * _MINUTES_A_DAY)
    return _clock(minutes // 60, minutes % 60, shown)


def _from_text(text: str) -> time:
    trimmed = unicodedata.normalize("NFKC", text).strip()
    if _ISO.fullmatch(trimmed):
        return _from_iso(trimmed, text)
    plain = re.sub(r"\s", "", trimmed).lower()
    if match := _PACKED.fullmatch(plain):
        return _clock(int(match[1]), int(match[2]), text)
    match = _CLOCK.fullmatch(plain)
    if match is None:
        raise _unreadable(text)
    minute = 30 if match["half_past"] else int(match["minute"] or match["minute_ja"] or 0)
    return _clock(_hour(int(match["hour"]), match["half"] or match["after"], text), minute, text)


def _from_iso(trimmed: str, text: str) -> time:
    try:
        if trimmed[0] in "Tt":
            return _minute(time.fromisoformat(trimmed[1:]))
        return parse_time(datetime.fromisoformat(trimmed))
    except (ValueError, OverflowError):
        raise _unreadable(text) from None


def _hour(hour: int, half: str | None, text: str) -> int:
    if half is None:
        return hour
    if hour > 12 or (half == "午前" and hour == 12):
        raise TimeError(f"時刻「{text.strip()[:20]}」は午前・午後と時が合いません。")
    afternoon = half in ("午後", "pm")
    if half in ("am", "pm"):
        hour %= 12
    return hour + 12 if afternoon and hour < 12 else hour


def _clock(hour: int, minute: int, text: str) -> time:
    if hour == 24 and minute == 0:
        raise TimeError(f"時刻「{text.strip()[:20]}」は使えません。「0:00」か「23:59」と書いてください。")
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise TimeError(f"「{text.strip()[:20]}」という時刻はありません。0:00から23:59で書いてください。")
    return time(hour, minute)


def _unreadable(text: str) -> TimeError:
    return TimeError(f"時刻「{text.strip()[:20]}」を読み取れません。「9:30」のように書いてください。")


_WORDS = (
    ("年中無休", "月火水木金土日祝"),
    ("毎日", "月火水木金土日"),
    ("全日", "月火水木金土日"),
    ("平日", "月火水木金"),
    ("土日祝日", "土日祝"),
    ("祝日", "祝"),
    ("祭日", "祝"),
)
_WITHOUT_HOLIDAYS = re.compile(r"\(?(?:ただし)?祝(?:日)?(?:を|は)?(?:除く|のぞく)\)?")
_RANGE = re.compile(rf"([{_NAMES[:7]}])(?:~|〜|-|から)([{_NAMES[:7]}])(?:まで)?")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc\u2500]")


def parse_weekdays(text: str) -> frozenset[int]:
    """The weekdays meant by 月火水木金, 月・水・金, 月;火, 月～金, 金～月, 平日, 毎日, 月曜日、水曜日.

    毎日 is the seven weekdays, 年中無休 adds `HOLIDAY`; （祝日を除く） takes it away. Raises `TimeError` on
    anything more (第1土曜): dropping a condition unseen would publish wrong opening days.
    """
    plain = _HYPHENS.sub("-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    body, excluded = _WITHOUT_HOLIDAYS.subn("", plain)
    for word, names in _WORDS:
        body = body.replace(word, names)
    body = _RANGE.sub(_spell_out, re.sub("曜日?", "", body))
    names = re.sub(r"[・･、,，;；/／と及びおよ]", "", body)
    if not names or set(names) - set(_NAMES):
        shown = text.strip()[:20]
        raise TimeError(f"曜日「{shown}」を読み取れません。「月火水木金」のように書いてください。")
    return frozenset(_NAMES.index(name) for name in names) - ({HOLIDAY} if excluded else frozenset())


def _spell_out(match: re.Match[str]) -> str:
    first, last = (_NAMES.index(name) for name in match.groups())
    return "".join(_NAMES[(first + step) % 7] for step in range((last - first) % 7 + 1))
