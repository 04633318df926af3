"""What waits besides the day's own work is told on 今日: renewals that are due, and pairs to compare."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.families.test_pairs import make_pair, two
from tests.families.test_renewals import MARCH, at, registered, renewing
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.operations import renewals
from tsunagari.families.queries import waiting as queries
from tsunagari.families.queries.waiting import Waiting, waiting

ClientOf = Callable[[Actor], Client]


def test_renewals_are_counted_until_they_are_renewed(in_town: Town) -> None:
    renewing(in_town)
    first = registered(in_town)
    registered(in_town, "佐々木")
    with clock.stopped_at(at(MARCH)):
        assert waiting(in_town.counselor) == Waiting(due=2, season="令和9年度")
        renewals.renew(first, actor=in_town.counselor, document="known")
        assert waiting(in_town.counselor).due == 1


def test_pairs_are_counted_with_or_without_renewal(in_town: Town) -> None:
    make_pair(in_town, *two(in_town.counselor))
    assert waiting(in_town.counselor) == Waiting(pairs=1)


def test_nothing_is_counted_for_those_who_may_do_neither(in_town: Town) -> None:
    make_pair(in_town, *two(in_town.counselor))
    assert not waiting(in_town.rounds)
    assert not waiting(in_town.officer)


def test_many_are_said_to_be_more(in_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    assert (Waiting(due=1).due_text, Waiting(pairs=0).pairs_text) == ("1組以上", "0組")


def test_the_first_page_leads_to_both(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        renewing(town)
        registered(town)
        make_pair(town, *two(town.counselor))
    with clock.stopped_at(at(MARCH)):
        page = client_of(town.counselor).get("/").content.decode()
    assert 'href="/renewals/"' in page
    assert 'href="/families/same/"' in page
    assert "令和9年度の更新がまだの家庭" in page
