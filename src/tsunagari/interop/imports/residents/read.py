"""From rows of the extract to residents: names, dates, addresses as they will be stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from tsunagari.base.japanese import dates
from tsunagari.base.japanese.ages import age_on
from tsunagari.base.japanese.text import FULL_SPACE
from tsunagari.base.sheets import Table
from tsunagari.families.rules import relation_code
from tsunagari.interop.imports import cells
from tsunagari.interop.imports.columns import ParsedRow, bind, one_per_row, read_rows, unused_note
from tsunagari.interop.imports.plan import Notes, Progress, Rejected, first_of_each
from tsunagari.interop.imports.residents.layout import LAYOUT
from tsunagari.interop.rules import in_japan, same_town

_ERAS = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
_NO_DATE = re.compile(r"0*|9{8}|不詳.*|不明.*|-+")
_REASONS = (("死亡", "dead"), ("転出", "out"), ("国外", "out"), ("消除", "removed"))
_NAME = 80
ADULT_AT = 18


@dataclass(slots=True)
class Resident:
    """One row. Dates may be unknown; blank texts say that the extract has nothing."""

    row: int
    resident_no: str
    household_no: str
    state: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    nickname: str
    sex: str
    birth_date: date | None
    relation: str
    relation_words: str
    postal_code: str
    address: str
    address_detail: str
    latitude: float | None
    longitude: float | None
    phone: str
    since: date | None
    gone_on: date | None
    protected: bool

    @property
    def name(self) -> str:
        return f"{self.family_name}{FULL_SPACE}{self.given_name}".strip()


@dataclass(slots=True)
class Residents:
    """The whole extract: residents, refused rows, sentences about the file.

    `waiting` are the 世帯番号 of refused rows that may be a child's: the rest of the family is taken, so that the
    mended row alone can follow.
    """

    rows: list[Resident] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)


def read(table: Table, *, code: str, today: date, progress: Progress) -> Residents:
    """Residents of the municipality `code` (six digits). Raises `Unreadable`."""
    binding = bind(LAYOUT, table)
    notes = Notes()
    found = Residents(notes=[*table.warnings, *unused_note(LAYOUT, binding)])
    for parsed in read_rows(LAYOUT, binding, table, today=today, notes=notes, progress=progress):
        resident = _resident(parsed, code, today, notes)
        if parsed.problems or resident is None:
            found.rejected.append(one_per_row(parsed.problems))
            if not _is_adult(parsed, today):
                found.waiting.add(parsed.text("household_no"))
        else:
            found.rows.append(resident)
    _refuse_repeats(found, today)
    found.notes += notes.lines()
    return found


def _is_adult(parsed: ParsedRow, today: date) -> bool:
    birth = _soft_date(parsed, "birth", today, Notes())
    return birth is not None and birth <= today and age_on(birth, today).years >= ADULT_AT


def _refuse_repeats(found: Residents, today: date) -> None:
    repeats = first_of_each((resident.row, resident.resident_no) for resident in found.rows)
    for resident in found.rows:
        if resident.row in repeats:
            reason = f"{repeats[resident.row]}行目と同じ宛名番号です。正しい行だけを残してください。"
            found.rejected.append(Rejected(resident.row, "宛名番号", resident.resident_no, reason))
            if resident.birth_date and age_on(resident.birth_date, today).years < ADULT_AT:
                found.waiting.add(resident.household_no)
    found.rows = [resident for resident in found.rows if resident.row not in repeats]
    found.rejected.sort(key=lambda refused: refused.row)


def _resident(parsed: ParsedRow, code: str, today: date, notes: Notes) -> Resident | None:
    _check_town(parsed, code)
    family, given, nickname = _names(parsed)
    birth = _birth(parsed, today)
    if parsed.problems:
        return None
    status = _state(parsed)
    family_kana, given_kana = _kana(parsed)
    latitude, longitude = _point(parsed, notes)
    return Resident(
        row=parsed.number,
        resident_no=parsed.text("resident_no"),
        household_no=parsed.text("household_no"),
        state=status,
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        nickname=nickname,
        sex=parsed.text("sex"),
        birth_date=birth,
        relation="-".join(filter(None, (parsed.text(f"relation{step}") for step in range(1, 5))))
        or relation_code(parsed.text("relation_words")),
        relation_words=parsed.text("relation_words")[:20],
        postal_code=parsed.text("postal_code"),
        address=_address(parsed),
        address_detail=parsed.text("detail")[:120],
        latitude=latitude,
        longitude=longitude,
        phone=parsed.text("phone"),
        since=_soft_date(parsed, "since", today, notes),
        gone_on=_gone_on(parsed, status, today, notes),
        protected=bool(parsed.get("protected")),
    )


def _check_town(parsed: ParsedRow, code: str) -> None:
    town = parsed.text("town")
    if town and not same_town(town, code):
        reason = f"ほかの市区町村の行です（この取り込みは{code}）。ファイルを確かめてください。"
        parsed.problems.append(Rejected(parsed.number, "市区町村コード", town, reason))


def _names(parsed: ParsedRow) -> tuple[str, str, str]:
    """Family and given name, and the name in use (通称) where it differs. Foreign names: kanji, else letters."""
    called = parsed.text("called")
    if parsed.text("family"):
        family, given = parsed.text("family"), parsed.text("given")
    else:
        whole = (
            parsed.text("full_name") or parsed.text("foreign_kanji") or parsed.text("foreign_roman") or called
        )
        family, _, given = whole.partition(FULL_SPACE)
    if not family and not parsed.problems:
        parsed.problems.append(Rejected(parsed.number, "氏名", "", "氏名が空です。入力してください。"))
    if max(len(family), len(given)) > _NAME:
        parsed.problems.append(
            Rejected(parsed.number, "氏名", family[:40], f"氏か名が{_NAME}字を超えています。")
        )
    return family, given, called[:_NAME] if called != f"{family}{FULL_SPACE}{given}" else ""


def _kana(parsed: ParsedRow) -> tuple[str, str]:
    if parsed.text("family_kana"):
        return parsed.text("family_kana")[:_NAME], parsed.text("given_kana")[:_NAME]
    family, _, given = parsed.text("full_kana").partition(FULL_SPACE)
    return family[:_NAME], given[:_NAME]


def _birth(parsed: ParsedRow, today: date) -> date | None:
    """The birth date; None when the register itself says it is unknown. Anything else unreadable refuses the row."""
    raw = parsed.get("birth")
    shown = cells.plain(raw) if raw is not None else ""  # type: ignore[arg-type]
    if parsed.get("birth_unknown") or (_NO_DATE.fullmatch(shown) and shown):
        return None
    if raw is None:
        parsed.problems.append(
            Rejected(
                parsed.number,
                "生年月日",
                "",
                "生年月日が空です。分からないときは不詳フラグを 1 にしてください。",
            )
        )
        return None
    try:
        birth = _date(raw, parsed.text("birth_era"), today)
    except dates.DateError as error:
        parsed.problems.append(Rejected(parsed.number, "生年月日", shown[:40], str(error)))
        return None
    if birth > today:
        reason = "今日より先の日付です。年を確かめてください。"
        parsed.problems.append(Rejected(parsed.number, "生年月日", shown[:40], reason))
    return birth


def _date(raw: object, era: str, today: date) -> date:
    """A day as the register writes it: 2024-04-01, 20240401, or 60401 / R60401 with the era's code beside it."""
    shown = cells.plain(raw) if isinstance(raw, str) else ""
    if era in _ERAS and re.fullmatch(r"\d{5,6}", shown):
        packed = shown.zfill(6)
        return dates.parse_date(f"{_ERAS[era]}{packed[:2]}年{packed[2:4]}月{packed[4:]}日", today=today)
    if era in _ERAS and re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{1,2}", shown):
        return dates.parse_date(_ERAS[era] + shown, today=today)
    if re.fullmatch(r"\d{5}", shown):  # a serial number that Excel left behind
        return dates.parse_cell_date(int(shown), today=today)
    return dates.parse_cell_date(raw, today=today)


