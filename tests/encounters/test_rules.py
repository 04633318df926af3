"""Pure rules: round trips, comparing texts, ages as they were, who sees what."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tsunagari.base.actor import Actor
from tsunagari.encounters import rules
from tsunagari.encounters.forms import RecordForm
from tsunagari.encounters.queries import Member

WORDS = some.text(some.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)
MEMBERS = [
    Member(1, "child", "颯太", "", "", "", "", True),
    Member(2, "guardian", "綾", "", "母", "", "", True),
]
RECORDS = some.builds(
    rules.RecordInput,
    occurred_at=some.integers(15_778_080, 29_000_000).map(
        lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    content=WORDS.filter(bool),
    categories=some.lists(some.sampled_from(sorted(rules.CATEGORY)), min_size=1, unique=True).map(tuple),
    household_id=some.just(7),
    who_hint=WORDS,
    person_ids=some.sampled_from([(), (1,), (1, 2)]),
    channel=some.sampled_from(list(rules.CHANNELS)),
    place=WORDS,
    assessment=WORDS,
    responses=some.lists(some.sampled_from(list(rules.RESPONSES)), unique=True).map(tuple),
    response_note=WORDS,
    progress=WORDS,
    consent=some.sampled_from(list(rules.CONSENTS)),
)


@given(RECORDS)
def test_a_snapshot_gives_the_record_back(record: rules.RecordInput) -> None:
    stored = json.loads(json.dumps(rules.snapshot(record), ensure_ascii=False))
    assert rules.from_snapshot(stored | {"people": [], "unknown": 1}) == record


@given(RECORDS, some.dates(date(2026, 2, 1), date(2027, 1, 1)))
def test_the_form_gives_the_record_back(record: rules.RecordInput, next_on: date) -> None:
    fields = rules.to_fields(record) | {
        "next_step": "電話",
        "next_when": "date",
        "next_on": next_on.isoformat(),
    }
    form = RecordForm(fields, household_id=7, members=MEMBERS)
    assert form.is_valid(), form.errors
    assert form.record is not None
    assert rules.to_fields(form.record) | {"consulting": []} == fields | {"consulting": []}


@given(some.text(max_size=60), some.text(max_size=60))
def test_pieces_join_to_both_texts(former: str, later: str) -> None:
    found = rules.pieces(former, later)
    assert "".join(piece.text for piece in found if piece.kind != "ins") == former
    assert "".join(piece.text for piece in found if piece.kind != "del") == later


def test_long_texts_are_compared_by_sentence() -> None:
    former = "".join(f"文{number}。" for number in range(2_000))
    found = rules.pieces(former, former.replace("文7。", "別の文。"))
    assert [(piece.kind, piece.text) for piece in found][1:3] == [("del", "文7。"), ("ins", "別の文。")]


def test_three_ways_proposes_what_only_one_side_changed() -> None:
    base = {"content": "元", "place": "元", "assessment": "元"}
    theirs, mine = base | {"content": "先", "place": "先"}, base | {"content": "後", "assessment": "後"}
    found = {one.field: one for one in rules.differences(theirs, mine, base)}
    assert found["content"].clash
    assert found["content"].defaults_both
    assert not found["place"].prefers_mine
    assert found["assessment"].prefers_mine


def test_merging_takes_each_field_from_the_chosen_side() -> None:
    theirs = {"content": "先", "people": ["1"], "occurred_on": "2026-11-01", "place": "広場"}
    mine = {"content": "後", "people": ["2"], "occurred_on": "2026-11-02", "place": "電話口"}
    chosen = {"content": "both", "person_ids": "mine", "occurred_at": "theirs", "consent": "mine"}
    merged = rules.merged(theirs, mine, chosen, {"content": "先と後"})
    assert (merged["content"], merged["people"], merged["occurred_on"]) == ("先と後", ["2"], "2026-11-01")
    assert merged["place"] == "広場"


@pytest.mark.parametrize(
    ("scope", "history", "known", "sees"),
    [
        ("municipality", "own", False, True),
        ("none", "all", True, False),
        ("agency", "own", True, False),
        ("agency", "all", False, True),
        ("agency", "home_and_used", True, True),
        ("agency", "home_and_used", False, False),
    ],
)
def test_who_sees_other_agencies(scope: str, history: str, known: bool, sees: bool) -> None:
    actor = Actor(1, "架空", 1, "counselor", scope=scope)
    assert rules.sees_other_agencies(actor, history, known) is sees


@pytest.mark.parametrize(
    ("birth", "due", "hint", "text", "months"),
    [
        (date(2024, 8, 9), None, None, "2歳3か月", 27),
        (None, None, 2, "3か月くらい", 3),
        (None, None, 23, "2歳くらい", 24),
        (None, date(2027, 1, 10), None, "妊娠8か月（31週）", None),
        (date(2027, 1, 5), date(2027, 1, 10), None, "妊娠8か月（31週）", None),
        (None, None, None, "", None),
    ],
)
def test_ages_as_they_were(
    birth: date | None, due: date | None, hint: int | None, text: str, months: int | None
) -> None:
    day = date(2026, 11, 12)
    age = rules.frozen_age(
        day, is_child=True, birth=birth, due=due, hint_months=hint, hint_on=date(2026, 10, 1)
    )
    assert (age.text, age.months) == (text, months)


@pytest.mark.parametrize(("when", "day"), [("1w", 30), ("2w", 7), ("1m", 23), ("", None), ("date", None)])
def test_quick_days(when: str, day: int | None) -> None:
    found = rules.next_day(date(2026, 11, 23), when)
    assert (found.day if found else None) == day
