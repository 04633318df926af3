"""Who came, each once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from tests import makers
from tests.encounters.cast import children, kimura, visit
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.encounters import queries
from tsunagari.encounters.operations import visits
from tsunagari.families.operations import households, joins


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
    visits.check_in_anonymous(actor=in_town.counselor, adults=1, children=0, key=uuid4())
    day = clock.now().replace(hour=0, minute=1)
    visit(in_town.counselor, family, at=day)
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
        with django_assert_num_queries(3):  # type: ignore[operator]
            queries.roster(in_town.counselor, clock.today())


def test_another_town_sees_nobody(town: Town, other_town: Town) -> None:
    with makers.scope(town):
        visit(town.counselor, kimura(town.counselor))
    with makers.scope(other_town):
        assert queries.roster(town.counselor, clock.today()).lines == []
        assert queries.roster(other_town.counselor, clock.today()).lines == []
