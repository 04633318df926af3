"""A list's columns as data: which headers mean a field, how its cells are read, what a bad cell does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from tsunagari.base.sheets import Cell, Row, Table, normalise_header
from tsunagari.interop.imports.plan import READ_STEP, Notes, Progress, Rejected, Unreadable

#: Reads a cell that is not blank; raises ValueError with a Japanese sentence.
Parse = Callable[[Cell, date], object]

_SHOWN = 80
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Need(Enum):
    """What becomes of a row whose cell is blank or unreadable."""

    REQUIRED = "blank or unreadable: the row is refused"
    IDENTITY = "may be blank; unreadable: the row is refused"
    OPTIONAL = "unreadable: the row is taken, the words are kept in its note"


class Partly(ValueError):
    """The cell says more than the field holds: `value` is taken, the whole text kept in the note."""

    def __init__(self, value: object, message: str) -> None:
        super().__init__(message)
        self.value = value


@dataclass(frozen=True, slots=True)
class Column:
    """One field: the name people know, other headers it comes under (best first), reader, need.

    `in_note` columns have no field of their own: their words go to the note under the label.
    """

    field: str
    label: str
    aliases: Sequence[str]
    parse: Parse
    need: Need = Need.OPTIONAL
    in_note: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.label, *self.aliases)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of list, and the groups of fields of which a file must have one each."""

    title: str
    columns: Sequence[Column]
    must_have: Sequence[Sequence[str]]
    #: columns we know and do not take, with the reason shown to people
    left_out: dict[str, str] = field(default_factory=dict)
    #: whether unreadable words have a note to go to; otherwise they are only told
    has_note: bool = True

    def known(self) -> list[str]:
        """Every header this list is recognised by."""
        return [header for column in self.columns for header in column.headers]


@dataclass(frozen=True, slots=True)
class Binding:
    """Which headers of this table feed which column, in order of preference."""

    headers: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]


@dataclass(slots=True)
class ParsedRow:
    """One row read: fields that hold something, words to keep in the note, and why it is refused if it is."""

    number: int
    values: dict[str, object] = field(default_factory=dict)
    kept: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Rejected] = field(default_factory=list)

    def get(self, name: str) -> object:
        return self.values.get(name)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def bind(layout: Layout, table: Table) -> Binding:
    """Match headers to columns. Raises `Unreadable` when this cannot be the list."""
    present: dict[str, list[str]] = {}
    for header in table.headers:
        present.setdefault(normalise_header(header), []).append(header)
    taken: set[str] = set()
    headers: dict[str, tuple[str, ...]] = {}
    for column in layout.columns:
        found = [
            h for alias in column.headers for h in present.get(normalise_header(alias), []) if h not in taken
        ]
        if found:
            headers[column.field] = tuple(dict.fromkeys(found))
            taken.update(found)
    _require(layout, headers, table)
    return Binding(headers, tuple(h for h in table.headers if h not in taken))


def _require(layout: Layout, headers: dict[str, tuple[str, ...]], table: Table) -> None:
    labels = {column.field: column.label for column in layout.columns}
    missing = ["か".join(f"「{labels[f]}」" for f in group) for group in layout.must_have
               if not any(f in headers for f in group)]  # fmt: skip
    if not missing:
        return
    seen = "、".join(table.headers[:8])
    raise Unreadable(
        f"{layout.title}として読み取れません。{'と'.join(missing)}の列がありません"
        f"（このファイルの見出し：{seen[:120]}）。ファイルと種類の選び方を確かめてください。"
        + "".join(table.warnings)
    )


def read_rows(
    layout: Layout, binding: Binding, table: Table, *, today: date, notes: Notes, progress: Progress
) -> Iterator[ParsedRow]:
    """Every row that holds data, read by the declared columns; comment lines of open-data portals are passed over."""
    bound = [
        (column, binding.headers[column.field])
        for column in layout.columns
        if column.field in binding.headers
    ]
    total = len(table.rows)
    for done, row in enumerate(table.rows):
        if done % READ_STEP == 0:
            progress(done, total)
        if not str(next(iter(row.cells.values()))).startswith("#"):
            yield _read_row(layout, row, bound, today, notes)


def _read_row(
    layout: Layout, row: Row, bound: list[tuple[Column, tuple[str, ...]]], today: date, notes: Notes
) -> ParsedRow:
    parsed = ParsedRow(row.number)
    for column, headers in bound:
        header = next((h for h in headers if row.cells[h] != ""), headers[0])
        cell = row.cells[header]
        if cell == "":
            if column.need is Need.REQUIRED:
                parsed.problems.append(
                    Rejected(row.number, header, "", f"{column.label}が空です。入力してください。")
                )
            continue
        _read_cell(layout, parsed, column, header, row, today, notes)
    return parsed


def _read_cell(
    layout: Layout, parsed: ParsedRow, column: Column, header: str, row: Row, today: date, notes: Notes
) -> None:
    raw = row.text(header)
    try:
        value = column.parse(row.cells[header], today)
    except Partly as partly:
        parsed.values[column.field] = partly.value
        _keep(layout, parsed, column, raw, str(partly), notes)
    except ValueError as error:
        if column.need is Need.OPTIONAL:
            _keep(layout, parsed, column, raw, str(error), notes)
        else:
            parsed.problems.append(Rejected(row.number, header, raw[:_SHOWN], str(error)))
    else:
        if column.in_note:
            parsed.kept.append((column.label, str(value)))
        elif value is not None:
            parsed.values[column.field] = value


def _keep(layout: Layout, parsed: ParsedRow, column: Column, raw: str, message: str, notes: Notes) -> None:
    parsed.kept.append((column.label, _CONTROL.sub("", raw)))
    what = "書かれたまま備考に残します" if layout.has_note else "取り込みません"
    notes.add(f"「{column.label}」は{what}：{message}", parsed.number)


def one_per_row(problems: Sequence[Rejected]) -> Rejected:
    """The first problem of a row, with the others told in its reason."""
    first, *others = problems
    if not others:
        return first
    more = "".join(f" ほかに「{other.column}」：{other.reason}" for other in others)
    return Rejected(first.row, first.column, first.value, first.reason + more)


def unused_note(layout: Layout, binding: Binding) -> list[str]:
    """A sentence on the columns that are not taken, with the reason where there is one."""
    reasons = {normalise_header(name): why for name, why in layout.left_out.items()}
    lines = [f"「{h}」の列は{why}" for h in binding.unused if (why := reasons.get(normalise_header(h)))]
    plain = [
        h for h in binding.unused if normalise_header(h) not in reasons and not h.startswith(("列", "#"))
    ]
    if plain:
        lines.append(f"使わなかった列：{'、'.join(plain)[:300]}")
    return lines
