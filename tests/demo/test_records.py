"""Consultations of the fictional town: plausible, and true of the people they are about."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tsunagari.demo import occasions, people
from tsunagari.demo.days import window
from tsunagari.demo.life import children_on, entered, grieving_on, guardians
from tsunagari.demo.plan import FamilyPlan, RecordPlan
from tsunagari.demo.records import Records
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.demo.visits import Visits
from tsunagari.demo.writing import topics
from tsunagari.encounters.rules import CATEGORY, RESPONSES

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def families() -> dict[int, FamilyPlan]:
    return {family.number: family for family in people.families(TSUNAGARI, 7, TODAY)}


def draw(families: dict[int, FamilyPlan]) -> list[RecordPlan]:
    visits = Visits(TSUNAGARI, 7, TODAY, families)
    talks = occasions.occasions(TSUNAGARI, 7, TODAY, families.values(), visits.calendars)
    records = Records(TSUNAGARI, 7, TODAY, families, visits.calendars)
    days = window(people.start_of(TODAY), TODAY)
    return [record for day in days for record in records.on(day, visits.on(day), talks.get(day, ()))]


@pytest.fixture(scope="module")
def records(families: dict[int, FamilyPlan]) -> list[RecordPlan]:
    return draw(families)


def test_the_same_seed_writes_the_same_records(
    families: dict[int, FamilyPlan], records: list[RecordPlan]
) -> None:
    assert draw(families) == records


def test_there_are_about_eighteen_hundred_and_they_hardly_repeat(records: list[RecordPlan]) -> None:
    assert 1500 < len(records) < 2200
    contents = Counter(record.content for record in records)
    assert len(contents) > 0.85 * len(records)
    assert contents.most_common(1)[0][1] < 12


def test_every_category_channel_and_consent_occurs(records: list[RecordPlan]) -> None:
    assert {record.categories[0] for record in records} == set(CATEGORY)
    assert {record.channel for record in records} == {"visit", "phone", "home", "outing", "message", "online"}
    consents = Counter(record.consent for record in records)
    assert 0.2 < consents["given"] / len(records) < 0.35
    assert min(consents.values()) > 20


def test_nothing_cheerful_is_written_after_a_pregnancy_ended(
    families: dict[int, FamilyPlan], records: list[RecordPlan]
) -> None:
    grieving = [r for r in records if r.family is not None and grieving_on(families[r.family], r.day)]
    assert grieving
    assert {record.topic for record in grieving} == {"ended-care"}
    for word in ("入園", "お産", "赤ちゃん", "笑顔", "妊娠"):
        assert not any(word in record.content + record.response_note for record in grieving)


def test_texts_fit_the_people(families: dict[int, FamilyPlan], records: list[RecordPlan]) -> None:
    for record in records:
        if record.family is None:
            continue
        family = families[record.family]
        if len(guardians(family)) == 1:
            assert "夫" not in record.content.replace("工夫", "")
        if len(children_on(family, record.day)) < 2:
            assert "きょうだい" not in record.content
        if record.channel in ("phone", "message"):
            assert "帰られた" not in record.content


def test_topics_fit_the_childs_age(families: dict[int, FamilyPlan], records: list[RecordPlan]) -> None:
    bounds = {topic.name: topic.months for topic in topics()}
    for record in records:
        months = bounds[record.topic]
        if record.family is None or months is None or len(record.people) < 2:
            continue
        child = next(
            c for c in children_on(families[record.family], record.day) if c.resident_no == record.people[1]
        )
        age = (record.day.year - child.birth.year) * 12 + record.day.month - child.birth.month
        assert months[0] <= age <= months[1] + 1


def test_pregnancies_are_talked_about_while_they_last(
    families: dict[int, FamilyPlan], records: list[RecordPlan]
) -> None:
    about = [record for record in records if record.pregnancy is not None]
    assert about
    for record in about:
        pregnancy = families[record.family or 0].pregnancies[record.expecting]
        assert pregnancy.notified <= record.day < entered(pregnancy)


def test_next_steps_are_overdue_due_today_and_ahead(records: list[RecordPlan]) -> None:
    still_open = [r for r in records if r.agency == "aoba" and r.next_on and not r.done_on]
    assert any(record.next_on < TODAY for record in still_open if record.next_on)
    assert any(record.next_on == TODAY for record in still_open)
    assert any(record.next_on > TODAY for record in still_open if record.next_on)
    assert all(record.next_on is None or record.next_on >= record.day for record in records)
    assert all(record.done_on is None or record.done_on <= TODAY for record in records)
    assert any(record.corrected_on for record in records)


def test_pieces_are_many_and_speak_the_codes_of_the_form() -> None:
    pieces = [piece for topic in topics() for part in topic.pieces.values() for piece in part]
    assert len(set(pieces)) > 500
    assert all(set(topic.responses) <= set(RESPONSES) for topic in topics())
    assert all(topic.category in CATEGORY for topic in topics())
