"""Which column holds what: guessed from headings and contents, chosen by a person, remembered by the headings."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tsunagari.base.japanese.text import is_kana, phone_digits
from tsunagari.base.sheets import Cell, normalise_header
from tsunagari.interop.imports.roster import cells as single
from tsunagari.interop.imports.roster.days import DayReader, Period
from tsunagari.interop.imports.roster.fields import BY_NAME, FIELDS, LABELS, NAMING, SKIP
from tsunagari.interop.imports.roster.sheet import Head, SheetRow

ORDERS = {"ymd": "年・月・日", "mdy": "月・日・年", "dmy": "日・月・年"}
REGISTER = {"none": "登録はしない", "listed": "この機関の登録にする", "home": "この機関をかかりつけにする"}
_WHOLE, _PART, _CONTENT = 10, 6, 4
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a sheet is read. `columns` is column number (from 0) → field name; columns left out are not used."""

    columns: dict[int, str] = field(default_factory=dict)
    order: str = "ymd"
    period: Period = field(default_factory=Period)
    fill_dates: bool = True
    with_hidden: bool = False
    register: str = "listed"

    def of(self, name: str) -> list[int]:
        """Numbers of the columns that hold a field, from the left."""
        return sorted(column for column, held in self.columns.items() if held == name)

    @property
    def visits(self) -> bool:
        """Whether the sheet is a roster of visits; without a day it is a list of families."""
        return bool(self.of("visited_on"))

    def as_dict(self) -> dict[str, Any]:
        return {
            "columns": {str(column): name for column, name in sorted(self.columns.items())},
            "order": self.order,
            "year": self.period.year,
            "fiscal": self.period.fiscal,
            "month": self.period.month,
            "fill_dates": self.fill_dates,
            "with_hidden": self.with_hidden,
            "register": self.register,
        }


def from_dict(kept: MappingType[str, Any]) -> Mapping:
    """The mapping as `as_dict` wrote it; what is no longer known is left out."""
    year, month = kept.get("year"), kept.get("month")
    return Mapping(
        columns={int(c): n for c, n in (kept.get("columns") or {}).items() if n in BY_NAME and n != SKIP},
        order=kept.get("order") if kept.get("order") in ORDERS else "ymd",  # type: ignore[arg-type]
        period=Period(
            year if isinstance(year, int) else None,
            bool(kept.get("fiscal", True)),
            month if isinstance(month, int) else None,
        ),
        fill_dates=bool(kept.get("fill_dates", True)),
        with_hidden=bool(kept.get("with_hidden", False)),
        register=kept.get("register") if kept.get("register") in REGISTER else "listed",  # type: ignore[arg-type]
    )


def problems(mapping: Mapping) -> list[str]:
    """What is missing or chosen twice, as sentences; none when the sheet can be read so."""
    said = []
    if not any(mapping.of(name) for name in NAMING):
        said.append("「保護者氏名」「児の氏名」「呼び名」のどれかの列をえらんでください。")
    for name, count in Counter(mapping.columns.values()).items():
        if count > 1 and not BY_NAME[name].many:
            said.append(f"「{LABELS[name]}」が{count}つの列にえらばれています。1つにしてください。")
    return said


def signature(head: Head) -> str:
    """What the same headings have in common, whatever their widths and blanks: SHA-256, hex."""
    folded = "\x1f".join(normalise_header(name) for name in head.names)
    return hashlib.sha256(folded.encode()).hexdigest()


def remembered(kept: MappingType[str, Any], head: Head, guessed: Mapping) -> Mapping:
    """A mapping used before on the same headings, with the period that this sheet speaks of."""
    mapping = from_dict(kept)
    columns = {column: name for column, name in mapping.columns.items() if column < len(head.names)}
    return replace(mapping, columns=columns, period=guessed.period)


def guess(head: Head, sample: Sequence[SheetRow], period: Period, reader: DayReader) -> Mapping:
    """The likeliest field of every column, by its heading first and by what stands in it."""
    scores = {
        column: _scores(name, [row.cells[column] for row in sample if row.cells[column] != ""], reader)
        for column, name in enumerate(head.names)
    }
    columns: dict[int, str] = {}
    ranked = sorted(
        ((score, -column, name) for column, found in scores.items() for name, score in found.items()),
        reverse=True,
    )
    for score, minus, name in ranked:
        taken = name in columns.values() and not BY_NAME[name].many
        if score > 0 and -minus not in columns and not taken:
            columns[-minus] = name
    chosen = {column: name for column, name in columns.items() if name != SKIP}
    return Mapping(_whose_names(chosen, head), period=period)


def _scores(heading: str, held: Sequence[Cell], reader: DayReader) -> dict[str, int]:
    """Points of each field for one column."""
    name = _plain(heading)
    last = _plain(heading.rpartition("_")[2])
    group = _plain(heading.partition("_")[0]) if "_" in heading else ""
    found: dict[str, int] = {}
    for one in FIELDS:
        words = {_plain(word) for word in one.words}
        if name in words or (last in words and not group):
            found[one.name] = _WHOLE
        elif any(_plain(part) in name for part in one.parts):
            found[one.name] = _PART
        elif last in words:
            found[one.name] = _PART - 1
    if group:
        found |= _grouped(group, last)
    return _judged(found, held, reader, bool(name))


