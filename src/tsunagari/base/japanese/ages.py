"""Age, fiscal year and school year.

Two rules of age live side by side. By law (年齢計算ニ関スル法律, 民法143条) a year of age is complete at the
end of the day *before* the birthday. Screens and papers show what people say: the age changes on the
birthday. So screens use `age_on` and `format_age`; decisions a law ties to age use `legal_age_on`; school
years use `class_age`, which carries the legal rule within it (the line falls between 1 and 2 April).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

PREGNANCY_DAYS = 280
_MONTHS_SHOWN_BELOW_YEARS = 6
_SCHOOL_LABELS = (
    "0歳児クラス",
    "1歳児クラス",
    "2歳児クラス",
    "3歳児クラス（年少）",
    "4歳児クラス（年中）",
    "5歳児クラス（年長）",
    *(f"小学{year}年" for year in range(1, 7)),
    *(f"中学{year}年" for year in range(1, 4)),
    *("高校相当",) * 3,
)


@dataclass(frozen=True, slots=True, order=True)
class Age:
    """Completed years, months (0–11) of the current year, days since the last monthly anniversary."""

    years: int
    months: int
    days: int

    @property
    def total_months(self) -> int:
        """Completed calendar months since birth."""
        return self.years * 12 + self.months


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year (April to March) that holds the day."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_range(year: int) -> tuple[date, date]:
    """First and last day (both inside) of a fiscal year."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; where there is none, the month's last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def age_on(birth: date, day: date) -> Age:
    """Age as people say it: a year on the birthday, a month on the same day of the month.

    Born on the 31st, or on 29 February, a shorter month's last day counts. Raises ValueError before birth.
    """
    _require_born(birth, day)
    months = (day.year - birth.year) * 12 + day.month - birth.month
    if add_months(birth, months) > day:
        months -= 1
    return Age(months // 12, months % 12, (day - add_months(birth, months)).days)


def legal_age_on(birth: date, day: date) -> int:
    """Full years by law at the end of the day: complete at 24:00 of the day before the birthday.

    Born on 1 April one is 6 at the end of 31 March; born on 29 February, at the end of 28 February.
    """
    _require_born(birth, day)
    tomorrow = day + timedelta(days=1)
    before_birthday = (tomorrow.month, tomorrow.day) < (birth.month, birth.day)
    return tomorrow.year - birth.year - before_birthday


def format_age(birth: date, day: date) -> str:
    """ "生後12日", "3か月", "2歳3か月", "5歳". Months are shown below six years and left out when zero."""
    age = age_on(birth, day)
    if age.total_months == 0:
        return f"生後{age.days}日"
    if age.years == 0:
        return f"{age.months}か月"
    months = f"{age.months}か月" if age.months and age.years < _MONTHS_SHOWN_BELOW_YEARS else ""
    return f"{age.years}歳{months}"


def gestation_text(due: date, day: date) -> str:
    """ "妊娠8か月（30週）" counted back 280 days from the due date; after it, how many days late.

    Raises ValueError when the due date is more than 280 days ahead.
    """
    elapsed = PREGNANCY_DAYS - (due - day).days
    if elapsed < 0:
        raise ValueError("出産予定日が先すぎます。予定日を確かめてください。")
    if elapsed > PREGNANCY_DAYS:
        return f"予定日を{elapsed - PREGNANCY_DAYS}日過ぎています"
    if elapsed == PREGNANCY_DAYS:
        return "予定日の当日です（40週）"
    weeks = elapsed // 7
    return f"妊娠{weeks // 4 + 1}か月（{weeks}週）"


def class_age(birth: date, day: date) -> int:
    """Class of the fiscal year: full years on its 1 April, those born on 1 April included; never below 0.

    A child born within the year belongs to the class of 0. Raises ValueError before birth.
    """
    _require_born(birth, day)
    birth_school_year = birth.year if (birth.month, birth.day) >= (4, 2) else birth.year - 1
    return max(0, fiscal_year(day) - birth_school_year - 1)


def school_year_label(birth: date, day: date) -> str:
    """ "2歳児クラス", "5歳児クラス（年長）", "小学1年", "中学3年", "高校相当" (three years), "18歳以上".

    Raises ValueError before birth.
    """
    age = class_age(birth, day)
    return _SCHOOL_LABELS[age] if age < len(_SCHOOL_LABELS) else "18歳以上"


def _require_born(birth: date, day: date) -> None:
    if day < birth:
        raise ValueError("生年月日より前の日の年齢は計算できません。")
