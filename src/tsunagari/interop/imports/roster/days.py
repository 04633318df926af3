"""Days as they stand in old rosters: 和暦, serial numbers, without a year, or the day of the month alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from tsunagari.base.japanese.dates import DateError, parse_cell_date
from tsunagari.base.japanese.eras import ERA_BY_SIGN
from tsunagari.base.sheets import Cell

_SIGNS = "|".join(sorted(ERA_BY_SIGN, key=len, reverse=True))
_WEEKDAY = re.compile(r"[(\[]?[月火水木金土日](?:曜日?)?[・,]?[祝休]?日?[)\]]?$")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[-/.・])(\d{1,2})日?")
_DAY = re.compile(r"(\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?|5[0-4]\d{3}(?:\.\d+)?")
_ERA_YEAR = re.compile(rf"({_SIGNS})\s*(元|\d{{1,2}})\s*(年度|年)?(?![\d月])")
_WESTERN_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(年度|年)?(?!\d)")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月")
_REIWA = 2018


@dataclass(frozen=True, slots=True)
class Period:
    """Which year (`fiscal`: from April) and month a sheet speaks of, as far as its title, name or person say."""

    year: int | None = None
    fiscal: bool = True
    month: int | None = None

    def year_of(self, month: int) -> int | None:
        """The calendar year of a month of this period."""
        if self.year is None:
            return None
        return self.year + 1 if self.fiscal and month <= 3 else self.year


def period_of(*texts: str) -> Period:
    """What the first of these texts that tells a year says: 令和7年度, R7.4月分, 2025年; a month from any of them."""
    plain = [unicodedata.normalize("NFKC", text).lower() for text in texts]
    month = next((int(found[1]) for text in plain if (found := _MONTH.search(text))), None)
    for text in plain:
        if found := _ERA_YEAR.search(text):
            era = ERA_BY_SIGN[found[1]]
            year = era.year_zero + (1 if found[2] == "元" else int(found[2]))
            return Period(year, found[3] == "年度" or month is None, month)
        if found := _WESTERN_YEAR.search(text):
            return Period(int(found[1]), found[2] == "年度" or (found[2] is None and month is None), month)
    return Period(None, True, month)


@dataclass(frozen=True, slots=True)
class DayReader:
    """Reads one cell. `order` is ymd, mdy or dmy and decides only dates whose year stands last."""

    today: date
    period: Period = Period()
    order: str = "ymd"

    def read(self, cell: Cell) -> date:
        """The day. Raises `DateError` in Japanese, saying what to write."""
        if isinstance(cell, (date, datetime)):
            return parse_cell_date(cell, today=self.today)
        if not isinstance(cell, str):
            raise DateError("日付ではなく時刻が書かれています。")
        plain = unicodedata.normalize("NFKC", re.sub(r"\s", "", cell))
        if _SERIAL.fullmatch(plain):
            return parse_cell_date(float(plain), today=self.today)
        bare = _WEEKDAY.sub("", plain)
        if found := _YEAR_LAST.fullmatch(bare):
            return self._year_last(found, cell)
        if found := _SHORT.fullmatch(bare):
            return self._short(found, cell)
        if found := _MONTH_DAY.fullmatch(bare):
            return self._day(self._year(int(found[1])), int(found[1]), int(found[2]), cell)
        if self.period.month and (found := _DAY.fullmatch(bare)):
            month = self.period.month
            return self._day(self._year(month), month, int(found[1]), cell)
        return parse_cell_date(cell, today=self.today)

    def _year(self, month: int) -> int:
        year = self.period.year_of(month)
        if year is None:
            raise DateError("年がありません。列の対応の画面で「年がない日付の年」を入れてください。")
        return year

    def _year_last(self, found: re.Match[str], cell: str) -> date:
        if self.order == "ymd":
            raise DateError(f"「{cell[:20]}」は、月と日の順が分かりません。日付の並びをえらんでください。")
        first, second, year = (int(part) for part in found.groups())
        month, day = (first, second) if self.order == "mdy" else (second, first)
        return self._day(year, month, day, cell)

    def _short(self, found: re.Match[str], cell: str) -> date:
        """7.4.1 is 令和7年, 25/4/1 is 2025; anything that could be both is refused."""
        year, month, day = (int(part) for part in found.groups())
        if self.order == "mdy":
            year, month, day = day, year, month
        elif self.order == "dmy":
            year, day = day, year
        reiwa, western = _REIWA + year, 2000 + year
        if year > 0 and reiwa <= self.today.year + 1:
            return self._day(reiwa, month, day, cell)
        if western <= self.today.year + 1:
            return self._day(western, month, day, cell)
        raise DateError(f"「{cell[:20]}」の年が分かりません。元号か西暦4けたで書いてください。")

    def _day(self, year: int, month: int, day: int, cell: str) -> date:
        try:
            return date(year, month, day)
        except ValueError:
            raise DateError(
                f"「{cell[:20]}」（{year}年）という日はありません。月と日を確かめてください。"
            ) from None
