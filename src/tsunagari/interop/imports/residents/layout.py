"""Columns of a resident extract (住民基本台帳 基本データリスト and its variants). 個人番号 is not among them."""

from __future__ import annotations

import re
from datetime import date

from tsunagari.base.japanese import text
from tsunagari.base.sheets import Cell
from tsunagari.interop.imports import cells
from tsunagari.interop.imports.columns import Column, Layout, Need

_STATES = {"1": "resident", "2": "out", "3": "dead", "9": "removed"}
_SEXES = {"1": "1", "2": "2", "男": "1", "女": "2", "男性": "1", "女性": "2", "m": "1", "f": "2",
          "0": "0", "9": "9", "不明": "0", "その他": "9"}  # fmt: skip


def person_name(cell: Cell, today: date) -> str:
    """A name as it is stored: old forms survive, parts are separated by one full-width space."""
    value = text.normalise_name(cells.as_text(cell))
    if len(value) > 161:
        raise ValueError("161字を超えています。氏名を確かめてください。")
    return value


def reading(cell: Cell, today: date) -> str:
    value = text.to_katakana_full(cells.as_text(cell))
    if len(value) > 161:
        raise ValueError("161字を超えています。フリガナを確かめてください。")
    return value


def state(cell: Cell, today: date) -> str:
    """住民状態: 1 住民, 2 転出者, 3 死亡者, 9 その他消除者, or the word."""
    value = cells.plain(cell).removesuffix(".0")
    number = value.lstrip("0")
    if number in _STATES:
        return _STATES[number]
    for word, found in (("転出", "out"), ("死亡", "dead"), ("消除", "removed"), ("住民", "resident")):
        if word in value:
            return found
    raise ValueError("住民状態は 1（住民）、2（転出者）、3（死亡者）、9（その他消除者）で書いてください。")


def sex(cell: Cell, today: date) -> str:
    value = cells.plain(cell).lower().removesuffix(".0")
    if value not in _SEXES:
        raise ValueError("性別は 1（男）か 2（女）で書いてください。")
    return _SEXES[value]


def relation_step(cell: Cell, today: date) -> str:
    """One step of 続柄: two digits; a lost leading zero is put back. A value like 20-20 is taken whole."""
    value = re.sub(r"\.0+$", "", cells.plain(cell))
    if not re.fullmatch(r"\d{1,2}(?:-\d{1,2}){0,3}", value):
        raise ValueError("続柄コードは2けたの数字（多段は 20-20 など）で書いてください。")
    steps = [step.zfill(2) for step in value.split("-")]
    return "-".join(step for step in steps if step != "00")


def flag(cell: Cell, today: date) -> bool:
    value = cells.plain(cell).lower().removesuffix(".0")
    if re.fullmatch(r"0*", value) or value in ("無", "なし", "false", "-", "×"):
        return False
    if re.fullmatch(r"\d+", value) or value in ("有", "あり", "true", "○", "〇", "◯", "該当", "参照不可"):
        return True
    raise ValueError("0（なし）か 1（あり）で書いてください。")


def raw(cell: Cell, today: date) -> Cell:
    return cell


def digits(cell: Cell, today: date) -> str:
    value = text.phone_digits(cells.as_text(cell))
    if value is None:
        raise ValueError("電話番号として読み取れません。")
    return value


def _column(
    field: str, label: str, *aliases: str, parse: object = cells.line(200), need: Need = Need.OPTIONAL
) -> Column:
    return Column(field, label, aliases, parse, need)  # type: ignore[arg-type]


