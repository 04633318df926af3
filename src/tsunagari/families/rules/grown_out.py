"""When a family has grown out of registration. Pure."""

from __future__ import annotations

from datetime import date

from tsunagari.base.japanese.ages import fiscal_year


def last_birth_date(today: date, after: int) -> date:
    """The youngest child must be born on this day or before: it turned `after` years old in a fiscal year that is over.

    A child born on 1 April turns at the end of 31 March, so it belongs to the year before (as in schools).
    """
    return date(fiscal_year(today) - after, 4, 1)
