"""From bytes to text, and from text to the delimiter that splits it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice

from tsunagari.base.sheets.errors import SheetError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    (b"%PDF", "PDF です。元の Excel か CSV のファイルを選んでください。"),
    (b"\x89PNG", "画像です。元の Excel か CSV のファイルを選んでください。"),
    (b"\xff\xd8\xff", "画像です。元の Excel か CSV のファイルを選んでください。"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|head|meta)", re.IGNORECASE)
_JIS_ESCAPE = re.compile(rb"\x1b[$(]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
#: What Python's cp932 makes of bytes that no Windows code page defines.
_UNDEFINED = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_SAMPLE = 64 * 1024
_SAMPLE_RECORDS = 40


def decode(data: bytes) -> tuple[str, str]:
    """Text of the file and the codec that read it: UTF-8, UTF-16 (with BOM), CP932, EUC-JP or JIS.

    Raises `SheetError` for files that are no text, naming what they are where possible.
    """
    _refuse_other_formats(data)
    text, encoding = _decode(data)
    if "\x00" in text:
        raise SheetError("表の形式ではないデータが入っています。Excel か CSV で保存し直してください。")
    return text, encoding


def _refuse_other_formats(data: bytes) -> None:
    for start, what in _NOT_TEXT:
        if data.startswith(start):
            raise SheetError(f"このファイルは{what}")
    if _MARKUP.match(data[:200].removeprefix(codecs.BOM_UTF8)):
        raise SheetError("このファイルはウェブページの形式です。Excel で開き、xlsx で保存し直してください。")


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding), encoding
    if _JIS_ESCAPE.search(data) and (text := _try(data, "iso2022_jp_ext")):
        return text, "iso2022_jp"
    if (text := _try(data, "utf-8")) is not None:
        return text, "utf-8"
    cp932 = _try(data, "cp932")
    if cp932 is not None and _UNDEFINED.search(cp932):
        cp932 = None
    if (cp932 is None or _mostly_half_kana(cp932)) and (text := _try(data, "euc_jp")):
        return text, "euc_jp"
    if cp932 is None:
        raise SheetError(_undecodable(data))
    return cp932, "cp932"


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(_undecodable(data, error.start)) from None


def _mostly_half_kana(text: str) -> bool:
    """EUC-JP read as CP932 turns into half-width katakana; nobody writes a whole table in those."""
    wide = sum(char > "\x7f" for char in text[:_SAMPLE])
    return len(_HALF_KANA.findall(text[:_SAMPLE])) * 2 > wide


def _undecodable(data: bytes, start: int | None = None) -> str:
    if start is None:
        try:
            data.decode("cp932")
            start = 0
        except UnicodeDecodeError as error:
            start = error.start
    line = data.count(b"\n", 0, start) + 1
    return f"{line}行目の文字を読み取れません。Excel で開き、「CSV UTF-8」か xlsx で保存し直してください。"


def sniff_delimiter(text: str, *, prefer: str = ",") -> str:
    """Comma, tab or semicolon: the one that splits most records into the same number of fields."""
    candidates = [prefer, *(mark for mark in ",\t;" if mark != prefer)]
    return max(candidates, key=lambda mark: _evenness(text[:_SAMPLE], mark))


def _evenness(sample: str, delimiter: str) -> int:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = Counter(len(record) for record in islice(reader, _SAMPLE_RECORDS))
    except csv.Error:
        return 0
    return max((count * (width - 1) for width, count in widths.items()), default=0)
