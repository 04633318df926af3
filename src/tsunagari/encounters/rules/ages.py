"""Age and school year as they were on the day of a record: kept with it, never recomputed later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tsunagari.base.japanese import ages


@dataclass(frozen=True, slots=True)
class FrozenAge:
    """`text` as people say it, completed `months` (None when unknown), `school_year` for children only."""

    text: str = ""
    months: int | None = None
    school_year: str = ""


def frozen_age(
    day: date,
    *,
    is_child: bool,
    birth: date | None,
    hint_months: int | None = None,
    hint_on: date | None = None,
    due: date | None = None,
) -> FrozenAge:
    """Age on `day` from the birth date, else from about how old the child looked, else from the due date."""
    if birth is not None and birth <= day:
        school = ages.school_year_label(birth, day) if is_child else ""
        return FrozenAge(ages.format_age(birth, day), ages.age_on(birth, day).total_months, school)
    if due is not None:
        return FrozenAge(_gestation(due, day))
    if birth is None and hint_months is not None and hint_on is not None:
        return _about(hint_months, hint_on, day)
    return FrozenAge()


def _gestation(due: date, day: date) -> str:
    try:
        return ages.gestation_text(due, day)
    except ValueError:
        return ""


def _about(months: int, on: date, day: date) -> FrozenAge:
    grown = max(0, months + (day.year - on.year) * 12 + day.month - on.month - (day.day < on.day))
    years, rest = divmod(grown, 12)
    text = f"{years}歳{f'{rest}か月' if rest else ''}" if years else f"{rest}か月"
    return FrozenAge(f"{text}くらい", grown)
