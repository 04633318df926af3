"""What a file really is, whatever its name says, and whether it is safe to unpack."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from typing import IO, Literal

from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.limits import MAX_CELLS, MAX_COLUMNS, MAX_MEMBERS, MAX_ROWS, MAX_UNPACKED_BYTES

Kind = Literal["text", "xlsx", "xls", "zip"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALLEST_OLE = 3 * 512  # a header, an allocation table, a directory
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1024 * 1024
_LONGEST_TAG = 64 * 1024
_ATTRIBUTE = rb"""\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
#: A <c> or <row>, with the column letters and row number of its `r` attribute; empty when it has none.
_CELL = re.compile(
    rb"<(?:[\w.-]+:)?(?:c|row)(?=[\s/>])"
    rb"(?:(?:" + _ATTRIBUTE + rb""")*?\s+r\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["'])?"""
)
_RESAVE = "Excel で開き、xlsx で保存し直してください。"
_BROKEN = f"ファイルが壊れています。{_RESAVE}"
_TOO_LARGE = f"表が大きすぎます（{MAX_ROWS:,}行、{MAX_COLUMNS:,}列まで）。分けて取り込んでください。"
_LOCKED = "パスワードがかかっています。パスワードを外して保存し直してください。"
_TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
#: RuntimeError is an encrypted member, NotImplementedError an unknown compression (its subclass).
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)


def kind_of(data: bytes) -> Kind:
    """The format by content. Raises `SheetError` for locked books and for kinds that are not read."""
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise SheetError(_LOCKED)
        if len(data) < _SMALLEST_OLE:
            raise SheetError(_BROKEN)
        return "xls"
    if not data.startswith(_ZIP):
        return "text"
    names = _names(data)
    if "xl/workbook.bin" in names:
        raise SheetError(f"xlsb 形式は読み取れません。{_RESAVE}")
    if "mimetype" in names and "content.xml" in names:
        raise SheetError(f"ods 形式は読み取れません。{_RESAVE}")
    return "xlsx" if "[Content_Types].xml" in names else "zip"


def _names(data: bytes) -> set[str]:
    with _open(data) as archive:
        return set(archive.namelist())


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _ZIP_ERRORS:
        raise SheetError(_BROKEN) from None
    if len(archive.filelist) > MAX_MEMBERS:
        raise SheetError(_TOO_LARGE)
    return archive


def unzip_one(data: bytes) -> tuple[bytes, str]:
    """Bytes and name of the single text table in a ZIP. Raises `SheetError` for none, several, or locked."""
    with _open(data) as archive:
        members = [member for member in archive.infolist() if _is_table(member.filename)]
        if len(members) != 1:
            count = "ありません" if not members else "2つ以上あります"
            raise SheetError(f"圧縮ファイルの中に CSV が{count}。CSV を1つだけ選んで取り込んでください。")
        if members[0].flag_bits & 1:
            raise SheetError(_LOCKED)
        try:
            with archive.open(members[0]) as stream:
                content = stream.read(MAX_UNPACKED_BYTES + 1)
        except _ZIP_ERRORS:
            raise SheetError(_BROKEN) from None
    if len(content) > MAX_UNPACKED_BYTES:
        raise SheetError(_TOO_LARGE)
    return content, members[0].filename


def _is_table(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return last.lower().endswith(_TABLE_SUFFIXES) and not last.startswith(".") and "__MACOSX" not in name


def check_xlsx(data: bytes) -> None:
    """Unpack every member once, counting, before a reader that trusts the file allocates memory for it.

    Sizes declared in the archive may lie, and one cell at XFD1048576 makes the reader allocate the whole
    rectangle and the process die, so both are measured. Raises `SheetError`.
    """
    budget = MAX_UNPACKED_BYTES
    with _open(data) as archive:
        for member in archive.infolist():
            is_xml = member.filename.lower().endswith((".xml", ".rels"))
            try:
                with archive.open(member) as stream:
                    budget = _scan(stream, budget, is_xml=is_xml)
            except SheetError:
                raise
            except _ZIP_ERRORS:
                raise SheetError(_BROKEN) from None


def _scan(stream: IO[bytes], budget: int, *, is_xml: bool) -> int:
    extent, tail = _Extent(), b""
    while chunk := stream.read(_CHUNK):
        budget -= len(chunk)
        if budget < 0:
            raise SheetError(_TOO_LARGE)
        if is_xml:
            whole, tail = _at_last_tag(tail + chunk)
            extent.add(whole)
    extent.add(tail)
    extent.judge()
    return budget


def _at_last_tag(text: bytes) -> tuple[bytes, bytes]:
    """Split before the last tag, which the next chunk may complete."""
    cut = max(text.rfind(b"<"), len(text) - _LONGEST_TAG)
    return text[:cut], text[cut:]


class _Extent:
    """The rectangle that the cells of one XML member span, if it is a worksheet."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns: set[bytes] = set()
        self.is_sheet = False
        self.is_odd = False

    def add(self, xml: bytes) -> None:
        found = _CELL.findall(xml)
        self.is_sheet = self.is_sheet or b"sheetData" in xml
        self.is_odd = self.is_odd or b"\x00" in xml or (b"", b"") in found
        self.rows = max(self.rows, max((int(row) for _, row in found if row), default=0))
        self.columns.update(column for column, _ in found)

    def judge(self) -> None:
        if not self.is_sheet:
            return
        if self.is_odd:
            raise SheetError(_BROKEN)
        width = max((_column_number(column) for column in self.columns), default=0)
        if self.rows > MAX_ROWS or width > MAX_COLUMNS or self.rows * width > MAX_CELLS:
            raise SheetError(_TOO_LARGE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
