"""Fictional rows of a resident extract, with the columns of the national list."""

from __future__ import annotations

from tests.interop.importing import csv_of
from tests.interop.importing import run_import as _run
from tests.makers import Town
from tsunagari.interop.imports.plan import Plan

_HEADERS = (
    "市区町村コード,宛名番号,世帯番号,住民種別,住民状態,異動年月日,異動事由,氏名,氏名_フリガナ,氏_日本人,名_日本人,氏名_外国人ローマ字,通称,"
    "性別,生年月日,生年月日_不詳フラグ,続柄コード1,続柄コード2,住所_都道府県,住所_市区郡町村名,住所_町字,住所_番地号表記,住所_方書,"
    "住所_郵便番号,住民となった年月日,転出年月日（確定）,消除の異動年月日,他業務参照不可フラグ"
)
HEADERS = _HEADERS.split(",")


def row(
    number: int, home: int, name: str, kana: str, birth: str, relation: str, **more: str
) -> dict[str, str]:
    """One living resident of つながり市; `more` overrides by header."""
    first, _, second = relation.partition("-")
    values = {
        "市区町村コード": "999999", "宛名番号": f"{number:015}", "世帯番号": f"{home:015}", "住民種別": "1", "住民状態": "1",
        "氏名": name, "氏名_フリガナ": kana, "性別": "2" if relation in ("12", "20-12") else "1", "生年月日": birth,
        "生年月日_不詳フラグ": "0", "続柄コード1": first, "続柄コード2": second, "住所_都道府県": "架空県",
        "住所_市区郡町村名": "つながり市", "住所_町字": "あおば町一丁目", "住所_番地号表記": "2番3号", "住所_郵便番号": "９９９００１１",
        "住民となった年月日": "2020-04-01", "他業務参照不可フラグ": "0",
    }  # fmt: skip
    return values | more


def family(
    home: int = 1, family_name: str = "架空", kana: str = "カクウ", **more: str
) -> list[dict[str, str]]:
    """A father (householder), a mother and a child of two."""
    base = home * 10
    return [
        row(base + 1, home, f"{family_name}　太郎", f"{kana}　タロウ", "1990-05-01", "02", **more),
        row(base + 2, home, f"{family_name}　花子", f"{kana}　ハナコ", "1991-06-02", "12", **more),
        row(base + 3, home, f"{family_name}　あおい", f"{kana}　アオイ", "2024-07-03", "20", **more),
    ]


def bring(town: Town, *rows: dict[str, str]) -> Plan:
    """Import the rows as an extract."""
    return _run(town, "residents", csv_of(rows, HEADERS), "juki.csv")


def counts(plan: Plan) -> tuple[int, int, int, int]:
    """added, changed, unchanged, rejected"""
    return plan.added, plan.changed, plan.unchanged, len(plan.rejected)
