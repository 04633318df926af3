"""What stands on a 利用カード: a token in the QR, a number to read out; and reading either from whatever arrives.

A scanner types like a keyboard, so what it sends passes through the input method of the computer it hangs on. The
token has no vowels and no N: a Japanese input method in romaji mode leaves it letters (and no words come about by
chance). In kana mode every key becomes a kana, which is undone here (JIS keyboard, JIS X 6002).
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Literal, NamedTuple

from tsunagari.base.japanese.codes import check, with_check_digit
from tsunagari.base.japanese.text import to_hiragana

CARD_DIGITS = 9
CARD_NUMBERS = 10 ** (CARD_DIGITS - 1)
#: Sixteen signs of QR's alphanumeric mode, none taken for another, no vowel, no N: four bits each.
CODE_SIGNS = "3469CDFHJKMPRTVX"
TOKEN_LENGTH = 26
#: Longer texts are no card: what a scanner sends has at most the token and a few separators.
LONGEST_TEXT = 100

_KANA_KEYS = "ぬふあうえおやゆよわほちこそしいはきくにまのりもみらせたすとかなひてさんつ"
_KANA_SHIFTED = "ぁぅぇぉゃゅょをぃっ"
_AS_KEYS = str.maketrans(_KANA_KEYS + _KANA_SHIFTED, "1234567890-ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "34567890EZ")
_SEPARATORS = str.maketrans(dict.fromkeys("-.,_/\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u2500・"))


class CardText(NamedTuple):
    """What a text says: `kind` "token" or "number" with the bare value; None with the text as typed otherwise."""

    kind: Literal["token", "number"] | None
    value: str


def read_card(text: str) -> CardText:
    """The card meant by a scanned or typed text, in any width and case, with any spaces and hyphens.

    A number counts only with its nine digits and a right check digit, a token only with its 26 signs.
    """
    plain = unicodedata.normalize("NFKC", text[: LONGEST_TEXT + 1])
    if len(text) > LONGEST_TEXT:
        return CardText(None, plain)
    bare = "".join(char for char in _typed(_bare(plain)).upper() if char != "-")
    if is_card_number(bare):
        return CardText("number", bare)
    if is_token(bare):
        return CardText("token", bare)
    return CardText(None, plain.strip())


def _bare(text: str) -> str:
    """Without separators, spaces and what cannot be seen."""
    return "".join(char for char in text.translate(_SEPARATORS) if unicodedata.category(char)[0] not in "ZC")


def _typed(text: str) -> str:
    """The keys that were struck, when everything but digits and separators is a kana of the JIS keyboard."""
    keys = to_hiragana(text).translate(_AS_KEYS)
    return keys if keys.isascii() else text


def is_card_number(digits: str) -> bool:
    """Whether the digits have the length and the check digit of a card."""
    return len(digits) == CARD_DIGITS and check(digits)


def is_token(text: str) -> bool:
    """Whether the text has the length and the signs of a token; whether such a card exists is another question."""
    return len(text) == TOKEN_LENGTH and set(text) <= set(CODE_SIGNS)


def card_number(number: int) -> str:
    """Nine digits: the number (below CARD_NUMBERS) and its Damm check digit."""
    return with_check_digit(f"{number:0{CARD_DIGITS - 1}d}")


def grouped(number: str) -> str:
    """A card number as it is printed and read out: "123-456-789"."""
    return "-".join(number[start : start + 3] for start in range(0, len(number), 3))


def new_number() -> str:
    """A card number at random; whether it is free is for the caller to ask."""
    return card_number(secrets.randbelow(CARD_NUMBERS))


def new_token() -> str:
    """A token of 104 random bits."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(TOKEN_LENGTH))
