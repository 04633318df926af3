"""Where a family was, month by month and agency by agency, in one look (D3, D4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.ages import add_months
from tsunagari.encounters.queries.timeline import sees_others
from tsunagari.encounters.rules import MASK, masks_agency
from tsunagari.families.models import Household

MONTHS = 12

_COUNTED = """
WITH used AS (
  SELECT agency_id, visited_on AS day, 1 AS visits, 0 AS records FROM encounters_visit
  WHERE household_id = %(household)s AND undone_at IS NULL AND arrived_at >= %(since)s
  UNION ALL
  SELECT agency_id, occurred_on, 0, 1 FROM encounters_consultation
  WHERE household_id = %(household)s AND occurred_at >= %(since)s
)
SELECT used.agency_id, agency.name, date_trunc('month', used.day)::date, sum(visits), sum(records), max(used.day)
FROM used JOIN places_agency AS agency ON agency.id = used.agency_id
WHERE %(others)s OR used.agency_id = %(agency)s
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Month:
    """A column: `key` starts the time line at the end of this month (see `timeline(before=...)`)."""

    first: date
    key: str

    @property
    def starts_year(self) -> bool:
        return self.first.month == 1


@dataclass(frozen=True, slots=True)
class Use:
    """What happened at one agency in one month."""

    visits: int = 0
    records: int = 0

    def __add__(self, other: Use) -> Use:
        return Use(self.visits + other.visits, self.records + other.records)

    @property
    def words(self) -> str:
        """ "来所3回、相談1回"; empty when nothing happened."""
        parts = (
            f"来所{self.visits}回" if self.visits else "",
            f"相談{self.records}回" if self.records else "",
        )
        return "、".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class StripRow:
    """One agency, a cell a month. `ours`: the actor's own."""

    name: str
    cells: tuple[Use, ...]
    last: date
    ours: bool = False

    @property
    def total(self) -> Use:
        return sum(self.cells, Use())


@dataclass(frozen=True, slots=True)
class Strip:
    """The last months, this one rightmost; agencies by the last use, the own one first. `others_hidden`: other
    agencies are left out by the municipality's rule."""

    months: tuple[Month, ...]
    rows: tuple[StripRow, ...]
    others_hidden: bool = False

    @property
    def agencies(self) -> int:
        return len(self.rows)


def strip(actor: Actor, household: Household, *, months: int = MONTHS, others: bool | None = None) -> Strip:
    """Visits and consultations of the family by agency and month, as far as the actor sees them on the time line.

    One query; a second one unless `others` (whether the actor sees other agencies' use) is known from the time line
    already. Other agencies of a protected family stand in one row without a name.
    """
    seen = sees_others(actor, household) if others is None else others
    first = add_months(clock.today().replace(day=1), 1 - months)
    columns = tuple(_month(add_months(first, number)) for number in range(months))
    given: dict[str, Any] = {
        "household": household.pk,
        "since": clock.at(first),
        "others": seen,
        "agency": actor.agency_id or 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, given)
        found = cursor.fetchall()
    rows = _rows(found, columns, actor, household)
    return Strip(columns, tuple(rows), others_hidden=not seen)


def _month(first: date) -> Month:
    return Month(first, f"{clock.at(add_months(first, 1)).isoformat()}_0_0")


type_counted = tuple[int, str, date, int, int, date]


def _rows(
    found: Iterable[type_counted], months: Sequence[Month], actor: Actor, household: Household
) -> list[StripRow]:
    uses: dict[str | int, dict[date, Use]] = {}
    names: dict[str | int, str] = {}
    last: dict[str | int, date] = {}
    for agency_id, name, month, visits, records, day in found:
        hidden = masks_agency(actor, agency_id, protected=household.protected)
        key: str | int = MASK if hidden else agency_id
        names[key] = MASK if hidden else name
        last[key] = max(day, last.get(key, day))
        cells = uses.setdefault(key, {})
        cells[month] = cells.get(month, Use()) + Use(visits, records)
    rows = [
        StripRow(
            names[key],
            tuple(cells.get(month.first, Use()) for month in months),
            last[key],
            ours=key == actor.agency_id,
        )
        for key, cells in uses.items()
    ]
    return sorted(rows, key=lambda row: (not row.ours, -row.last.toordinal(), row.name))
