"""One month, four ways: the screen, the workbook, the paper and plain SQL say the same; joining changes no total."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.encounters.cast import kimura, visit, write
from tests.makers import Town, scope
from tests.reports.random_month import FIRST, MONTHS, World, fill, make_world
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import records, visits
from tsunagari.encounters.rules.codes import CHANNELS
from tsunagari.families.operations import households, joins
from tsunagari.reports.figures import figures_of
from tsunagari.reports.queries.reading import span_of_agency
from tsunagari.reports.rules import Section, cell_value, month_of

NIGHT = clock.at(date(2026, 11, 20), 22)
WIDE_ENOUGH = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],  # each is a dozen requests: shrinking would take minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# By hand, without a word of what the program reads with: category × how it came, and the main sums.
PLAIN = """
SELECT 'category.' || main_category || '.' || channel, count(*) FROM encounters_consultation
WHERE agency_id = %(agency)s AND occurred_on >= '2027-02-01' AND occurred_on < '2027-03-01'
GROUP BY main_category, channel
UNION ALL SELECT 'consult.total', count(*) FROM encounters_consultation
WHERE agency_id = %(agency)s AND occurred_on >= '2027-02-01' AND occurred_on < '2027-03-01'
UNION ALL SELECT 'age.total.kids', count(*) FROM encounters_consultationperson p
JOIN encounters_consultation c ON c.id = p.consultation_id JOIN families_person s ON s.id = p.person_id
WHERE c.agency_id = %(agency)s AND c.occurred_on >= '2027-02-01' AND c.occurred_on < '2027-03-01' AND s.kind = 'child'
UNION ALL SELECT 'visit.receptions', (SELECT count(*) FROM encounters_visit WHERE agency_id = %(agency)s
  AND undone_at IS NULL AND visited_on >= '2027-02-01' AND visited_on < '2027-03-01')
  + (SELECT coalesce(sum(families), 0) FROM encounters_tally WHERE agency_id = %(agency)s
  AND undone_at IS NULL AND day >= '2027-02-01' AND day < '2027-03-01')
"""


def plain(town: Town) -> dict[str, int]:
    with scope(town), connection.cursor() as cursor:
        cursor.execute(PLAIN, {"agency": town.aoba.pk})
        return {name: int(number) for name, number in cursor.fetchall()}


def on_screen(page: str) -> dict[str, int]:
    """Figures by the name their link carries."""
    found = re.findall(r'/cells/([\w.]+)/">(\d+)</a>', page)
    return {name: int(number) for name, number in found}


def in_workbook(data: bytes) -> dict[str, int]:
    """Figures by name, found in the workbook by the titles and headings that people read."""
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]
    found = {}
    for number, row in enumerate(rows):
        if row[0] == "相談の主な分類と方法":
            for line in rows[number + 3 : number + 16]:
                code = str(line[0]).split("　")[0]
                found |= {
                    f"category.{code}.{by}": value for by, value in zip(CHANNELS, line[1:], strict=False)
                }
        for title, name in (
            ("相談の記録", "consult.total"),
            ("受付（人数だけの組もふくむ）", "visit.receptions"),
        ):
            if row[0] == title:
                found[name] = row[1]
        if row[0] == "子どもの年齢":
            found["age.total.kids"] = rows[number + 12][8]
    return found


def on_paper(data: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages)


@pytest.fixture
def world(town: Town) -> World:
    with scope(town):
        return make_world(town)


@pytest.mark.slow
@WIDE_ENOUGH
@given(MONTHS)
def test_screen_workbook_paper_and_plain_sql_are_equal(
    world: World, client_of: Callable[[Actor], Client], month: dict[str, Any]
) -> None:
    with rolled_back():
        with scope(world.town):
            fill(world, month)
        wanted = plain(world.town)
        screen, sheet, paper = shown(world.town, client_of)
        assert {name: screen.get(name, 0) for name in wanted} == wanted
        assert {name: sheet[name] for name in wanted} == wanted
        assert f"受付（人数だけの組もふくむ）{wanted['visit.receptions']}" in paper
        assert f"相談の記録{wanted['consult.total']}" in paper


def shown(town: Town, client_of: Callable[[Actor], Client]) -> tuple[dict[str, int], dict[str, int], str]:
    """The manager's page, the workbook and the paper."""
    with clock.stopped_at(clock.at(FIRST, 10)):
        manager = client_of(town.manager)
        address = manager.post("/reports/new/", {"kind": "monthly", "day": str(FIRST)}).headers["Location"]
        page, book, paper = (
            manager.get(f"{address}{name}").content for name in ("", "report.xlsx", "report.pdf")
        )
        return on_screen(page.decode()), in_workbook(book), on_paper(paper)


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with suppress(_Undo), transaction.atomic():
        yield
        raise _Undo


class _Undo(Exception):
    """Ends a block whose rows must not stay."""


def totals(actor: Actor, town: Town) -> dict[str, int]:
    sections: list[Section] = figures_of(
        span_of_agency(actor, town.aoba, month_of(clock.today()), whole=True)
    )
    names = ("consult.total", "visit.receptions", "category.total.total", "age.total.total", "channel.total")
    return {name: cell_value(sections, name) for name in names}


def random_work(draw: list[int], town: Town) -> None:
    """Families come and talk, some by a nickname or without a name."""
    actor = town.counselor
    family = kimura(actor)
    nickname = households.create_nickname_family(actor=actor, nickname="たんぽぽさん", age_hint_months=3)
    for number, step in enumerate(draw):
        at = NIGHT - timedelta(hours=2 * number + 1)
        if step == 0:
            visit(actor, family, at=at)
        elif step == 1:
            visit(actor, nickname, person_ids=[], at=at)
        elif step == 2:
            write(actor, family, occurred_at=at)
        elif step == 3:
            write(actor, occurred_at=at, who_hint="2か月の子")
        else:
            visits.check_in_anonymous(actor=actor, adults=1, children=1, key=uuid4(), at=at)
    before = totals(actor, town)
    join = joins.join(nickname, family, actor=actor, same={})
    assert totals(actor, town) == before
    for record in Consultation.objects.filter(household=None):
        records.move_record(record, family, actor=actor, reason="ご家庭が分かった")
    for came in visits.Visit.objects.filter(household=None):
        visits.name_visit(came, family, actor=actor, person_ids=[])
    assert totals(actor, town) == before
    joins.part(join, actor=actor)
    assert totals(actor, town) == before


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), max_size=6))
def test_joining_parting_and_linking_change_no_total(in_town: Town, draw: list[int]) -> None:
    with clock.stopped_at(NIGHT):
        random_work(draw, in_town)
