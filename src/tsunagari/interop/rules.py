"""Numbers that decide whose row it is, and the number that must never be here. Pure functions, no database."""

from __future__ import annotations

import re
import unicodedata

_MY_NUMBER_WORDS = ("個人番号", "マイナンバー", "mynumber")
_TWELVE = re.compile(r"[0-9]{4}[\s-]?[0-9]{4}[\s-]?[0-9]{4}")

#: 政令指定都市, first five digits; the codes of their wards follow the city's own.
DESIGNATED_CITIES = (
    "01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130",
    "23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100",
)  # fmt: skip


def is_my_number(text: str) -> bool:
    """Whether the text is a 12-digit 個人番号 with its check digit (番号利用法施行規則 5条)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _TWELVE.fullmatch(plain):
        return False
    digits = [int(digit) for digit in re.sub(r"\D", "", plain)]
    body = digits[10::-1]  # from the lowest place upwards
    total = sum(digit * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(body, start=1))
    rest = total % 11
    return digits[11] == (0 if rest <= 1 else 11 - rest)


def names_my_number(header: str) -> bool:
    """Whether a column's name says that it holds 個人番号."""
    plain = re.sub(r"[\s_・-]", "", unicodedata.normalize("NFKC", header).casefold())
    return any(word in plain for word in _MY_NUMBER_WORDS)


def same_town(raw: str, code: str) -> bool:
    """Whether a municipality code in a file means the town `code` (six digits).

    The check digit, the leading zero or both may be missing; a ward's code means its designated city.
    """
    digits = re.sub(r"[\s-]|\.0+$", "", unicodedata.normalize("NFKC", raw))
    if not re.fullmatch(r"[0-9]{4,6}", digits):
        return False
    if digits in (code, code[:5], code.lstrip("0"), code[:5].lstrip("0")):
        return True
    five = digits[:5] if len(digits) == 6 else digits.zfill(5)
    return city_of_ward(five) == code[:5]


def city_of_ward(five: str) -> str | None:
    """The designated city (five digits) that a ward's code belongs to, or None."""
    if not "101" <= five[2:] <= "199":
        return None
    before = [city for city in DESIGNATED_CITIES if city[:2] == five[:2] and city <= five]
    return max(before, default=None)


def in_japan(latitude: float, longitude: float) -> bool:
    """Whether a point in degrees lies in the rectangle around Japan."""
    return 20.0 <= latitude <= 46.0 and 122.0 <= longitude <= 154.5
