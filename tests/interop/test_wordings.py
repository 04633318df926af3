"""Extracts worded as other towns word them: relations without codes, numbers that Excel spoilt."""

from __future__ import annotations

import pytest

from tests.interop.importing import csv_of, run_import
from tests.interop.residents import HEADERS, bring, counts, family
from tests.makers import Town, scope
from tsunagari.families.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("世帯主", "妻", "長男"), "guardian guardian child"), (("世帯主", "妻（未届）", "妻の子"), "guardian guardian child"),
        (("02", "12", "20"), "guardian guardian child"), (("世帯主", "同居人", "縁故者"), "guardian relative child"),
        (("父", "世帯主", "二女"), "relative guardian child"),
    ],
)  # fmt: skip
def test_relations_in_words_alone_say_who_looks_after_whom(
    town: Town, words: tuple[str, ...], kinds: str
) -> None:
    rows = [row | {"続柄コード1": "", "続柄": word} for row, word in zip(family(), words, strict=True)]
    plan = run_import(town, "residents", csv_of(rows, [*HEADERS, "続柄"]), "juki.csv")
    assert (plan.added, plan.rejected) == (3, [])
    with scope(town):
        assert [person.kind for person in Person.objects.order_by("resident_no")] == kinds.split()


def test_a_number_that_excel_rounded_is_refused_and_told(town: Town) -> None:
    plan = bring(town, *(row | {"宛名番号": "1.23457E+14"} for row in family()))
    assert counts(plan) == (0, 0, 0, 3)
    assert "Excel が番号を丸めています" in plan.rejected[0].reason
