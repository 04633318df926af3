"""The city's own words that figures stand under: marks, concern, partners, finer categories, official tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.encounters.models import (
    KeepingPolicy,
    Partner,
    RecordMark,
    SubCategory,
)
from tsunagari.encounters.queries import sorting
from tsunagari.encounters.rules.codes import CONCERNS
from tsunagari.reports.figures.reading import Span
from tsunagari.reports.rules import Line


@dataclass(frozen=True, slots=True)
class TableWords:
    """An official table: its lines, and the line for a category (detail None) or a finer category of it."""

    key: str
    label: str
    checked: bool
    lines: tuple[Line, ...]
    mapping: dict[tuple[int, int | None], str]


@dataclass(frozen=True, slots=True)
class Words:
    """Keys are ids as text, so that a figure keeps its name when the city renames it. Ended ones are marked so: they
    are shown where something is counted."""

    concerns: tuple[str, ...] = CONCERNS
    marks: tuple[Line, ...] = ()
    partners: tuple[Line, ...] = ()
    details: tuple[Line, ...] = ()
    tables: tuple[TableWords, ...] = ()
    ended: frozenset[str] = field(default_factory=frozenset)


def words_of(span: Span) -> Words:
    """Seven statements at most, however much was counted."""
    town, last = span.municipality_id, span.period.last
    policy = KeepingPolicy.objects.filter(municipality=town).first()
    marks = list(RecordMark.objects.filter(municipality=town).order_by("position", "pk"))
    partners = list(Partner.objects.filter(municipality=town).order_by("position", "pk"))
    details = _details(town, fiscal_year(last))
    ended = [*_ended("mark", marks, last), *_ended("partner", partners, last)]
    return Words(
        tuple(policy.concerns) if policy and len(policy.concerns) == len(CONCERNS) else CONCERNS,
        tuple(Line(str(row.pk), f"{row.symbol} {row.name}") for row in marks),
        tuple(Line(str(row.pk), row.name) for row in partners),
        tuple(Line(str(row.pk), f"{row.category}　{row.label}") for row in details),
        _tables(town, fiscal_year(last)),
        frozenset(ended),
    )


def _ended(kind: str, rows: Iterable[RecordMark | Partner], last: date) -> list[str]:
    return [f"{kind}.{row.pk}" for row in rows if row.ended_on is not None and row.ended_on < last]


def _details(town: int, year: int) -> list[SubCategory]:
    current = Q(to_year__isnull=True) | Q(to_year__gte=year)
    rows = SubCategory.objects.filter(current, municipality=town, from_year__lte=year)
    return list(rows.order_by("category", "position", "pk"))


def _tables(town: int, year: int) -> tuple[TableWords, ...]:
    return tuple(
        TableWords(
            table.key,
            table.label,
            table.checked,
            tuple(Line(code, f"{group}　{label}" if group else label) for code, group, label in table.lines),
            dict(table.mapping),
        )
        for table in sorting.mappings(town, year)
    )
