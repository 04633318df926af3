"""Files as people send them become one table, or one clear refusal."""

import io
import zipfile
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tsunagari.base.sheets import (
    MAX_BYTES,
    SheetError,
    Table,
    apart,
    containers,
    excel,
    limits,
    read,
    read_table,
)

NAMES = ["氏名", "生年月日", "備考"]
PLAIN = "氏名,生年月日,備考\r\n髙橋 花子,2024-04-01,①㈱\r\n\r\n山田 太郎,2023-01-31,\r\n"


def book(
    rows: list[list[object]], *, merge: str = "", more: dict[str, list[list[object]]] | None = None
) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for title, content in {"名簿": rows, **(more or {})}.items():
        sheet = made.create_sheet(title)
        for row in content:
            sheet.append(row)
    if merge:
        made["名簿"].merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def column(table: Table, header: str) -> list[object]:
    return [row.cells[header] for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp", "iso2022_jp_ext"])
def test_csv_in_every_encoding(encoding: str) -> None:
    text = PLAIN if encoding[:3] not in ("euc", "iso") else PLAIN.replace("髙", "高").replace("①㈱", "")
    table = read_table(text.encode(encoding), "名簿.csv")
    assert table.headers == NAMES
    assert column(table, "氏名")[1] == "山田 太郎"
    assert [row.number for row in table.rows] == [2, 4]
    assert table.warnings == []


def test_big_endian_utf16_and_extended_cp932_letters() -> None:
    table = read_table(b"\xfe\xff" + PLAIN.encode("utf-16-be"), "名簿.csv")
    assert column(table, "氏名")[0] == "髙橋 花子"
    assert column(read_table(PLAIN.encode("cp932"), "名簿.csv"), "備考")[0] == "①㈱"


def test_half_width_kana_in_cp932_is_not_taken_for_another_encoding() -> None:
    table = read_table("氏名,カナ\nヤマダ,ﾔﾏﾀﾞﾀﾛｳ\n".encode("cp932"), "a.csv")
    assert column(table, "カナ") == ["ﾔﾏﾀﾞﾀﾛｳ"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiter_is_found_from_the_content(delimiter: str) -> None:
    table = read_table(PLAIN.replace(",", delimiter).encode(), "名簿.csv")
    assert table.headers == NAMES


def test_line_breaks_and_delimiters_within_quotes() -> None:
    table = read_table('氏名,備考\r\n山田,"一行目\n二,行目 ""です"""\r\n鈴木,\r\n'.encode(), "a.csv")
    assert column(table, "備考") == ['一行目\n二,行目 "です"', ""]
    assert [row.number for row in table.rows] == [2, 3]


def test_unclosed_quote_is_warned_of() -> None:
    table = read_table('氏名,備考\n山田,"閉じない\n鈴木,x\n'.encode(), "a.csv")
    assert "2行目の引用符" in table.warnings[0]


def test_excel_cells_become_text_dates_and_times() -> None:
    table = read_table(
        book([["番号", "日", "時刻", "率"], [5, date(2024, 4, 1), time(9, 30), 0.25]]), "a.xlsx"
    )
    row = next(iter(table.rows))
    assert row.cells == {"番号": "5", "日": date(2024, 4, 1), "時刻": time(9, 30), "率": "0.25"}
    assert row.text("日") == "2024-04-01"
    assert (table.sheet, table.encoding) == ("名簿", "xlsx")


def test_title_comments_and_blank_rows_above_the_header() -> None:
    rows: list[list[object]] = [
        ["令和8年度 利用者名簿"],
        [],
        ["# 注意"],
        NAMES,
        ["山田", "2024-04-01", "x"],
        [],
        ["鈴木", "", ""],
    ]
    table = read_table(book(rows, merge="A1:C1"), "a.xlsx")
    assert table.headers == NAMES
    assert table.preface == ["令和8年度 利用者名簿", "# 注意"]
    assert table.header_number == 4
    assert [row.number for row in table.rows] == [5, 7]


def test_known_names_find_a_header_that_looks_like_data() -> None:
    text = "1,2,3\n氏　名,住_所,（備考）\n山田,高松市,x\n".encode()
    table = read_table(text, "a.csv", known={"氏名": "name", "住所": "address", "(備考)": "note"})
    assert table.headers == ["氏　名", "住_所", "（備考）"]
    assert len(table.rows) == 1


def test_hint_of_layouts_or_a_score_finds_the_header() -> None:
    text = "甲,乙,丙\n氏名,住所,電話\n山田,高松市,x\n".encode()
    assert read_table(text, "a.csv", header_hint=[{"氏名", "電話"}]).header_number == 2
    assert read_table(text, "a.csv", header_hint=lambda row: int("電話" in row)).header_number == 2


def test_header_of_two_merged_rows() -> None:
    rows: list[list[object]] = [
        ["番号", "保護者", None, "備考"],
        [None, "氏名", "電話", None],
        [1, "山田", "087", "x"],
    ]
    table = read_table(book(rows, merge="B1:C1"), "a.xlsx")
    assert table.headers == ["番号", "保護者_氏名", "保護者_電話", "備考"]
    assert [row.cells["保護者_氏名"] for row in table.rows] == ["山田"]


def test_two_row_header_of_a_csv_needs_known_names() -> None:
    text = "番号,保護者,,備考\n,氏名,電話,\n1,山田,087,x\n".encode()
    known = {"保護者氏名": "name", "保護者電話": "phone", "備考": "note"}
    assert read_table(text, "a.csv", known=known).headers[1:3] == ["保護者_氏名", "保護者_電話"]


def test_a_person_is_never_taken_for_a_second_header_row() -> None:
    table = read_table("氏名,,住所\n山田,双子,\n鈴木,,高松市\n".encode(), "a.csv", known=["氏名", "住所"])
    assert table.headers == ["氏名", "列2", "住所"]
    assert column(table, "氏名") == ["山田", "鈴木"]


def test_repeated_and_missing_header_names() -> None:
    table = read_table("氏名,氏名,,住所\na,b,c,d,e\n".encode(), "a.csv")
    assert table.headers == ["氏名", "氏名_2", "列3", "住所", "列5"]
    assert "見出し「氏名」が2つ以上" in table.warnings[0]
    assert next(iter(table.rows)).cells["列5"] == "e"


def test_cells_merged_downwards_are_filled_on_request() -> None:
    text = "世帯,氏名\nA,一郎\n,二郎\nB,三郎\n".encode()
    assert column(read_table(text, "a.csv", fill_down={"世 帯"}), "世帯") == ["A", "A", "B"]
    assert column(read_table(text, "a.csv"), "世帯") == ["A", "", "B"]


def test_destroyed_letters_are_located() -> None:
    table = read_table("番号,氏名\n1,山田\n2,\ufffd\ufffd太郎\n".encode(), "a.csv")
    assert table.damaged_cells == [(3, "氏名")]
    assert "1か所" in table.warnings[0]
    assert "3行目「氏名」" in table.warnings[0]


def test_sheet_is_chosen_by_name_and_others_are_mentioned() -> None:
    data = book([["氏名", "住所"], ["a", "b"]], more={"控え": [["番号", "名"], ["1", "c"]]})
    assert "控え" in read_table(data, "a.xlsx").warnings[0]
    assert read_table(data, "a.xlsx", sheet="控え").headers == ["番号", "名"]
    with pytest.raises(SheetError, match="「名簿」「控え」から"):
        read_table(data, "a.xlsx", sheet="ない")


def test_rows_can_be_walked_twice() -> None:
    table = read_table(PLAIN.encode(), "a.csv")
    assert list(table.rows) == list(table.rows)
    assert len(table.rows) == 2


def test_csv_that_is_really_something_else() -> None:
    assert read_table(zipped(a__csv=PLAIN.encode("cp932")), "a.csv").headers == NAMES
    assert read_table(book([NAMES, ["a", "b", "c"]]), "a.csv").headers == NAMES


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空です"),
        (b"\n\n \n", "何も書かれていません"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "画像"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "ウェブページ"),
        (b"a,b\n1,\x00\n", "表の形式ではない"),
        (b"a,b\n1,\x81\xff\xff\n", "2行目の文字"),
        (b"PK\x03\x04 broken", "壊れています"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "壊れている"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (zipped(a__csv=b"a", b__csv=b"b"), "2つ以上"),
        (zipped(a__pdf=b"a"), "ありません"),
        (zipped(a__csv=zipped(b__csv=b"a,b")), "CSV ではありません"),
        (zipped(mimetype=b"x", content__xml=b"x"), "ods"),
        (zipped(**{"[Content_Types]__xml": b"x", "xl/workbook__bin": b"x"}), "xlsb"),
        (zipped(**{"[Content_Types]__xml": b"x"}), "壊れている"),
        (b"a," * 1001 + b"\n", "列が多すぎます"),
        (b"x" * 200_000, "読み取れません"),
        (book([]), "何も書かれていません"),
    ],
)
def test_what_is_no_table_is_refused_with_advice(data: bytes, message: str) -> None:
    with pytest.raises(SheetError, match=message):
        read_table(data, "a.csv")


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(SheetError, match="大きすぎます"):
        read_table(b"a" * (MAX_BYTES + 1), "a.csv")


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(SheetError, match="行が多すぎます"):
        read_table(b"a,b\n" * (limits.MAX_ROWS + 1), "a.csv")


@pytest.mark.parametrize("cell", ["XFD5", "A1048576", "ZZZ200000"])
def test_one_far_cell_does_not_make_the_reader_take_all_memory(cell: str) -> None:
    made = Workbook()
    made.active["A1"] = "氏名"
    made.active[cell] = "x"
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(SheetError, match="大きすぎます"):
        read_table(out.getvalue(), "a.xlsx")


SHEET_XML = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "reference",
    [
        *('r="B99999999991"', "r='XFD1048576'", 'r = "XFD9"', 'r="&#88;FD1048576"', 'r="xfd1048576"', ""),
        *("""x=' r="A1"' r="XFD9\"""", 'x=">" r="XFD9"', '\n\tr="ZZZ9"'),
    ],
)
def test_no_spelling_of_a_far_cell_slips_past_the_measure(reference: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book([NAMES]))) as good, zipfile.ZipFile(out, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == SHEET_XML:
                content = content.replace(b'r="C1"', reference.encode())
                assert content != good.read(name)
            bad.writestr(name, content)
    with pytest.raises(SheetError):
        containers.check_xlsx(out.getvalue())


def test_decompression_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = zipped(**{"[Content_Types]__xml": b"x", "xl/sharedStrings__xml": b"0" * 2_000_000})
    with pytest.raises(SheetError, match="大きすぎます"):
        read_table(bomb, "a.xlsx")
    with pytest.raises(SheetError, match="大きすぎます"):
        read_table(zipped(a__csv=b"0" * 2_000_000), "a.zip")


def test_locked_zip_is_refused() -> None:
    data = bytearray(zipped(a__csv=b"a,b\n1,2\n"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SheetError, match="パスワード"):
        read_table(bytes(data), "a.zip")


def test_a_reader_in_its_own_process_gives_the_same_book() -> None:
    data = book([NAMES, ["山田", date(2024, 4, 1), 5]], more={"控え": [["a"]]})
    for sheet in (None, "控え"):
        assert apart.read_excel_apart(data, sheet) == excel.read_excel(data, sheet)
    with pytest.raises(SheetError, match="がありません"):
        apart.read_excel_apart(data, "ない")


def test_a_reader_that_dies_of_memory_takes_nobody_with_it() -> None:
    made = Workbook()
    made.active["A1"] = "氏名"
    made.active["XFD1048576"] = "x"
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(SheetError, match="壊れている"):
        apart.read_excel_apart(out.getvalue(), None)


def test_crash_of_the_excel_reader_becomes_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """Stands for the one of the Rust reader, which cannot be made from Python."""

    def panic(*_: object) -> None:
        raise PanicException

    monkeypatch.setattr(excel, "_read", panic)
    with pytest.raises(SheetError, match="壊れている"):
        read.read_table(book([NAMES]), "a.xlsx")


STARTS = st.sampled_from(
    [b"", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b'"']
)
VALID = st.sampled_from([PLAIN.encode("cp932"), book([NAMES, ["a", 1, None]]), zipped(a__csv=PLAIN.encode())])


@settings(deadline=None)
@given(STARTS, st.binary())
def test_any_bytes_are_a_table_or_a_sheet_error(start: bytes, rest: bytes) -> None:
    _read_or_refuse(start + rest)


@settings(deadline=None)
@given(VALID, st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8), st.floats(0.1, 1))
def test_any_damaged_file_is_a_table_or_a_sheet_error(
    data: bytes, hits: list[tuple[float, int]], kept: float
) -> None:
    damaged = bytearray(data)
    for place, value in hits:
        damaged[int(place * len(damaged))] = value
    _read_or_refuse(bytes(damaged[: int(len(damaged) * kept)]))


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_table_or_a_sheet_error(text: str) -> None:
    _read_or_refuse(text.encode(errors="replace"))


def _read_or_refuse(data: bytes) -> None:
    table = _table_or_refusal(data)
    if isinstance(table, SheetError):
        assert str(table).endswith("。")
        return
    assert len(list(table.rows)) == len(table.rows)
    assert len(set(table.headers)) == len(table.headers)
    assert all(list(row.cells) == table.headers for row in table.rows)


def _table_or_refusal(data: bytes) -> Table | SheetError:
    try:
        return read_table(data, "a.csv", known=["氏名"])
    except SheetError as error:
        return error
