"""Folds of names, remembered: the same names come again and again in a roster and in the families beside it."""

from __future__ import annotations

from functools import lru_cache

from tsunagari.base.japanese import text
from tsunagari.families import rules

_KEPT = 20_000


@lru_cache(maxsize=_KEPT)
def name_key(name: str) -> str:
    """`families.rules.name_key`."""
    return rules.name_key(name)


@lru_cache(maxsize=_KEPT)
def fold_kana(kana: str) -> str:
    """`base.japanese.text.fold_kana`."""
    return text.fold_kana(kana)
