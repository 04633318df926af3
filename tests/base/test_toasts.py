"""Toasts travel in a cookie that tells nobody but the session what they say."""

from __future__ import annotations

import base64
import re
import zlib
from hashlib import sha256

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from tsunagari.base.toasts import Toasts

SAID = "木村さん家庭の来所を受け付けました。"


def request_of(session_key: str | None, cookie: str = "") -> HttpRequest:
    request = HttpRequest()
    request.session = SessionBase(session_key)
    request.COOKIES = {Toasts.cookie_name: cookie} if cookie else {}
    return request


def sealed(*words: str, session: str | None = "a" * 32) -> str:
    """The cookie after these were said."""
    toasts, response = Toasts(request_of(session)), HttpResponse()
    for one in words:
        toasts.add(constants.SUCCESS, one, "/visits/1/undo/")
    toasts.update(response)
    return response.cookies[Toasts.cookie_name].value


def heard(cookie: str, session: str | None = "a" * 32) -> list[Message]:
    return list(Toasts(request_of(session, cookie)))


def readings(cookie: str) -> list[bytes]:
    """The cookie and everything in it that is base64, plain or unpacked."""
    found = [cookie.encode()]
    for part in re.split(r"[:.]", cookie):
        plain = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        found.append(plain)
        found += [zlib.decompress(plain[skip:]) for skip in range(4) if plain[skip : skip + 1] == b"\x78"]
    return found


def test_what_was_said_is_heard_on_the_next_page() -> None:
    assert [(one.message, one.extra_tags) for one in heard(sealed(SAID))] == [(SAID, "/visits/1/undo/")]


def test_the_cookie_tells_nothing() -> None:
    escaped = SAID.encode("unicode-escape").replace(b"\\\\", b"\\")
    for reading in readings(sealed(SAID)):
        assert SAID.encode() not in reading
        assert escaped not in reading
        assert b"/visits/1/undo/" not in reading


@pytest.mark.parametrize("session", ["b" * 32, None])
def test_nobody_else_on_the_same_browser_hears_it(session: str | None) -> None:
    assert heard(sealed(SAID), session) == []


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-3], lambda text: "x" + text, lambda text: "たね", str.lower]
)
def test_a_damaged_cookie_says_nothing(damage: object) -> None:
    assert heard(damage(sealed(SAID))) == []  # type: ignore[operator]


def test_after_a_change_of_the_secret_key_the_former_one_still_opens(settings: object) -> None:
    cookie = sealed(SAID)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another " * 8  # type: ignore[attr-defined]
    assert [one.message for one in heard(cookie)] == [SAID]
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert heard(cookie) == []


def test_what_does_not_fit_is_left_out_the_oldest_first() -> None:
    many = [sha256(str(number).encode()).hexdigest() for number in range(60)]  # nothing to compress
    cookie = sealed(*many)
    assert len(cookie) <= Toasts.max_cookie_size
    said = [one.message for one in heard(cookie)]
    assert 0 < len(said) < len(many)
    assert said == many[-len(said) :]