def _soft_date(parsed: ParsedRow, name: str, today: date, notes: Notes) -> date | None:
    """A day that may be missing or unknown; an unreadable one is told and left out."""
    raw = parsed.get(name)
    if raw is None or (isinstance(raw, str) and _NO_DATE.fullmatch(cells.plain(raw))):
        return None
    try:
        return _date(raw, "", today)
    except dates.DateError as error:
        notes.add(f"日付は取り込みません：{error}", parsed.number)
        return None


def _state(parsed: ParsedRow) -> str:
    """住民状態 where the extract has it, else what 異動事由 says in words."""
    if status := parsed.text("state"):
        return status
    reason = parsed.text("reason")
    return next((status for word, status in _REASONS if word in reason), "resident")


def _gone_on(parsed: ParsedRow, status: str, today: date, notes: Notes) -> date | None:
    """The day of moving out or death; None when the extract does not tell it."""
    if status == "resident":
        return None
    names = {"dead": ("died_on", "removed_on", "happened_on"), "out": ("out_on", "removed_on", "happened_on")}
    for name in names.get(status, ("removed_on", "happened_on")):
        if found := _soft_date(parsed, name, today, notes):
            return found
    notes.add("転出・死亡などの日が読み取れません。まだ入っていない人には今日の日付を入れます", parsed.number)
    return None


def _address(parsed: ParsedRow) -> str:
    if whole := parsed.text("address"):
        return whole
    joined = ""
    for part in ("prefecture", "city", "town_name", "block"):
        text = parsed.text(part)
        joined = text if joined and text.startswith(joined) else joined + text
    return joined[:200]


def _point(parsed: ParsedRow, notes: Notes) -> tuple[float | None, float | None]:
    latitude, longitude = parsed.get("latitude"), parsed.get("longitude")
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return None, None
    if in_japan(latitude, longitude):
        return latitude, longitude
    if in_japan(longitude, latitude):
        notes.add("緯度と経度が入れかわっていたので、もどして取り込みます", parsed.number)
        return longitude, latitude
    notes.add("緯度・経度が日本の外を指すため、位置は入れません", parsed.number)
    return None, None
