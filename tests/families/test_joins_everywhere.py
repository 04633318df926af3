"""Joined and parted again, not one row of any table is another than before; and what a month counts stays (D8)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tests.doors.secret import _encounters as written_about
from tests.encounters.cast import kimura
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.families.models import Household
from tsunagari.families.operations import joins, registrations, search
from tsunagari.reports.figures import figures_of
from tsunagari.reports.queries.reading import span_of_agency, span_of_city
from tsunagari.reports.rules import month_of

pytestmark = pytest.mark.django_db
#: The trail and the join itself stay; what a family is found by is made anew.
KEPT = ("audit_", "django_", "families_householdjoin", "families_householdrevision", "families_searchentry")


def everything() -> dict[str, list[str]]:
    """Every row of every table of ours, as text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if model._meta.managed and not table.startswith(KEPT):
                cursor.execute(f'SELECT row_::text FROM "{table}" AS row_ ORDER BY 1')  # noqa: S608 our own names
                found[table] = [text for (text,) in cursor]
    return found


def totals(town: Town) -> dict[str, int | None]:
    """What this month adds up to, by agency and town: receptions, records, and records with a name."""
    month = month_of(clock.today())
    spans = {
        "agency": span_of_agency(town.counselor, town.aoba, month, whole=True),
        "town": span_of_city(town.lead, month),
    }
    return {
        f"{name} {section.key} {line.key}": section.cells[place][0]
        for name, span in spans.items()
        for section in figures_of(span)
        if section.key in ("visit", "consult")
        for place, line in enumerate(section.rows)
        if line.key in ("receptions", "total", "named", "unnamed")
    }


def alike(source: Household, target: Household) -> dict[int, int]:
    """The first guardian and the first child of both, said to be one."""
    first = {}
    for kind in ("guardian", "child"):
        one, other = (home.people.filter(kind=kind).order_by("pk")[0].pk for home in (source, target))
        first[one] = other
    return first


@pytest.mark.parametrize(
    ("written", "same", "registered"),
    [
        ("source", False, ""),
        ("source", True, "source target"),
        ("source", True, "target"),
        ("target", True, "source"),
        ("target", False, "source target"),
    ],
)
def test_joined_and_parted_no_row_of_any_table_is_another(
    in_town: Town, written: str, same: bool, registered: str
) -> None:
    homes = {"source": kimura(in_town.counselor), "target": kimura(in_town.counselor)}
    for name in registered.split():
        registrations.register(
            homes[name], in_town.aoba, actor=in_town.counselor, is_home=True, source="counter"
        )
    written_about(in_town, homes[written])
    search.refresh(list(homes.values()))
    before, counted = everything(), totals(in_town)
    assert counted["agency consult total"] == counted["town consult total"] == 1
    join = joins.join(
        homes["source"], homes["target"], actor=in_town.counselor, same=alike(**homes) if same else {}
    )
    assert everything() != before
    assert totals(in_town) == counted
    joins.part(join, actor=in_town.counselor)
    assert everything() == before
    assert totals(in_town) == counted
