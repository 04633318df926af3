"""Reads of imports for the screens."""

from tsunagari.interop.queries import rosters
from tsunagari.interop.queries.imports import imports, light

__all__ = ["imports", "light", "rosters"]
