"""The list of skills of a town with ten thousand people at work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.asked import cost
from tests.makers import Town, scope

from tsunagari.accounts.models import Course, Membership, Training, User
from tsunagari.accounts.queries import skills as queries
from tsunagari.accounts.queries.skills import Need, SkillFilters, SkillLine
from tsunagari.accounts.rules.skills import DONE, LATE, OPEN, SOON
from tsunagari.accounts.views.skills import PAGE
from tsunagari.base import clock

ClientOf = Callable[..., Client]
MANY = 10_000


def hire(town: Town, number: int, began: date) -> list[User]:
    """So many counselors at あおば since that day."""
    named = [
        User(username=f"m{began}-{one}", name=f"架空 {one}", kana=f"かくう {one:05}") for one in range(number)
    ]
    people = User.objects.bulk_create(named)
    Membership.objects.bulk_create(
        Membership(
            municipality=town.municipality,
            user=one,
            agency=town.aoba,
            role="counselor",
            valid_from=began,
        )
        for one in people
    )
    return people


@pytest.fixture
def course(town: Town) -> Course:
    with scope(town):
        found: Course = Course.objects.create(
            municipality=town.municipality, name="個人情報保護", roles=["counselor"], within_months=1
        )
        return found


def test_ten_thousand_people_cost_a_page_no_more_than_a_hundred(
    town: Town, course: Course, client_of: ClientOf
) -> None:
    client, seen = client_of(town.officer), []
    for number, days in ((PAGE, 400), (MANY, 10)):
        with scope(town):
            hire(town, number, clock.today() - timedelta(days=days))
        seen.append(cost(client, "/skills/"))
    assert seen[0].statements == seen[1].statements
    assert seen[1].text.count('<th scope="row"') == PAGE
    assert seen[1].size < seen[0].size + 1_000 < 50_000
    last = client.get(f"/skills/?page={-(-(MANY + PAGE + 9) // PAGE)}").content.decode()
    assert 'rel="prev"' in last


def test_only_what_is_late_is_coloured_and_the_rest_is_counted(
    town: Town, course: Course, client_of: ClientOf
) -> None:
    with scope(town):
        late, soon = hire(town, 1, date(2020, 4, 1))[0], hire(town, 1, clock.today())[0]
        Training.objects.create(
            municipality=town.municipality,
            user=soon,
            course=course,
            taken_on=clock.today(),
            created_at=clock.now(),
        )
    page = client_of(town.officer).get("/skills/").content.decode()
    rows = {row.partition("</th>")[0]: row for row in page.split("<tr>")[2:]}
    of = {user.pk: row for key, row in rows.items() for user in (late, soon) if f"/skills/{user.pk}/" in key}
    assert "chip bad" in of[late.pk]
    assert "2020/5/1 おくれ" in of[late.pk]
    assert "chip" not in of[soon.pk]
    assert "data-problem" not in page


def test_besides_the_most_pressing_the_others_are_counted_in_words() -> None:
    def line(*states: str) -> SkillLine:
        needs = tuple(Need(at, f"研修{at}", None, None, state) for at, state in enumerate(states))
        return SkillLine(1, "", "", (), (), needs, None, None, False, None)

    assert line(LATE, LATE, SOON, OPEN, DONE).besides == "ほか 期限をすぎた1件、まだ2件、ずみ1件"
    assert (line(LATE).besides, line().besides, line(DONE, DONE).besides) == ("", "", "ずみ2件")


def test_paper_says_what_it_leaves_out_and_tells_all_of_a_person(
    town: Town, course: Course, client_of: ClientOf
) -> None:
    with scope(town):
        hire(town, 1_010, date(2020, 4, 1))
        everybody = queries.lines(town.officer, SkillFilters())
    page = client_of(town.officer).get("/skills/print/").content.decode()
    assert page.count('<th scope="row">') == 1_000
    assert "はじめの1000人まで" in page
    assert page.count("個人情報保護<b>（2020/5/1 おくれ）</b>") > 990
    assert everybody.total == len(everybody.lines)
