"""Finer categories of the city and lines of official tables: what can be saved, and where a record is counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tsunagari.encounters.rules.codes import CATEGORIES, CATEGORY
from tsunagari.encounters.rules.record import Problem

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DETAILS, MOST_ITEMS = 200, 200
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")


@dataclass(frozen=True, slots=True)
class ItemInput:
    """A line of an official table as typed; `code` names it in reports and layouts."""

    code: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """An official table of one fiscal year: its lines (code, group, label) and where records are counted.

    `mapping` is by main category and finer category (None: the category itself) → code of a line.
    """

    key: str
    label: str
    fiscal_year: int
    checked: bool
    lines: tuple[tuple[str, str, str], ...]
    mapping: Mapping[tuple[int, int | None], str] = field(default_factory=dict)

    def line_of(self, category: int, details: Sequence[int] = ()) -> str | None:
        """The one line a record stands in: by the first of its finer categories that is mapped under its main
        category, else by that category; None where nothing is said."""
        for detail in details:
            if (category, detail) in self.mapping:
                return self.mapping[category, detail]
        return self.mapping.get((category, None))

    @property
    def unmapped(self) -> tuple[int, ...]:
        """Main categories without a line of their own, in their order."""
        return tuple(one.code for one in CATEGORIES if (one.code, None) not in self.mapping)


def detail_problems(category: int, label: str, from_year: int) -> Iterator[Problem]:
    """What keeps a finer category from being saved."""
    if category not in CATEGORY:
        yield Problem("category", "分類をえらんでください。")
    if not label.strip() or len(label.strip()) > 60:
        yield Problem("label", "名称を60文字までで入れてください。")
    yield from year_problems("from_year", from_year)


def year_problems(name: str, year: int) -> Iterator[Problem]:
    """What keeps a fiscal year (the year it begins in) from being taken."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield Problem(name, "年度を西暦4けたで入れてください（令和8年度は2026）。")


def item_problems(given: ItemInput, others: Collection[str]) -> Iterator[Problem]:
    """What keeps a line from being saved; `others` are the codes of the table's other lines."""
    if not _CODE.fullmatch(given.code.strip()):
        yield Problem("code", "番号を、英数字20文字までで入れてください。")
    elif given.code.strip() in others:
        yield Problem("code", "同じ番号の行がもうあります。")
    if not given.label.strip() or len(given.label.strip()) > 80:
        yield Problem("label", "行の名前を80文字までで入れてください。")
    if len(given.group.strip()) > 80:
        yield Problem("group", "まとまりの名前を80文字までで入れてください。")
