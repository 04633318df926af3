"""Names, kana, phones and post codes.

Two kinds of function live here and must not be mixed. Those that *store* (`normalise_name`,
`to_katakana_full`) keep what the person wrote: old kanji forms and variation selectors survive. Those
that *fold* (`fold_kana`, `fold_kanji`) throw differences away and serve only as search keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from tsunagari.base.japanese.variants import VARIANT_FORMS

FULL_SPACE = "\u3000"

_SPACES = re.compile(r"\s+")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_DECOMPOSED = re.compile("[\u3041-\u30ff][\u3099\u309a]|[A-Za-z][\u0300-\u036f]+")
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u2500\uff0d\uff70"
_HYPHEN_CLASS = re.compile(f"[{_HYPHENS}]")
_DASH_AFTER_KANA = re.compile(f"(?<=[\u30a1-\u30fa\u30fc])[{_HYPHENS}]")

_TO_KATAKANA = {code: chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_HALF_WIDTH = re.compile("[\uff65-\uff9f]+")
_TO_HIRAGANA = {code: chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_FOLD_KANA = str.maketrans(
    "ァィゥェォッャュョヮヵヶヰヱヲㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
    "アイウエオツヤユヨワカケイエオクシストヌハヒフヘホムラリルレロ",
)
_KANA_ONLY = re.compile("[\u3041-\u3096\u3099-\u309f\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9f\\s]+")


class TextError(ValueError):
    """A text that must not be stored; the message is Japanese, for the person who typed it."""


def _until_stable(step: Callable[[str], str], text: str) -> str:
    """Repeat `step` until nothing changes, so that a fold of a fold is the same fold."""
    while (folded := step(text)) != text:
        text = folded
    return text


def fold_kana(text: str) -> str:
    """Search key of a reading: ガ and カ, ャ and ヤ, ひらがな and カタカナ, with or without ー all meet.

    The result holds base katakana and case-folded letters or digits only; spaces, ・, punctuation and
    accents are gone. Idempotent.
    """
    return _until_stable(_fold_kana_once, text)


def _fold_kana_once(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_TO_KATAKANA)
    kept: list[str] = []
    for char in decomposed.translate(_FOLD_KANA):
        if char in "ヽヾ々〻":
            kept.extend(kept[-1:])
        elif char != "ー" and unicodedata.category(char)[0] in "LN":
            kept.append(char)
    return unicodedata.normalize("NFKC", "".join(kept))


def fold_kanji(text: str) -> str:
    """Search key of a written name: variant and old forms, widths, case and spaces are levelled.

    髙橋 and 高橋, 渡邉 and 渡辺, 佐々木 and 佐佐木 meet. Idempotent; never store the result as the name.
    """
    return _until_stable(_fold_kanji_once, text)


def _fold_kanji_once(text: str) -> str:
    folded = _VARIATION_SELECTORS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    kept: list[str] = []
    for char in folded.translate(VARIANT_FORMS):
        if char in "々〻":
            kept.extend(kept[-1:])
        elif unicodedata.category(char)[0] not in "ZC":
            kept.append({"ヶ": "ケ", "ヵ": "カ"}.get(char, char))
    return unicodedata.normalize("NFKC", "".join(kept))


def is_kana(text: str) -> bool:
    """Whether the text is a reading: hiragana or katakana of any width, ー, ・ and spaces, not blank."""
    return bool(text.strip()) and _KANA_ONLY.fullmatch(text) is not None


def normalise_name(text: str) -> str:
    """A name as it is stored: trimmed, any run of spaces as one full-width space, forms untouched.

    Raises `TextError` on control characters, reversed-direction marks, and text already destroyed (�).
    Kana typed as base + separate voicing mark (as macOS file names do) is composed; kanji never change.
    """
    name = _SPACES.sub(FULL_SPACE, _INVISIBLE.sub("", _reject_unstorable(text)).strip())
    return _DECOMPOSED.sub(lambda match: unicodedata.normalize("NFC", match.group()), name)


def _reject_unstorable(text: str) -> str:
    if "\ufffd" in text:
        raise TextError("文字が壊れています（�）。元の文字を入力し直してください。")
    for char in text.strip():
        if unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI_CONTROLS:
            raise TextError("使えない制御文字が入っています。文字を入力し直してください。")
    return text


def to_katakana_full(text: str) -> str:
    """A reading as it is stored: full-width katakana, one full-width space between the parts.

    A hyphen or minus right after kana is taken as the long-vowel mark people meant. Raises `TextError`
    as `normalise_name` does.
    """
    name = normalise_name(text)
    katakana = unicodedata.normalize("NFKC", name).translate(_TO_KATAKANA)
    return _SPACES.sub(FULL_SPACE, _DASH_AFTER_KANA.sub("ー", katakana).strip())


def to_hiragana(text: str) -> str:
    """Katakana of any width as hiragana, for furigana; everything else, spaces included, stays."""
    widened = _HALF_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return widened.translate(_TO_HIRAGANA)


def bigrams(folded: str) -> list[str]:
    """Distinct overlapping two-character pieces in order of appearance; one character stands alone.

    Give it the result of a fold. "ヤマタ" → ["ヤマ", "マタ"]; "ア" → ["ア"]; "" → [].
    """
    if len(folded) < 2:
        return [folded] if folded else []
    return list(dict.fromkeys(folded[i : i + 2] for i in range(len(folded) - 1)))


def digits_only(text: str) -> str:
    """The decimal digits of a text in order, full-width ones as ASCII; everything else is dropped."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))


