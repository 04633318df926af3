"""A town's whole extract: the number of queries grows with its chunks, not with its rows."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.interop.importing import csv_of, run_import
from tests.interop.residents import HEADERS, family
from tests.makers import Town
from tsunagari.interop.imports.plan import Plan

apply = import_module("tsunagari.interop.imports.residents.apply")  # its package has a function of that name
pytestmark = pytest.mark.django_db
CHUNK = 300  # rows written at once; the product's is larger
HOMES = 1_000  # three thousand people: as many chunks as ten thousand make in service


def extract(homes: int, **more: str) -> bytes:
    return csv_of([row for home in range(1, homes + 1) for row in family(home, **more)], HEADERS).encode()


def bring(town: Town, content: bytes) -> tuple[Plan, int]:
    with CaptureQueriesContext(connection) as queries:
        plan = run_import(town, "residents", content)
    return plan, len(queries)


@pytest.mark.slow
def test_ten_chunks_take_a_hundred_queries_to_add_and_thirty_to_find_unchanged(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 3 * HOMES // CHUNK * apply.CHUNK >= 10_000
    monkeypatch.setattr(apply, "CHUNK", CHUNK)
    content = extract(HOMES)
    added, adding = bring(town, content)
    unchanged, comparing = bring(town, content)
    changed, changing = bring(town, extract(HOMES, 住所_番地号表記="9番9号"))
    assert (added.added, unchanged.unchanged, changed.changed) == (3 * HOMES,) * 3
    assert adding < 120, adding
    assert comparing < 30, comparing
    assert changing < 120, changing


def test_comparing_costs_the_same_for_ten_and_for_four_hundred_households(town: Town) -> None:
    few, many = extract(10), extract(400)
    bring(town, many)
    assert bring(town, few)[1] == bring(town, many)[1]
