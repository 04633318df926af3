"""Generated: the national list in every dialect it is met in gives the same facilities, or a reason."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagari.base.sheets import SheetError, Table, read_table
from tsunagari.interop.imports import agencies
from tsunagari.interop.imports.agencies.layout import LAYOUT
from tsunagari.interop.imports.agencies.read import Facilities
from tsunagari.interop.imports.progress import silent

TODAY = date(2026, 11, 23)
NEW_TEXT = (
    "全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,名称_英字,種別,所在地_全国地方公共団体コード,町字ID,所在地_連結表記,所在地_都道府県,"
    "所在地_市区町村,所在地_町字,所在地_番地以下,建物名等(方書),緯度,経度,高度の種別,高度の値,アクセス方法,駐車場情報,電話番号,内線番号,FAX番号,"
    "連絡先メールアドレス,連絡先FormURL,連絡先備考（その他、SNSなど）,郵便番号,法人番号,団体名,認可等年月日,収容定員,受入年齢,利用可能曜日,開始時間,"
    "終了時間,利用可能日時特記事項,一時預かりの有無(有/無),子供預かり料金種別,子供預かり料金,子供預かり料金備考,子供預かり開所時間,子供預かり閉所時間,"
    "病児保育の有無(有/無),授乳室,おむつ替えコーナー,飲食可否,ベビーカー貸出,ベビーカー利用,URL,画像,画像_ライセンス,備考"
)
OLD_TEXT = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,種別,住所,方書,緯度,経度,アクセス方法,駐車場情報,電話番号,内線番号,"
    "FAX番号,法人番号,団体名,認可等年月日,収容定員,受入年齢,利用可能曜日,開始時間,終了時間,利用可能日時特記事項,一時預かりの有無(有/無),URL,備考"
)
NEW, OLD = (text.split(",") for text in (NEW_TEXT, OLD_TEXT))
WIDE = str.maketrans("0123456789:", "０１２３４５６７８９：")
CODES = ("092011", "92011", "09201", "9201", "０９２０１１")

hours = st.tuples(st.integers(6, 11), st.integers(12, 20), st.sampled_from([0, 15, 30]))
facilities = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text("架空見本あいうえおカキク園館髙﨑", min_size=2, max_size=12),
            "days": st.sets(st.integers(0, 6), min_size=1),
            "hours": hours,
            "capacity": st.integers(1, 400),
            "latitude": st.floats(24, 45).map(lambda value: round(value, 6)),
            "longitude": st.floats(123, 153).map(lambda value: round(value, 6)),
            "note": st.text("あいう、\n\"'ー ", max_size=20),
        }
    ),
    min_size=1,
    max_size=6,
)
dialects = st.fixed_dictionaries(
    {
        "headers": st.sampled_from([NEW, OLD]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]),
        "code": st.sampled_from(CODES),
        "wide": st.booleans(),
        "separator": st.sampled_from(["", ";", "・", "、"]),
        "swapped": st.booleans(),
        "preface": st.integers(0, 3),
        "blank_lines": st.booleans(),
        "trailing": st.integers(0, 2),
        "twice": st.booleans(),
        "underscore": st.booleans(),
    }
)


def write(rows: list[dict[str, object]], dialect: dict[str, object]) -> bytes:
    """The rows as a city might send them."""
    headers: list[str] = list(dialect["headers"])  # type: ignore[call-overload]
    shown = [h.replace("_", "") if dialect["underscore"] else h for h in headers]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t" if dialect["encoding"] == "utf-16" else ",")
    for number in range(int(dialect["preface"])):  # type: ignore[call-overload]
        writer.writerow([f"見出しの前の行{number}"] + [""] * (len(headers) - 1))
    tail = [""] * int(dialect["trailing"])  # type: ignore[call-overload]
    writer.writerow([*shown, *(["備考"] if dialect["twice"] else []), *tail])
    for number, row in enumerate(rows, start=1):
        cells = values(number, row, dialect)
        writer.writerow([*(cells.get(h, "") for h in headers), *([""] if dialect["twice"] else []), *tail])
        if dialect["blank_lines"]:
            writer.writerow([])
    return out.getvalue().encode(str(dialect["encoding"]))


def values(number: int, row: dict[str, object], dialect: dict[str, object]) -> dict[str, str]:
    opens, closes, minute = row["hours"]  # type: ignore[misc]
    point = [str(row["latitude"]), str(row["longitude"])]
    latitude, longitude = reversed(point) if dialect["swapped"] else point
    numbers = {
        "収容定員": str(row["capacity"]),
        "開始時間": f"{opens}:{minute:02}",
        "終了時間": f"{closes}:{minute:02}",
    }
    if dialect["wide"]:
        numbers = {key: value.translate(WIDE) for key, value in numbers.items()}
    days = str(dialect["separator"]).join("月火水木金土日"[day] for day in sorted(row["days"]))  # type: ignore[call-overload]
    return numbers | {
        "全国地方公共団体コード": str(dialect["code"]), "都道府県コード又は市区町村コード": str(dialect["code"]), "ID": f"A{number}",
        "NO": str(number), "名称": str(row["name"]), "名称_カナ": "ｶｸｳ", "所在地_連結表記": f"栃木県宇都宮市架空町{number}",
        "住所": f"栃木県宇都宮市架空町{number}", "緯度": latitude, "経度": longitude, "利用可能曜日": days, "備考": str(row["note"]),
    }  # fmt: skip


def read(data: bytes) -> Facilities:
    table: Table = read_table(data, "list.csv", known=LAYOUT.known())
    return agencies.read(table, code="092011", today=TODAY, progress=silent)


@settings(max_examples=150, deadline=None)
@given(facilities, dialects)
def test_every_dialect_of_the_national_list_gives_the_same_facilities(
    rows: list[dict[str, object]], dialect: dict[str, object]
) -> None:
    found = read(write(rows, dialect))
    assert found.rejected == []
    assert [f.name for f in found.rows] == [str(row["name"]) for row in rows]
    for facility, row in zip(found.rows, rows, strict=True):
        opens, closes, minute = row["hours"]  # type: ignore[misc]
        assert {(h.weekday, h.opens, h.closes) for h in facility.hours} == {
            (day, time(opens, minute), time(closes, minute))
            for day in row["days"]  # type: ignore[attr-defined]
        }
        assert (facility.values["latitude"], facility.values["longitude"]) == (
            row["latitude"],
            row["longitude"],
        )
        assert (facility.values["capacity"], facility.values["kana"]) == (row["capacity"], "カクウ")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), max_size=6), st.sampled_from([NEW, OLD])
)
def test_any_cells_at_all_are_taken_or_refused_with_a_reason(
    rows: list[list[str]], headers: list[str]
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers)
    for row in rows:
        writer.writerow(["092011", *row])
    with suppress(SheetError):  # a zero byte, or a line that no table has
        found = read(out.getvalue().encode("utf-8", "replace"))
        check(found)


def check(found: Facilities) -> None:
    assert all(refused.reason.endswith("。") and refused.row > 1 for refused in found.rejected)
    text = [str(value) for facility in found.rows for value in facility.values.values()]
    assert not any("\x00" in value for value in text)
