"""Sign-in: password, second factor, lock-out, trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from tests.accounts.signing_in import LOGIN, code, person, sign_in, sign_in_trail, with_app
from tests.makers import PASSWORD, Town

from tsunagari.accounts.models import User
from tsunagari.accounts.sessions import WORKPLACE
from tsunagari.audit.models import Entry
from tsunagari.base import tenancy


@pytest.fixture(autouse=True)
def empty_cache(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_without_a_second_factor_no_workplace_opens(town: Town) -> None:
    client, user = Client(), person(town)
    assert sign_in(client, user).url == "/workplace/"
    assert client.get("/workplace/").url.startswith("/accounts/2fa/?next=")
    assert WORKPLACE not in client.session
    assert client.get("/staff/").url.startswith("/workplace/?next=")


def test_an_app_is_set_up_right_after_sign_in_and_opens_the_workplace(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    client, user = Client(), person(town)
    sign_in(client, user)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    now = code(secret)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": now})
    assert done.url == "/accounts/2fa/recovery-codes/"
    assert len(client.get(done.url).context["unused_codes"]) == 10
    assert client.get("/workplace/").url == "/"
    assert client.session[WORKPLACE] == [town.counselor.membership_id, town.municipality.pk]
    assert ("session.factor", "done", '{"change":"totp-added"}') in sign_in_trail(user)


def test_password_and_code_lead_to_the_page_that_was_asked_for(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    asked = client.get("/staff/?q=x").url
    assert asked == "/accounts/login/?next=%2Fstaff%2F%3Fq%3Dx"
    assert client.get(asked).status_code == 200
    answer = client.post(LOGIN, {"login": user.username, "password": PASSWORD, "next": "/places/"})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert client.get("/workplace/").url.startswith("/accounts/login/")
    assert client.post(answer.url, {"code": code()}).url == "/places/"
    chosen = client.get("/places/").url
    assert chosen == "/workplace/?next=%2Fplaces%2F"
    assert client.get(chosen).url == "/places/"


def test_a_wrong_code_is_refused_and_kept_without_the_code(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    sign_in(client, user)
    answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "コードがちがいます" in answer.content.decode()
    assert sign_in_trail(user)[-1] == ("session.sign_in", "refused", '{"reason":"code"}')


def test_who_forgot_the_password_is_told_whom_to_ask(db: None) -> None:
    page = Client().get(LOGIN).content.decode()
    assert "パスワードを忘れたときは、市の担当がパスワードを出しなおします" in page


def test_what_was_typed_as_a_name_is_kept_nowhere(town: Town) -> None:
    Client().post(LOGIN, {"login": "my-secret-password", "password": "x"})
    kept = sign_in_trail(None)
    assert kept == [("session.sign_in", "refused", '{"reason":"password"}')]


def test_a_stopped_person_is_told_so(town: Town) -> None:
    user = person(town)
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = sign_in(Client(), user)
    assert "このログイン名は、いま使えません" in Client().get("/accounts/inactive/").content.decode()
    assert answer.status_code == 302 or "ちがいます" in answer.content.decode()
    assert sign_in_trail(user)[-1][1] == "refused"


def test_signing_out_is_kept_with_the_town(town: Town, client_of: object) -> None:
    client = client_of(town.counselor)  # type: ignore[operator]
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert client.get("/workplace/").url.startswith("/accounts/login/")
    with tenancy.municipality(town.municipality.pk):
        kept = Entry.objects.filter(action="session.sign_out", user_id=town.counselor.user_id)
        assert kept.count() == 1


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "social/signup/", "login/code/"])
def test_doors_that_are_not_used_do_not_exist(db: None, path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_the_first_password_is_replaced_before_anything_opens(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    sign_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    asked = client.get("/workplace/").url
    assert asked.startswith("/accounts/password/change/")
    new = "atarashii-kagi-55"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new, "next": "/workplace/"}
    assert client.post(asked, form).url == "/workplace/"
    assert client.get("/workplace/").url == "/"
    user.refresh_from_db()
    assert user.check_password(new)
    assert not user.must_change_password


def test_the_last_second_factor_stays(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    sign_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    page = client.get("/accounts/2fa/totp/deactivate/")
    assert "二要素は必要です" in page.content.decode()
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_in_the_demo_the_password_is_enough(town: Town, settings: object) -> None:
    settings.MFA_REQUIRED, settings.DEMO = False, True  # type: ignore[attr-defined]
    client = Client()
    assert "体験用です" in client.get(LOGIN).content.decode()
    sign_in(client, person(town))
    assert client.get("/workplace/").url == "/"


def test_every_page_of_sign_in_is_japanese_and_without_inline_script(town: Town) -> None:
    client, user = Client(), with_app(person(town))
    texts = [client.get(LOGIN).content.decode()]
    sign_in(client, user)
    texts.append(client.get("/accounts/2fa/authenticate/").content.decode())
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    pages = (
        "",
        "webauthn/",
        "webauthn/add/",
        "recovery-codes/generate/",
        "totp/deactivate/",
        "reauthenticate/",
    )
    texts += [client.get(f"/accounts/2fa/{page}").content.decode() for page in pages]
    texts += [
        client.get(f"/accounts/{page}").content.decode()
        for page in ("password/change/", "reauthenticate/", "logout/")
    ]
    for text in texts:
        assert 'class="door"' in text
        for script in re.findall(r"<script([^>]*)>", text):
            assert "src=" in script or 'type="application/json"' in script
        assert not re.search(r"(Sign In|Password|Confirm|Authenticator)<", text)
