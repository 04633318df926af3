"""The code of a paper form: short enough to type, at random so that no other town's is guessed."""

from __future__ import annotations

import secrets
import unicodedata

from tsunagari.families.rules.cards import CODE_SIGNS

CODE_LENGTH = 12
MOST_AT_ONCE = 100
_GROUP = 4


def new_code() -> str:
    """Twelve signs at random (48 bits)."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """The code meant by what was scanned or typed, in any width and case, with any spaces and hyphens; else ""."""
    plain = unicodedata.normalize("NFKC", text[:60]).upper()
    code = "".join(sign for sign in plain if sign in CODE_SIGNS)
    others = [sign for sign in plain if sign not in CODE_SIGNS and sign not in " -‐‑–—−ー・."]
    return code if len(code) == CODE_LENGTH and not others else ""


def shown_code(code: str) -> str:
    """In groups of four, as printed under the QR."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
