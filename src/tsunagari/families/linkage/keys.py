"""What of a name, a nickname, an address and a contact is compared: folded keys, None when there is nothing to fold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tsunagari.base.japanese.text import digits_only, fold_kana, fold_kanji, is_kana

_CALLED = re.compile(r"(?:ちゃん|ちゃま|チャン|くん|クン|君|さん|さま|様|ぴょん|たん)")
_OF_WHOM = re.compile(
    r"(?:の)?(?:お?(?:母|父|かあ|とう|ばあ|じい)(?:さん|ちゃん)|ママ|パパ|まま|ぱぱ|ばぁば|じぃじ|親子|家).*$"
)
_SYLLABARY = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_SOUNDS = {ord(kana): chr(ord("0") + place) for place, kana in enumerate(_SYLLABARY)}
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
#: What is said alike and written in several ways, before voicing and size are folded away.
_SAID_ALIKE = str.maketrans({"ヂ": "ジ", "ヅ": "ズ"})
_VU = {"ア": "バ", "イ": "ビ", "エ": "ベ", "オ": "ボ", "": "ブ"}
_VU_SYLLABLE = re.compile("ヴ([ァィェォアイエオ]?)")
_LARGE = str.maketrans("ァィゥェォ", "アイウエオ")
_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパァャヮ",
    "イ": "イキシチニヒミリギジヂビピィ",
    "ウ": "ウクスツヌフムユルグズヅブプゥュ",
    "エ": "エケセテネヘメレゲゼデベペェ",
    "オ": "オコソトノホモヨロヲゴゾドボポォョ",
}
_VOWELS = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
#: (vowel before, how its length is written) → how it is written here
_LENGTHS = {
    ("ア", "ー"): "ア", ("イ", "ー"): "イ", ("ウ", "ー"): "ウ", ("エ", "ー"): "イ", ("オ", "ー"): "ウ",
    ("エ", "エ"): "イ", ("オ", "オ"): "ウ",
}  # fmt: skip
_WORDS = re.compile(r"[^\s・·.=＝-]+")
_NUMERALS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")}
_KANJI_NUMBER = re.compile(
    r"([〇一二三四五六七八九]?十[一二三四五六七八九]?|[〇一二三四五六七八九]+)(?=丁目|番|号)"
)
_BETWEEN = re.compile(r"(?<=\d)(?:丁目|番地の?|番町の?|番|号室?|の|[-‐-―−ー─－ｰ])(?=\d)")
_AFTER = re.compile(r"(?<=\d)(?:丁目|番地の?|番|号室?)")
_SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_PREFECTURE = re.compile(r"^(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)")
_CITY = re.compile(r"^.{1,6}?[市郡]")
_PARTS = re.compile(r"([^\d]*)(\d+(?:-\d+)*)?")
_WOMAN, _MAN = re.compile("母|妻|姉|妹|女"), re.compile("父|夫|兄|弟|男")
_ELDER = re.compile("祖|伯|叔|曾|おじ|おば|いとこ")


class Name(NamedTuple):
    """Written form and reading of one part of a name, folded."""

    text: str | None
    kana: str | None


class Place(NamedTuple):
    """An address down to its numbers, and without them."""

    address: str | None
    town: str | None


@lru_cache(maxsize=20_000)
def name(text: str, kana: str) -> Name:
    """A name written in kana is its own reading, and no written form: 「ひなた」 may be 陽向 elsewhere."""
    said = reading(kana) if is_kana(kana) else ""
    if is_kana(text):
        return Name(None, said or reading(text) or None)
    return Name(fold_kanji(text) or None, said or None)


def reading(kana: str) -> str:
    """A reading folded further than for searching: ヅ and ズ, オオ and オウ, ー and its vowel, ヴィ and ビ meet too.

    The length of a vowel stays: 小野 オノ and 大野 オオノ are two names.
    """
    katakana = unicodedata.normalize("NFKC", kana).translate(_TO_KATAKANA)
    plain = _VU_SYLLABLE.sub(_vu, katakana).translate(_SAID_ALIKE)
    said, vowel = [], ""
    for char in plain:
        said.append(_LENGTHS.get((vowel, char), char))
        vowel = _VOWELS.get(said[-1], "")
    return fold_kana("".join(said))


def _vu(match: re.Match[str]) -> str:
    return _VU[match[1].translate(_LARGE)]


def sound(kana: str | None) -> str | None:
    """A folded reading with one ASCII character for each kana: DuckDB counts the letters two texts differ in by
    bytes, Spark by characters. Letters that are no kana stay, others are dropped.
    """
    if kana is None:
        return None
    return kana.translate(_SOUNDS).encode("ascii", "ignore").decode() or None


def several(*given: str) -> bool:
    """Whether a given name is of several words, of which one may be left out elsewhere: MARIA CLARA, ティ・ラン."""
    return any(len(_WORDS.findall(unicodedata.normalize("NFKC", each))) > 1 for each in given)


def parts(family: str, given: str) -> tuple[str, str]:
    """(family, given) of a name typed into one field with a space between; others as they are."""
    whole = (family or given).split()
    if bool(family.strip()) != bool(given.strip()) and len(whole) == 2:
        return whole[0], whole[1]
    return family, given


def reading_parts(written: tuple[str, str], family: str, given: str) -> tuple[str, str]:
    """`parts` of a reading. That of a whole name in Latin letters stays whole: nobody knows what comes first there."""
    whole = bool(written[0].strip()) != bool(written[1].strip())
    if whole and "".join(written).isascii():
        return f"{family} {given}", ""
    return parts(family, given)


def nickname(text: str) -> str | None:
    """The reading a child is called by: 「ゆいちゃんのママ」→ ユイ; None unless it is in kana."""
    plain = unicodedata.normalize("NFKC", text).split("(")[0].strip()
    called = _CALLED.split(_OF_WHOM.sub("", plain))[0].split()
    return reading(called[-1]) or None if called and is_kana(called[-1]) else None


def address(text: str) -> Place:
    """あおば町二丁目３番４号 and 架空市あおば町2-3-4 are one address; building and room are left out."""
    plain = _KANJI_NUMBER.sub(_digits, _SPACES.sub("", unicodedata.normalize("NFKC", text)))
    plain = _AFTER.sub("", _BETWEEN.sub("-", plain))
    plain = _CITY.sub("", _PREFECTURE.sub("", plain))
    found = _PARTS.match(plain)
    town, numbers = found.groups() if found else ("", None)
    town = fold_kanji(town or "")
    return Place(f"{town}{numbers}" if town and numbers else None, town or None)


def forget() -> None:
    """Drop the names kept while a town was read."""
    name.cache_clear()


def _digits(match: re.Match[str]) -> str:
    text = match.group()
    if "十" not in text:
        return "".join(_NUMERALS[char] for char in text)
    tens, ones = text.split("十")
    return f"{_NUMERALS.get(tens, '1')}{_NUMERALS.get(ones, '0')}"


def contacts(*values: str) -> list[str]:
    """Phones by their digits and mail addresses in small letters; nothing of what is too short to be one."""
    found = []
    for value in values:
        key = value.strip().casefold() if "@" in value else digits_only(value)
        if len(key) >= 9 and len(set(key)) > 2:
            found.append(key)
    return found


def sex(code: str, relation: str) -> str | None:
    """ "1" or "2" as recorded, else as the relation says (母 → "2"); None when neither does."""
    if code in ("1", "2"):
        return code
    if _WOMAN.search(relation):
        return "2"
    return "1" if _MAN.search(relation) else None


def who(kind: str, relation: str, known_sex: str | None) -> str:
    """child, mother, father, guardian or relative. A grandparent is a relative, whoever brings the child."""
    if kind == "child":
        return "child"
    if kind == "relative" or _ELDER.search(relation):
        return "relative"
    return {"1": "father", "2": "mother"}.get(known_sex or "", "guardian")
