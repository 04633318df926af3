"""Days a report is about: a day, a month, a fiscal year."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from tsunagari.base.japanese.ages import add_months, fiscal_year_range
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import era_year_text, format_wareki


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both inside. `kind` is daily, monthly or yearly."""

    kind: str
    first: date
    last: date

    @property
    def text(self) -> str:
        """ "令和8年11月", "令和8年11月23日（月）", "令和8年度"."""
        if self.kind == "daily":
            return f"{format_wareki(self.first)}（{weekday_ja(self.first)}）"
        if self.kind == "yearly":
            return f"{era_year_text(self.first)}度"
        return f"{era_year_text(self.first)}{self.first.month}月"

    @property
    def code(self) -> str:
        """ "2026-11", "2026-11-23", "2026": in addresses and file names."""
        return {"daily": f"{self.first}", "yearly": f"{self.first:%Y}"}.get(self.kind, f"{self.first:%Y-%m}")

    def due(self, due_day: int) -> date:
        """The day a report of it is due: of a month the `due_day` of the next, of a day the day after."""
        if self.kind == "daily":
            return date.fromordinal(self.last.toordinal() + 1)
        following = add_months(self.first, 1)
        last = calendar.monthrange(following.year, following.month)[1]
        return following.replace(day=min(due_day, last))


def day_of(day: date) -> Period:
    return Period("daily", day, day)


def month_of(day: date) -> Period:
    """The calendar month that holds the day."""
    first = day.replace(day=1)
    return Period("monthly", first, date.fromordinal(add_months(first, 1).toordinal() - 1))


def year_of(fiscal_year: int) -> Period:
    """April to March."""
    return Period("yearly", *fiscal_year_range(fiscal_year))


def months_of_year(fiscal_year: int) -> list[Period]:
    """The twelve months of a fiscal year, April first."""
    return [month_of(add_months(date(fiscal_year, 4, 1), number)) for number in range(12)]
