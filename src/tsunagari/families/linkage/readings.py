"""Family names without a reading get the one their letters have everywhere else in town: 井上 here, いのうえ there."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa

from tsunagari.families.linkage import keys

#: A reading is the name's own when so many people of the town bear it: of those with a reading so large a share.
_BEARERS, _SHARE = 5, 0.95


def fill(people: pa.Table) -> pa.Table:
    """The people of a town. What was read of somebody stays; a name that is read in two ways stays without."""
    families, kana = people["family"].to_pylist(), people["family_kana"].to_pylist()
    usual = _usual(families, kana)
    filled = [read or usual.get(text) for text, read in zip(families, kana, strict=True)]
    if filled == kana:
        return people
    sounds = [keys.sound(read) for read in filled]
    return _with(_with(people, "family_kana", filled), "family_sound", sounds)


def _usual(texts: list[str | None], kana: list[str | None]) -> dict[str | None, str]:
    known: dict[str, Counter[str]] = defaultdict(Counter)
    for text, read in zip(texts, kana, strict=True):
        if text and read:
            known[text][read] += 1
    usual: dict[str | None, str] = {}
    for text, several in known.items():
        read, bearers = several.most_common(1)[0]
        if bearers >= max(_BEARERS, _SHARE * several.total()):
            usual[text] = read
    return usual


def _with(people: pa.Table, name: str, values: list[Any]) -> pa.Table:
    return people.set_column(people.schema.get_field_index(name), name, pa.array(values, pa.string()))
