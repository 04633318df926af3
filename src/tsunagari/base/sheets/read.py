"""`read_table`: any file a city or an agency sends, as one table.

The file is walked twice. The first walk measures and judges, so that every error is raised by `read_table`
itself; the second makes rows one at a time as the caller asks. A CSV is thus never held as rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from tsunagari.base.sheets import containers, decode
from tsunagari.base.sheets.apart import read_excel_apart
from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.excel import read_excel
from tsunagari.base.sheets.headers import Header, Hint, find_header, normalise_header, unique_headers
from tsunagari.base.sheets.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from tsunagari.base.sheets.table import (
    DAMAGED,
    Cell,
    RawRow,
    Row,
    Rows,
    Table,
    cells_by_header,
    fill_blanks,
    is_blank,
)

_HEAD = 60


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows that can be walked again and again, and what is known of where they came from."""

    walk: Callable[[], Iterator[RawRow]]
    encoding: str
    sheet: str | None = None
    warnings: list[str] = field(default_factory=list)
    merged_rows: frozenset[int] = frozenset()


def read_table(
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    known: Mapping[str, str] | Collection[str] = (),
    header_hint: Hint | None = None,
    fill_down: Collection[str] = (),
) -> Table:
    """The table in a file, by its content rather than its name.

    Reads CSV and TSV (UTF-8, UTF-16 with BOM, CP932, EUC-JP, JIS), XLSX, XLS, and a ZIP with one CSV in it.
    `sheet` names the sheet of a book. `known` are header names or aliases, `header_hint` sets of them or a
    function that scores a row; both help to find the header. Blank cells of the columns in `fill_down`
    take the value above. Raises `SheetError` with a Japanese message, and nothing else.
    """
    check_size(data)
    source = _source(data, filename, sheet)
    head = list(islice(source.walk(), _HEAD))
    header = find_header(head, known, header_hint, source.merged_rows)
    if header is None:
        raise SheetError("はじめの30行に何も書かれていません。見出しの行から始まる表を選んでください。")
    return _table(source, header, head, {normalise_header(name) for name in fill_down})


def check_size(data: bytes) -> None:
    """Raise `SheetError` for a file with nothing in it or more than MAX_BYTES."""
    if not data:
        raise SheetError("ファイルが空です。中身のあるファイルを選んでください。")
    if len(data) > MAX_BYTES:
        megabytes = MAX_BYTES // 1024 // 1024
        raise SheetError(f"ファイルが大きすぎます（{megabytes}MBまで）。分けて取り込んでください。")


def _source(data: bytes, filename: str, sheet: str | None) -> _Source:
    kind = containers.kind_of(data)
    if kind in ("zip", "text"):
        return text_source(data, filename)
    if kind == "xlsx":
        containers.check_xlsx(data)
        book = read_excel(data, sheet)
    else:
        book = read_excel_apart(data, sheet)
    return _Source(lambda: iter(book.rows), kind, book.sheet, book.warnings, book.merged_rows)


def text_source(data: bytes, filename: str) -> _Source:
    """Rows of a text file, or of the one text file in a ZIP. Raises `SheetError`."""
    if containers.kind_of(data) == "zip":
        data, filename = containers.unzip_one(data)
        if containers.kind_of(data) != "text":
            raise SheetError("圧縮ファイルの中が CSV ではありません。展開して、中の表を取り込んでください。")
    text, encoding = decode.decode(data)
    prefer = "\t" if filename.lower().endswith(".tsv") else ","
    delimiter = decode.sniff_delimiter(text, prefer=prefer)
    warnings = _judge_csv(text, delimiter)
    return _Source(lambda: _walk_csv(text, delimiter, strict=False), encoding, None, warnings)


def _walk_csv(text: str, delimiter: str, *, strict: bool) -> Iterator[RawRow]:
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict))


def _judge_csv(text: str, delimiter: str) -> list[str]:
    """Walk the whole text once: refuse what cannot be read, warn of quotes that do not close."""
    _measure(text, delimiter)
    done = 0
    try:
        for _ in _walk_csv(text, delimiter, strict=True):
            done += 1
    except csv.Error:
        return [f'{done + 1}行目の引用符（"）の使い方が正しくありません。その行から後を確かめてください。']
    return []


def _measure(text: str, delimiter: str) -> None:
    number = 0
    try:
        for number, row in enumerate(_walk_csv(text, delimiter, strict=False), start=1):
            if number > MAX_ROWS:
                raise SheetError(f"行が多すぎます（{MAX_ROWS:,}行まで）。分けて取り込んでください。")
            if len(row) > MAX_COLUMNS:
                limit = f"{MAX_COLUMNS:,}列まで"
                raise SheetError(f"{number}行目の列が多すぎます（{limit}）。区切りを確かめてください。")
    except csv.Error:
        message = f'{number + 1}行目を読み取れません。引用符（"）と区切りを確かめてください。'
        raise SheetError(message) from None


def _table(source: _Source, header: Header, head: list[RawRow], fill_down: set[str]) -> Table:
    first = header.index + header.height
    width, count = _extent(source, first, header)
    headers, warnings = unique_headers(header.names, width)
    filled = [name for name in headers if normalise_header(name) in fill_down]

    def make() -> Iterator[Row]:
        return _rows(source.walk(), first, headers, filled)

    damaged = _damaged(islice(source.walk(), first, None), first, headers)
    return Table(
        headers=headers,
        rows=Rows(make, count),
        encoding=source.encoding,
        header_number=header.index + 1,
        sheet=source.sheet,
        preface=[line for row in head[: header.index] if (line := _line(row))],
        warnings=[*source.warnings, *warnings, *_damage_warning(damaged)],
        damaged_cells=damaged,
    )


def _extent(source: _Source, first: int, header: Header) -> tuple[int, int]:
    """Columns up to the last that holds anything, and the number of rows that are not blank."""
    width = max((i + 1 for i, name in enumerate(header.names) if name), default=0)
    count = 0
    for row in islice(source.walk(), first, None):
        last = next((i for i in range(len(row) - 1, -1, -1) if not is_blank(row[i])), -1)
        width = max(width, last + 1)
        count += last >= 0
    return width, count


def _rows(raw: Iterable[RawRow], first: int, headers: list[str], filled: list[str]) -> Iterator[Row]:
    above: dict[str, Cell] = {}
    for number, row in enumerate(raw, start=1):
        if number <= first or _blank(row):
            continue
        cells = cells_by_header(headers, row)
        fill_blanks(cells, above, filled)
        above = cells
        yield Row(number, cells)


def _blank(row: RawRow) -> bool:
    return all(is_blank(value) for value in row)


def _line(row: RawRow) -> str:
    return " ".join(str(value).strip() for value in row if not is_blank(value))


def _damaged(raw: Iterable[RawRow], first: int, headers: list[str]) -> list[tuple[int, str]]:
    return [
        (number, header)
        for number, row in enumerate(raw, start=first + 1)
        for header, value in zip(headers, row, strict=False)
        if isinstance(value, str) and DAMAGED in value
    ]


def _damage_warning(damaged: list[tuple[int, str]]) -> list[str]:
    if not damaged:
        return []
    number, header = damaged[0]
    return [
        f"文字が壊れているセルが{len(damaged):,}か所あります（{number}行目「{header}」など）。"
        "壊れていない元のファイルを受け取り直してください。"
    ]
