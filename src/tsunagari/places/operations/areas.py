"""Areas: taken from polygons, changed from a day on, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places import access, shapes
from tsunagari.places.models import Area
from tsunagari.places.rules import AreaInput, day_before


@dataclass(frozen=True, slots=True)
class SavedAreas:
    """What saving a list of areas did."""

    added: tuple[Area, ...]
    changed: tuple[Area, ...]
    unchanged: tuple[Area, ...]


@transaction.atomic
def save_areas(areas: Sequence[AreaInput], *, actor: Actor, effective_on: date) -> SavedAreas:
    """Add or change areas by kind and code, from `effective_on`. The same list again changes nothing.

    Areas that are not in the list are left as they are. DomainError names the first area that cannot be
    saved.
    """
    kinds = {area.kind for area in areas}
    rows = Area.objects.visible_to(actor).on(effective_on).filter(kind__in=kinds).select_for_update()
    standing = {(row.kind, row.code): row for row in rows}
    added, changed, unchanged = [], [], []
    for area in areas:
        box = _checked(area)
        row = standing.get((area.kind, area.code))
        if row is None:
            added.append(_insert(area, box, actor, effective_on))
        elif _same(row, area):
            unchanged.append(row)
        else:
            changed.append(_change(row, area, box, actor, effective_on))
    detail = {"added": [row.pk for row in added], "changed": [row.pk for row in changed]}
    if added or changed:
        audit.record(access.MANAGE_PLACES, actor=actor, detail={"change": "areas", **detail})
    return SavedAreas(tuple(added), tuple(changed), tuple(unchanged))


@transaction.atomic
def add_area(area: AreaInput, *, actor: Actor, effective_on: date) -> Area:
    """One new area. DomainError when its code is in use on or after that day."""
    same = Area.objects.visible_to(actor).filter(kind=area.kind, code=area.code)
    if same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=effective_on)).exists():
        raise DomainError("この区域コードは、もう使われています。", field="code")
    row = _insert(area, _checked(area), actor, effective_on)
    audit.record(access.MANAGE_PLACES, actor=actor, obj=row, detail={"change": "area-added"})
    return row


@transaction.atomic
def change_area(area: Area, given: AreaInput, *, actor: Actor, effective_on: date) -> Area:
    """How the area is from `effective_on` on: a correction on its first day, else a new row from that day."""
    row = Area.objects.visible_to(actor).select_for_update().get(pk=area.pk)
    if effective_on < row.valid_from or (row.valid_to is not None and effective_on > row.valid_to):
        raise DomainError("その日は、この区域の期間に入っていません。", field="effective_on")
    box = _checked(given)
    if _same(row, given) and row.code == given.code:
        return row
    new = _change(row, given, box, actor, effective_on)
    audit.record(access.MANAGE_PLACES, actor=actor, obj=new, detail={"change": "area", "former": row.pk})
    return new


@transaction.atomic
def end_area(area: Area, *, actor: Actor, ends_on: date) -> Area:
    """The last day of an area."""
    row = Area.objects.visible_to(actor).select_for_update().get(pk=area.pk)
    if row.valid_to is not None and row.valid_to <= ends_on:
        raise Conflict("この区域は、もう終わっています。")
    if ends_on < row.valid_from:
        raise DomainError("終了日が、開始日より前です。", field="ends_on")
    row.valid_to = ends_on
    row.save(update_fields=["valid_to"])
    audit.record(access.MANAGE_PLACES, actor=actor, obj=row, detail={"change": "area-end"})
    return row


def _checked(area: AreaInput) -> shapes.Box | None:
    if not area.code.strip() or not area.name.strip():
        raise DomainError("区域コードと区域名を入れてください。", field="name")
    if area.polygon is None:
        return None
    try:
        return shapes.box(area.polygon)
    except shapes.ShapeError as error:
        raise DomainError(f"区域「{area.name[:20]}」の形を読み取れません。{error}", field="polygon") from None


def _same(row: Area, area: AreaInput) -> bool:
    return row.name == area.name and row.kind == area.kind and row.polygon == area.polygon


def _insert(
    area: AreaInput, box: shapes.Box | None, actor: Actor, first: date, last: date | None = None
) -> Area:
    return Area.objects.create(
        municipality_id=actor.municipality_id,
        kind=area.kind,
        code=area.code,
        name=area.name,
        polygon=area.polygon,
        valid_from=first,
        valid_to=last,
        **(box.columns() if box else {}),
    )


def _change(row: Area, area: AreaInput, box: shapes.Box | None, actor: Actor, first: date) -> Area:
    if row.valid_from != first:
        last, row.valid_to = row.valid_to, day_before(first)
        row.save(update_fields=["valid_to"])
        return _insert(area, box, actor, first, last)
    row.kind, row.code, row.name = area.kind, area.code, area.name
    row.polygon = area.polygon
    columns = box.columns() if box else dict.fromkeys(shapes.BOX_COLUMNS)
    for column, value in columns.items():
        setattr(row, column, value)
    row.save(update_fields=["kind", "code", "name", "polygon", *columns])
    return row
