"""Two texts beside each other: which fields differ, and what was taken away and added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from tsunagari.encounters.rules.fields import FIELD_LABELS, LONG_TEXTS

BY_CHARACTER_UP_TO = 1_500
_SENTENCE = re.compile(r"[^。\n]*[。\n]?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: kind "same", "del" (only in the former) or "ins" (only in the later)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that reads differently in two texts. `base` is what both started from, when known.

    `clash` tells that both sides changed it; otherwise one side kept the base.
    """

    field: str
    label: str
    theirs: str
    mine: str
    base: str | None = None

    @property
    def clash(self) -> bool:
        return self.base is None or (self.theirs != self.base and self.mine != self.base)

    @property
    def prefers_mine(self) -> bool:
        """Whether the three-way rule proposes mine: only mine was changed."""
        return self.base is not None and self.theirs == self.base

    @property
    def defaults_both(self) -> bool:
        """Whether to propose writing both together: a long text that both sides changed."""
        return self.writable and self.clash

    @property
    def writable(self) -> bool:
        """Whether the two can be written together by hand."""
        return self.field in LONG_TEXTS

    @property
    def both(self) -> str:
        """A text to begin with when both are wanted: theirs, then mine."""
        return "\n\n".join(text for text in (self.theirs, self.mine) if text)

    @property
    def pieces(self) -> list[Piece]:
        """From theirs to mine."""
        return pieces(self.theirs, self.mine)


def differences(
    theirs: Mapping[str, str], mine: Mapping[str, str], base: Mapping[str, str] | None = None
) -> list[Difference]:
    """Fields (of FIELD_LABELS, in form order) whose shown texts differ."""
    return [
        Difference(
            name, label, theirs.get(name, ""), mine.get(name, ""), base.get(name, "") if base else None
        )
        for name, label in FIELD_LABELS.items()
        if theirs.get(name, "") != mine.get(name, "")
    ]


def pieces(former: str, later: str) -> list[Piece]:
    """What became of a text. By character, or by sentence when long, which keeps it quick and readable.

    Joining "same" and "del" gives the former text, "same" and "ins" the later one.
    """
    by_character = len(former) + len(later) <= 2 * BY_CHARACTER_UP_TO
    old = list(former) if by_character else _sentences(former)
    new = list(later) if by_character else _sentences(later)
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            found.append(Piece("del", "".join(old[i1:i2])))
        if j2 > j1:
            found.append(Piece("ins", "".join(new[j1:j2])))
    return found


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.findall(text) if part]
