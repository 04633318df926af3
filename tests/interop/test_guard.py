"""No My Number: refused whole, nothing kept."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family
from tests.makers import Town, scope
from tsunagari.base import tenancy
from tsunagari.base.errors import DomainError
from tsunagari.interop import operations
from tsunagari.interop.models import Import
from tsunagari.interop.rules import is_my_number, same_town

VALID = ["123456789018", "1234 5678 9018", "１２３４５６７８９０１８"]


@pytest.mark.parametrize("text", VALID)
def test_the_check_digit_of_my_number_is_known(text: str) -> None:
    assert is_my_number(text)
    assert not is_my_number(text[:-1] + ("7" if text[-1] == "8" else "７"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["個人番号", "個人番号カード", "マイナンバー", "個人 番号", "ＭｙＮｕｍｂｅｒ", "備考1"]
)
def test_a_file_with_my_number_is_refused_and_not_kept(town: Town, header: str) -> None:
    rows = [row | {header: "123456789018"} for row in family()]
    with tenancy.municipality(town.municipality.pk):
        with pytest.raises(DomainError, match="個人番号") as caught:
            operations.upload_import(
                actor=town.officer, kind="residents", filename="a.csv", content=csv_of(rows).encode()
            )
        assert not Import.objects.exists()
    assert "123456789018" not in str(caught.value)


@pytest.mark.django_db
def test_blanks_in_words_between_the_numbers_hide_nothing(town: Town) -> None:
    numbers = ["123456789018", "なし", "100000000005"]
    rows = [row | {"照会番号": number} for row, number in zip(family(), numbers, strict=True)]
    with scope(town), pytest.raises(DomainError, match="照会番号"):
        operations.upload_import(
            actor=town.officer, kind="residents", filename="a.csv", content=csv_of(rows).encode()
        )


@pytest.mark.django_db
def test_twelve_digits_that_are_not_all_my_numbers_are_other_numbers(town: Town) -> None:
    numbers = ["123456789018", "123456789012", "123456789013"]
    rows = [row | {"宛名番号": number} for row, number in zip(family(), numbers, strict=True)]
    with scope(town):
        row = operations.upload_import(
            actor=town.officer, kind="residents", filename="a.csv", content=csv_of(rows, HEADERS).encode()
        )
        assert row.status == "reading"


def book(other: list[list[str]]) -> bytes:
    """An extract in the first sheet, and a hidden sheet beside it."""
    made, out = Workbook(), io.BytesIO()
    for line in [HEADERS, *([row.get(name, "") for name in HEADERS] for row in family())]:
        made.worksheets[0].append(line)
    beside = made.create_sheet("控え")
    beside.sheet_state = "hidden"
    for line in other:
        beside.append(line)
    made.save(out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [[["氏名", "個人番号"]], [["番号"], ["123456789018"], ["111111111118"], ["100000000005"]]]
)
def test_a_hidden_sheet_beside_the_extract_is_looked_at_too(town: Town, other: list[list[str]]) -> None:
    with scope(town):
        with pytest.raises(DomainError, match="個人番号"):
            operations.upload_import(
                actor=town.officer, kind="residents", filename="a.xlsx", content=book(other)
            )
        assert not Import.objects.exists()


@pytest.mark.django_db
def test_other_sheets_without_it_do_no_harm(town: Town) -> None:
    with scope(town):
        content = book([["メモ"], ["架空"]])
        row = operations.upload_import(
            actor=town.officer, kind="residents", filename="a.xlsx", content=content
        )
        assert row.rows == 3


@pytest.mark.parametrize(
    ("raw", "code", "same"),
    [
        ("372013", "372013", True), ("37201", "372013", True), ("９２０１１", "092011", True), ("9201", "092011", True),
        ("372021", "372013", False), ("01103", "011002", True), ("14131", "141305", True), ("14131", "141003", False),
        ("x", "372013", False), ("", "372013", False),
    ],
)  # fmt: skip
def test_codes_without_zero_or_check_digit_and_of_wards_mean_the_town(
    raw: str, code: str, same: bool
) -> None:
    assert same_town(raw, code) is same
