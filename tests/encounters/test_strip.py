"""D3, D4: where a family was, month by month, within what may be seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests import makers
from tests.encounters.cast import kimura, visit, write
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters import queries
from tsunagari.encounters.operations import visits
from tsunagari.encounters.rules import MASK
from tsunagari.families.models import Household
from tsunagari.families.operations import households
from tsunagari.places.models import Municipality

DAY = date(2026, 11, 23)
AOBA, MIDORI = "あおば子育て支援センター", "みどり児童館"


def on(month: int, day: int, year: int = 2026) -> Any:
    return clock.at(date(year, month, day), 10)


def used(town: Town) -> Household:
    """木村さん: あおば in November (twice) and September, みどり in October, and long ago."""
    family = kimura(town.counselor)
    for at in (on(11, 4), on(11, 18), on(9, 1), on(11, 30, 2025)):
        visit(town.counselor, family, at=at)
    visit(town.stranger, family, at=on(10, 7))
    write(town.stranger, family, occurred_at=on(10, 7))
    return family


def told(actor: Actor, family: Household) -> dict[str, dict[str, str]]:
    """Words by agency and month."""
    with clock.stopped_at(clock.at(DAY, 15)):
        found = queries.strip(actor, family)
    return {
        row.name: {
            f"{month.first:%Y-%m}": use.words
            for month, use in zip(found.months, row.cells, strict=True)
            if use.words
        }
        for row in found.rows
    }


def test_the_last_twelve_months_by_agency(in_town: Town) -> None:
    family = used(in_town)
    assert told(in_town.counselor, family) == {
        AOBA: {"2026-09": "来所1回", "2026-11": "来所2回"},
        MIDORI: {"2026-10": "来所1回、相談1回"},
    }


def test_this_month_is_rightmost_and_the_own_agency_first(in_town: Town) -> None:
    family = used(in_town)
    with clock.stopped_at(clock.at(DAY, 15)):
        found = queries.strip(in_town.stranger, family)
    assert [month.first for month in found.months][::11] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert [(row.name, row.ours) for row in found.rows] == [(MIDORI, True), (AOBA, False)]
    assert found.rows[1].total == queries.Use(visits=3)


@pytest.mark.parametrize(
    ("scope", "role", "seen"),
    [
        ("all", "stranger", 2),
        ("home_and_used", "stranger", 2),
        ("own", "stranger", 1),
        ("own", "nurse", 2),
        ("own", "officer", 2),
        ("all", "auditor", 0),
    ],
)
def test_the_citys_switch_holds_as_on_the_time_line(in_town: Town, scope: str, role: str, seen: int) -> None:
    family, actor = used(in_town), getattr(in_town, role)
    Municipality.objects.filter(pk=in_town.municipality.pk).update(history_scope=scope)
    assert len(told(actor, family)) == seen
    line = queries.timeline(actor, family, limit=100)
    places = {item.agency for item in line.items if item.kind in ("visit", "record")}
    assert len(places) == seen
    assert queries.strip(actor, family).others_hidden is line.others_hidden


def test_other_agencies_of_a_protected_family_are_one_row_without_a_name(in_town: Town) -> None:
    family = used(in_town)
    with makers.scope(in_town):
        visit(in_town.nurse, family, at=on(10, 8))
        households.protect(family, actor=in_town.lead, protected=True)
    family.refresh_from_db()
    assert told(in_town.counselor, family) == {
        AOBA: {"2026-09": "来所1回", "2026-11": "来所2回"},
        MASK: {"2026-10": "来所2回、相談1回"},
    }
    assert set(told(in_town.officer, family)) == {MASK}


def test_what_was_taken_back_is_not_there(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    visits.undo_visit(visit(in_town.counselor, family), actor=in_town.counselor)
    assert told(in_town.counselor, family) == {}


def test_a_month_opens_the_time_line_at_its_end(in_town: Town) -> None:
    family = used(in_town)
    with clock.stopped_at(clock.at(DAY, 15)):
        september = queries.strip(in_town.counselor, family).months[-3]
    line = queries.timeline(in_town.counselor, family, before=september.key, kinds=["visit"])
    assert [item.day for item in line.items] == [date(2026, 9, 1), date(2025, 11, 30)]


def test_one_query_however_much_there_is(in_town: Town, django_assert_num_queries: Any) -> None:
    family = used(in_town)
    with django_assert_num_queries(1):
        queries.strip(in_town.counselor, family, others=True)
    with django_assert_num_queries(2):
        queries.strip(in_town.counselor, family)


def test_another_town_sees_nothing(town: Town, other_town: Town) -> None:
    with makers.scope(town):
        family = used(town)
    with makers.scope(other_town):
        assert queries.strip(other_town.officer, family, others=True).rows == ()
