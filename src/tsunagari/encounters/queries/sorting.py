"""Finer categories of the city, official tables, and how the one is counted in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tsunagari.base.actor import Actor
from tsunagari.encounters import rules
from tsunagari.encounters.models import (
    Consultation,
    OfficialFormer,
    OfficialItem,
    OfficialMapping,
    OfficialTable,
    SubCategory,
)
from tsunagari.encounters.rules.sorting import TableMapping


@dataclass(frozen=True, slots=True)
class Detail:
    """A finer category as it stands in a fiscal year."""

    row: SubCategory
    year: int

    @property
    def ended(self) -> bool:
        return self.row.to_year is not None and self.row.to_year < self.year

    @property
    def to_come(self) -> bool:
        return self.row.from_year > self.year


@dataclass(frozen=True, slots=True)
class Group:
    """A main category with its finer ones, those in use first."""

    category: rules.Category
    details: tuple[Detail, ...]


def groups(actor: Actor, year: int) -> list[Group]:
    """The 13 categories, each with the city's finer ones. One query."""
    rows = SubCategory.objects.visible_to(actor).order_by("position", "pk")
    found = sorted((Detail(row, year) for row in rows), key=lambda one: one.ended)
    return [
        Group(one, tuple(detail for detail in found if detail.row.category == one.code))
        for one in rules.CATEGORIES
    ]


def used(detail: SubCategory) -> bool:
    """Whether any record of the town, whoever may read it, stands under a finer category."""
    town = Consultation.objects.filter(
        municipality=detail.municipality_id, categories__contains=[detail.category]
    )
    return town.filter(details__contains=[detail.pk]).exists()


def tables(actor: Actor) -> list[OfficialTable]:
    """The town's tables, the newest year first. One query."""
    return list(OfficialTable.objects.visible_to(actor).order_by("-fiscal_year", "label", "pk"))


def items(table: OfficialTable) -> list[OfficialItem]:
    """The lines in their order. One query."""
    return list(table.items.order_by("position", "pk"))


def formers(table: OfficialTable) -> list[OfficialFormer]:
    """Checked versions before this one, newest first. One query."""
    return list(table.formers.order_by("-version"))


def mapping_of(municipality_id: int, key: str, fiscal_year: int) -> TableMapping | None:
    """One table of a fiscal year with its mapping; None where the town has none. Three queries."""
    found = [one for one in mappings(municipality_id, fiscal_year) if one.key == key]
    return found[0] if found else None


def mappings(municipality_id: int, fiscal_year: int) -> list[TableMapping]:
    """All tables of a town for a fiscal year. Three queries however many, one when there is none."""
    rows = list(
        OfficialTable.objects.filter(municipality=municipality_id, fiscal_year=fiscal_year).order_by("key")
    )
    if not rows:
        return []
    lines = list(OfficialItem.objects.filter(table__in=rows).order_by("position", "pk"))
    mapped = list(OfficialMapping.objects.filter(table__in=rows).select_related("item"))
    return [_mapping(row, lines, mapped) for row in rows]


def _mapping(
    table: OfficialTable, lines: Sequence[OfficialItem], mapped: Sequence[OfficialMapping]
) -> TableMapping:
    return TableMapping(
        table.key,
        table.label,
        table.fiscal_year,
        table.checked_at is not None,
        tuple((one.code, one.group, one.label) for one in lines if one.table_id == table.pk),
        {(one.category, one.detail_id): one.item.code for one in mapped if one.table_id == table.pk},
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A category (or a finer one of it) and the line it is counted in; `item_id` None: nowhere, or with its
    category."""

    category: rules.Category
    detail: SubCategory | None
    item_id: int | None

    @property
    def name(self) -> str:
        return f"m_{self.category.code}" + (f"_{self.detail.pk}" if self.detail is not None else "")

    @property
    def label(self) -> str:
        return self.detail.label if self.detail is not None else self.category.label

    @property
    def missing(self) -> bool:
        return self.detail is None and self.item_id is None


def places(table: OfficialTable) -> list[Place]:
    """What is to be mapped in a table: every main category, and the finer ones of its year; what stands nowhere yet
    comes first, with its finer categories. Two queries."""
    year = table.fiscal_year
    mapped = {
        (one.category, one.detail_id): one.item_id for one in OfficialMapping.objects.filter(table=table)
    }
    details = details_of(table.municipality_id, year)
    blocks: list[list[Place]] = []
    for category in rules.CATEGORIES:
        own = [one for one in details if one.category == category.code]
        block = [Place(category, None, mapped.get((category.code, None)))]
        block += [Place(category, one, mapped.get((category.code, one.pk))) for one in own]
        blocks.append(block)
    return [place for block in sorted(blocks, key=lambda block: not block[0].missing) for place in block]


def details_of(municipality_id: int, year: int) -> list[SubCategory]:
    """Finer categories of a fiscal year. One query."""
    rows = SubCategory.objects.filter(municipality=municipality_id, from_year__lte=year)
    return [
        one
        for one in rows.order_by("category", "position", "pk")
        if one.to_year is None or one.to_year >= year
    ]


def snapshot(table: OfficialTable) -> dict[str, Any]:
    """A table as it stands, to be kept: finer categories with their names, as they may be renamed. Three queries."""
    mapped = (
        OfficialMapping.objects.filter(table=table)
        .select_related("item", "detail")
        .order_by("category", "pk")
    )
    return {
        "label": table.label,
        "source": table.source,
        "items": [[one.code, one.label, one.group] for one in items(table)],
        "mapping": [
            [one.category, one.detail_id, one.item.code, one.detail.label if one.detail else ""]
            for one in mapped
        ],
    }
