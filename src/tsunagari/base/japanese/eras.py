"""The five eras since 明治 and where each begins.

Days before 1873 are read in the Gregorian calendar, though Japan then used a lunar one: no living person
is concerned. The last day of 明治 and of 大正 is also the first of the era
after it; both spellings are valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its letter, name, first day, and last day on which its years were written."""

    letter: str
    name: str
    first: date
    last: date

    @property
    def year_zero(self) -> int:
        """Western year to which a year of the era is added."""
        return self.first.year - 1


ERAS = (
    Era("R", "令和", date(2019, 5, 1), date.max),
    Era("H", "平成", date(1989, 1, 8), date(2019, 4, 30)),
    Era("S", "昭和", date(1926, 12, 25), date(1989, 1, 7)),
    Era("T", "大正", date(1912, 7, 30), date(1926, 12, 25)),
    Era("M", "明治", date(1868, 10, 23), date(1912, 7, 30)),
)
FIRST_DAY = ERAS[-1].first
ONE_DAY = timedelta(days=1)

#: Every way an era is written (lower case, NFKC) → the era.
ERA_BY_SIGN = {sign: era for era in ERAS for sign in (era.letter.lower(), era.name, era.name[0])}


def era_of(day: date) -> Era | None:
    """The era a day is written in today, the newer one on a day of change; None before 明治."""
    return next((era for era in ERAS if day >= era.first), None)


def format_wareki(day: date) -> str:
    """ "令和8年11月23日", "令和元年5月1日"; a day before 明治 in the western calendar."""
    return f"{era_year_text(day)}{day.month}月{day.day}日"


def era_year_text(day: date) -> str:
    """ "令和8年", "平成元年"; before 明治 "1850年"."""
    era = era_of(day)
    if era is None:
        return f"{day.year}年"
    year = day.year - era.year_zero
    return f"{era.name}{'元' if year == 1 else year}年"


def format_wareki_short(day: date) -> str:
    """ "R8.11.23"; before 明治 "1850.1.1"."""
    era = era_of(day)
    year = f"{era.letter}{day.year - era.year_zero}" if era else str(day.year)
    return f"{year}.{day.month}.{day.day}"