def _grouped(group: str, last: str) -> dict[str, int]:
    """Headings of two rows: 児 above 氏名, 保護者 above ふりがな."""
    child = re.search(r"児|子ども|子供|こども|お子|乳幼児", group)
    guardian = re.search(r"保護者|母|父|親", group)
    if re.search(r"かな|カナ|ふりがな|フリガナ|よみ|読み", last) and (child or guardian):
        return {"child_kana" if child else "guardian_kana": _WHOLE}
    if re.search(r"氏名|名前|^名$", last) and (child or guardian):
        return {"child" if child else "guardian": _WHOLE}
    if re.search(r"人数|利用", group) and re.search(r"大人|おとな|^大$|保護者", last):
        return {"adults": _WHOLE}
    if re.search(r"人数|利用", group) and re.search(r"子|児|^小$", last):
        return {"children": _WHOLE}
    return {}


def _judged(found: dict[str, int], held: Sequence[Cell], reader: DayReader, named: bool) -> dict[str, int]:
    """Points corrected by what stands in the column: numbers are no names, names no numbers."""
    if not held:
        return found if named else {}
    numbers, days = _share(held, single.people), _share(held, reader.read)
    if numbers > _ENOUGH or days > _ENOUGH:
        points = max((found.pop(name, 0) for name in ("guardian", "child", "nickname")), default=0)
        if points and numbers > _ENOUGH:
            found["children"] = points
    elif numbers < _ENOUGH:
        found.pop("adults", None)
        if points := found.pop("children", 0):
            found["child"] = max(found.get("child", 0), points)
    if days < 0.2 and len(held) > 2:
        found.pop("visited_on", None)
    if _share(held, lambda cell: _must(phone_digits(single.as_text(cell)))) > _ENOUGH:
        found["phone"] = found.get("phone", 0) + _CONTENT
    if found.get("guardian", _WHOLE) < _WHOLE and _share(held, _kana) > 0.9:
        found["guardian_kana"] = found.pop("guardian")
    return found


def _kana(cell: Cell) -> object:
    return _must(is_kana(single.as_text(cell)) or None)


def _share(held: Sequence[Cell], read: Any) -> float:
    good = 0
    for cell in held:
        try:
            read(cell)
            good += 1
        except ValueError:
            continue
    return good / len(held)


def _must(value: object) -> object:
    if value is None:
        raise ValueError
    return value


def _plain(heading: str) -> str:
    return normalise_header(heading).replace("(", "").replace(")", "").replace("・", "")


def _whose_names(columns: dict[int, str], head: Head) -> dict[int, str]:
    """氏名 beside 保護者 is the child's; a reading belongs to the name on its left."""
    fixed = dict(columns)
    names = [c for c in sorted(fixed) if fixed[c] == "guardian"]
    said = [c for c in names if re.search(r"保護者|母|父|親|ママ", head.names[c])]
    if said and len(names) > len(said) and "child" not in fixed.values():
        for column in set(names) - set(said):
            fixed[column] = "child"
    for column in sorted(fixed):
        if fixed[column] == "guardian_kana" and not re.search(r"保護者|母|父|親", head.names[column]):
            left = [fixed[c] for c in sorted(fixed) if c < column and fixed[c] in ("guardian", "child")]
            right = [fixed[c] for c in sorted(fixed) if c > column and fixed[c] in ("guardian", "child")]
            if (left[-1:] or right[:1]) == ["child"]:
                fixed[column] = "child_kana"
    return fixed


def from_file(kept: object, head: Head) -> Mapping:
    """The mapping of a JSON file: columns by heading, letter or number from 1; fields by name or Japanese label.

    Raises ValueError in Japanese for what is not there.
    """
    if not isinstance(kept, dict) or not isinstance(kept.get("columns"), dict):
        raise ValueError('対応の JSON には {"columns": {"見出し": "項目"}} が要ります。')
    columns = {_column(str(said), head): _field(str(name)) for said, name in kept["columns"].items()}
    return from_dict({**kept, "columns": {str(column): name for column, name in columns.items()}})


def _column(said: str, head: Head) -> int:
    folded = [normalise_header(name) for name in head.names]
    if normalise_header(said) in folded:
        return folded.index(normalise_header(said))
    if said.isdecimal() and 1 <= int(said) <= len(head.names):
        return int(said) - 1
    if re.fullmatch("[A-Za-z]{1,2}", said):
        number = 0
        for letter in said.upper():
            number = number * 26 + ord(letter) - 64
        if number <= len(head.names):
            return number - 1
    raise ValueError(
        f"列「{said[:30]}」がありません（見出し：{'、'.join(filter(None, head.names))[:120]}）。"
    )


def _field(said: str) -> str:
    by_label = {label: name for name, label in LABELS.items()}
    name = said if said in BY_NAME else by_label.get(said, "")
    if not name:
        raise ValueError(f"項目「{said[:30]}」はありません（使えるもの：{'、'.join(LABELS.values())}）。")
    return name
