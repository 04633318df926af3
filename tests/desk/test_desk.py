"""Today, search, the family page and its paper (D4, X2, X4)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import makers
from tests.makers import Town, scope

from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.encounters.operations import records, visits
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household
from tsunagari.families.operations import households, joins
from tsunagari.families.rules import AddressInput, PersonInput


@pytest.fixture
def kimura(town: Town) -> Household:
    """木村さん家庭: a mother with a phone and a child of two, made at あおば."""
    with scope(town, town.counselor.user_id):
        return households.create_household(
            actor=town.counselor,
            people=[
                PersonInput(family_name="木村", given_name="綾", family_kana="きむら", phone="090-0000-1234"),
                PersonInput(kind="child", family_name="木村", given_name="颯太", birth_date=date(2024, 8, 9)),
            ],
            address=AddressInput(address="架空県つながり市あおば町1-2-3"),
        )


def _visits(town: Town, household: Household, number: int) -> None:
    with scope(town, town.counselor.user_id):
        for hours in range(number):
            at = clock.now() - timedelta(hours=2 * hours + 2)
            visits.check_in(household, actor=town.counselor, person_ids=[], adults=1, key=uuid4(), at=at)


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("role", ["counselor", "manager", "rounds", "nurse", "lead", "officer"])
def test_today_opens_for_everybody_who_works_with_families(town: Town, role: str) -> None:
    page = makers.client_of(town.actors[role]).get("/")
    assert page.status_code == 200
    assert f"{clock.today().month}月{clock.today().day}日" in page.content.decode()


def test_today_sends_auditors_on_to_the_trail(town: Town) -> None:
    response = makers.client_of(town.auditor).get("/")
    assert (response.status_code, response["Location"]) == (302, "/trail/")


def test_the_family_page_costs_the_same_however_long_the_history(town: Town, kimura: Household) -> None:
    client, path = makers.client_of(town.counselor), f"/families/{kimura.pk}/"
    _visits(town, kimura, 1)
    few = _queries(client, path)
    _visits(town, kimura, 25)
    assert _queries(client, path) == few <= 26


def test_reading_a_family_is_on_the_trail_and_so_is_being_refused(town: Town, kimura: Household) -> None:
    makers.client_of(town.counselor).get(f"/families/{kimura.pk}/")
    assert makers.client_of(town.stranger).get(f"/families/{kimura.pk}/").status_code == 404
    with scope(town):
        lines = Entry.objects.filter(action="family.read", household_id=kimura.pk)
        assert set(lines.values_list("user_id", "outcome")) == {
            (town.counselor.user_id, "done"),
            (town.stranger.user_id, "refused"),
        }


def test_search_takes_words_from_the_body_only(town: Town, kimura: Household) -> None:
    client = makers.client_of(town.counselor)
    assert client.get("/search/?q=木村").status_code == 302
    assert "木村" in client.post("/search/", {"q": "きむ"}, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    "words", ["", "  ", "'; DROP TABLE", "%", "\x00", "あ" * 500, "２０２４／８／９", "R6.13.40"]
)
def test_any_words_can_be_searched_for(town: Town, words: str) -> None:
    assert makers.client_of(town.counselor).post("/search/", {"q": words}).status_code == 200


def test_paper_of_a_protected_family_shows_neither_address_nor_phone(town: Town, kimura: Household) -> None:
    with scope(town, town.counselor.user_id):
        households.protect(kimura, actor=town.counselor, protected=True)
    for path in ("", "print/"):
        page = makers.client_of(town.counselor).get(f"/families/{kimura.pk}/{path}").content.decode()
        assert "木村" in page
        assert "あおば町" not in page
        assert "0000-1234" not in page


def test_a_manager_reads_the_trail_of_the_own_agency_only(town: Town, kimura: Household) -> None:
    makers.client_of(town.counselor).get(f"/families/{kimura.pk}/")
    makers.client_of(town.nurse).get(f"/families/{kimura.pk}/")
    page = makers.client_of(town.manager).get(f"/families/{kimura.pk}/trail/").content.decode()
    assert town.counselor.name in page
    assert town.nurse.name not in page


def test_the_trail_of_a_family_holds_that_of_those_joined_into_it(town: Town, kimura: Household) -> None:
    with scope(town, town.counselor.user_id):
        actor = town.counselor
        other = households.create_nickname_family(actor=actor, nickname="帽子の子", age_hint_months=2)
    makers.client_of(town.colleague).get(f"/families/{other.pk}/")
    path = f"/families/{kimura.pk}/trail/"
    assert town.colleague.name not in makers.client_of(town.manager).get(path).content.decode()
    with scope(town, town.counselor.user_id):
        joins.join(other, kimura, actor=town.counselor, same={})
    assert town.colleague.name in makers.client_of(town.manager).get(path).content.decode()


def test_the_trail_filters_refuse_an_end_before_the_start(town: Town) -> None:
    page = makers.client_of(town.auditor).get("/trail/?since=2026-05-02&until=2026-05-01").content.decode()
    assert "後の日に" in page


def test_everybody_may_read_their_own_trail(town: Town, kimura: Household) -> None:
    client = makers.client_of(town.counselor)
    client.get(f"/families/{kimura.pk}/")
    assert f"家庭 {kimura.pk}" in client.get("/trail/mine/").content.decode()


def test_the_head_says_what_the_family_last_said_about_sharing(town: Town, kimura: Household) -> None:
    client, path = makers.client_of(town.counselor), f"/families/{kimura.pk}/"
    assert "共有に同意" not in client.get(path).content.decode()
    with scope(town, town.counselor.user_id):
        record = RecordInput(
            occurred_at=clock.now(),
            content="話をきいた",
            categories=(5,),
            household_id=kimura.pk,
            channel="visit",
            consent="given",
        )
        records.write_record(record, actor=town.counselor, key=uuid4())
    assert "共有に同意" in client.get(path).content.decode()
    assert "共有に同意" not in makers.client_of(town.officer).get(path).content.decode()


@pytest.mark.parametrize(("path", "action"), [("/", "today.read"), ("/families/{id}/visit/", "family.read")])
def test_pages_that_show_a_family_leave_a_line(town: Town, kimura: Household, path: str, action: str) -> None:
    makers.client_of(town.counselor).get(path.format(id=kimura.pk))
    with scope(town):
        assert (
            Entry.objects.filter(action=action, user_id=town.counselor.user_id, outcome="done").count() == 1
        )


def test_opening_a_draft_about_a_family_leaves_a_line(town: Town, kimura: Household) -> None:
    client = makers.client_of(town.counselor)
    draft = client.post("/records/new/", {"household": kimura.pk})["Location"]
    client.get(draft)
    with scope(town):
        assert Entry.objects.filter(action="family.read", household_id=kimura.pk, outcome="done").count() == 1
