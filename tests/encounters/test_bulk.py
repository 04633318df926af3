"""Many check-ins and records at once, by the rules of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.encounters.cast import NOON, children, kimura, said, trail, visit, write
from tests.encounters.circulating import asked, rule
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.encounters.models import Consultation, Seal, Visit
from tsunagari.encounters.operations.bulk import Arrival, Written, check_in_many, write_many
from tsunagari.families.models import AgencyLink, Household

HOUR = timedelta(hours=1)


def arrival(family: Household, hours: float = 0, **more: Any) -> Arrival:
    at = NOON + hours * HOUR
    return Arrival(at=at, key=uuid4(), household_id=family.pk, person_ids=tuple(children(family)), **more)


def test_a_visit_counted_with_others_is_like_one_counted_alone(in_town: Town) -> None:
    one, other = kimura(in_town.counselor), kimura(in_town.counselor)
    with clock.stopped_at(NOON):
        alone = visit(in_town.counselor, one, adults=2)
        (together,) = check_in_many([arrival(other, adults=2)], actor=in_town.counselor)
    different = {"id", "household_id", "key", "_state", "already", "family", "closed"}
    values = [
        {k: v for k, v in vars(Visit.objects.get(pk=v.pk)).items() if k not in different}
        for v in (alone, together)
    ]
    assert values[0] == values[1]
    assert together.people.count() == alone.people.count()
    assert len(trail("visit.check_in")) == 2


def test_within_the_hour_it_counts_once(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    arrivals = [arrival(family, hours) for hours in (-6, -5.5, -4)]
    with clock.stopped_at(NOON):
        counted = check_in_many(arrivals, actor=in_town.counselor)
        again = check_in_many(arrivals, actor=in_town.counselor)
    assert [seen.first_time for seen in counted] == [True, False]
    assert again == []


def test_an_earlier_visit_entered_late_is_the_first(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    with clock.stopped_at(NOON):
        later = visit(in_town.counselor, family)
        (earlier,) = check_in_many([arrival(family, -48)], actor=in_town.counselor)
    later.refresh_from_db()
    earlier.refresh_from_db()
    assert (earlier.first_time, later.first_time) == (True, False)


def test_a_stranger_among_the_people_stops_the_batch(in_town: Town) -> None:
    one, other = kimura(in_town.counselor), kimura(in_town.counselor)
    wrong = Arrival(at=NOON, key=uuid4(), household_id=one.pk, person_ids=tuple(children(other)))
    with clock.stopped_at(NOON), pytest.raises(DomainError):
        check_in_many([arrival(other), wrong], actor=in_town.counselor)
    assert not Visit.objects.exists()


def test_times_to_come_are_refused(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    with clock.stopped_at(NOON), pytest.raises(DomainError):
        check_in_many([arrival(family, 2)], actor=in_town.counselor)


def test_check_in_opens_the_family_and_queries_do_not_grow(in_town: Town) -> None:
    counts = []
    for size in (2, 12):
        families = [kimura(in_town.counselor) for _ in range(size)]
        arrivals = [arrival(family) for family in families]
        with clock.stopped_at(NOON), CaptureQueriesContext(connection) as seen:
            check_in_many(arrivals, actor=in_town.stranger)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 22
    assert AgencyLink.objects.filter(agency=in_town.midori, reason="check_in").count() == 14


def test_a_record_saved_with_others_is_like_one_saved_alone(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    with clock.stopped_at(NOON):
        alone = write(in_town.counselor, family)
        (together,) = write_many([Written(said(family), uuid4())], actor=in_town.counselor)
    ages = [
        list(row.people.order_by("person_id").values_list("age_text", "school_year", "consulting"))
        for row in (alone, together)
    ]
    assert ages[0] == ages[1]
    assert (alone.content, alone.author_name) == (together.content, together.author_name)
    assert len(trail("record.write")) == 2


def test_one_unsound_record_and_none_is_saved(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    sound, unsound = said(household_id=family.pk), said(household_id=family.pk, content=" ")
    with clock.stopped_at(NOON), pytest.raises(DomainError):
        write_many([Written(sound, uuid4()), Written(unsound, uuid4())], actor=in_town.counselor)
    assert not Consultation.objects.exists()


def test_records_typed_in_together_ask_their_readers_as_of_when_they_were_entered(in_town: Town) -> None:
    rule(in_town.lead, "manager", category=9, within_days=3)
    families = [kimura(in_town.counselor) for _ in range(3)]
    records = [said(family) for family in families[:2]] + [said(families[2], categories=(4,))]
    with clock.stopped_at(NOON + timedelta(days=9)):
        saved = write_many([Written(one, uuid4(), NOON) for one in records], actor=in_town.counselor)
    assert [asked(row) for row in saved] == [[in_town.manager.user_id]] * 2 + [[]]
    assert set(Seal.objects.values_list("asked_at", "due_on")) == {(NOON, NOON.date() + timedelta(days=3))}
    assert [entry.object_id for entry in trail("circulation.ask")] == [row.pk for row in saved[:2]]


def test_asking_the_readers_of_many_records_takes_no_statement_more(in_town: Town) -> None:
    rule(in_town.lead, "manager")
    counts = []
    for size in (2, 12):
        records = [said(kimura(in_town.counselor)) for _ in range(size)]
        with clock.stopped_at(NOON), CaptureQueriesContext(connection) as seen:
            write_many([Written(one, uuid4()) for one in records], actor=in_town.counselor)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert Seal.objects.count() == 14


def test_records_let_go_round_by_the_caller_ask_nobody_by_themselves(in_town: Town) -> None:
    rule(in_town.lead, "manager")
    written = Written(said(kimura(in_town.counselor)), uuid4())
    with clock.stopped_at(NOON):
        write_many([written], actor=in_town.counselor, circulate=False)
    assert not Seal.objects.exists()
