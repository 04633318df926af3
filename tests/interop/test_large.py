"""A town's whole extract: the number of queries does not grow with its rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.interop.importing import csv_of, run_import
from tests.interop.residents import HEADERS, family
from tests.makers import Town
from tsunagari.interop.imports.plan import Plan

pytestmark = pytest.mark.django_db
HOMES = 3_334  # ten thousand people


def extract(homes: int, **more: str) -> bytes:
    return csv_of([row for home in range(1, homes + 1) for row in family(home, **more)], HEADERS).encode()


def bring(town: Town, content: bytes) -> tuple[Plan, int]:
    with CaptureQueriesContext(connection) as queries:
        plan = run_import(town, "residents", content)
    return plan, len(queries)


@pytest.mark.slow
def test_ten_thousand_rows_take_a_hundred_queries_to_add_and_thirty_to_find_unchanged(town: Town) -> None:
    content = extract(HOMES)
    added, adding = bring(town, content)
    unchanged, comparing = bring(town, content)
    changed, changing = bring(town, extract(HOMES, 住所_番地号表記="9番9号"))
    assert (added.added, unchanged.unchanged, changed.changed) == (3 * HOMES,) * 3
    assert adding < 120, adding
    assert comparing < 30, comparing
    assert changing < 120, changing


def test_comparing_costs_the_same_for_ten_and_for_a_thousand_households(town: Town) -> None:
    few, many = extract(10), extract(1000)
    bring(town, many)
    assert bring(town, few)[1] == bring(town, many)[1]
