"""Lock-out: who fails again and again waits, is told for how long, and gets in again afterwards."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.test import Client
from tests.accounts.signing_in import (
    CODE,
    LOGIN,
    Clock,
    code,
    person,
    sign_in,
    sign_in_trail,
    with_app,
)
from tests.makers import Town

from tsunagari.accounts import attempts
from tsunagari.accounts.models import User

WAIT = re.compile(r"あと(\d+)分ほどたってから")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of those who count attempts."""
    stopped = Clock(time.time())
    monkeypatch.setattr(ratelimit, "time", stopped)
    monkeypatch.setattr(attempts, "time", stopped)
    return stopped


def minutes(answer: Any) -> int:
    found = WAIT.search(answer.content.decode())
    assert found is not None
    return int(found[1])


def test_five_wrong_passwords_block_even_the_right_one_and_say_for_how_long(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    for number in range(5):
        assert "ちがいます" in sign_in(client, user, f"wrong-{number}").content.decode()
    blocked = sign_in(client, user).content.decode()
    assert re.search(r"あと(9|10)分ほどたってから", blocked)
    reasons = [detail for _, _, detail in sign_in_trail(user)]
    assert reasons == ['{"reason":"password"}'] * 5 + ['{"reason":"blocked"}']


def test_the_block_follows_the_account_to_another_address_and_spares_others(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    other = with_app(User.objects.get(pk=town.stranger.user_id))
    for number in range(5):
        sign_in(client, user, f"wrong-{number}")
    assert "止めています" in sign_in(Client(), user, REMOTE_ADDR="192.0.2.9").content.decode()
    assert "止めています" in sign_in(Client(), user, HTTP_HOST="localhost").content.decode()
    assert sign_in(Client(), other).url == "/accounts/2fa/authenticate/"


def test_one_address_trying_many_names_is_blocked_too(town: Town) -> None:
    client = Client()
    for number in range(20):
        client.post(LOGIN, {"login": f"guess{number}", "password": "x"})
    assert "止めています" in sign_in(client, person(town)).content.decode()
    assert "止めています" not in sign_in(Client(), person(town), REMOTE_ADDR="192.0.2.9").content.decode()


def test_the_answer_is_429_until_the_minutes_it_names_have_passed(town: Town, clock: Clock) -> None:
    user = with_app(person(town))
    for number in range(5):
        assert sign_in(Client(), user, f"wrong-{number}").status_code == 200
    blocked = sign_in(Client(), user)
    assert (blocked.status_code, minutes(blocked)) == (429, 10)
    clock.later(7 * 60)
    blocked = sign_in(Client(), user)
    assert (blocked.status_code, minutes(blocked)) == (429, 3)
    clock.later(3 * 60)
    assert sign_in(Client(), user).url == CODE


def test_an_address_waits_five_minutes(town: Town, clock: Clock) -> None:
    client = Client()
    for number in range(20):
        client.post(LOGIN, {"login": f"guess{number}", "password": "x"})
    blocked = sign_in(client, with_app(person(town)))
    assert (blocked.status_code, minutes(blocked)) == (429, 5)
    clock.later(5 * 60)
    assert sign_in(client, person(town)).url == CODE


def test_wrong_codes_lock_out_too_and_the_trail_says_so(town: Town, clock: Clock) -> None:
    client, user = Client(), with_app(person(town))
    sign_in(client, user)
    for _ in range(5):
        assert client.post(CODE, {"code": "000000"}).status_code == 200
    blocked = client.post(CODE, {"code": code()})
    assert (blocked.status_code, minutes(blocked)) == (429, 10)
    assert sign_in_trail(user)[-1] == ("session.sign_in", "refused", '{"reason":"blocked"}')
    clock.later(10 * 60)
    assert client.post(CODE, {"code": code()}).url == "/workplace/"


def test_too_many_requests_of_any_kind_wait_a_minute(town: Town, clock: Clock) -> None:
    client = Client()
    for _ in range(30):
        client.post(LOGIN, {})
    answer = client.post(LOGIN, {})
    assert answer.status_code == 429
    assert "1分ほどたってから" in answer.content.decode()
    clock.later(60)
    assert client.post(LOGIN, {}).status_code == 200


def test_a_password_given_anew_ends_the_lock_out(town: Town, client_of: Any) -> None:
    user = with_app(person(town))
    for number in range(6):
        sign_in(Client(), user, f"wrong-{number}")
    page = client_of(town.officer).post(f"/staff/{user.pk}/reset/").content.decode()
    given = re.search(r">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<", page)
    assert given is not None
    assert sign_in(Client(), user, given[1]).url == CODE
