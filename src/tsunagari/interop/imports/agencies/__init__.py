"""Lists of facilities: the national 子育て施設一覧 and 公共施設一覧 of both editions, and cities' own."""

from tsunagari.interop.imports.agencies.apply import apply
from tsunagari.interop.imports.agencies.match import plan
from tsunagari.interop.imports.agencies.read import read

__all__ = ["apply", "plan", "read"]
