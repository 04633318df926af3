"""Rows of one family within a file: gathered while they are read, by names, phones and children that agree.

Holds a few short keys a row and no row itself. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tsunagari.interop.imports.roster.folding import fold_kana, name_key
from tsunagari.interop.imports.roster.people import Child, Guardian, Read


@dataclass(slots=True)
class _Family:
    """What the rows of one family have said so far: `number` is its first row's."""

    number: int
    phones: set[str] = field(default_factory=set)
    births: dict[str, str] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    guardians: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Groups:
    """Families of one file. A row joins the first family it agrees with and does not contradict."""

    _by_key: dict[str, list[int]] = field(default_factory=dict)
    _families: dict[int, _Family] = field(default_factory=dict)
    _into: dict[int, int] = field(default_factory=dict)
    _rows: list[tuple[int, int]] = field(default_factory=list)

    def add(self, number: int, read: Read) -> None:
        """Put one row into its family."""
        own = _said(number, read)
        keys = list(_keys(read))
        found = sorted(
            {
                family
                for key in keys
                for one in self._by_key.get(key, ())
                if not _contradict(self._families[family := self._find(one)], own)
            }
        )
        family = found[0] if found else number
        if not found:
            self._families[number] = own
            self._into[number] = number
        else:
            _take(self._families[family], own)
        for other in found[1:]:
            self._unite(family, other)
        for key in keys:
            held = self._by_key.setdefault(key, [])
            if family not in held:
                held.append(family)
        self._rows.append((number, family))

    def _unite(self, family: int, other: int) -> None:
        """Two families turn out to be one, unless they contradict each other."""
        if not _contradict(self._families[family], self._families[other]):
            _take(self._families[family], self._families.pop(other))
            self._into[other] = family

    def _find(self, family: int) -> int:
        while self._into[family] != family:
            family = self._into[family]
        return family

    def rows(self) -> Iterator[tuple[int, int]]:
        """(row number, number of the first row of its family) of every row."""
        for number, family in self._rows:
            yield number, self._find(family)


def _said(number: int, read: Read) -> _Family:
    own = _Family(number, set(read.phones))
    own.guardians = {key for key in (_guardian(read.guardian),) if key}
    for child in read.children:
        if key := _child(child):
            own.children.add(key)
            if child.birth:
                own.births[key] = child.birth
    return own


def _take(into: _Family, other: _Family) -> None:
    into.phones |= other.phones
    into.children |= other.children
    into.guardians |= other.guardians
    into.births |= other.births


def _contradict(left: _Family, right: _Family) -> bool:
    """Whether two rows of one name are two families: a child born on two days, or nothing in common but the name."""
    if any(left.births.get(child, birth) != birth for child, birth in right.births.items()):
        return True
    phones = left.phones and right.phones and not left.phones & right.phones
    children = left.children and right.children and not left.children & right.children
    guardians = left.guardians and right.guardians and not left.guardians & right.guardians
    return bool(phones and children) or bool(guardians and (children or phones))


def _keys(read: Read) -> Iterator[str]:
    guardian = read.guardian
    if guardian.given or read.whole:
        yield f"g:{_guardian(guardian)}"
    if guardian.given_kana:
        yield f"k:{fold_kana(guardian.family_kana + guardian.given_kana)}"
    for child in read.children:
        family = child.family or guardian.family
        if family and child.given:
            yield f"c:{name_key(family + child.given)}"
        if family and child.birth:
            yield f"b:{name_key(family)}:{child.birth}"
    for phone in read.phones:
        yield f"p:{phone}:{name_key(guardian.family or (read.children[0].family if read.children else ''))}"
    if not read.full:
        yield f"n:{name_key(read.called)}"


def _guardian(guardian: Guardian) -> str:
    return name_key(guardian.family + guardian.given) if guardian.given or len(guardian.family) > 2 else ""


def _child(child: Child) -> str:
    return name_key(child.given) or fold_kana(child.given_kana)
