"""Which fiscal year a registration has to be confirmed for, and since when. Pure."""

from __future__ import annotations

from datetime import date

from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.base.japanese.eras import ERAS

_APRIL = 4


def due_year(today: date, opens_month: int) -> int:
    """The fiscal year (its first calendar year) that is to be renewed today.

    From the first day of `opens_month` (1-12) before it on, the coming year is; with April each year opens itself.
    """
    current = fiscal_year(today)
    return current + 1 if opens_month != _APRIL and today >= opening(current + 1, opens_month) else current


def opening(year: int, opens_month: int) -> date:
    """The day on which renewal of a fiscal year opens: in the year before it, or on its 1 April."""
    if opens_month == _APRIL:
        return date(year, _APRIL, 1)
    return date(year if opens_month < _APRIL else year - 1, opens_month, 1)


def year_text(year: int) -> str:
    """ "令和9年度"; 令和元年度 began on 1 April 2019, a month before the era."""
    era = next((era for era in ERAS if date(year + 1, 3, 31) >= era.first and year >= era.first.year), None)
    if era is None:
        return f"{year}年度"
    number = year - era.year_zero
    return f"{era.name}{'元' if number == 1 else number}年度"
