"""Names as they stand in old rosters: without a space, with 様, several children in one cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from tsunagari.base.japanese import text
from tsunagari.base.japanese.text import FULL_SPACE, is_kana
from tsunagari.interop.imports.roster.folding import fold_kana
from tsunagari.interop.imports.roster.surnames import COMMON

_HONORIFIC = re.compile(
    r"(?<=[^\s])\s*(?:様|さま|サマ|さん|サン|ちゃん|チャン|くん|クン|君|殿|氏|ママ|パパ)$"
)
_IN_PARENS = re.compile(r"[(（\[［【]([^()（）\[\]［］【】]*)[)）\]］】]")
_OTHERS = re.compile(r"(?:他|ほか|外)\s*[0-9０-９]*\s*[名人]?$")
_SEPARATORS = re.compile(r"[、,，/／;；\n\r&＆＋+]|(?<=[)）])")
_MIDDLE_DOT = re.compile("[・･·•]")
_KATAKANA = re.compile("[\u30a0-\u30ff\uff65-\uff9f\\s]+")
_MOST_FAMILY = 4
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its two parts as stored. `whole`: it could not be split and stands as the family name."""

    family: str = ""
    given: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ChildName:
    """One of the children in a cell, and what stood in parentheses behind (an age, a reading)."""

    family: str = ""
    given: str = ""
    aside: str = ""


@dataclass(slots=True)
class Surnames:
    """Family names that are known: of the town, of the sheet itself, and the common ones. Readings as folded kana."""

    kana: dict[str, set[str]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.kana or name in COMMON

    def add(self, name: str, kana: str = "") -> None:
        readings = self.kana.setdefault(name, set())
        if kana:
            readings.add(fold_kana(kana))

    def add_all(self, names: Iterable[tuple[str, str]]) -> None:
        for name, kana in names:
            self.add(name, kana)


def clean(value: str) -> str:
    """A written name without honorifics and notes in parentheses. Raises ValueError for what cannot be kept."""
    plain = _OTHERS.sub("", _IN_PARENS.sub("", value).strip())
    return as_written(_HONORIFIC.sub("", plain.strip()))


def as_written(value: str) -> str:
    """A name or nickname as it stands, on one line. Raises ValueError for what cannot be kept."""
    plain = text.normalise_name(value.replace("\n", " ").replace("\r", " "))
    if len(plain) > LONGEST:
        raise ValueError(f"名前が{LONGEST}字を超えています。名前だけにしてください。")
    return plain


def split(value: str, kana: str, known: Surnames) -> Name:
    """Family and given name: by the space, else by the reading and the family names that are known."""
    name = clean(value)
    if FULL_SPACE in name:
        family, _, given = name.partition(FULL_SPACE)
        return Name(family, given.replace(FULL_SPACE, " "))
    if not name or name in known:
        return Name(name)
    family_kana = to_kana(kana).partition(FULL_SPACE)
    folded = fold_kana(family_kana[0]) if family_kana[2] else ""
    fits = [name[:size] for size in range(min(_MOST_FAMILY, len(name) - 1), 0, -1) if name[:size] in known]
    if folded and (by_reading := [family for family in fits if folded in known.kana.get(family, ())]):
        fits = by_reading
    if fits and not is_kana(name):
        return Name(fits[0], name[len(fits[0]) :])
    return Name(name, whole=len(name) > 2)


def to_kana(value: str) -> str:
    """A reading as stored: full-width katakana; "" for what is no reading."""
    plain = _IN_PARENS.sub("", value).strip()
    plain = _HONORIFIC.sub("", plain.replace("\n", " "))
    if not plain or not (is_kana(plain) or plain.isascii()):
        return ""
    try:
        return text.to_katakana_full(plain)[:LONGEST]
    except text.TextError:
        return ""


def split_kana(value: str, name: Name, known: Surnames) -> tuple[str, str]:
    """The reading in the same two parts as the name; without a space by the readings known of the family name."""
    kana = to_kana(value)
    if FULL_SPACE in kana:
        family, _, given = kana.partition(FULL_SPACE)
        return family, given.replace(FULL_SPACE, "")
    if not kana or not name.given:
        return (kana, "") if name.family or not name.given else ("", kana)
    folded = fold_kana(kana)
    for reading in sorted(known.kana.get(name.family, ()), key=len, reverse=True):
        if folded.startswith(reading) and len(folded) > len(reading) and (size := _raw_size(kana, reading)):
            return kana[:size], kana[size:]
    return "", ""


def _raw_size(kana: str, folded: str) -> int:
    """How many characters of the reading fold to `folded`; 0 when none do exactly."""
    return next((size for size in range(1, len(kana)) if fold_kana(kana[:size]) == folded
                 and fold_kana(kana[: size + 1]) != folded), 0)  # fmt: skip


def children(value: str, family: str, known: Surnames) -> list[ChildName]:
    """The children in one cell: 太郎・花子, 太郎(3)花子(1), one a line, 佐藤太郎, with the guardian's family name."""
    found: list[ChildName] = []
    for part in _parts(value, family):
        aside = " ".join(inside.strip() for inside in _IN_PARENS.findall(part) if inside.strip())
        name = clean(part)
        if name:
            found += _of_part(name, family, aside, known)
    return found


def _parts(value: str, family: str) -> list[str]:
    parts = [part for part in _SEPARATORS.split(_OTHERS.sub("", value.strip())) if part and part.strip()]
    foreign = bool(family) and _KATAKANA.fullmatch(family) is not None
    if foreign:
        return parts
    return [piece for part in parts for piece in _dots(part)]


def _dots(part: str) -> list[str]:
    """Split at ・, unless it stands inside parentheses."""
    if _IN_PARENS.search(part) and _MIDDLE_DOT.search("".join(_IN_PARENS.findall(part))):
        return [part]
    return [piece for piece in _MIDDLE_DOT.split(part) if piece.strip()]


def _of_part(name: str, family: str, aside: str, known: Surnames) -> list[ChildName]:
    tokens = name.split(FULL_SPACE)
    if len(tokens) == 1:
        return [ChildName(*_one(name, family, known), aside)]
    if tokens[0] == family or tokens[0] in known or not family:
        return [ChildName(tokens[0], given, aside) for given in tokens[1:]]
    return [ChildName(family, given, aside) for given in tokens]


def _one(name: str, family: str, known: Surnames) -> tuple[str, str]:
    if family:
        cut = name.removeprefix(family)
        return family, cut or name
    whole = split(name, "", known)
    return (whole.family, whole.given) if whole.given else ("", name)


def given_kana(value: str, count: int) -> list[str]:
    """Readings of the given names of so many children in one cell; as many blanks where they do not fit."""
    pieces = [to_kana(piece) for piece in re.split(r"[・･、,，/／;；\n]", _IN_PARENS.sub(" ", value))]
    found = [piece.rpartition(FULL_SPACE)[2] for piece in pieces if piece]
    if len(found) == 1 and count > 1:
        spaced = pieces[0].split(FULL_SPACE) if pieces else []
        found = spaced[-count:] if len(spaced) in (count, count + 1) else found
    return found if len(found) == count else [""] * count


def folded(value: str) -> str:
    """NFKC without blanks, for comparing words."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
