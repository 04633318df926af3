"""No page reads a whole town: every statement about families can be served by an index, also behind the wall.

With sequential scans forbidden, one still stands in the plan exactly where no index fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import makers
from tests.database import database_name
from tests.makers import Town, scope

from tsunagari.base import clock
from tsunagari.config import database
from tsunagari.encounters.operations import records, visits
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household, Person
from tsunagari.families.operations import households
from tsunagari.families.rules import PersonInput

GROWING = (
    "families_household",
    "families_person",
    "families_registration",
    "families_agencylink",
    "families_card",
    "families_searchentry",
    "families_householdrevision",
    "encounters_visit",
    "encounters_visitperson",
    "encounters_tally",
    "encounters_consultation",
    "encounters_consultationperson",
    "encounters_draft",
    "encounters_attachment",
    "audit_entry",
)


@pytest.fixture
def family(town: Town) -> Household:
    """A family with a visit and a record, so that every part of the pages asks."""
    with scope(town, town.counselor.user_id):
        mother = PersonInput(family_name="木村", given_name="綾", family_kana="きむら", phone="090-0000-1234")
        child = PersonInput(kind="child", given_name="颯太", birth_date=date(2024, 8, 9))
        household = households.create_household(actor=town.counselor, people=[mother, child])
        ids = list(Person.objects.filter(household=household).values_list("pk", flat=True))
        visits.check_in(household, actor=town.counselor, person_ids=ids, key=uuid4())
        record = RecordInput(
            occurred_at=clock.now(),
            content="話をきいた",
            categories=(5,),
            household_id=household.pk,
            channel="visit",
            person_ids=tuple(ids),
            next_step="その後をきく",
            next_on=clock.today(),
            consent="given",
        )
        records.write_record(record, actor=town.counselor, key=uuid4())
    return household


def _whole_reads(statements: list[str]) -> list[str]:
    """Statements whose plan needs a growing table from end to end, planned as the owner, so without the wall."""
    found = []
    with psycopg.connect(database.owner_url(database_name())) as owner:
        owner.execute("SET enable_seqscan = off")
        for statement in statements:
            if (
                statement.split(None, 1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}
                and "set_config" not in statement
            ):
                row = owner.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%")).fetchone()
                found += [f"{table}: {statement[:600]}" for table in _read_whole(row[0][0]["Plan"])]
    return found


def _read_whole(node: dict[str, Any]) -> Iterator[str]:
    """Growing tables under a sequential scan. A whole walk along an index is not judged: on tables as small as a
    test's, statistics alone decide for or against it."""
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield node["Relation Name"]
    for part in node.get("Plans", []):
        yield from _read_whole(part)


@pytest.mark.parametrize("role", ["counselor", "nurse", "officer", "manager"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/families/",
        "/families/{id}/",
        "/families/{id}/card/",
        "/cards/",
        "/families/{id}/visit/",
        "/visits/",
        "/visits/roster.pdf",
        "/records/",
        "/records/?view=family",
        "/records/?view=family&family={id}",
        "/records/?view=marked",
        "/records/?view=all",
        "/circulation/",
        "/trail/mine/",
    ],
)
def test_a_page_never_needs_a_whole_table(town: Town, family: Household, role: str, path: str) -> None:
    client = makers.client_of(town.actors[role])
    with CaptureQueriesContext(connection) as caught:
        client.get(path.format(id=family.pk))
    assert _whole_reads([query["sql"] for query in caught]) == []


@pytest.mark.parametrize("role", ["counselor", "nurse", "officer"])
@pytest.mark.parametrize(
    "words",
    [
        "きむら",
        "木村",
        "そうた",
        "090-0000-1234",
        "令和6年8月9日 木村綾",
        "3469CDFHJKMPRTVX3469CDFHJK",
        "000000000",
    ],
)
def test_a_search_never_needs_a_whole_table(town: Town, family: Household, role: str, words: str) -> None:
    client = makers.client_of(town.actors[role])
    with CaptureQueriesContext(connection) as caught:
        assert client.post("/search/", {"q": words}).status_code == 200
    assert _whole_reads([query["sql"] for query in caught]) == []


def test_checking_in_never_needs_a_whole_table(town: Town, family: Household) -> None:
    client = makers.client_of(town.colleague)
    with CaptureQueriesContext(connection) as caught:
        sent = {"key": str(uuid4()), "adults": "1", "time": ""}
        client.post(f"/families/{family.pk}/visit/", sent)
        client.post("/records/new/", {"household": family.pk})
    assert _whole_reads([query["sql"] for query in caught]) == []


def test_a_statement_that_reads_a_whole_table_is_noticed(db: None) -> None:
    assert _whole_reads(["SELECT id FROM families_person WHERE email = 'nobody'"]) == [
        "families_person: SELECT id FROM families_person WHERE email = 'nobody'"
    ]


def test_no_index_of_a_growing_table_holds_the_town_alone() -> None:
    """It finds no row, every save pays for it, and plans made without values join it to better ones: a walk over the
    whole town."""
    found = """
        SELECT t.relname FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE a.attname = 'municipality_id' AND x.indnatts = 1 AND t.relname = ANY(%s)
    """
    with psycopg.connect(database.owner_url(database_name())) as owner:
        assert owner.execute(found, [list(GROWING)]).fetchall() == []
