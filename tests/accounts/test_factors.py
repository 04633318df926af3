"""X2: secrets of second factors are sealed in the database, and a code opens once."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client
from tests.accounts.signing_in import CODE, SECRET, Clock, code, person, sign_in, sign_in_trail, with_app
from tests.makers import Town

from tsunagari.accounts import factors
from tsunagari.base.errors import DomainError

ACTIVATE = "/accounts/2fa/totp/activate/"


def stored(user_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", [user_id])
        return "".join(row[0] for row in cursor.fetchall())


def test_the_database_holds_neither_secret_nor_seed(town: Town) -> None:
    user = with_app(person(town))
    codes = RecoveryCodes.activate(user)
    seed = factors.unseal(codes.instance.data["seed"])
    kept = stored(user.pk)
    assert len(codes.generate_codes()) == 10
    assert SECRET not in kept
    assert seed not in kept
    assert factors.unseal(Authenticator.objects.get(user=user, type="totp").data["secret"]) == SECRET


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert factors.seal(SECRET) != factors.seal(SECRET)


def test_a_new_key_opens_what_the_old_one_sealed(settings: Any) -> None:
    sealed, old = factors.seal(SECRET), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", [old]
    assert factors.unseal(sealed) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(DomainError, match="読み取れません"):
        factors.unseal(sealed)


def test_with_a_lost_key_the_person_is_told_whom_to_ask(town: Town, settings: Any) -> None:
    client, user = Client(), with_app(person(town))
    sign_in(client, user)
    sealed = Authenticator.objects.get(user=user)
    sealed.data = {"secret": "gAAAAA-sealed-with-another-key"}
    sealed.save()
    answer = client.post(CODE, {"code": code()})
    assert answer.status_code == 409
    assert "市の担当に、二要素の設定のやりなおし" in answer.content.decode()


def test_a_code_signs_in_once_even_when_the_cache_of_the_library_forgets(town: Town) -> None:
    first, second, user = Client(), Client(), with_app(person(town))
    shown = code()
    sign_in(first, user)
    sign_in(second, user)
    assert first.post(CODE, {"code": shown}).url == "/workplace/"
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={shown}")
    refused = second.post(CODE, {"code": f"{shown[:3]} {shown[3:]}"})
    assert "もう使われています" in refused.content.decode()
    assert second.get("/workplace/").url.startswith("/accounts/login/")
    assert sign_in_trail(user)[-1] == ("session.sign_in", "refused", '{"reason":"spent"}')


def test_the_code_that_set_the_app_up_does_not_sign_in(town: Town) -> None:
    client, user = Client(), person(town)
    sign_in(client, user)
    secret = client.get(ACTIVATE).context["form"].secret
    shown = code(secret)
    assert client.post(ACTIVATE, {"code": shown}).url == "/accounts/2fa/recovery-codes/"
    thief = Client()
    sign_in(thief, user)
    assert "もう使われています" in thief.post(CODE, {"code": shown}).content.decode()


def test_the_next_code_of_the_app_opens_again(town: Town, clock_of_codes: Clock) -> None:
    user = with_app(person(town))
    for _ in range(2):
        client = Client()
        sign_in(client, user)
        assert client.post(CODE, {"code": code()}).url == "/workplace/"
        clock_of_codes.later(30)


def test_codes_of_others_and_of_other_steps_are_not_spent(town: Town) -> None:
    user, shown = with_app(person(town)), code()
    assert factors.spend(user.pk, SECRET, shown)
    assert not factors.spend(user.pk, SECRET, shown)
    assert factors.is_spent(user.pk, shown)
    assert not factors.is_spent(user.pk, "000000")
    assert not factors.is_spent(town.stranger.user_id or 0, shown)
    assert factors.spend(town.stranger.user_id or 0, SECRET, shown)


def test_a_recovery_code_opens_once(town: Town) -> None:
    user = with_app(person(town))
    spare = RecoveryCodes.activate(user).generate_codes()[0]
    for expected in (302, 200):
        client = Client()
        sign_in(client, user)
        assert client.post(CODE, {"code": spare}).status_code == expected
