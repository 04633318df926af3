"""The one error of this package."""

from __future__ import annotations


class SheetError(ValueError):
    """A file that cannot be read as a table; the Japanese message says where and what to do."""
