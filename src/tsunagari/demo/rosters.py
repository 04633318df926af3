"""Two old rosters as an agency might keep them in Excel, to bring in: a book of visits and a register of families.

Everybody in them is made up. The same families and day give the same workbook.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from tsunagari.base.japanese.eras import era_of, format_wareki_short

_THIN = Border(*[Side(style="thin", color="999999")] * 4)
_GREY = PatternFill("solid", start_color="EEEEEE")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_NOTES = ("", "", "", "おひるまで", "妹さんはお休み", "離乳食のことを聞かれる", "午後から", "")


@dataclass(frozen=True, slots=True)
class RosterChild:
    """A child as somebody writes it into a roster."""

    name: str
    kana: str
    birth: date


@dataclass(frozen=True, slots=True)
class RosterFamily:
    """A family of an old roster. `phone` in digits."""

    family: str
    given: str
    kana: str
    children: tuple[RosterChild, ...]
    phone: str = ""
    address: str = ""


_MADE_UP = (
    ("星架", "みどり", "ほしか みどり", (("そら", "そら", 30),), "09000010001", "架空町1-1"),
    ("月架", "あかり", "つきか あかり", (("ひなた", "ひなた", 8), ("みなと", "みなと", 41)), "09000010002", "架空町1-8"),
    ("雲架", "ななこ", "くもか ななこ", (("つむぎ", "つむぎ", 14),), "", "雲見台3-2-1"),
    ("風架", "ことね", "かざか ことね", (("あおと", "あおと", 22), ("いと", "いと", 3)), "09000010004", "雲見台5"),
    ("林架", "まゆ", "はやしか まゆ", (("れん", "れん", 17),), "0870001005", "架空町2-2"),
    ("泉架", "さやか", "いずみか さやか", (("ほのか", "ほのか", 51),), "", ""),
    ("浜架", "えりか", "はまか えりか", (("りく", "りく", 5),), "09000010007", "港架町7"),
    ("峰架", "ちひろ", "みねか ちひろ", (("ゆづき", "ゆづき", 26),), "09000010008", "架空町9-9"),
)  # fmt: skip


def made_up_families(today: date) -> list[RosterFamily]:
    """Families nobody else knows; ages fit the day."""
    return [
        RosterFamily(family, given, kana, tuple(
            RosterChild(name, reading, today - timedelta(days=months * 30 + 11)) for name, reading, months in children
        ), phone, address)
        for family, given, kana, children, phone, address in _MADE_UP
    ]  # fmt: skip


def visit_book(families: Sequence[RosterFamily], month: date) -> bytes:
    """The visits of one month: days merged downwards, 〃 for brothers and sisters, a total a day. An XLSX."""
    random = Random(f"visit book {month:%Y-%m}")
    book, sheet = _book(f"{month.month}月")
    fiscal = era_of(date(month.year - (month.month < 4), 5, 1))
    year = month.year - (month.month < 4) - (fiscal.year_zero if fiscal else 0)
    sheet["A1"] = f"令和{year}年度　ひろば来所簿（{month.month}月分）"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.merge_cells("A1:K1")
    sheet["A2"] = "※太枠の中を書いてください"
    _header(
        sheet,
        3,
        [
            "日付",
            "時刻",
            "保護者氏名",
            "お子さん",
            "年齢",
            "電話",
            "大人",
            "子ども",
            "初めて",
            "市外",
            "備考",
        ],
    )
    row, known = 4, set()
    for day in _open_days(month):
        first = row
        for family in random.sample(list(families), k=min(len(families), random.randint(2, 4))):
            row = _visit(sheet, row, family, day, random, new=family not in known)
            known.add(family)
        sheet.cell(first, 1, f"{day.month}/{day.day}（{'月火水木金土日'[day.weekday()]}）")
        sheet.merge_cells(start_row=first, start_column=1, end_row=row - 1, end_column=1)
        row = _total(sheet, row, row - first)
    return _bytes(book)


def register_book(families: Sequence[RosterFamily], today: date) -> bytes:
    """The register of families: two lines of headings, 和暦, one line a child with 同上. An XLSX."""
    random = Random(f"register {today:%Y}")
    book, sheet = _book("登録簿")
    sheet["A1"] = "ひろば利用登録簿"
    sheet["A1"].font = Font(bold=True, size=14)
    _header(sheet, 3, ["登録日", "保護者", "", "児", "", "", "住所", "電話番号", "備考"])
    _header(sheet, 4, ["", "氏名", "ふりがな", "氏名", "ふりがな", "生年月日", "", "", ""])
    for span in ("A3:A4", "B3:C3", "D3:F3", "G3:G4", "H3:H4", "I3:I4"):
        sheet.merge_cells(span)
    row = 5
    for family in families:
        registered = today - timedelta(days=random.randint(40, 300))
        for index, child in enumerate(family.children):
            again = index > 0
            _line(sheet, row, [
                "〃" if again else format_wareki_short(registered),
                "同上" if again else f"{family.family}{random.choice(['', '　', ' '])}{family.given}",
                "〃" if again else family.kana,
                f"{family.family} {child.name}" if random.random() < 0.4 else child.name,
                child.kana, format_wareki_short(child.birth),
                "〃" if again else family.address, "〃" if again else _hyphens(family.phone, random),
                random.choice(_NOTES[:4]),
            ])  # fmt: skip
            row += 1
    _line(sheet, row + 1, ["計", "", "", f"{row - 5}名", "", "", "", "", ""])
    return _bytes(book)


def _book(title: str) -> tuple[Workbook, Any]:
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2020, 4, 1)  # noqa: DTZ001 — what the file says
    book.properties.creator = "架空"
    sheet = book.active
    sheet.title = title
    return book, sheet


def _open_days(month: date) -> list[date]:
    days = [month.replace(day=1) + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month.month and day.weekday() in (1, 3)]


def _header(sheet: Any, row: int, names: Sequence[str]) -> None:
    for column, name in enumerate(names, start=1):
        cell = sheet.cell(row, column, name or None)
        cell.font, cell.fill, cell.border = Font(bold=True), _GREY, _THIN
        cell.alignment = Alignment(horizontal="center", vertical="center")


def _line(sheet: Any, row: int, values: Sequence[object]) -> None:
    for column, value in enumerate(values, start=1):
        sheet.cell(row, column, None if value == "" else value).border = _THIN


def _visit(sheet: Any, row: int, family: RosterFamily, day: date, random: Random, *, new: bool) -> int:
    """One family of one day; sometimes a line for each child, the rest of it said by 〃."""
    at = time(random.choice([9, 10, 10, 13]), random.choice([0, 15, 30, 45]))
    name = f"{family.family}{random.choice(['　', '', ' '])}{family.given}{random.choice(['', '', '様'])}"
    together = len(family.children) == 1 or random.random() < 0.6
    rows = [family.children] if together else [(child,) for child in family.children]
    for index, children in enumerate(rows):
        again = index > 0
        _line(sheet, row, [
            "", "〃" if again else at, "〃" if again else name, "・".join(child.name for child in children),
            _age(children[0], day) if len(children) == 1 else "", "〃" if again else _hyphens(family.phone, random),
            "" if again else 1, len(children), "○" if new and not again else "", "", random.choice(_NOTES),
        ])  # fmt: skip
        row += 1
    return row


def _age(child: RosterChild, day: date) -> str:
    months = max(
        0, (day.year - child.birth.year) * 12 + day.month - child.birth.month - (day.day < child.birth.day)
    )
    years, rest = divmod(months, 12)
    return f"{years}歳{rest}か月" if years else f"{rest}ヶ月"


def _hyphens(phone: str, random: Random) -> str:
    if len(phone) != 11 or random.random() < 0.3:
        return phone
    return f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"


def _total(sheet: Any, row: int, count: int) -> int:
    _line(sheet, row, ["計", "", f"{count}組", "", "", "", "", "", "", "", ""])
    return row + 1


def _bytes(book: Workbook) -> bytes:
    """The workbook as a file that says nothing of when it was put together."""
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2020-04-01T00:00:00Z\g<2>", content)
            kept.writestr(zipfile.ZipInfo(name, (2020, 4, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
