"""From a sheet to rows a person would read: header, cells merged downwards, 〃, totals and rows that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tsunagari.base.sheets import Cell, Grid, SheetError, find_header, header_at, is_blank, to_cell
from tsunagari.interop.imports.roster.cells import DITTO, FAILED, plain
from tsunagari.interop.imports.roster.fields import KNOWN

MOST_ROWS = 50_000
MOST_COLUMNS = 100
HEAD = 40
_TOTAL = re.compile(
    r"(?:[0-9]{1,2}月)?(?:小|合|総|累|月|日|年|年間)?計(?:\(.*\))?|(?:のべ|延べ|延).{0,6}|平均|合計.{0,6}"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a sheet: number of its row (from 1), rows it takes, a name for each column, lines above."""

    number: int
    height: int
    names: tuple[str, ...]
    above: tuple[str, ...] = ()

    @property
    def last(self) -> int:
        return self.number + self.height - 1


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of data: number as Excel shows it, a cell for each column, columns filled from the row above."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Passed:
    """Rows passed over, by reason, for the notes."""

    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, number: int) -> None:
        self.rows.setdefault(reason, []).append(number)


def propose(grid: Grid) -> Head:
    """The header as a reader would see it: below titles, one row or two. Raises `SheetError` when there is none."""
    rows = list(islice(grid.walk(), HEAD))
    sideways = {top for top, left, bottom, right in grid.merged if top == bottom and left < right}
    found = find_header(rows, KNOWN, None, sideways)
    if found is None:
        raise SheetError("はじめの30行に何も書かれていません。見出しの行から始まる表を選んでください。")
    return _head(grid, found.index, found.height, found.names)


def pointed_at(grid: Grid, number: int, height: int) -> Head:
    """The header a person pointed at. Raises `SheetError` when the sheet has no such row or it is blank."""
    rows = list(islice(grid.walk(), HEAD + 1))
    if not 1 <= number <= len(rows):
        raise SheetError(f"{number}行目はありません。見出しの行を選びなおしてください。")
    found = header_at(rows, number - 1, height)
    return _head(grid, found.index, found.height, found.names)


def _head(grid: Grid, index: int, height: int, names: Sequence[str]) -> Head:
    measured = _measure(grid, index + height)
    texts = [re.sub(r"\s*\n\s*", "", name).strip("_ \u3000") for name in names]
    width = max([measured, *(i + 1 for i, name in enumerate(texts) if name)])
    if width > MOST_COLUMNS:
        raise SheetError(f"列が多すぎます（{MOST_COLUMNS}列まで）。使わない列を消して保存し直してください。")
    if width < 2:
        raise SheetError("列が1つしかありません。日付や氏名が別の列に分かれた表を選んでください。")
    above = [_line(row) for row in islice(grid.walk(), index)]
    padded = [*texts, *[""] * width][:width]
    return Head(index + 1, height, tuple(padded), tuple(line for line in above if line))


def _measure(grid: Grid, first: int) -> int:
    """Columns that hold anything below the header. Raises `SheetError` for no rows and for too many."""
    width = count = 0
    for row in islice(grid.walk(), first, None):
        last = next((i for i in range(len(row) - 1, -1, -1) if not is_blank(row[i])), -1)
        width, count = max(width, last + 1), count + (last >= 0)
        if count > MOST_ROWS:
            raise SheetError(
                f"行が多すぎます（{MOST_ROWS:,}行まで）。年度やシートで分けて取り込んでください。"
            )
    if not count:
        raise SheetError("見出しの下に行がありません。シートと見出しの行を確かめてください。")
    return width


def _line(row: Sequence[object]) -> str:
    return " ".join(str(value).strip() for value in row if str(value).strip())


def rows(grid: Grid, head: Head, passed: Passed, *, with_hidden: bool = False) -> Iterator[SheetRow]:
    """Rows below the header that say something, blanks of merged cells and 〃 filled from above."""
    width = len(head.names)
    above: tuple[Cell, ...] = ("",) * width
    merged = _Merged(grid, head.last, width)
    header = tuple(plain(name.rpartition("_")[2]) for name in head.names)
    for number, raw in enumerate(grid.walk(), start=1):
        if number <= head.last:
            continue
        cells = merged.fill(number - 1, _cells(raw, width))
        if all(cell == "" for cell in cells):
            continue
        if number in grid.hidden and not with_hidden:
            passed.add("かくれている行", number)
        elif reason := _no_data(cells, header):
            passed.add(reason, number)
        else:
            above = tuple(_ditto(cell, up) for cell, up in zip(cells, above, strict=True))
            yield SheetRow(number, above)


def _cells(raw: Sequence[object], width: int) -> list[Cell]:
    cells: list[Cell] = [to_cell(value) for value in raw[:width]]  # type: ignore[arg-type]
    cells += [""] * (width - len(cells))
    return [
        "" if isinstance(cell, str) and cell[:1] == "#" and cell.upper() in FAILED else cell for cell in cells
    ]


def _ditto(cell: Cell, above: Cell) -> Cell:
    return above if isinstance(cell, str) and cell.replace(" ", "").replace("\u3000", "") in DITTO else cell


def _no_data(cells: Sequence[Cell], header: Sequence[str]) -> str:
    """Why a row is none of the data: a total, or the header once more (a new page)."""
    filled = [cell for cell in cells if cell != ""][:3]
    if any(_TOTAL.fullmatch(plain(cell)) for cell in filled):
        return "計・合計の行"
    named = [i for i, name in enumerate(header) if name]
    if not any(plain(cells[i]) == header[i] for i in named[:2]):
        return ""
    same = sum(plain(cells[i]) == header[i] for i in named)
    return "くり返しの見出し" if len(named) > 1 and same * 3 >= len(named) * 2 else ""


class _Merged:
    """Cells merged over several rows, filled downwards while the rows are walked once."""

    def __init__(self, grid: Grid, first: int, width: int) -> None:
        ranges = [one for one in grid.merged if one[2] > one[0] and one[2] >= first and one[1] < width]
        self._coming = sorted(ranges, reverse=True)
        self._open: dict[int, tuple[int, Cell]] = {}  # column → last row, value

    def fill(self, index: int, cells: list[Cell]) -> tuple[Cell, ...]:
        while self._coming and self._coming[-1][0] <= index:
            top, left, bottom, _ = self._coming.pop()
            if top == index:
                self._open[left] = (bottom, cells[left])
        for column, (bottom, value) in list(self._open.items()):
            if index > bottom:
                del self._open[column]
            elif cells[column] == "":
                cells[column] = value
        return tuple(cells)
