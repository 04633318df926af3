"""Reads of imports for the screens."""

from tsunagari.interop.queries import rosters
from tsunagari.interop.queries.imports import import_of, imports

__all__ = ["import_of", "imports", "rosters"]
