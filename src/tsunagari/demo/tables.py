"""A plain table for terminals, in which full-width characters take two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows with the first as heading, columns aligned by their width on screen."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "─" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def width(text: str) -> int:
    """Columns of a terminal: two for full-width and wide characters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, size: int) -> str:
    """The text with blanks up to `size` columns."""
    return text + " " * (size - width(text))
