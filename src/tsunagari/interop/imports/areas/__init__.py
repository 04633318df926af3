"""Districts with polygons, from GeoJSON."""

from tsunagari.interop.imports.areas.apply import apply
from tsunagari.interop.imports.areas.match import plan
from tsunagari.interop.imports.areas.read import read

__all__ = ["apply", "plan", "read"]
