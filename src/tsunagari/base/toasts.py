"""Messages to the next page in a signed cookie: no write to the session, and none to the database, for a toast."""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest


class Toasts(CookieStorage):
    """Django's messages in a cookie, signed for one session: nobody signed in later on the same browser is told."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        session = getattr(request, "session", None)
        key = session.session_key if session is not None else None
        self.signer = signing.get_cookie_signer(salt=f"{self.key_salt}.{key or ''}")
