"""What a search text asks for: each word is a reading, a written name, a birth date, a phone or a card number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tsunagari.base import clock
from tsunagari.base.japanese.dates import DateError, parse_date
from tsunagari.base.japanese.text import digits_only, fold_kana, is_kana, phone_digits
from tsunagari.families import rules

LONGEST = 100
_HONORIFIC = re.compile(r"(?:さん|さま|様|ちゃん|くん|君)(?:家庭|家|世帯)?$")
_DASH_IN_NUMBER = re.compile(r"(?<=[0-9)])[\u2010-\u2015\u2212\u30fc\u2500](?=[0-9(])")
_NUMBERLIKE = re.compile(r"[0-9()+.\-]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one search, folded."""

    kana: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    births: tuple[date, ...] = ()
    phones: tuple[str, ...] = ()
    phone_parts: tuple[str, ...] = ()
    card: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing can be searched for."""
        return not (self.kana or self.names or self.births or self.phones or self.phone_parts or self.card)

    @property
    def prefix(self) -> tuple[str, str] | None:
        """(sort column, start) when the search is one name; two words of one name are put together."""
        if self.births or self.phones or self.phone_parts or self.card or bool(self.kana) == bool(self.names):
            return None
        return ("sort_kana", "".join(self.kana)) if self.kana else ("sort_name", "".join(self.names))

    def grams(self) -> list[str]:
        """Grams every fitting household holds; empty when the words are too short for the index."""
        wanted = [gram for word in self.kana for gram in rules.kana_grams(word)]
        wanted += [gram for word in self.names for gram in rules.name_grams(word)]
        wanted += [gram for part in self.phone_parts for gram in rules.phone_grams(part)]
        return wanted + self._exact_numbers()

    def exact_grams(self) -> list[str]:
        """Grams of whole values only: the words of a name taken together, birth date, phone, card."""
        whole = [f"K:{''.join(self.kana)}"] if self.kana else []
        whole += [f"N:{''.join(self.names)}"] if self.names else []
        return whole + self._exact_numbers()

    def _exact_numbers(self) -> list[str]:
        card = [f"c:{self.card}"] if self.card else []
        births = [f"b:{birth.isoformat()}" for birth in self.births]
        return [*births, *(f"p:{phone}" for phone in self.phones), *card]

    def exact_kinds(self) -> int:
        """How many of {full name, birth date, phone, card} the search gives whole."""
        if self.phone_parts:
            return 0
        return sum(map(bool, (self.kana or self.names, self.births, self.phones, self.card)))

    def rank(self, kana: Sequence[str], names: Sequence[str]) -> int | None:
        """0 exact, 1 start of the family name, 2 start of the given name, 3 inside; None when a word is missing.

        `kana` and `names` are keys with a space between family and given name.
        """
        ranks = [_together(self.kana, kana), _together(self.names, names)]
        found = [rank for rank in ranks if rank is not None]
        if len(found) < sum(map(bool, (self.kana, self.names))):
            return None
        return max(found, default=0)

    def holds_phones(self, grams: Sequence[str]) -> bool:
        """Whether some phone of the household holds each piece of a phone; grams alone may come from two."""
        phones = [gram[2:] for gram in grams if gram.startswith("p:")]
        return all(any(part in phone for phone in phones) for part in self.phone_parts)


def _together(words: Sequence[str], keys: Sequence[str]) -> int | None:
    """Best rank of all words in one person's key; spread over the household they count as inside."""
    if not words:
        return None
    joined = "".join(words)
    best = min((rank for key in keys if (rank := _rank(joined, key)) is not None), default=None)
    if best is not None or len(words) == 1:
        return best
    each = [
        min((rank for key in keys if (rank := _rank(word, key)) is not None), default=None) for word in words
    ]
    found = [rank for rank in each if rank is not None]
    return max(found) if len(found) == len(each) else None


def _rank(word: str, key: str) -> int | None:
    family, _, given = key.partition(" ")
    whole = family + given
    if word == whole:
        return 0
    if whole.startswith(word):
        return 1
    if given.startswith(word):
        return 2
    return 3 if word in whole else None


def read_terms(text: str) -> Terms:
    """The words of a search text; the first LONGEST characters count."""
    plain = _DASH_IN_NUMBER.sub("-", unicodedata.normalize("NFKC", text[:LONGEST]))
    words = plain.replace("、", " ").replace(",", " ").split()
    made: dict[str, list[str]] = {"kana": [], "names": [], "phones": [], "parts": []}
    births: list[date] = []
    card = ""
    for word in words:
        birth = _birth(word)
        if birth is not None:
            births.append(birth)
        elif _NUMBERLIKE.fullmatch(word):
            digits = digits_only(word)
            if rules.is_card_number(digits):
                card = digits
            elif phone := phone_digits(word):
                made["phones"].append(phone)
            elif len(digits) >= 4:
                made["parts"].append(digits)
        else:
            _name_word(word, made)
    return Terms(
        tuple(made["kana"]),
        tuple(made["names"]),
        tuple(births),
        tuple(made["phones"]),
        tuple(made["parts"]),
        card,
    )


def _birth(word: str) -> date | None:
    try:
        return parse_date(word, today=clock.today())
    except DateError:
        return None


def _name_word(word: str, made: dict[str, list[str]]) -> None:
    bare = _HONORIFIC.sub("", word) or word
    if is_kana(bare):
        if folded := fold_kana(bare):
            made["kana"].append(folded)
    elif folded := rules.name_key(bare):
        made["names"].append(folded)
