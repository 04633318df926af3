"""The extract of the resident register (住民記録): households with children, and what became of them."""

from tsunagari.interop.imports.residents.apply import apply
from tsunagari.interop.imports.residents.match import plan
from tsunagari.interop.imports.residents.read import read

__all__ = ["apply", "plan", "read"]
