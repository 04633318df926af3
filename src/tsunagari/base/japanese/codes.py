"""Check digits: municipality codes (全国地方公共団体コード) and card numbers.

Card numbers use the Damm algorithm (H. M. Damm, 2004) and not Luhn: with one decimal check digit it
catches every single wrong digit and every swap of two neighbours, while Luhn lets 09 ↔ 90 pass. A lost
leading zero is not seen by Damm, so card numbers must also have a fixed length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet

_LG_WEIGHTS = (6, 5, 4, 3, 2)

#: Totally anti-symmetric quasigroup of order 10 with a zero diagonal.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


class CodeError(ValueError):
    """A code that cannot be right; the message is Japanese, for the person who gave it."""


def lg_check_digit(five: str) -> str:
    """Check digit of a five-digit municipality code: "13101" → "6". Raises `CodeError` on other shapes."""
    if not re.fullmatch(r"[0-9]{5}", five):
        raise CodeError("団体コードは5けたの数字で指定してください。")
    total = sum(int(digit) * weight for digit, weight in zip(five, _LG_WEIGHTS, strict=True))
    return str((11 - total % 11) % 10)


def normalize_lg_code(raw: str, known: AbstractSet[str]) -> str:
    """The six-digit code meant by `raw`, which may lack its leading zero, its check digit, or both.

    `known` holds the six-digit codes that exist. Raises `CodeError` when none or more than one fits.
    """
    digits = re.sub(r"[\s-]|\.0+$", "", unicodedata.normalize("NFKC", raw))
    if not re.fullmatch(r"[0-9]{4,6}", digits):
        raise CodeError(f"団体コード「{raw[:20]}」は6けたの数字ではありません。")
    fits = sorted(code for code in _lg_candidates(digits) if code in known)
    if not fits:
        raise CodeError(f"団体コード「{raw[:20]}」は見つかりません。6けたで確かめてください。")
    if len(fits) > 1:
        choices = "と".join(fits)
        raise CodeError(f"団体コード「{raw[:20]}」は{choices}のどれか分かりません。6けたで書いてください。")
    return fits[0]


def _lg_candidates(digits: str) -> set[str]:
    full = {digits.zfill(6)} if len(digits) >= 5 else set()
    bodies = {digits.zfill(5)} if len(digits) <= 5 else set()
    valid = {code for code in full if lg_check_digit(code[:5]) == code[5]}
    return valid | {body + lg_check_digit(body) for body in bodies}


def with_check_digit(digits: str) -> str:
    """The digits with their Damm check digit appended: "572" → "5724". Raises `CodeError` on non-digits."""
    if not re.fullmatch(r"[0-9]+", digits):
        raise CodeError("番号は数字だけで指定してください。")
    return digits + _damm(digits)


def check(digits: str) -> bool:
    """Whether the digits end in their own Damm check digit."""
    return re.fullmatch(r"[0-9]{2,}", digits) is not None and _damm(digits) == "0"


def _damm(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim
