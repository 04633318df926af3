"""Rows of an XLSX that Excel does not show, by hand or by a filter. The reader of cells does not tell them."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)/?>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)/?>")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CHUNK = 1024 * 1024


def hidden_rows(data: bytes, sheet: str) -> frozenset[int]:
    """Numbers (from 1) of hidden rows of the sheet; none when the book does not tell them in the usual way.

    The book must have passed `containers.check_xlsx`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = _member(archive, sheet)
        if member is None:
            return frozenset()
        found: set[int] = set()
        with archive.open(member) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                text = tail + chunk
                cut = max(text.rfind(b"<"), 0)
                found |= _hidden(text[:cut])
                tail = text[cut:]
        return frozenset(found | _hidden(tail))


def _hidden(xml: bytes) -> set[int]:
    rows = (_attributes(match) for match in _ROW.findall(xml) if b"hidden" in match)
    return {
        int(row["r"]) for row in rows if row.get("hidden") in ("1", "true") and row.get("r", "").isdecimal()
    }


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    sheets = [_attributes(match) for match in _SHEET.findall(archive.read("xl/workbook.xml"))]
    relations = [
        _attributes(match) for match in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    ]
    wanted = next((one.get("r:id", one.get("id")) for one in sheets if one.get("name") == sheet), None)
    target = next((one.get("Target", "") for one in relations if one.get("Id") == wanted), "")
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return path if path in names else None


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(tag)
    }
