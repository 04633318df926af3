"""Circulation (E3): who is asked by rule, mark or agency; never who may not read; withdrawn when a record is narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.encounters.cast import kimura, write
from tests.encounters.circulating import all_go_round, asked, mark, rule
from tests.families.people import trail
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Seal
from tsunagari.encounters.operations import circulation


def ids(*actors: Actor) -> list[int]:
    return sorted(actor.user_id or 0 for actor in actors)


def test_the_readers_of_a_mark_are_asked_by_its_day_and_once(in_town: Town) -> None:
    dot = mark(in_town.officer, readers=("manager", "counselor"), within_days=3)
    record = write(in_town.counselor, kimura(in_town.counselor), mark_id=dot.pk)
    circulation.start(record, actor=in_town.counselor)
    circulation.start(record, actor=in_town.counselor)
    assert asked(record) == ids(in_town.colleague, in_town.manager)
    assert set(Seal.objects.values_list("due_on", "kind")) == {(clock.today() + timedelta(days=3), "read")}


def test_the_centre_is_asked_only_with_the_familys_consent(in_town: Town) -> None:
    rule(in_town.lead, "nurse", "lead")
    family = kimura(in_town.counselor)
    records = [write(in_town.counselor, family, consent=said) for said in ("asked", "given")]
    for record in records:
        circulation.start(record, actor=in_town.counselor)
    assert [asked(record) for record in records] == [[], ids(in_town.nurse, in_town.lead)]
    assert trail("circulation.ask")[-1].household_id == family.pk


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 1),
        ({"category": 9}, 1),
        ({"category": 4}, 0),
        ({"concern_from": 2}, 1),
        ({"concern_from": 3}, 0),
        ({"ended_on": clock.today()}, 0),
        ({"ended_on": clock.today() + timedelta(days=1)}, 1),
    ],
)
def test_every_condition_of_a_rule_must_hold(in_town: Town, given: dict[str, object], count: int) -> None:
    rule(in_town.manager, "manager", **given)
    record = write(in_town.counselor, kimura(in_town.counselor), concern=2)
    circulation.start(record, actor=in_town.counselor)
    assert len(asked(record)) == count


def test_a_rule_of_another_agency_or_mark_asks_nobody(in_town: Town) -> None:
    rule(in_town.lead, "manager", agency=in_town.midori)
    rule(in_town.lead, "manager", mark=mark(in_town.officer))
    record = write(in_town.counselor, kimura(in_town.counselor))
    circulation.start(record, actor=in_town.counselor)
    assert asked(record) == []


def test_all_go_round_where_the_agency_says_so(in_town: Town) -> None:
    all_go_round(in_town.aoba)
    record = write(in_town.counselor, kimura(in_town.counselor))
    circulation.start(record, actor=in_town.counselor)
    assert asked(record) == ids(in_town.colleague, in_town.manager, in_town.rounds)


def test_asked_by_several_it_is_one_seal_the_strictest(in_town: Town) -> None:
    rule(in_town.lead, "manager", within_days=5)
    dot = mark(in_town.officer)
    record = write(in_town.counselor, kimura(in_town.counselor), mark_id=dot.pk)
    circulation.start(record, actor=in_town.counselor)
    rule(in_town.lead, "manager", kind="confirm", within_days=2)
    circulation.start(record, actor=in_town.counselor)
    found = Seal.objects.get()
    assert (found.kind, found.due_on) == ("confirm", clock.today() + timedelta(days=2))
