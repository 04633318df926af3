"""そのつど共有: records wait until somebody says that the city was told, and everybody sees who said it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.encounters.cast import at_once, kimura, said, trail, write
from tests.makers import Town, scope
from tests.reports.test_pages import NOW, october, stopped, text, write_in_october
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Forbidden
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import records
from tsunagari.reports.models import SharedRecord
from tsunagari.reports.operations import rules, sharing
from tsunagari.reports.queries.sharing import MOST_TODAY, TODAY_WITHIN, of_today
from tsunagari.reports.rules import ITEMS, Asked

Clients = Callable[[Actor], Client]
__all__ = ["stopped"]
LATER = date(2026, 11, 20)
HEADING = "そのつど共有する記録"
BUTTON = "共有しました"


def told_at_once(*items: str) -> Asked:
    return Asked({code: "at_once" if code in items else "regular" for code in ITEMS})


@pytest.fixture
def asks(town: Town) -> Town:
    """The city wants to know at once whom an agency turned to and what was done."""
    with scope(town, town.officer.user_id):
        rules.ask(None, told_at_once("5", "6"), actor=town.officer, expected_version=0)
    return town


def waiting(actor: Actor) -> list[int]:
    return [one.id for one in of_today(actor, clock.today()).waiting]


def test_what_tells_of_an_item_waits_for_those_who_tell_the_city(asks: Town) -> None:
    with scope(asks):
        family = kimura(asks.counselor)
        plain = write(asks.counselor, family, occurred_at=NOW)
        done = write(asks.counselor, family, occurred_at=NOW, responses=("connected",)).pk
        step = write(
            asks.counselor, occurred_at=NOW - timedelta(hours=1), next_step="電話する", next_on=LATER
        ).pk
        old = NOW - TODAY_WITHIN - timedelta(days=1)
        write(asks.counselor, family, occurred_at=old, responses=("connected",))
        assert waiting(asks.manager) == [done, step]
        assert plain.pk not in waiting(asks.manager)
        assert [waiting(one) for one in (asks.counselor, asks.lead, asks.officer)] == [[], [], []]


def test_items_that_any_record_tells_of_leave_none_out(asks: Town) -> None:
    with scope(asks):
        rules.ask(asks.aoba, told_at_once("1", "5"), actor=asks.officer, expected_version=0)
        plain = write(asks.counselor, kimura(asks.counselor), occurred_at=NOW).pk
        [line] = of_today(asks.manager, clock.today()).waiting
        assert (line.id, line.items) == (plain, ("相談件数",))


def test_told_twice_is_told_once_and_can_be_taken_back(asks: Town) -> None:
    with scope(asks):
        record = write(asks.counselor, kimura(asks.counselor), occurred_at=NOW, responses=("connected",))
        other = replace(asks.manager, user_id=asks.colleague.user_id, name="別 架空")
        first = sharing.share(record, actor=asks.manager)
        assert sharing.share(record, actor=other) == first
        assert waiting(asks.manager) == []
        assert sharing.take_back(record, actor=other)
        assert not sharing.take_back(record, actor=other)
        assert waiting(asks.manager) == [record.pk]
        assert sharing.share(record, actor=other).shared_by_name == "別 架空"
        assert SharedRecord.objects.count() == 2
        kept = [json.loads(entry.detail) for entry in trail("report.share")]
    assert kept == [{"version": 1}, {"did": "undo", "version": 1}, {"version": 1}]


def test_only_the_agency_that_wrote_it_and_only_those_who_report(asks: Town) -> None:
    with scope(asks):
        record = write(asks.counselor, kimura(asks.counselor), occurred_at=NOW, consent="given")
        for actor in (asks.counselor, asks.lead):
            with pytest.raises(Forbidden):
                sharing.share(record, actor=actor)
        away = replace(asks.manager, agency_id=asks.midori.pk)
        for work in (sharing.share, sharing.take_back):
            with pytest.raises(Consultation.DoesNotExist):
                work(record, actor=away)
        assert not SharedRecord.objects.exists()


def test_the_database_keeps_one_standing_row(asks: Town) -> None:
    with scope(asks):
        record = write(asks.counselor, kimura(asks.counselor), occurred_at=NOW, responses=("connected",))
        made = sharing.share(record, actor=asks.manager)
        made.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            made.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_tell_once(asks: Town) -> None:
    with scope(asks):
        record = write(asks.counselor, kimura(asks.counselor), occurred_at=NOW, responses=("connected",))

    def press(actor: Actor) -> int:
        with clock.stopped_at(NOW), scope(asks, actor.user_id):
            return sharing.share(record, actor=actor).pk

    assert len(set(at_once(press, [asks.manager, replace(asks.manager, name="別 架空")]))) == 1


def test_it_leaves_today_when_pressed_and_the_report_says_who(asks: Town, client_of: Clients) -> None:
    pk = write_in_october(asks, responses=("connected",))
    manager = client_of(asks.manager)
    report = october(manager)
    page = text(manager, "/")
    assert HEADING in page
    assert f'action="/reports/shared/{pk}/"' in page
    assert HEADING not in text(client_of(asks.counselor), "/")
    answer = manager.post(f"/reports/shared/{pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    page = text(manager, "/")
    assert HEADING not in page
    assert f'action="/reports/shared/{pk}/undo/"' in page  # the toast
    page = text(manager, f"/reports/{report}/")
    assert f"{asks.manager.name}さんが共有" in page
    assert BUTTON not in page


def test_taken_back_on_the_report_it_waits_again(asks: Town, client_of: Clients) -> None:
    pk = write_in_october(asks, responses=("connected",))
    manager = client_of(asks.manager)
    report = october(manager)
    for address in (f"/reports/shared/{pk}/", f"/reports/shared/{pk}/undo/"):
        answer = manager.post(address, {"report": str(report)})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/reports/{report}/")
    assert BUTTON in text(manager, f"/reports/{report}/")
    assert manager.post(f"/reports/shared/{pk}/", {"report": "x" * 30}).headers["Location"] == "/"
    assert manager.get(f"/reports/shared/{pk}/").status_code == 405


def test_a_record_corrected_after_it_was_told_says_so(asks: Town, client_of: Clients) -> None:
    pk = write_in_october(asks, responses=("connected",))
    with scope(asks):
        record = Consultation.objects.get(pk=pk)
        sharing.share(record, actor=asks.manager)
        later = said(record.household, occurred_at=record.occurred_at, responses=("advised",))
        records.correct_record(record, later, actor=asks.counselor, expected_version=1)
    manager = client_of(asks.manager)
    assert "共有したあとに直しあり" in text(manager, f"/reports/{october(manager)}/")


def statements(client: Client) -> int:
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    return len(asked)


def test_today_asks_two_more_however_many_wait(town: Town, client_of: Clients) -> None:
    manager, counselor = client_of(town.manager), client_of(town.counselor)
    before = [statements(manager), statements(counselor)]
    with scope(town):
        rules.ask(None, told_at_once("5"), actor=town.officer, expected_version=0)
        for hours in range(MOST_TODAY + 2):
            write(town.counselor, occurred_at=NOW - timedelta(hours=hours), responses=("connected",))
    assert [statements(manager), statements(counselor)] == [before[0] + 1, before[1]]
    with scope(town):
        kimuras = kimura(town.counselor)
        write(town.counselor, kimuras, occurred_at=NOW, responses=("connected",))
    assert statements(manager) <= before[0] + 3  # names in 今日 itself, and in what waits
    page = text(manager, "/")
    assert page.count(BUTTON) == MOST_TODAY
    assert f"{MOST_TODAY}件以上" in page
    assert "報告で見る" in page
