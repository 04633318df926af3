"""Where to work: one place is taken, several are offered, none is said; and how long a session lasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import Town, make_actor, scope

from tsunagari.accounts.models import Membership, User
from tsunagari.accounts.sessions import TOUCHED, WORKPLACE
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.access import Role


def entering(town: Town) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=town.counselor.user_id))
    return client


def test_the_only_place_is_taken_and_kept_on_the_towns_trail(town: Town, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    client = entering(town)
    assert client.get("/workplace/?next=/staff/").url == "/staff/"
    with scope(town):
        entry = Entry.objects.get(action="workplace.choose")
    assert (entry.user_id, entry.membership_id) == (town.counselor.user_id, town.counselor.membership_id)


def test_another_site_is_no_next_page(town: Town, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    for wanted in ("https://example.com/", "//example.com", "javascript:alert(1)"):
        assert entering(town).get("/workplace/", {"next": wanted}).url == "/"


def test_several_places_in_two_towns_are_offered_with_their_names(
    town: Town, other_town: Town, settings: Any
) -> None:
    settings.MFA_REQUIRED = False
    user = User.objects.get(pk=town.counselor.user_id)
    with scope(other_town):
        second = make_actor(other_town.municipality, Role.NURSE, other_town.centre, user.name, user=user)
    client = entering(town)
    page = client.get("/workplace/").content.decode()
    for word in (
        "つながり市",
        "となり町",
        "あおば子育て支援センター",
        "こども家庭センター",
        "センター保健師",
    ):
        assert word in page
    assert (
        client.post("/workplace/", {"membership": second.membership_id, "next": "/staff/"}).url == "/staff/"
    )
    assert client.session[WORKPLACE] == [second.membership_id, other_town.municipality.pk]


def test_a_place_of_somebody_else_cannot_be_chosen(town: Town, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    client = entering(town)
    answer = client.post("/workplace/", {"membership": town.officer.membership_id})
    assert answer.status_code == 422
    assert WORKPLACE not in client.session


def test_without_a_valid_membership_the_page_says_what_to_do(town: Town, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    with scope(town):
        Membership.objects.filter(pk=town.counselor.membership_id).update(valid_to=date(2021, 1, 1))
    page = entering(town).get("/workplace/")
    assert "働く場所がありません" in page.content.decode()


def test_a_membership_that_ended_closes_the_running_session(town: Town, client_of: Any) -> None:
    client = client_of(town.manager)
    assert client.get("/staff/").status_code == 200
    with scope(town):
        yesterday = clock.today() - timedelta(days=1)
        Membership.objects.filter(pk=town.manager.membership_id).update(valid_to=yesterday)
    assert client.get("/staff/").url == "/workplace/?next=%2Fstaff%2F"
    assert WORKPLACE not in client.session


def test_looking_at_the_time_left_does_not_extend_it_but_posting_does(town: Town, client_of: Any) -> None:
    client = client_of(town.counselor)
    session = client.session
    session[TOUCHED] = int(clock.now().timestamp()) - 600
    session.save()
    assert 1190 <= client.get("/session/").json()["seconds"] <= 1200
    assert 1190 <= client.get("/session/").json()["seconds"] <= 1200
    kept = client.post("/session/")
    assert (kept.status_code, kept["Session-Seconds"]) == (204, "1800")
    assert client.get("/session/").json()["seconds"] > 1790


def test_nobody_has_no_session_to_keep(db: None) -> None:
    assert Client().post("/session/").status_code == 401
    assert Client().get("/session/").json() == {"seconds": 0}
    assert Client().get("/workplace/").url == "/accounts/login/?next=/workplace/"


def test_pages_know_the_menu_of_the_role(town: Town, client_of: Any) -> None:
    officer = client_of(town.officer).get("/staff/")
    labels = {item.label: item.active for item in officer.context["nav"]}
    assert labels["職員"] is True
    assert "操作の記録" not in labels
    auditor = client_of(town.auditor).get("/staff/")
    assert not {"家庭", "来所", "記録"} & {item.label for item in auditor.context["nav"]}
    assert officer.context["session_seconds"] == 1800


def test_session_user_and_membership_cost_two_statements(town: Town, client_of: Any) -> None:
    client = client_of(town.manager)
    with CaptureQueriesContext(connection) as asked:
        client.get("/staff/")
    said = [query["sql"] for query in asked.captured_queries]
    assert sum('FROM "django_session"' in sql for sql in said) == 1
    assert next(sql.count('JOIN "accounts_user"') for sql in said if '"accounts_user"."password"' in sql) == 1


@pytest.mark.parametrize("older_keys", [[], ["an-older-key"]])
def test_a_new_password_or_an_inactive_user_ends_a_running_session(
    town: Town, client_of: Any, settings: Any, older_keys: list[str]
) -> None:
    settings.SECRET_KEY_FALLBACKS = older_keys
    for change in ({"password": make_password("another one")}, {"is_active": False}):
        client = client_of(town.manager)
        assert client.get("/staff/").status_code == 200
        User.objects.filter(pk=town.manager.user_id).update(**change)
        assert client.get("/staff/").url == "/accounts/login/?next=%2Fstaff%2F"


def test_a_session_made_with_an_older_key_lives_on(town: Town, client_of: Any, settings: Any) -> None:
    client = client_of(town.counselor)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-newer-key", [settings.SECRET_KEY]
    assert client.get("/staff/").status_code == 403
    assert client.get("/session/").json()["seconds"] > 0


@pytest.mark.parametrize("address", ["/families/{}/", "/families/same/{}/", "/devices/{}/lock/"])
def test_a_number_no_database_can_hold_is_not_found(town: Town, client_of: Any, address: str) -> None:
    path = address.format(10**25)
    client = client_of(town.counselor)
    assert (client.post(path) if "lock" in path else client.get(path)).status_code == 404
    with scope(town):
        assert Entry.objects.filter(outcome="refused", household_id=None).exists()


@pytest.mark.parametrize(("post", "there"), [("counselor", True), ("rounds", False), ("auditor", False)])
def test_the_menu_leads_to_work_with_registrations_whoever_has_some(
    town: Town, client_of: Any, post: str, there: bool
) -> None:
    """Others find the town's rules from 場所."""
    page = client_of(getattr(town, post)).get("/places/").content.decode()
    assert ("登録とカード" in page) is there
    assert "/policy/" in page
