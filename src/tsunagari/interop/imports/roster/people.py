"""The people one row speaks of, put together from its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from tsunagari.base.sheets import Cell
from tsunagari.interop.imports.cells import as_text
from tsunagari.interop.imports.roster import cells as single
from tsunagari.interop.imports.roster import names
from tsunagari.interop.imports.roster.names import Name, Surnames

MOST_CHILDREN = 10


@dataclass(slots=True)
class Child:
    """A child of a row. `months` is about how old on the row's day."""

    family: str = ""
    given: str = ""
    family_kana: str = ""
    given_kana: str = ""
    birth: str = ""
    months: int | None = None


@dataclass(slots=True)
class Guardian:
    family: str = ""
    given: str = ""
    family_kana: str = ""
    given_kana: str = ""

    def __bool__(self) -> bool:
        return bool(self.family or self.given or self.family_kana)


@dataclass(slots=True)
class Read:
    """What one row means. Days are ISO texts; `kept` are words that fit no field and go to the note."""

    on: str = ""
    at: str = ""
    registered: str = ""
    guardian: Guardian = field(default_factory=Guardian)
    children: list[Child] = field(default_factory=list)
    nickname: str = ""
    address: str = ""
    phones: list[str] = field(default_factory=list)
    adults: int | None = None
    count: int | None = None
    first: bool = False
    other_town: bool = False
    note: str = ""
    whole: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Only what holds something, for the database."""
        kept = {name: value for name in _WORDS if (value := getattr(self, name)) not in ("", None, False, [])}
        if guardian := _held(self.guardian, _GUARDIAN):
            kept["guardian"] = guardian
        if self.children:
            kept["children"] = [_held(child, _CHILD) for child in self.children]
        return kept

    @property
    def full(self) -> bool:
        """Whether somebody's family and given name are there, if only in one: a household can be made."""
        named = bool(self.guardian.family and self.guardian.given)
        return named or self.whole or any(child.family and child.given for child in self.children)

    @property
    def called(self) -> str:
        """What a family without full names is called."""
        guardian = f"{self.guardian.family}{self.guardian.given}" or self.guardian.family_kana
        child = next((one.given for one in self.children if one.given), "")
        return (self.nickname or guardian or child)[: names.LONGEST]


_GUARDIAN = tuple(one.name for one in fields(Guardian))
_CHILD = tuple(one.name for one in fields(Child))
_WORDS = tuple(one.name for one in fields(Read) if one.name not in ("guardian", "children"))


def _held(one: Guardian | Child, names_: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names_ if (value := getattr(one, name)) not in ("", None)}


def from_dict(kept: dict[str, Any]) -> Read:
    """A row as `as_dict` wrote it."""
    plain = dict(kept)
    plain["guardian"] = Guardian(**plain.get("guardian", {}))
    plain["children"] = [Child(**one) for one in plain.get("children", [])]
    return Read(**plain)


@dataclass(frozen=True, slots=True)
class Columns:
    """The cells of one row that speak of people, in the order of their columns."""

    guardian: Sequence[str]
    guardian_kana: Sequence[str]
    child: Sequence[str]
    child_kana: Sequence[str]
    births: Sequence[Cell]
    ages: Sequence[Cell]


type_note = Callable[[str, Cell, str], None]


def guardian_of(columns: Columns, known: Surnames) -> tuple[Guardian, bool]:
    """The guardian, and whether the name could not be split. Raises ValueError for names that cannot be kept."""
    written = " ".join(part for part in columns.guardian if part.strip())
    kana = " ".join(part for part in columns.guardian_kana if part.strip())
    name = names.split(written, kana, known)
    family_kana, given_kana = names.split_kana(kana, name, known)
    if not name.family and family_kana:
        return Guardian("", "", family_kana, given_kana), False
    return Guardian(name.family, name.given, family_kana, given_kana), name.whole


def children_of(
    columns: Columns, family: Name, known: Surnames, birth: Callable[[Cell], date | None], tell: type_note
) -> list[Child]:
    """The children of the row: each name column may hold several; births and ages are theirs by order."""
    found: list[Child] = []
    for index, value in enumerate(columns.child):
        listed = names.children(value, family.family, known)
        kana = names.given_kana(
            columns.child_kana[index] if index < len(columns.child_kana) else "", len(listed)
        )
        for one, reading in zip(listed, kana, strict=True):
            child = Child(one.family, one.given, given_kana=reading)
            _aside(child, one.aside)
            found.append(child)
    if (
        not found
        and (columns.births or columns.ages)
        and any(c != "" for c in (*columns.births, *columns.ages))
    ):
        found.append(Child(family.family))
    _births(found, columns.births, birth, tell)
    _ages(found, columns.ages, tell)
    return found[:MOST_CHILDREN]


def _aside(child: Child, aside: str) -> None:
    """What stood in parentheses behind a name: an age, else a reading."""
    try:
        child.months = single.age_months(aside) if aside else None
    except ValueError:
        child.given_kana = child.given_kana or names.to_kana(aside)


def _births(
    found: Sequence[Child], cells: Sequence[Cell], birth: Callable[[Cell], date | None], tell: type_note
) -> None:
    for child, cell in zip(found, _spread(cells, len(found)), strict=False):
        if cell == "":
            continue
        try:
            day = birth(cell)
        except ValueError as error:
            tell("児の生年月日", cell, str(error))
        else:
            child.birth = day.isoformat() if day else ""


def _ages(found: Sequence[Child], cells: Sequence[Cell], tell: type_note) -> None:
    for child, cell in zip(found, _spread(cells, len(found)), strict=False):
        if cell == "" or child.birth:
            continue
        try:
            child.months = single.age_months(cell)
        except ValueError as error:
            tell("児の年齢", cell, str(error))


def _spread(cells: Sequence[Cell], count: int) -> list[Cell]:
    """One cell for each child: several columns as they stand, or one cell with as many values as children."""
    if len(cells) == 1 and count > 1 and isinstance(cells[0], str):
        pieces = [piece.strip() for piece in _split_many(cells[0]) if piece.strip()]
        return list(pieces) if len(pieces) == count else [cells[0] if len(pieces) == 1 else ""]
    return list(cells)


def _split_many(value: str) -> list[str]:
    for mark in ("\n", "、", "・", "，", ",", "；", ";"):
        if mark in value:
            return value.split(mark)
    return value.split() if " " in value or "\u3000" in value else [value]


def said(cell: Cell) -> str:
    """A cell as words, trimmed."""
    return as_text(cell).strip()
