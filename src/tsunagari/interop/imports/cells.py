"""Readers of single cells. Each takes a cell that is not blank and today, and raises ValueError in Japanese."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import NamedTuple
from urllib.parse import quote

from tsunagari.base.japanese import dates, text, times
from tsunagari.base.sheets import Cell
from tsunagari.interop.imports.columns import Parse, Partly

_URL = re.compile(r"https?://[^\s（）()、,\"'<>]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.])0\d{1,4}-?\d{1,4}-?\d{3,4}(?!\d)")
#: What Excel leaves of a telephone that it took for a number: the 0 in front is gone.
_WITHOUT_ZERO = re.compile(r"[1-9]\d{8}|[5789]0\d{8}")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DEGREES = re.compile(
    r"(?:[NE]|北緯|東経)?(\d{1,3})[°度](\d{1,2})['′’分](?:(\d{1,2}(?:\.\d+)?)(?:[\"″”秒]|''|′′))?[NE]?"
)
_SERIAL = re.compile(r"\d{5}")
_SPAN = re.compile(r"([^~〜]+)[~〜](?!.*[~〜])([^~〜]+)|(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc\u2500\uff0d\uff70]")
_YES = {"有", "あり", "有り", "○", "◯", "〇", "●", "1", "y", "yes", "true", "可", "実施", "該当"}
_NO = {"無", "なし", "無し", "×", "✕", "✗", "x", "0", "n", "no", "false", "不可", "-", "ー", "―", "非該当"}


class Span(NamedTuple):
    """From when until when."""

    opens: time
    closes: time


def as_text(cell: Cell) -> str:
    """The cell as one would read it; a moment at midnight is a date."""
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else cell


def plain(cell: Cell) -> str:
    """NFKC, trimmed."""
    return unicodedata.normalize("NFKC", as_text(cell)).strip()


def _storable(value: str) -> str:
    if "\ufffd" in value:
        raise ValueError("文字が壊れています（�）。壊れていない元のファイルを受け取り直してください。")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\r\t" for char in value):
        raise ValueError("使えない制御文字が入っています。文字を入力し直してください。")
    return value


def line(most: int) -> Parse:
    """One line of at most so many characters; runs of blanks become one."""

    def parse(cell: Cell, today: date) -> str:
        joined = re.sub(
            r"\s+", lambda run: run[0] if run[0] == "\u3000" else " ", _storable(as_text(cell))
        ).strip()
        if len(joined) > most:
            raise ValueError(f"{most}字を超えています。短くしてください。")
        return joined

    return parse


def note(cell: Cell, today: date) -> str:
    """Words as they stand, line breaks too."""
    return _storable(as_text(cell)).replace("\r\n", "\n").replace("\r", "\n").strip()


def code(most: int) -> Parse:
    """A number or sign that identifies something: half width, without blanks."""

    def parse(cell: Cell, today: date) -> str:
        value = re.sub(r"\s", "", _storable(plain(cell)))
        value = re.sub(r"\.0+$", "", value) if re.fullmatch(r"\d+\.0+", value) else value
        if re.fullmatch(r"\d(?:\.\d+)?[Ee]\+?\d+", value):
            raise ValueError(
                "Excel が番号を丸めています。列を文字列にして、元のデータから作り直してください。"
            )
        if len(value) > most:
            raise ValueError(f"{most}字を超えています。番号を確かめてください。")
        return value

    return parse


def kana(most: int) -> Parse:
    """A reading as full-width katakana."""

    def parse(cell: Cell, today: date) -> str:
        value = text.to_katakana_full(_storable(as_text(cell)))
        if len(value) > most:
            raise ValueError(f"{most}字を超えています。短くしてください。")
        return value

    return parse


def phone(cell: Cell, today: date) -> str:
    """A number as written, half width; of several the first is taken."""
    value = re.sub(r"\s+", " ", _HYPHENS.sub("-", _storable(plain(cell))))
    if len(value) <= 60 and text.phone_digits(value):
        return value
    if _WITHOUT_ZERO.fullmatch(value):
        raise Partly(f"0{value}", "はじめの 0 が落ちているので補います。番号を確かめてください。")
    found = _PHONE.search(value)
    if found is None:
        raise ValueError("電話番号として読み取れません。")
    raise Partly(found[0], "番号が2つ以上あるか、ほかの文字があります。はじめの番号を使います。")


def url(cell: Cell, today: date) -> str:
    """An address that begins with http; blanks inside one are encoded, of several addresses the first is taken."""
    whole = _storable(as_text(cell)).strip().replace("‾", "~")  # the tilde of Shift_JIS
    if re.match("https?://", whole) and whole.count("http") == 1 and not re.search(r"[()（）、\n]", whole):
        value = re.sub(r"\s", lambda blank: quote(blank[0]), whole)
    else:
        value = unicodedata.normalize("NFKC", whole)
    found = _URL.findall(value)
    if not found or len(found[0]) > 300:
        raise ValueError("http で始まる300字までのアドレスではありません。")
    if found == [value]:
        return value
    raise Partly(found[0], "アドレスのほかにも文字があります。はじめのアドレスを使います。")


def email(cell: Cell, today: date) -> str:
    value = plain(cell)
    if not _EMAIL.fullmatch(value) or len(value) > 120:
        raise ValueError("メールアドレスとして読み取れません。")
    return value


def degrees(cell: Cell, today: date) -> float | None:
    """Decimal degrees; 0 stands for unknown in many lists and gives None."""
    value = plain(cell).rstrip("°度")
    if parts := _DEGREES.fullmatch(re.sub(r"\s", "", value)):
        whole, minutes, seconds = (float(part or 0) for part in parts.groups())
        if minutes < 60 and seconds < 60:
            return whole + minutes / 60 + seconds / 3600
    if not _NUMBER.fullmatch(value):
        raise ValueError("10進数の度（例 34.34589）で書いてください。")
    return float(value) or None


def whole(cell: Cell, today: date) -> int:
    """A number of people, with or without 人, 名, 約 and commas."""
    value = re.sub(r"^約|[,\s]|[人名]$", "", plain(cell))
    if not re.fullmatch(r"\d{1,6}(?:\.0+)?", value):
        raise ValueError("数字で書いてください。")
    return int(float(value))


def yes_no(cell: Cell, today: date) -> bool:
    value = plain(cell).lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise ValueError("「有」か「無」で書いてください。")


def day(cell: Cell, today: date) -> date:
    if isinstance(cell, str) and _SERIAL.fullmatch(plain(cell)):  # a serial number that Excel left behind
        return dates.parse_cell_date(int(plain(cell)), today=today)
    return dates.parse_cell_date(cell, today=today)


def clock_time(cell: Cell, today: date) -> time:
    if isinstance(cell, str) and re.fullmatch(r"0?\.\d+", cell.strip()):
        return times.parse_time(float(cell))
    return times.parse_time(cell)


def opening(cell: Cell, today: date) -> time | Span:
    """The time something opens, or both times where they stand in one cell: 9:00〜17:00."""
    span = _SPAN.fullmatch(re.sub(r"\s", "", _HYPHENS.sub("-", plain(cell))).removesuffix("まで"))
    if span is None:
        return clock_time(cell, today)
    first, last = (part for part in span.groups() if part)
    return Span(times.parse_time(first), times.parse_time(last))


def weekdays(cell: Cell, today: date) -> frozenset[int]:
    return times.parse_weekdays(as_text(cell))


def post_code(cell: Cell, today: date) -> str:
    value = plain(cell)
    found = text.postal_code(value.zfill(7) if re.fullmatch(r"\d{5,6}", value) else value)
    if found is None:
        raise ValueError("7けたの郵便番号ではありません。")
    return found


def corporate_number(cell: Cell, today: date) -> str:
    value = re.sub(r"[\s-]|\.0+$", "", plain(cell))
    if not re.fullmatch(r"\d{13}", value):
        raise ValueError("13けたの法人番号ではありません。")
    return value
