"""Official tables by fiscal year: their lines, where records are counted, and that a person checked them against the
original. A checked table is not changed; opened again it becomes the next version, and the former is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters import access
from tsunagari.encounters.data import shipped
from tsunagari.encounters.models import OfficialFormer, OfficialItem, OfficialMapping, OfficialTable
from tsunagari.encounters.operations.keeping import STALE
from tsunagari.encounters.operations.partners import lock_town
from tsunagari.encounters.queries import sorting as queries
from tsunagari.encounters.rules import CATEGORY
from tsunagari.encounters.rules.sorting import MOST_ITEMS, ItemInput, item_problems, year_problems

CHECKED = "確認ずみの表です。変えるときは、先に「直せるようにする」を押してください。"
DEFAULTS = {one["key"]: one["label"] for one in shipped("official")}


@transaction.atomic
def add_default(key: str, *, actor: Actor, fiscal_year: int) -> OfficialTable:
    """A table that ships, for a fiscal year, not checked by anybody."""
    data = next((one for one in shipped("official") if one["key"] == key), None)
    if data is None:
        raise DomainError("表をえらびなおしてください。", field="key")
    table = _new(actor, key, data["label"], fiscal_year, data["source"])
    lines = [ItemInput(code, label, group) for code, label, group in data["items"]]
    by_code = _lines(table, lines)
    mapping: dict[tuple[int, int | None], int] = {
        (int(category), None): by_code[code] for category, code in data["mapping"].items()
    }
    _map(table, mapping)
    _trail(table, actor, "default")
    return table


@transaction.atomic
def add_own(label: str, *, actor: Actor, fiscal_year: int) -> OfficialTable:
    """A table of the city's own, without lines yet."""
    if not label.strip() or len(label.strip()) > 80:
        raise DomainError("表の名前を80文字までで入れてください。", field="label")
    lock_town(actor)
    same = OfficialTable.objects.visible_to(actor).filter(label=label.strip(), fiscal_year=fiscal_year)
    if same.exists():
        raise DomainError("同じ名前の表が、この年度にもうあります。", field="label")
    number = OfficialTable.objects.visible_to(actor).filter(key__startswith="own").values("key").distinct()
    table = _new(actor, f"own{number.count() + 1}", label.strip(), fiscal_year, "")
    _trail(table, actor, "own")
    return table


@transaction.atomic
def copy_to(table: OfficialTable, *, actor: Actor, fiscal_year: int) -> OfficialTable:
    """Lines and mapping for another fiscal year, to be checked anew; finer categories that do not hold in that year
    stay behind."""
    copy = _new(actor, table.key, table.label, fiscal_year, table.source)
    lines = [ItemInput(one.code, one.label, one.group) for one in queries.items(table)]
    by_code = _lines(copy, lines)
    holding = {one.pk for one in queries.details_of(table.municipality_id, fiscal_year)}
    rows = OfficialMapping.objects.filter(table=table).select_related("item")
    _map(
        copy,
        {
            (row.category, row.detail_id): by_code[row.item.code]
            for row in rows
            if row.detail_id is None or row.detail_id in holding
        },
    )
    _trail(copy, actor, "copied", source=table.pk)
    return copy


@transaction.atomic
def add_item(table: OfficialTable, given: ItemInput, *, actor: Actor, version: int) -> OfficialItem:
    """A line at the end."""
    locked = _open(table, actor, version)
    codes = set(locked.items.values_list("code", flat=True))
    _refuse(given, codes)
    if len(codes) >= MOST_ITEMS:
        raise DomainError(f"行は{MOST_ITEMS}までです。")
    last = locked.items.aggregate(last=Max("position"))["last"] or 0
    item = OfficialItem.objects.create(
        municipality_id=locked.municipality_id, table=locked, position=last + 1, **_words(given)
    )
    _changed(locked, actor, "line", item=item.pk)
    return item


@transaction.atomic
def change_item(item: OfficialItem, given: ItemInput, *, actor: Actor, version: int) -> OfficialItem:
    """Other words for a line; what is counted there stays."""
    table = _open(item.table, actor, version)
    locked = _item(item, table)
    _refuse(given, set(table.items.exclude(pk=locked.pk).values_list("code", flat=True)))
    for name, value in _words(given).items():
        setattr(locked, name, value)
    locked.save(update_fields=["code", "label", "group"])
    _changed(table, actor, "line_changed", item=locked.pk)
    return locked


@transaction.atomic
def remove_item(item: OfficialItem, *, actor: Actor, version: int) -> None:
    """A line out of the table; what was counted there is mapped nowhere."""
    table = _open(item.table, actor, version)
    locked = _item(item, table)
    _changed(table, actor, "line_removed", item=locked.pk)
    locked.delete()


@transaction.atomic
def move_item(item: OfficialItem, *, actor: Actor, version: int, up: bool) -> None:
    """One place up or down; at the end nothing happens."""
    table = _open(item.table, actor, version)
    row = queries.items(table)
    place = next((place for place, one in enumerate(row) if one.pk == item.pk), None)
    if place is None:
        raise Conflict("この行は、もう消されています。")
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for position, one in enumerate(row, 1):
        one.position = position
    OfficialItem.objects.bulk_update(row, ["position"])
    _changed(table, actor, "line_moved", item=item.pk)


