"""What the day asks for, and the list of records."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests import makers
from tests.encounters.cast import kimura, said, visit, write
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.encounters import queries
from tsunagari.encounters.operations import drafts, records, tallies, visits
from tsunagari.encounters.queries import RecordFilter
from tsunagari.encounters.queries.roster import DayNumbers
from tsunagari.encounters.queries.today import FIRST_UNREAD, MOST_LATEST


def now(days: int = 0) -> dict[str, object]:
    return {"occurred_at": clock.now() - timedelta(days=days)}


def test_steps_are_due_on_their_day_and_late_after_it(in_town: Town) -> None:
    family, today = kimura(in_town.counselor), clock.today()
    for days in (-3, 0, 1):
        write(in_town.counselor, family, **now(10), next_step=f"{days}", next_on=today + timedelta(days=days))
    found = queries.today(in_town.counselor, today)
    assert [(step.next_step, step.late_days) for step in found.due] == [("-3", 3), ("0", 0)]
    assert found.late == 1


def test_a_finished_step_is_no_longer_due(in_town: Town) -> None:
    saved = write(
        in_town.counselor, kimura(in_town.counselor), **now(1), next_step="電話", next_on=clock.today()
    )
    records.finish_next_step(saved, actor=in_town.counselor, result="すんだ")
    assert queries.today(in_town.counselor, clock.today()).due == []


def test_colleagues_records_are_to_read_until_read_and_again_when_corrected(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family, **now())

    def unread() -> list[int]:
        return [row.line.id for row in queries.today(in_town.colleague, clock.today()).unread]

    assert unread() == [saved.pk]
    records.mark_read([saved], actor=in_town.colleague)
    assert unread() == []
    changed = said(family, **now(), content="直した文")
    records.correct_record(saved, changed, actor=in_town.manager, expected_version=1)
    assert unread() == [saved.pk]
    assert queries.today(in_town.counselor, clock.today()).unread == []


def test_records_older_than_two_weeks_are_not_to_read(in_town: Town) -> None:
    write(in_town.counselor, kimura(in_town.counselor), **now(20))
    assert queries.today(in_town.colleague, clock.today()).unread == []


def test_the_centre_is_given_what_is_shared_with_the_agencys_name(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    shared = write(in_town.counselor, family, **now(), consent="given")
    write(in_town.counselor, family, **now())
    found = queries.today(in_town.nurse, clock.today()).unread
    assert [(row.line.id, row.agency) for row in found] == [(shared.pk, "あおば子育て支援センター")]


def test_open_drafts_are_listed_with_their_beginning(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor, household=kimura(in_town.counselor))
    assert queries.today(in_town.counselor, clock.today()).drafts == []
    typed = {"content": "夜中に何度も起きて", "categories": ["4"]}
    drafts.save_draft(draft, actor=in_town.counselor, fields=typed, version=1, client="a")
    [line] = queries.today(in_town.counselor, clock.today()).drafts
    assert (str(line.family), line.beginning, line.category) == (
        "木村さん家庭",
        "夜中に何度も起きて",
        "離乳食・しつけ・育て方",
    )


def test_officers_and_auditors_get_no_words(in_town: Town) -> None:
    write(in_town.counselor, kimura(in_town.counselor), **now(), consent="given")
    for actor in (in_town.officer, in_town.auditor):
        found = queries.today(actor, clock.today())
        assert (found.unread, found.due, found.drafts) == ([], [], [])


def test_the_days_numbers_are_those_of_the_roster(in_town: Town) -> None:
    actor, day = in_town.counselor, clock.today()
    assert queries.today(actor, day).came == DayNumbers(0, 0)
    family = kimura(actor)
    visit(actor, family, at=clock.now() - timedelta(minutes=2))
    visit(actor, family, adults=2)
    visit(actor, kimura(actor))
    for newcomers in (1, 2):
        visits.check_in_anonymous(actor=actor, adults=1, children=1, key=uuid4())
        visits.undo_visit(visit(actor, kimura(actor)), actor=actor)
        came = {"families": 3, "adults": 3, "children": [3, *[0] * 7], "newcomers": newcomers}
        added = tallies.add_tally(actor=actor, key=uuid4(), **came)
    tallies.undo_tally(added, actor=actor)
    found, whole = queries.today(actor, day), queries.roster(actor, day)
    assert found.came == DayNumbers(whole.counts.families, whole.counts.first) == DayNumbers(7, 3)
    assert [line.visit_id for line in found.latest] == [line.visit_id for line in whole.lines[::-1]]
    assert queries.today(in_town.officer, day).agencies == queries.roster(in_town.officer, day).agencies != []


def test_only_the_latest_are_read(in_town: Town) -> None:
    for number in range(MOST_LATEST + 2):
        visit(in_town.counselor, kimura(in_town.counselor), at=clock.now() - timedelta(seconds=60 - number))
    found, whole = (
        queries.today(in_town.counselor, clock.today()),
        queries.roster(in_town.counselor, clock.today()),
    )
    assert found.latest == whole.lines[: -MOST_LATEST - 1 : -1]
    assert found.came.families == len(whole.lines)


def test_of_many_records_to_read_the_first_are_shown_and_the_rest_when_asked(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    for _ in range(FIRST_UNREAD + 2):
        write(in_town.colleague, family, **now())
    found = queries.today(in_town.counselor, clock.today())
    assert (len(found.unread), found.unread_count, found.unread_more) == (
        FIRST_UNREAD,
        FIRST_UNREAD + 2,
        False,
    )
    whole = queries.today(in_town.counselor, clock.today(), all_unread=True)
    assert (len(whole.unread), whole.unread[:FIRST_UNREAD]) == (FIRST_UNREAD + 2, found.unread)
    client = makers.client_of(in_town.counselor)
    assert b"?unread=all" in client.get("/").content
    assert client.get("/?unread=all").content.count(b"/records/") > client.get("/").content.count(
        b"/records/"
    )


@pytest.mark.parametrize("who", ["counselor", "nurse"])
def test_queries_do_not_grow(in_town: Town, django_assert_max_num_queries: object, who: str) -> None:
    actor = in_town.actors[who]
    for _ in range(2):
        for _ in range(4):
            family = kimura(in_town.counselor)
            visit(in_town.counselor, family)
            write(
                in_town.colleague, family, **now(), consent="given", next_step="電話", next_on=clock.today()
            )
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            assert queries.today(actor, clock.today()).unread


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (RecordFilter(), 3),
        (RecordFilter(mine=True), 2),
        (RecordFilter(unread=True), 1),
        (RecordFilter(category=9), 2),
        (RecordFilter(channel="phone"), 1),
        (RecordFilter(consent="given"), 1),
        (RecordFilter(since=clock.today()), 2),
        (RecordFilter(until=clock.today() - timedelta(days=1)), 1),
    ],
)
def test_filters_narrow_the_list(in_town: Town, wanted: RecordFilter, count: int) -> None:
    family = kimura(in_town.counselor)
    write(in_town.counselor, family, **now(), channel="phone", categories=(4,))
    write(in_town.counselor, family, **now(2), consent="given")
    write(in_town.colleague, family, **now())
    page = queries.records(in_town.counselor, wanted)
    assert (len(page.lines), page.total) == (count, count)


def test_pages_of_records_show_each_once(in_town: Town) -> None:
    moment = clock.now()
    for _ in range(7):
        records.write_record(said(occurred_at=moment), actor=in_town.counselor, key=uuid4())
    seen: list[int] = []
    before = None
    while before != "":
        page = queries.records(in_town.counselor, RecordFilter(), before=before or "", limit=3)
        seen += [line.id for line in page.lines]
        before = page.more
    assert len(seen) == len(set(seen)) == 7


def test_the_list_is_the_own_agencys(town: Town, other_town: Town) -> None:
    with makers.scope(town):
        write(town.counselor, kimura(town.counselor), consent="given")
        assert queries.records(town.stranger, RecordFilter()).lines == []
        assert queries.records(town.nurse, RecordFilter()).lines == []
    with makers.scope(other_town):
        assert queries.records(other_town.counselor, RecordFilter()).lines == []