LAYOUT = Layout(
    title="住民の抽出データ",
    columns=(
        _column("town", "市区町村コード", "全国地方公共団体コード", "自治体コード", parse=cells.code(12), need=Need.IDENTITY),
        _column("resident_no", "宛名番号", "宛名コード", "住民番号", parse=cells.code(20), need=Need.REQUIRED),
        _column("household_no", "世帯番号", "世帯コード", parse=cells.code(20), need=Need.REQUIRED),
        _column("state", "住民状態", "住民状態コード", parse=state, need=Need.IDENTITY),
        _column("reason", "異動事由", "異動事由名", "異動区分"),
        _column("happened_on", "異動年月日", "異動日", parse=raw),
        _column("removed_on", "消除の異動年月日", "消除年月日", "消除日", parse=raw),
        _column("out_on", "転出年月日（確定）", "転出年月日", "転出日", "転出予定年月日", parse=raw),
        _column("died_on", "死亡年月日", "死亡日", parse=raw),
        _column("since", "住民となった年月日", "外国人住民となった年月日", "転入年月日", parse=raw),
        _column("full_name", "氏名", "氏名_日本人", "氏名（漢字）", "漢字氏名", parse=person_name, need=Need.IDENTITY),
        _column("family", "氏_日本人", "氏", "姓", parse=person_name, need=Need.IDENTITY),
        _column("given", "名_日本人", "名", parse=person_name, need=Need.IDENTITY),
        _column("foreign_kanji", "氏名_外国人漢字", parse=person_name, need=Need.IDENTITY),
        _column("foreign_roman", "氏名_外国人ローマ字", "氏名_ローマ字", "ローマ字氏名", parse=person_name, need=Need.IDENTITY),
        _column("called", "通称", "通称名", "氏名_通称", parse=person_name),
        _column("full_kana", "氏名_振り仮名（フリガナ）", "氏名_フリガナ", "氏名_振り仮名", "フリガナ", "振り仮名", "氏名カナ",
                "カナ氏名", "氏名_カナ", "通称_フリガナ", parse=reading),
        _column("family_kana", "氏_日本人_振り仮名", "氏_日本人_フリガナ", "氏_フリガナ", "氏_振り仮名", "氏カナ", parse=reading),
        _column("given_kana", "名_日本人_振り仮名", "名_日本人_フリガナ", "名_フリガナ", "名_振り仮名", "名カナ", parse=reading),
        _column("sex", "性別", "性別コード", "性別表記", parse=sex),
        _column("birth", "生年月日", parse=raw),
        _column("birth_era", "生年月日_元号", "元号", parse=cells.code(4)),
        _column("birth_unknown", "生年月日_不詳フラグ", parse=flag),
        _column("relation1", "続柄コード1", "続柄コード", "続柄コード１", parse=relation_step, need=Need.IDENTITY),
        _column("relation2", "続柄コード2", parse=relation_step, need=Need.IDENTITY),
        _column("relation3", "続柄コード3", parse=relation_step, need=Need.IDENTITY),
        _column("relation4", "続柄コード4", parse=relation_step, need=Need.IDENTITY),
        _column("relation_words", "続柄表記", "続柄", "続柄名"),
        _column("postal_code", "住所_郵便番号", "郵便番号", parse=cells.post_code),
        _column("address", "住所", "現住所", "住所1"),
        _column("prefecture", "住所_都道府県", "住所_都道府県名"),
        _column("city", "住所_市区郡町村名", "住所_市区町村名", "住所_市区町村"),
        _column("town_name", "住所_町字", "住所_町字名"),
        _column("block", "住所_番地号表記", "住所_地番号表記", "住所_番地", "番地"),
        _column("detail", "住所_方書", "方書", "住所2"),
        _column("latitude", "緯度", "latitude", parse=cells.degrees),
        _column("longitude", "経度", "longitude", parse=cells.degrees),
        _column("phone", "電話番号", "電話", parse=digits),
        _column("protected", "他業務参照不可フラグ", "支援措置フラグ", "支援措置", parse=flag, need=Need.IDENTITY),
    ),
    must_have=(("resident_no",), ("household_no",), ("full_name", "family"), ("birth",)),
    left_out={
        "住民票コード": "法令により使えないため読みません。次からは抽出に入れないでください。",
        "理由": "取り込みでは使いません。",
    },
    has_note=False,
)  # fmt: skip