@transaction.atomic
def set_mapping(
    table: OfficialTable, mapping: Mapping[tuple[int, int | None], int | None], *, actor: Actor, version: int
) -> OfficialTable:
    """Where records are counted: by category and finer category (None: the category itself) → id of a line, None:
    nowhere. What is not named stays as it is. DomainError for a line or a finer category that is not of the table."""
    locked = _open(table, actor, version)
    known = {one.pk for one in queries.items(locked)}
    details = {one.pk: one.category for one in queries.details_of(locked.municipality_id, locked.fiscal_year)}
    for (category, detail), item in mapping.items():
        if category not in CATEGORY or (detail is not None and details.get(detail) != category):
            raise DomainError("分類が変わりました。画面を開きなおしてください。")
        if item is not None and item not in known:
            raise DomainError("行をえらびなおしてください。", field=_field(category, detail))
    now = {(one.category, one.detail_id): one.item_id for one in OfficialMapping.objects.filter(table=locked)}
    wanted = {key: item for key, item in (now | dict(mapping)).items() if item is not None}
    if wanted == now:
        return locked
    OfficialMapping.objects.filter(table=locked).delete()
    _map(locked, wanted)
    changed = [[*key] for key in sorted({*now, *wanted}, key=str) if now.get(key) != wanted.get(key)]
    return _changed(locked, actor, "mapping", changed=changed)


@transaction.atomic
def check(table: OfficialTable, *, actor: Actor, source: str, version: int) -> OfficialTable:
    """A person compared every line with the original. `source` names it."""
    locked = _open(table, actor, version)
    if not source.strip() or len(source.strip()) > 200 or source.strip().startswith("未確認"):
        raise DomainError("照らしあわせた原本の名前と版を、200文字までで書いてください。", field="source")
    if not locked.items.exists():
        raise DomainError("行が1つもありません。行を入れてから確認してください。", field="source")
    locked.source = source.strip()
    locked.checked_at, locked.checked_by_name = clock.now(), actor.name
    locked.save(update_fields=["source", "checked_at", "checked_by_name"])
    _trail(locked, actor, "checked")
    return locked


@transaction.atomic
def reopen(table: OfficialTable, *, actor: Actor, reason: str, version: int) -> OfficialTable:
    """Open a checked table for changes: as it was it is kept, and the next version begins unchecked."""
    lock_town(actor)
    locked = OfficialTable.objects.visible_to(actor).select_for_update().get(pk=table.pk)
    if locked.checked_at is None or locked.version != version:
        raise Conflict(STALE)
    if not reason.strip() or len(reason.strip()) > 200:
        raise DomainError("なぜ変えるかを200文字までで書いてください。", field="reason")
    OfficialFormer.objects.create(
        municipality_id=locked.municipality_id,
        table=locked,
        version=locked.version,
        snapshot=queries.snapshot(locked),
        checked_at=locked.checked_at,
        checked_by_name=locked.checked_by_name,
        reason=reason.strip(),
        opened_at=clock.now(),
        opened_by_name=actor.name,
    )
    locked.checked_at, locked.checked_by_name, locked.version = None, "", locked.version + 1
    locked.save(update_fields=["checked_at", "checked_by_name", "version"])
    _trail(locked, actor, "reopened")
    return locked


def _new(actor: Actor, key: str, label: str, fiscal_year: int, source: str) -> OfficialTable:
    for problem in year_problems("fiscal_year", fiscal_year):
        raise DomainError(problem.message, field=problem.field)
    lock_town(actor)
    if OfficialTable.objects.visible_to(actor).filter(key=key, fiscal_year=fiscal_year).exists():
        raise Conflict(f"{fiscal_year}年度の「{label}」は、もうあります。", field="fiscal_year")
    return OfficialTable.objects.create(
        municipality_id=actor.municipality_id, key=key, label=label, fiscal_year=fiscal_year, source=source
    )


def _open(table: OfficialTable, actor: Actor, version: int) -> OfficialTable:
    lock_town(actor)
    locked = OfficialTable.objects.visible_to(actor).select_for_update().get(pk=table.pk)
    if locked.checked_at is not None:
        raise Conflict(CHECKED)
    if locked.version != version:
        raise Conflict(STALE)
    return locked


def _item(item: OfficialItem, table: OfficialTable) -> OfficialItem:
    locked = OfficialItem.objects.filter(pk=item.pk, table=table).first()
    if locked is None:
        raise Conflict("この行は、もう消されています。")
    return locked


def _lines(table: OfficialTable, lines: list[ItemInput]) -> dict[str, int]:
    made = OfficialItem.objects.bulk_create(
        OfficialItem(municipality_id=table.municipality_id, table=table, position=place, **_words(one))
        for place, one in enumerate(lines, 1)
    )
    return {one.code: one.pk for one in made}


def _map(table: OfficialTable, mapping: Mapping[tuple[int, int | None], int]) -> None:
    OfficialMapping.objects.bulk_create(
        OfficialMapping(
            municipality_id=table.municipality_id,
            table=table,
            category=category,
            detail_id=detail,
            item_id=item,
        )
        for (category, detail), item in mapping.items()
    )


def _words(given: ItemInput) -> dict[str, str]:
    return {"code": given.code.strip(), "label": given.label.strip(), "group": given.group.strip()}


def _field(category: int, detail: int | None) -> str:
    return f"m_{category}" + (f"_{detail}" if detail is not None else "")


def _refuse(given: ItemInput, others: set[str]) -> None:
    for problem in item_problems(given, others):
        raise DomainError(problem.message, field=problem.field)


def _changed(table: OfficialTable, actor: Actor, what: str, **more: Any) -> OfficialTable:
    table.version += 1
    table.save(update_fields=["version"])
    _trail(table, actor, what, **more)
    return table


def _trail(table: OfficialTable, actor: Actor, what: str, **more: Any) -> None:
    detail = {"table": what, "year": table.fiscal_year, "version": table.version} | more
    audit.record(access.MANAGE_CATEGORIES, actor=actor, obj=table, detail=detail)
