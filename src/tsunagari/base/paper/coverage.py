"""Which characters our fonts can print. Typst prints one that no font has as nothing; here it becomes 〓."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

FONTS = Path(__file__).parent / "fonts"
#: Print shops have always set this where a sort was missing.
GETA = "〓"
#: The first font and its fallback; the other widths and weights hold what the first one holds.
_READ = ("BIZUDGothic-Regular.ttf", "NotoSansJP-Regular.ttf")
_KEPT = "\n"


class _Coverage(NamedTuple):
    characters: frozenset[int]
    variations: frozenset[tuple[int, int]]


@cache
def _coverage() -> _Coverage:
    from fontTools.ttLib import TTFont  # reading fonts is for processes that print

    characters: set[int] = set()
    variations: set[tuple[int, int]] = set()
    for name in _READ:
        with TTFont(FONTS / name, lazy=True) as font:
            characters.update(font.getBestCmap())
            for table in font["cmap"].tables:
                for selector, pairs in (getattr(table, "uvsDict", None) or {}).items():
                    variations.update((base, selector) for base, _ in pairs)
    return _Coverage(frozenset(characters), frozenset(variations))


def unprintable(text: str) -> str:
    """The distinct characters of a text that no font has, in order; a character with an unknown variation selector
    (異体字) as the pair of both."""
    return "".join(printable(text)[1])


def printable(text: str) -> tuple[str, list[str]]:
    """(the text as it is printed, what it lacks). A character no font has becomes 〓; an unknown variation is printed
    in its usual form. Control and invisible characters go without a word.
    """
    if text.isascii() and text.isprintable():
        return text, []
    said: list[str] = []
    lacking: dict[str, None] = {}
    for char in text:
        if _is_selector(char):
            if said and said[-1] != GETA and (ord(said[-1][0]), ord(char)) not in _coverage().variations:
                lacking[said[-1] + char] = None
            elif said and said[-1] != GETA:
                said[-1] += char
        elif char in _KEPT or char == GETA or (ord(char) in _coverage().characters and not _invisible(char)):
            said.append(char)
        elif char in "\t\r" or unicodedata.category(char) == "Zs":
            said.append(" ")
        elif not _invisible(char):
            said.append(GETA)
            lacking[char] = None
    return "".join(said), list(lacking)


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def described(character: str) -> str:
    """How a lacking character is named in print: "U+1F600"; of an unknown variation also the usual form."""
    codes = " ".join(f"U+{ord(char):04X}" for char in character)
    return codes if len(character) == 1 else f"{character[0]}（{codes}）の異体字"
