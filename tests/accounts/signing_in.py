"""What tests of sign-in share: a person with an app, its codes, and the trail that is nobody's town."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal import auth
from django.test import Client
from tests.makers import PASSWORD, Town

from tsunagari.accounts.models import User
from tsunagari.audit.models import Entry
from tsunagari.base import tenancy

SECRET = "JBSWY3DPEHPK3PXP"
LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra: object) -> Any:
    return client.post(LOGIN, {"login": user.username, "password": password}, **extra)  # type: ignore[arg-type]


def with_app(user: User) -> User:
    auth.TOTP.activate(user, SECRET)
    return user


def code(secret: str = SECRET) -> str:
    """What the app shows now."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(auth.time.time()) // 30))


def person(town: Town) -> User:
    return User.objects.get(pk=town.counselor.user_id)


def sign_in_trail(user: User | None) -> list[tuple[str, str, str]]:
    """The installation's own chain (municipality 0), which no scope of a town shows."""
    with tenancy.municipality(0):
        entries = Entry.objects.filter(user_id=user.pk if user else None).order_by("seq")
        return list(entries.values_list("action", "outcome", "detail"))


class Clock:
    """Stands in for the module `time` of the code under test: it moves by `later` alone."""

    def __init__(self, now: float) -> None:
        self.now = now

    def later(self, seconds: float) -> None:
        self.now += seconds

    def time(self) -> float:
        return self.now

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)
