"""How the words of records are found: folded, cut into hashed grams, marked in an excerpt. Pure.

Folded alike: width, case, old and variant kanji, hiragana and katakana, small kana; blanks and line ends are gone.
Voicing stays: 母 (はは) is not パパ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from tsunagari.base.japanese.text import fold_kanji, to_hiragana

#: Longest query and most words that are looked at.
LONGEST = 60
MOST_WORDS = 6
AROUND = 34  # characters shown on either side of the first hit

_CLUSTER = re.compile(
    "[^\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    "[\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*|.",
    re.DOTALL,
)
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_AGAIN = frozenset("々〻ゝゞヽヾ")
_MARKS = re.compile("[\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_REPEATED = re.compile("(.)([々〻ゝゞヽヾ]+)", re.DOTALL)
_KANJI = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30ff]+")


class _Folds(dict[str, str]):
    """What each character, with its marks, folds to; remembered."""

    def __missing__(self, cluster: str) -> str:
        folded = to_hiragana(fold_kanji(cluster)).translate(_SMALL)
        if len(self) < 30_000:
            self[cluster] = folded
        return folded


class _Hashes(dict[str, int]):
    """31 bits of each gram; remembered. Two grams of one number cost a look more, never a wrong answer."""

    def __missing__(self, gram: str) -> int:
        number = crc32(gram.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF
        if len(self) < 200_000:
            self[gram] = number
        return number


class _Characters(dict[int, str]):
    """What each character without marks folds to, for str.translate; those that say "again" stay."""

    def __missing__(self, code: int) -> str:
        folded = chr(code) if chr(code) in _AGAIN else _FOLDS[chr(code)]
        if len(self) < 30_000:
            self[code] = folded
        return folded


_FOLDS = _Folds()
_CHARACTERS = _Characters()
_HASHES = _Hashes()


def fold(text: str) -> str:
    """The text as it is compared."""
    if _MARKS.search(text):
        return "".join(part for part, _ in _pieces(text))
    folded = text.translate(_CHARACTERS).lstrip("々〻ゝゞヽヾ")
    return _REPEATED.sub(lambda match: match[1] * (1 + len(match[2])), folded)


def _pieces(text: str) -> list[tuple[str, int]]:
    """Folded pieces with the place in the text each came from."""
    found: list[tuple[str, int]] = []
    last = ""
    for match in _CLUSTER.finditer(text):
        cluster = match.group()
        folded = last if cluster in _AGAIN else _FOLDS[cluster]
        if folded:
            found.append((folded, match.start()))
            last = folded[-1]
    return found


def text_grams(texts: Iterable[str]) -> list[int]:
    """Distinct hashed grams of some texts, sorted: every two characters that follow one another, and every kanji."""
    found: set[str] = set()
    for text in texts:
        folded = fold(text)
        found.update(folded[at : at + 2] for at in range(len(folded) - 1))
        found.update(_KANJI.findall(folded))
    return sorted({_HASHES[gram] for gram in found})


def word_grams(words: Iterable[str]) -> list[int]:
    """Grams that every text holding all these folded words has; empty when they say too little to look for.

    All of them, though they overlap: 母の and の夜 stand in many a text apart, and each text named has to be read.
    """
    found: set[str] = set()
    for word in words:
        if len(word) > 1:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
        elif _KANJI.fullmatch(word):
            found.add(word)
    return sorted({_HASHES[gram] for gram in found})


def token(kind: str, value: object = "") -> int:
    """A negative number that stands for something a record is, as text_grams stand for what it says."""
    return ~_HASHES[f"{kind}:{value}"]


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, cut at blanks and folded. `short` are the words that say too little (one kana or letter)."""

    words: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def kana_only(self) -> bool:
        """Whether only kana was typed: what was written in kanji is not found by it."""
        return bool(self.words) and all(_KANA.fullmatch(word) for word in self.words)


def read_query(text: str) -> Query:
    """The words of a search. Doubles and blanks go; beyond LONGEST characters and MOST_WORDS nothing is read."""
    folded = dict.fromkeys(word for part in text[:LONGEST].split() if (word := fold(part)))
    words = list(folded)[:MOST_WORDS]
    short = tuple(word for word in words if len(word) == 1 and not _KANJI.fullmatch(word))
    return Query(tuple(word for word in words if word not in short), short)


def holds(texts: Sequence[str], words: Iterable[str]) -> bool:
    """Whether every folded word stands in one of the texts."""
    folded = [fold(text) for text in texts]
    return all(any(word in text for text in folded) for word in words)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt; `hit` when it is one of the words."""

    text: str
    hit: bool = False


def excerpt(text: str, words: Iterable[str], around: int = AROUND) -> list[Piece]:
    """The text around the first of the words, each of them marked; empty when it holds none."""
    spans = _hits(text, words)
    if not spans:
        return []
    start = max(spans[0][0] - around, 0)
    end = min(spans[0][1] + 2 * around, len(text))
    found = [Piece("…")] if start else []
    at = start
    for first, last in spans:
        if first >= end:
            break
        found += [Piece(text[at:first]), Piece(text[first : min(last, end)], hit=True)]
        at = min(last, end)
    found.append(Piece(text[at:end] + ("…" if end < len(text) else "")))
    return [piece for piece in found if piece.text]


def _hits(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """[from, to) of every word in the text, in order; those that meet are one."""
    pieces = _pieces(text)
    if not pieces:
        return []
    places = [at for part, at in pieces for _ in part]
    folded = "".join(part for part, _ in pieces)
    ends = [*(at for _, at in pieces[1:]), len(text)]
    after = [end for (part, _), end in zip(pieces, ends, strict=True) for _ in part]
    found = sorted((places[at], after[at + len(word) - 1]) for word in words for at in _all(folded, word))
    joined: list[tuple[int, int]] = []
    for first, last in found:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return [(first, first + len(text[first:last].rstrip())) for first, last in joined]


def _all(text: str, word: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
