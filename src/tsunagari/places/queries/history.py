"""How an agency changed from period to period."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tsunagari.places.models import Agency, AgencyPeriod, OperatorKind, PlaceKind
from tsunagari.places.queries.agencies import period_input
from tsunagari.places.rules import PeriodInput, differences, shown

_CHOICES = {"operator_kind": dict(OperatorKind.choices), "place_kind": dict(PlaceKind.choices)}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs from the period before, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A period and what changed with it; nothing for the first."""

    period: AgencyPeriod
    changes: tuple[Change, ...]


def history(agency: Agency) -> list[HistoryEntry]:
    """Periods of the agency, newest first. Two queries."""
    rows = agency.periods.order_by("valid_from").select_related("area").prefetch_related("hours")
    entries: list[HistoryEntry] = []
    former: AgencyPeriod | None = None
    for row in rows.defer("area__polygon"):
        entries.append(HistoryEntry(row, _changes(former, row) if former else ()))
        former = row
    return entries[::-1]


def _changes(before: AgencyPeriod, after: AgencyPeriod) -> tuple[Change, ...]:
    old, new = period_input(before), period_input(after)
    return tuple(
        Change(label(name), _said(before, old, name), _said(after, new, name))
        for name in differences(old, new)
    )


def label(name: str) -> str:
    """What a field of PeriodInput is called on screens."""
    if name == "hours":
        return "開いている時間"
    column = "area" if name == "area_id" else name
    return str(AgencyPeriod._meta.get_field(column).verbose_name)  # type: ignore[union-attr]


def _said(row: AgencyPeriod, given: PeriodInput, name: str) -> str:
    value = getattr(given, name)
    if name == "area_id":
        return row.area.name if row.area else ""
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    return shown(name, value)


def facts(period: AgencyPeriod) -> dict[str, str]:
    """Every field of a period in words, by field name."""
    given = period_input(period)
    return {field.name: _said(period, given, field.name) for field in fields(PeriodInput)}
