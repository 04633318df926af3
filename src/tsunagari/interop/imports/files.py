"""From an uploaded file to what a kind of import reads, and back: the refused rows as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from tsunagari.base.sheets import Table, read_table, write_xlsx
from tsunagari.interop.imports import geojson, guard
from tsunagari.interop.imports.agencies.layout import LAYOUT as AGENCIES
from tsunagari.interop.imports.columns import bind
from tsunagari.interop.imports.geojson import Feature
from tsunagari.interop.imports.plan import Rejected, Unreadable
from tsunagari.interop.imports.residents.layout import LAYOUT as RESIDENTS
from tsunagari.interop.models import Import

REASON = "理由"
_LAYOUTS = {Import.Kind.AGENCIES: AGENCIES, Import.Kind.RESIDENTS: RESIDENTS}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: a table, or the features of a GeoJSON, or both for points."""

    table: Table | None
    features: Sequence[Feature]

    @property
    def rows(self) -> int:
        return len(self.table.rows) if self.table is not None else len(self.features)


def digest(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def open_file(data: bytes, filename: str, kind: str, *, sheet: str | None = None) -> Source:
    """The file as the kind of import needs it. Raises `SheetError`; also for any column of 個人番号."""
    if geojson.looks_like_json(data):
        return _open_json(data, kind)
    if kind == Import.Kind.AREAS:
        raise Unreadable("区域は GeoJSON で取り込みます。地図のデータを GeoJSON で書き出してください。")
    layout = _LAYOUTS[Import.Kind(kind)]
    table = read_table(data, filename, sheet=sheet or None, known=layout.known())
    guard.refuse_my_number(table)
    guard.refuse_in_other_sheets(data, filename, table)
    bind(layout, table)  # another kind of list is told at once
    return Source(table, ())


def _open_json(data: bytes, kind: str) -> Source:
    if kind == Import.Kind.RESIDENTS:
        raise Unreadable("住民の抽出データは CSV か Excel で取り込みます。ファイルと種類を確かめてください。")
    features = geojson.read_features(data)
    if kind == Import.Kind.AREAS:
        guard.refuse_names({name for feature in features for name in feature.properties})
        return Source(None, features)
    table = geojson.points_table(features)
    guard.refuse_my_number(table)
    return Source(table, features)


def rejected_file(source: Source, rejected: Sequence[Rejected]) -> bytes:
    """The refused rows in their own columns with the reason: XLSX, or GeoJSON for GeoJSON. Mend and send again."""
    reasons = {refused.row: refused.reason for refused in rejected}
    if source.features:
        features = [
            {
                "type": "Feature",
                "properties": {**f.properties, REASON: reasons[f.number]},
                "geometry": dict(f.geometry),
            }
            for f in source.features
            if f.number in reasons
        ]
        return orjson.dumps(
            {"type": "FeatureCollection", "features": features}, option=orjson.OPT_NON_STR_KEYS
        )
    assert source.table is not None
    headers = [header for header in source.table.headers if header != REASON]
    rows = (
        [*(row.cells[h] for h in headers), reasons[row.number]]
        for row in source.table.rows
        if row.number in reasons
    )
    return write_xlsx([*headers, REASON], rows, title="取り込めなかった行", notes_column=REASON)
