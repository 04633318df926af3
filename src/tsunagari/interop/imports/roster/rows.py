"""Every row of a sheet as what it means under a mapping, one at a time; or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from tsunagari.base.japanese.text import FULL_SPACE, TextError, normalise_name
from tsunagari.base.sheets import Cell, Grid
from tsunagari.interop.imports.plan import Notes
from tsunagari.interop.imports.roster import cells as single
from tsunagari.interop.imports.roster import names, people
from tsunagari.interop.imports.roster.days import DayReader
from tsunagari.interop.imports.roster.fields import LABELS
from tsunagari.interop.imports.roster.mapping import Mapping
from tsunagari.interop.imports.roster.names import Name, Surnames
from tsunagari.interop.imports.roster.people import Read
from tsunagari.interop.imports.roster.sheet import Head, Passed, SheetRow, rows

NOTE = 200
ADDRESS = 200
FIRST_DAY = date(1990, 1, 1)
_SHOWN = 40
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


@dataclass(frozen=True, slots=True)
class Taken:
    """One row of the sheet: what it means, or the column, words and reason for which it is not taken."""

    number: int
    read: Read
    column: str = ""
    value: str = ""
    reason: str = ""


@dataclass(slots=True)
class Reader:
    """Reads the rows of one sheet in one walk; `passed` and `notes` fill while it goes."""

    grid: Grid
    head: Head
    mapping: Mapping
    today: date
    known: Surnames
    passed: Passed = field(default_factory=Passed)
    notes: Notes = field(default_factory=Notes)
    _day: date | None = None
    _of: dict[str, list[int]] = field(default_factory=dict)

    def _columns(self, name: str) -> list[int]:
        if name not in self._of:
            self._of[name] = self.mapping.of(name)
        return self._of[name]

    def __iter__(self) -> Iterator[Taken]:
        found = rows(self.grid, self.head, self.passed, with_hidden=self.mapping.with_hidden)
        for row in found:
            if (taken := self._row(row)) is not None:
                yield taken

    def _row(self, row: SheetRow) -> Taken | None:
        if self._only_a_day(row):
            return None
        read = Read()
        teller = _Teller(row.number, read, self.notes)
        blank = not any(self._cells(row, name) for name in ("guardian", "guardian_kana", "child", "nickname"))
        if blank and not self._counted(row):
            self.passed.add("お名前も人数もない行", row.number)
            return None
        try:
            self._who(row, read, teller)
            self._when(row, read)
        except _Refused as refused:
            return Taken(row.number, read, refused.column, refused.value[:_SHOWN], str(refused))
        self._rest(row, read, teller)
        if not (read.full or read.called):
            reason = "お名前も呼び名もありません。どの家庭か分かるように書いてください。"
            return Taken(row.number, read, LABELS["guardian"], "", reason)
        return Taken(row.number, read)

    def _cells(self, row: SheetRow, name: str) -> list[Cell]:
        return [row.cells[column] for column in self._columns(name) if row.cells[column] != ""]

    def _texts(self, row: SheetRow, name: str) -> list[str]:
        return [people.said(row.cells[column]) for column in self._columns(name)]

    def _counted(self, row: SheetRow) -> bool:
        return any(people.said(cell) not in ("0", "-") for name in ("adults", "children")
                   for cell in self._cells(row, name))  # fmt: skip

    def _only_a_day(self, row: SheetRow) -> bool:
        """A line that holds a day alone, above the families of that day."""
        filled = [cell for cell in row.cells if cell != ""]
        if not self._columns("visited_on") or len(filled) != 1:
            return False
        try:
            self._day = self._reader().read(filled[0])
        except ValueError:
            return False
        self.passed.add("日付だけの行（つづく行の来所日にしました）", row.number)
        return True

    def _reader(self) -> DayReader:
        return DayReader(self.today, self.mapping.period, self.mapping.order)

    def _when(self, row: SheetRow, read: Read) -> None:
        if self._columns("visited_on"):
            day = self._visited(row)
            if day > self.today:
                raise _Refused("visited_on", day.isoformat(), "今日より先の日です。年を確かめてください。")
            if day < FIRST_DAY:
                raise _Refused("visited_on", day.isoformat(), "昔すぎる日です。年を確かめてください。")
            read.on = day.isoformat()
        for cell in self._cells(row, "registered_on"):
            try:
                registered = self._reader().read(cell)
            except ValueError as error:
                self.notes.add(f"「登録日」は取り込みません：{error}", row.number)
            else:
                read.registered = registered.isoformat() if registered <= self.today else ""

    def _visited(self, row: SheetRow) -> date:
        for cell in self._cells(row, "visited_on"):
            try:
                self._day = self._reader().read(cell)
            except ValueError as error:
                raise _Refused("visited_on", people.said(cell), str(error)) from None
            return self._day
        if self._day is None or not self.mapping.fill_dates:
            raise _Refused("visited_on", "", "来所日が空です。日付を書いてください。")
        return self._day

    def _who(self, row: SheetRow, read: Read, teller: _Teller) -> None:
        columns = people.Columns(
            self._texts(row, "guardian"),
            self._texts(row, "guardian_kana"),
            self._texts(row, "child"),
            self._texts(row, "child_kana"),
            [row.cells[column] for column in self._columns("child_birth")],
            [row.cells[column] for column in self._columns("child_age")],
        )
        try:
            read.guardian, read.whole = people.guardian_of(columns, self.known)
            family = Name("" if read.whole else read.guardian.family, read.guardian.given)
            read.children = people.children_of(columns, family, self.known, self._birth, teller.keep)
            read.nickname = names.as_written(" ".join(self._texts(row, "nickname")).strip())
        except ValueError as error:
            words = " ".join((*columns.guardian, *columns.child))
            raise _Refused("guardian", _CONTROL.sub("", words), str(error)) from None
        if read.whole:
            self.notes.add("姓と名の切れめが分からないため、全体を姓として取り込みます", row.number)

    def _birth(self, cell: Cell) -> date | None:
        """A birth date; one without a year has none and is refused like a day to come."""
        day = DayReader(self.today, order=self.mapping.order).read(cell)
        if day > self.today:
            raise ValueError("今日より先の生年月日です。")
        return day

    def _rest(self, row: SheetRow, read: Read, teller: _Teller) -> None:
        for name, parse, put in _SOFT:
            for cell in self._cells(row, name):
                try:
                    put(read, parse(cell))
                except ValueError as error:
                    teller.keep(LABELS[name], cell, str(error))
        try:
            address = normalise_name(" ".join(self._texts(row, "address")))
        except TextError as error:
            self.notes.add(f"「住所」は取り込みません：{error}", row.number)
        else:
            read.address = address.replace(FULL_SPACE, " ")[:ADDRESS]
        words = [words for words in self._texts(row, "note") if words]
        read.note = " ".join(filter(None, [*words, *teller.kept]))
        read.note = _CONTROL.sub(" ", read.note)[:NOTE].strip()


class _Refused(ValueError):
    def __init__(self, name: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value = LABELS[name], value


@dataclass(slots=True)
class _Teller:
    """Keeps words that fit no field, and says so in the notes."""

    number: int
    read: Read
    notes: Notes
    kept: list[str] = field(default_factory=list)

    def keep(self, label: str, cell: Cell, message: str) -> None:
        self.kept.append(f"{label}：{people.said(cell)}")
        self.notes.add(f"「{label}」は書かれたままメモに残します：{message}", self.number)


def _set(name: str) -> Callable[[Read, object], None]:
    def put(read: Read, value: object) -> None:
        setattr(read, name, value)

    return put


def _add_phones(read: Read, value: object) -> None:
    assert isinstance(value, list)
    read.phones = list(dict.fromkeys([*read.phones, *value]))[:2]


def _clock(cell: Cell) -> str:
    moment = single.clock_time(cell)
    return moment.isoformat(timespec="minutes")


_SOFT: tuple[tuple[str, Callable[[Cell], object], Callable[[Read, object], None]], ...] = (
    ("arrived_at", _clock, _set("at")),
    ("phone", single.phones, _add_phones),
    ("adults", single.people, _set("adults")),
    ("children", single.people, _set("count")),
    ("first", single.mark, _set("first")),
    ("other_town", single.outside, _set("other_town")),
)
