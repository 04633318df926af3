"""Search keys: how a family's words are folded, cut into grams and sorted. Pure; the same on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tsunagari.base.japanese.text import bigrams, fold_kana, fold_kanji

SORT_LENGTH = 200
_PHONE_GRAM = 4

#: First katakana of each row of the syllabary, in order; the key is what people press.
GYO: dict[str, str] = {
    "あ": "ア",
    "か": "カ",
    "さ": "サ",
    "た": "タ",
    "な": "ナ",
    "は": "ハ",
    "ま": "マ",
    "や": "ヤ",
    "ら": "ラ",
    "わ": "ワ",
    "ほか": "ヷ",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What one person is found by. Phones are digits."""

    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    nickname: str = ""
    birth_date: date | None = None
    phones: tuple[str, ...] = ()

    @property
    def name_key(self) -> str:
        """Folded family and given name with one space between, or the nickname's."""
        return _pair(name_key(self.family_name), name_key(self.given_name)) or name_key(self.nickname)

    @property
    def kana_key(self) -> str:
        """Folded reading, family and given with one space between; of a nickname, itself."""
        return _pair(fold_kana(self.family_kana), fold_kana(self.given_kana)) or fold_kana(self.nickname)


def name_key(text: str) -> str:
    """Folded written name: old kanji forms, widths, case and kind of kana are levelled; no spaces."""
    return fold_kana(fold_kanji(text))


def grams(
    people: Iterable[Words],
    *,
    cards: Iterable[str] = (),
    agency_ids: Iterable[int] = (),
    nicknames: Iterable[str] = (),
) -> list[str]:
    """Distinct grams of a household, each prefixed by its kind.

    k: kana bigram, K: whole kana, n: bigram or character of a written name, N: whole name, b: birth date,
    d: phone 4-gram, p: whole phone, c: card, a: agency that knows the family.
    """
    found: dict[str, None] = {}
    for person in people:
        found.update(dict.fromkeys(_person_grams(person)))
    for nickname in nicknames:
        found.update(dict.fromkeys(_word_grams(name_key(nickname), fold_kana(nickname))))
    found.update(dict.fromkeys(f"c:{number}" for number in cards))
    found.update(dict.fromkeys(f"a:{agency}" for agency in agency_ids))
    return list(found)


def _person_grams(person: Words) -> list[str]:
    made = _word_grams(person.name_key.replace(" ", ""), person.kana_key.replace(" ", ""))
    if person.nickname:
        made += _word_grams(name_key(person.nickname), fold_kana(person.nickname))
    if person.birth_date:
        made.append(f"b:{person.birth_date.isoformat()}")
    for phone in person.phones:
        made.append(f"p:{phone}")
        made += phone_grams(phone)
    return made


def _word_grams(name: str, kana: str) -> list[str]:
    made = name_grams(name) + [f"n:{char}" for char in name] + kana_grams(kana)
    if name:
        made.append(f"N:{name}")
    if kana:
        made.append(f"K:{kana}")
    return made


def name_grams(folded: str) -> list[str]:
    """Grams that every household holding this piece of a written name has."""
    return [f"n:{gram}" for gram in bigrams(folded)]


def kana_grams(folded: str) -> list[str]:
    """Grams that every household holding this piece of a reading has; none for a single character."""
    return [f"k:{gram}" for gram in bigrams(folded) if len(gram) == 2]


def phone_grams(digits: str) -> list[str]:
    """Grams that every phone holding these digits has; none below four digits."""
    size = _PHONE_GRAM
    return [
        f"d:{piece}" for piece in dict.fromkeys(digits[i : i + size] for i in range(len(digits) - size + 1))
    ]


def sort_keys(people: Sequence[Words], nickname: str = "") -> tuple[str, str]:
    """(reading, written name) a household is listed under: its first person's who has one, else the nickname's.

    Without a reading the written name stands in, so that the family follows all kana.
    """
    lead = next((person for person in people if person.name_key), None)
    name = lead.name_key if lead else name_key(nickname)
    kana = (lead.kana_key if lead else fold_kana(nickname)) or name
    return kana.replace(" ", "")[:SORT_LENGTH], name.replace(" ", "")[:SORT_LENGTH]


def next_key(prefix: str) -> str:
    """The smallest text above every text that starts with `prefix` (order of code points)."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def gyo_range(gyo: str) -> tuple[str, str | None] | None:
    """[from, below) of sort keys of one row of the syllabary, None for no such row; an open end is None."""
    starts = list(GYO.values())
    if gyo not in GYO:
        return None
    position = list(GYO).index(gyo)
    return starts[position], starts[position + 1] if position + 1 < len(starts) else None


def _pair(family: str, given: str) -> str:
    return f"{family} {given}".strip()