_EXTENSION = re.compile(r"(?:内線|(?<![a-z])ext\.?|(?<=\d)\s*x(?=\s*\d)).*$", re.IGNORECASE | re.DOTALL)
_NOTE_IN_PARENS = re.compile(r"\([^()0-9]*\)")
_PHONE_LIKE = re.compile(r"\+?[0-9(][0-9()\s.-]*")


def phone_digits(text: str) -> str | None:
    """Digits of the one Japanese phone number in the text, or None.

    Any width, any hyphen, parentheses, +81, labels (TEL) and extensions (内線12) are understood. 9 to 11
    digits from a single 0 are plausible. Several different numbers in one text give None: choosing one
    would lose the others unseen.
    """
    plain = _HYPHEN_CLASS.sub("-", unicodedata.normalize("NFKC", text))
    plain = _NOTE_IN_PARENS.sub(" ", _EXTENSION.sub("", plain))
    found = {number for match in _PHONE_LIKE.findall(plain) if (number := _domestic(match))}
    whole = {digits_only(match) for match in _PHONE_LIKE.findall(plain)} - {""}
    return found.pop() if len(found) == 1 and len(whole) == 1 else None


def _domestic(number: str) -> str | None:
    digits = digits_only(number)
    if number.startswith("+"):
        if not digits.startswith("81"):
            return None
        digits = "0" + digits[2:].removeprefix("0")
    return digits if re.fullmatch(r"0[1-9][0-9]{7,9}", digits) else None


_PHONE_SHAPES = (
    (re.compile(r"(0120|0800|0570|0990)(\d{3})(\d{3,4})"), "free dial and navi dial"),
    (re.compile(r"(0[2-9]0)(\d{4})(\d{4})"), "mobile, IP and M2M, 11 digits"),
    (re.compile(r"(0[36])(\d{4})(\d{4})"), "Tokyo and Osaka"),
    (re.compile(r"(0\d{2})(\d{3})(\d{4})"), "other places"),
)


def format_phone(digits: str) -> str:
    """Digits with hyphens for reading: 090-1234-5678, 0120-123-456, 03-1234-5678, else 087-123-4567.

    Area codes of four or five digits (0742-22-7018) are not looked up; they too are shown 3-3-4. A text of
    any other shape comes back unchanged.
    """
    for shape, _ in _PHONE_SHAPES:
        if match := shape.fullmatch(digits):
            return "-".join(match.groups())
    return digits


def postal_code(text: str) -> str | None:
    """The seven digits of a post code written in any width, with or without 〒 and hyphen; else None."""
    plain = _HYPHEN_CLASS.sub("-", unicodedata.normalize("NFKC", text))
    match = re.fullmatch(r"\s*[〒〶]?\s*([0-9]{3})\s*-?\s*([0-9]{4})\s*", plain)
    return "".join(match.groups()) if match else None
