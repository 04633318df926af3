"""Which districts are new, which are drawn anew. One query."""

from __future__ import annotations

from datetime import date

from tsunagari.interop.imports.areas.read import District, Districts
from tsunagari.interop.imports.plan import Change, Plan, Sample
from tsunagari.places.models import Area
from tsunagari.places.rules import AreaInput


def plan(found: Districts, *, municipality_id: int, kind: str, today: date) -> Plan:
    """Compare with the districts of `kind` (`Area.Kind`) that hold on `today`, by code, else by name."""
    rows = list(Area.objects.on(today).filter(municipality_id=municipality_id, kind=kind))
    by_code, by_name = {row.code: row for row in rows}, {row.name: row for row in rows}
    result = Plan(rejected=list(found.rejected), notes=list(found.notes))
    work: list[AreaInput] = []
    for district in found.rows:
        standing = by_code.get(district.code) or (
            by_name.get(district.name) if district.code == district.name else None
        )
        given = AreaInput(
            standing.code if standing else district.code, district.name, district.geojson(), kind
        )
        _compare(district, standing, given, result, work)
    result.work = work
    return result


def _compare(
    district: District, standing: Area | None, given: AreaInput, result: Plan, work: list[AreaInput]
) -> None:
    if standing is None:
        result.added += 1
        result.sample(Sample(district.row, "added", given.name))
    elif standing.name == given.name and standing.polygon == given.polygon:
        result.unchanged += 1
        return
    else:
        result.changed += 1
        changes = [Change("区域名", standing.name, given.name)] if standing.name != given.name else []
        if standing.polygon != given.polygon:
            changes.append(Change("区域の形", "あり" if standing.polygon else "なし", "新しい形"))
        result.sample(Sample(district.row, "changed", given.name, changes))
    work.append(given)
