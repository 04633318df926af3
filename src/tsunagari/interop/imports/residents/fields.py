"""What a row says about a person and a household, and how it differs from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from tsunagari.families.models import Household, Person
from tsunagari.families.rules import CHILD, GUARDIAN, relation_label
from tsunagari.interop.imports.plan import Change
from tsunagari.interop.imports.points import AreaFinder
from tsunagari.interop.imports.residents.read import Resident

MASK = "●●●"
_HIDDEN = frozenset({"postal_code", "address", "address_detail", "phone", "latitude", "longitude", "area_id"})
_LABELS = {
    "resident_no": "番号", "family_name": "氏", "given_name": "名", "family_kana": "氏のかな", "given_kana": "名のかな",
    "nickname": "呼び名", "sex": "性別", "birth_date": "生年月日", "relation_code": "続柄", "phone": "電話番号",
    "left_on": "世帯を出た日", "life": "生死", "ended_on": "死亡日", "household_id": "世帯", "kind": "区分",
    "postal_code": "郵便番号", "address": "住所", "address_detail": "方書", "area_id": "区域", "status": "状態",
    "moved_in_on": "転入日", "moved_out_on": "転出日", "protected": "支援措置", "registered_resident": "住民登録",
    "latitude": "緯度", "longitude": "経度", "relation": "続柄の表記",
}  # fmt: skip
_WORDS = {
    "living": "在住",
    "deceased": "死亡",
    "expected": "おなかの中",
    "active": "在住",
    "moved": "転出",
    "closed": "終了",
}
_SEXES = dict(Person.Sex.choices)


R = TypeVar("R", Person, Household)


@dataclass(slots=True)
class Touched(Generic[R]):
    """A stored row that changes: the row with its new values, and what the changed fields said before."""

    row: R
    before: dict[str, object] = field(default_factory=dict)

    def set(self, values: dict[str, object]) -> list[str]:
        """Take over what differs; names of the fields."""
        changed = [name for name, value in values.items() if getattr(self.row, name) != value]
        for name in changed:
            self.before.setdefault(name, getattr(self.row, name))
            setattr(self.row, name, values[name])
        return changed


def person_values(row: Resident, stored: Person | None) -> dict[str, object]:
    """Fields of a person; what the extract leaves blank, and what staff typed beyond it, stays."""
    values: dict[str, object] = {
        "resident_no": row.resident_no,
        "family_name": row.family_name,
        "given_name": row.given_name,
    }
    if row.family_kana:
        values |= {"family_kana": row.family_kana, "given_kana": row.given_kana}
    if row.sex not in ("", "0"):
        values["sex"] = row.sex
    if row.birth_date:
        values["birth_date"] = row.birth_date
    if row.relation:
        values["relation_code"] = row.relation
    for name in ("phone", "nickname"):
        if getattr(row, name) and not (stored and getattr(stored, name)):
            values[name] = getattr(row, name)
    return values


def household_values(
    head: Resident, rows: Sequence[Resident], stored: Household | None, areas: AreaFinder
) -> dict[str, object]:
    """Fields of a household from the row of its head. A new address without a point forgets the old point."""
    values: dict[str, object] = {"resident_no": head.household_no, "registered_resident": True}
    if head.postal_code:
        values["postal_code"] = head.postal_code
    if head.address:
        values |= {"address": head.address, "address_detail": head.address_detail}
    moved = stored is None or (bool(head.address) and stored.address != head.address)
    if head.latitude is not None:
        values |= {"latitude": head.latitude, "longitude": head.longitude}
        area = areas.find(head.latitude, head.longitude)
        if area is not None or moved:
            values["area_id"] = area
    elif moved and stored is not None:
        values |= {"latitude": None, "longitude": None, "area_id": None}
    if head.since and (stored is None or stored.moved_in_on is None):
        values["moved_in_on"] = head.since
    if any(row.protected for row in rows):
        values["protected"] = True
    return values


def relation_of(row: Resident, kind: str) -> str:
    """母 or 父 for guardians; nothing for children; the register's words for others."""
    if kind == GUARDIAN:
        return {"1": "父", "2": "母"}.get(row.sex, "保護者")
    return "" if kind == CHILD else (row.relation_words or relation_label(row.relation))[:20]


def shown_changes(touched: Touched[R], names: Sequence[str], *, hide: bool) -> list[Change]:
    """Fields before and after, as words; address and phone of a protected family stay covered."""
    return [
        Change(
            _LABELS.get(name, name),
            _shown(name, touched.before.get(name), hide),
            _shown(name, getattr(touched.row, name), hide),
        )
        for name in names
        if name not in ("latitude", "longitude")
    ]


def _shown(name: str, value: object, hide: bool) -> str:
    if value in (None, ""):
        return ""
    if hide and name in _HIDDEN:
        return MASK
    if isinstance(value, bool):
        return "あり" if value else "なし"
    if isinstance(value, date):
        return value.isoformat()
    if name == "sex":
        return str(_SEXES.get(str(value), value))
    if name == "relation_code":
        return relation_label(str(value))
    return _WORDS.get(str(value), str(value))
