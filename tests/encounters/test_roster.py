"""Who came, each once."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import makers
from tests.encounters.cast import children, kimura, visit
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.encounters import queries
from tsunagari.encounters.operations import tallies, visits
from tsunagari.encounters.operations.bulk import Arrival, check_in_many
from tsunagari.encounters.rules import Counts
from tsunagari.families.operations import households, joins
from tsunagari.places.models import Site
from tsunagari.places.operations import sites, slots
from tsunagari.places.rules import SiteInput, Slot


def test_children_are_counted_by_age(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    with clock.stopped_at(clock.at(date(2026, 11, 23), 11)):
        visit(in_town.counselor, family)
        visits.check_in_anonymous(actor=in_town.counselor, adults=1, children=2, key=uuid4())
        counts = queries.roster(in_town.counselor, clock.today()).counts
    assert dict(counts.ages) == {"0歳": 1, "2歳": 1, "年齢不明": 2}
    assert (counts.families, counts.children, counts.adults) == (2, 4, 2)


def test_lines_are_in_order_of_time_with_names_and_readings(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    day = clock.at(clock.today())
    with clock.stopped_at(day.replace(hour=10)):
        visits.check_in_anonymous(actor=in_town.counselor, adults=1, children=0, key=uuid4())
        visit(in_town.counselor, family, at=day.replace(minute=1))
    lines = queries.roster(in_town.counselor, day.date()).lines
    assert [str(line.family) for line in lines] == ["木村さん家庭", "None"]
    assert [(one.name, one.kana) for one in lines[0].people] == [("颯太", "そうた"), ("凛", "りん")]


def test_a_nickname_family_joined_later_counts_nobody_twice(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    nickname = households.create_nickname_family(
        actor=in_town.counselor, nickname="たんぽぽさん", age_hint_months=3
    )
    child = nickname.people.get()
    now = clock.now()
    visit(in_town.counselor, nickname, person_ids=[child.pk], at=now)
    visit(in_town.counselor, family, person_ids=children(family)[1:], at=now)
    before = queries.roster(in_town.counselor, now.date()).counts
    joins.join(nickname, family, actor=in_town.counselor, same={child.pk: children(family)[1]})
    after = queries.roster(in_town.counselor, now.date()).counts
    assert (before.families, before.children) == (2, 2)
    assert (after.families, after.children, after.adults) == (1, 1, 1)
    assert after.first <= 1


def test_an_earlier_visit_under_the_nickname_is_the_first(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    nickname = households.create_nickname_family(actor=in_town.counselor, nickname="れんげさん")
    now = clock.now()
    visit(in_town.counselor, nickname, person_ids=[], at=now - timedelta(days=5))
    visit(in_town.counselor, family)
    assert queries.roster(in_town.counselor, now.date()).counts.first == 1
    joins.join(nickname, family, actor=in_town.counselor, same={})
    assert queries.roster(in_town.counselor, now.date()).counts.first == 0


def test_another_agencys_day_is_not_ours_and_the_officer_sees_numbers_only(in_town: Town) -> None:
    visit(in_town.counselor, kimura(in_town.counselor), adults=2)
    assert queries.roster(in_town.stranger, clock.today()).lines == []
    officers = queries.roster(in_town.officer, clock.today())
    assert officers.lines == []
    assert [(row.name, row.visits, row.adults) for row in officers.agencies] == [
        ("あおば子育て支援センター", 1, 2)
    ]


def test_queries_do_not_grow_with_families(in_town: Town, django_assert_num_queries: object) -> None:
    for expected in (1, 6):
        while len(queries.roster(in_town.counselor, clock.today()).lines) < expected:
            visit(in_town.counselor, kimura(in_town.counselor))
        with django_assert_num_queries(4):  # type: ignore[operator]
            queries.roster(in_town.counselor, clock.today())


def test_another_town_sees_nobody(town: Town, other_town: Town) -> None:
    with makers.scope(town):
        visit(town.counselor, kimura(town.counselor))
    with makers.scope(other_town):
        assert queries.roster(town.counselor, clock.today()).lines == []
        assert queries.roster(other_town.counselor, clock.today()).lines == []


DAY = date(2026, 11, 12)
MORNING, AFTERNOON = clock.at(DAY, 9, 30), clock.at(DAY, 14)


def hall(town: Town) -> Site:
    given = SiteInput("東公民館")
    return sites.add_site(town.aoba, given, actor=town.manager, valid_from=date(2026, 4, 1))


def busy_day(town: Town) -> Site:
    """木村さん in the morning and again in the afternoon, somebody nameless and a tally at the hall in the afternoon."""
    site, actor = hall(town), town.counselor
    family = kimura(actor)
    visit(actor, family, at=MORNING)
    visit(actor, family, at=AFTERNOON, adults=2)
    visits.check_in_anonymous(actor=actor, adults=1, children=1, key=uuid4(), at=AFTERNOON, site=site)
    tallies.add_tally(
        actor=actor,
        families=4,
        adults=5,
        children=[4, *[0] * 7],
        newcomers=2,
        key=uuid4(),
        at=AFTERNOON,
        site=site,
    )
    return site


def figures(counts: Counts) -> tuple[int, int, int, int, int]:
    return counts.families, counts.adults, counts.children, counts.unnamed, counts.tallied


def test_a_day_by_time_of_day_with_tallies_told_apart(in_town: Town) -> None:
    busy_day(in_town)
    book = queries.day_book(in_town.counselor, DAY)
    assert figures(book.counts) == (6, 8, 7, 1, 4)
    assert [(part.slot.name, *figures(part.counts)) for part in book.slots] == [
        ("午前", 1, 2, 2, 0, 0),
        ("午後", 5, 6, 5, 1, 4),
    ]
    assert sum((part.counts for part in book.slots), Counts()) == book.counts


def test_one_time_of_day_shows_who_came_in_it(in_town: Town) -> None:
    busy_day(in_town)
    morning, afternoon = (queries.day_book(in_town.counselor, DAY, slot=number) for number in (0, 1))
    assert ([line.at.hour for line in morning.lines], morning.tallies) == ([9], [])
    assert ([line.at.hour for line in afternoon.lines], len(afternoon.tallies)) == ([14, 14], 1)
    assert (morning.counts.families, afternoon.counts.families) == (1, 5)
    assert len(queries.day_book(in_town.counselor, DAY, slot=9).lines) == 3


def test_one_place_alone_and_all_with_their_names(in_town: Town) -> None:
    site = busy_day(in_town)
    everywhere = queries.day_book(in_town.counselor, DAY)
    assert [(place.name, place.entries) for place in everywhere.places] == [("機関で", 2), ("東公民館", 2)]
    assert [line.site for line in everywhere.lines] == ["", "", "東公民館"]
    there = queries.day_book(in_town.counselor, DAY, site=site.pk)
    here = queries.day_book(in_town.counselor, DAY, site=queries.HERE)
    assert figures(there.counts) == (5, 6, 5, 1, 4)
    assert figures(here.counts) == (1, 2, 2, 0, 0)


def test_own_times_of_day_count_past_days_too(in_town: Town) -> None:
    busy_day(in_town)
    own = [Slot("朝", time(9)), Slot("昼", time(11)), Slot("夕方", time(14))]
    slots.set_slots(in_town.aoba, own, actor=in_town.manager)
    book = queries.day_book(in_town.counselor, DAY)
    assert [(part.slot.name, part.counts.families) for part in book.slots] == [
        ("朝", 1),
        ("昼", 0),
        ("夕方", 5),
    ]


def test_what_was_taken_back_counts_nowhere(in_town: Town) -> None:
    busy_day(in_town)
    book = queries.day_book(in_town.counselor, DAY)
    tallies.undo_tally(tallies.Tally.objects.get(pk=book.tallies[0].id), actor=in_town.counselor)
    for line in book.lines:
        visits.undo_visit(visits.Visit.objects.get(pk=line.visit_id), actor=in_town.counselor)
    after = queries.day_book(in_town.counselor, DAY)
    assert figures(after.counts) == (0, 0, 0, 0, 0)
    assert (len(after.undone), len(after.undone_tallies), after.places) == (3, 1, [])


def test_the_month_counts_each_family_once_a_day(in_town: Town) -> None:
    site = busy_day(in_town)
    visit(in_town.counselor, kimura(in_town.counselor), at=clock.at(date(2026, 11, 1), 10))
    month = queries.month_counts(in_town.counselor, DAY)
    assert month is not None
    days = {cell.day.day: cell.families for week in month.weeks for cell in week if cell and cell.families}
    assert days == {1: 1, 12: 6}
    assert (month.before, month.after) == (date(2026, 10, 31), date(2026, 12, 1))
    there = queries.month_counts(in_town.counselor, DAY, site=site.pk)
    assert there is not None
    assert sum(cell.families for week in there.weeks for cell in week if cell) == 5
    assert queries.month_counts(in_town.officer, DAY) is None


def test_the_city_sees_numbers_with_tallies(in_town: Town) -> None:
    busy_day(in_town)
    [row] = queries.roster(in_town.officer, DAY).agencies
    assert (row.visits, row.adults, row.children, row.tallied) == (3 + 4, 4 + 5, 5 + 4, 4)


def test_statements_of_a_day_book_do_not_grow(in_town: Town, django_assert_num_queries: Any) -> None:
    busy_day(in_town)
    for _ in range(2):
        with django_assert_num_queries(6):
            queries.day_book(in_town.counselor, DAY)
        with django_assert_num_queries(1):
            queries.month_counts(in_town.counselor, DAY)
        for number in range(3):
            visit(in_town.counselor, kimura(in_town.counselor), at=MORNING + timedelta(minutes=number))


def test_another_agency_sees_nothing_of_it(in_town: Town) -> None:
    busy_day(in_town)
    book = queries.day_book(in_town.stranger, DAY)
    assert (book.lines, book.tallies, book.places, book.counts) == ([], [], [], Counts())
    month = queries.month_counts(in_town.stranger, DAY)
    assert month is not None
    assert not any(cell.families for week in month.weeks for cell in week if cell)


@pytest.mark.parametrize(
    "asked",
    [
        *("", "day=2026-11-12", "day=2026-11-12&site=0&slot=1", "site=x&slot=-1&day=x"),
        *("day=9999-12-31", "day=0001-01-01"),
    ],
)
def test_the_page_opens_for_whatever_is_asked(town: Town, client_of: Any, asked: str) -> None:
    with makers.scope(town):
        busy_day(town)
    for role in ("counselor", "officer", "nurse"):
        assert client_of(town.actors[role]).get(f"/visits/?{asked}").status_code == 200


def test_the_page_leads_to_the_days_beside_it(town: Town, client_of: Any) -> None:
    with makers.scope(town):
        busy_day(town)
    page = client_of(town.counselor).get("/visits/?day=2026-11-12").content.decode()
    for said in ("day=2026-11-11", "day=2026-11-13", "うち人数だけ 4組", "東公民館", "午後"):
        assert said in page
    assert "次の日" not in client_of(town.counselor).get("/visits/").content.decode()


def test_a_long_day_is_shown_in_pages(town: Town, client_of: Any) -> None:
    with makers.scope(town):
        arrivals = [Arrival(MORNING + timedelta(minutes=n), uuid4(), children=1) for n in range(101)]
        check_in_many(arrivals, actor=town.counselor)
    client = client_of(town.counselor)
    first, next_page = (
        client.get(f"/visits/?day=2026-11-12&page={number}").content.decode() for number in (1, 2)
    )
    assert (first.count("だれか分かった"), next_page.count("だれか分かった")) == (100, 1)
    assert "<b>101<small>組</small></b>" in next_page
