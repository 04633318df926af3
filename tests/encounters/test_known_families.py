"""Which families a worker sees, and of which of them where else they go: met or registered; written down is less."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import makers
from tests.encounters.cast import kimura, visit
from tests.interop import rosters
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.encounters import queries
from tsunagari.encounters.queries.timeline import sees_others
from tsunagari.families.models import Household, Registration
from tsunagari.families.operations import bulk, registrations
from tsunagari.families.rules import PersonInput

VISITED = [("2026/10/1", "架空 花子", "はる", "R6.4.1", "", 1, 1, "")]
REGISTER = ("登録日", "保護者氏名", "児の氏名", "生年月日")
REGISTERED = [("R7.4.1", "架空 花子", "はる", "R6.4.1")]


def sight(town: Town, family: Household, seen_by: Any = None) -> tuple[bool, bool]:
    """Whether あおば sees the family, and whether it sees where else the family goes."""
    actor = seen_by or town.counselor
    return Household.objects.visible_to(actor).filter(pk=family.pk).exists(), sees_others(actor, family)


def test_a_family_only_typed_in_is_seen_and_not_where_it_goes(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    visit(in_town.stranger, family)
    assert sight(in_town, family) == (True, False)
    timeline = queries.timeline(in_town.counselor, family, kinds=["visit"])
    assert (timeline.items, timeline.others_hidden) == ([], True)


def test_a_meeting_shows_where_it_goes(in_town: Town) -> None:
    family = kimura(in_town.stranger)
    assert sight(in_town, family) == (False, False)
    visit(in_town.counselor, family)
    assert sight(in_town, family) == (True, True)


@pytest.mark.parametrize(("first", "last", "knows"), [(0, None, True), (0, 0, True), (-9, -1, False)])
def test_a_registration_that_holds_today_shows_where_it_goes(
    in_town: Town, first: int, last: int | None, knows: bool
) -> None:
    family, today = kimura(in_town.officer), clock.today()
    row = registrations.register(family, in_town.aoba, actor=in_town.officer, is_home=True, source="city")
    days = (timedelta(first), None if last is None else timedelta(last))
    Registration.objects.filter(pk=row.pk).update(
        starts_on=today + days[0], ends_on=None if days[1] is None else today + days[1]
    )
    assert sight(in_town, family) == (True, knows)


@pytest.mark.parametrize(
    ("content", "register", "expected"),
    [
        (rosters.book(VISITED), "", (True, True)),
        (rosters.book(REGISTERED, REGISTER), "listed", (True, True)),
        (rosters.book(REGISTERED, REGISTER), "none", (True, False)),
    ],
    ids=["visits", "register", "addresses alone"],
)
def test_a_family_brought_in_from_a_roster(
    town: Town, content: bytes, register: str, expected: tuple[bool, bool]
) -> None:
    row = rosters.sent(town, content)
    with makers.scope(town):
        if register == "none":
            row.options["mapping"]["register"] = "none"
            row.save(update_fields=["options"])
    rosters.brought_in(town, row)
    with makers.scope(town):
        assert sight(town, Household.objects.get()) == expected


def test_a_family_of_the_residents_register_is_the_citys_alone(in_town: Town) -> None:
    given = bulk.NewHousehold((PersonInput(family_name="架空", given_name="花子"),))
    [family] = bulk.create_households([given], actor=in_town.officer)
    assert sight(in_town, family) == (False, False)
    assert sight(in_town, family, in_town.lead) == (True, True)
