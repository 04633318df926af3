"""Names written into one field without a mark between them, parted where the town's other names say how."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from tsunagari.families.linkage import keys

_COLUMNS = ("family", "family_kana", "given", "given_kana")
#: A family name of so many letters is believed before a given name nobody else bears, in a name of so many.
_SURE_FAMILY, _SURE_WHOLE = 2, 4


@dataclass(slots=True)
class _Known:
    """The names of everybody who has both, folded, and how often each is met."""

    families: Counter[str] = field(default_factory=Counter)
    givens: Counter[str] = field(default_factory=Counter)
    readings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, row: dict[str, Any]) -> None:
        self.families.update(name for name in (row["family"], row["family_kana"]) if name)
        self.givens.update(name for name in (row["given"], row["given_kana"]) if name)
        if row["family"] and row["family_kana"]:
            self.readings[row["family"]][row["family_kana"]] += 1


def split(people: pa.Table) -> pa.Table:
    """The people of a town; who has a family name alone that is a whole name has both parts."""
    rows = people.select([*_COLUMNS, "nick"]).to_pylist()
    known, alone = _Known(), []
    for place, row in enumerate(rows):
        if row["given"] or row["given_kana"]:
            if not row["nick"]:
                known.add(row)
        elif row["family"] or row["family_kana"]:
            alone.append(place)
    for place in alone:
        rows[place].update(_parted(rows[place], known))
    return _with(people, rows) if alone else people


def _parted(row: dict[str, Any], known: _Known) -> dict[str, str | None]:
    text, kana = row["family"], row["family_kana"]
    written = _best(text, known, either_end=text.isascii(), sure=True) if text else None
    read = _read(kana, written[0], known) if kana and written else None
    if kana and read is None:
        read = _best(kana, known, either_end=not text or text.isascii(), sure=False)
    if written is None and (text is not None or read is None):
        return {}
    parts = zip(written or (None, None), read or (None, None), strict=True)
    (family, family_kana), (given, given_kana) = parts
    return {"family": family, "family_kana": family_kana, "given": given, "given_kana": given_kana}


def _read(kana: str, family: str, known: _Known) -> tuple[str, str] | None:
    """Parted after the reading the family name has elsewhere in town."""
    fitting = [
        reading for reading in known.readings[family] if kana.startswith(reading) and len(reading) < len(kana)
    ] if family in known.readings else []  # fmt: skip
    longest = max(fitting, key=len, default=None)
    return (longest, kana[len(longest) :]) if longest else None


def _best(whole: str, known: _Known, *, either_end: bool, sure: bool) -> tuple[str, str] | None:
    """(family, given), the likeliest of all ways; None for a family name that is one, and where nothing is known."""
    if known.families[whole]:
        return None
    cuts = [(whole[:cut], whole[cut:]) for cut in range(1, len(whole))]
    if either_end:
        cuts += [(given, family) for family, given in cuts]
    scored = [
        (known.families[family] * (known.givens[given] or 0.01), len(family), (family, given))
        for family, given in cuts
        if known.families[family]
        and (known.givens[given] or (sure and len(family) >= _SURE_FAMILY and len(whole) >= _SURE_WHOLE))
    ]
    return max(scored)[2] if scored else None


def _with(people: pa.Table, rows: list[dict[str, Any]]) -> pa.Table:
    for name in _COLUMNS:
        column = pa.array([row[name] for row in rows], pa.string())
        people = people.set_column(people.schema.get_field_index(name), name, column)
        if name.endswith("_kana"):
            sounds = pa.array([keys.sound(row[name]) for row in rows], pa.string())
            sound = name.replace("_kana", "_sound")
            people = people.set_column(people.schema.get_field_index(sound), sound, sounds)
    return people
