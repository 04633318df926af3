"""Messages to the next page in a sealed cookie: no write to the session, and none to the database, for a toast.

A toast may name a family. The cookie is encrypted for one session: neither the browser's disk nor anybody signed in
later on the same browser tells what was said.
"""

from __future__ import annotations

import base64
import zlib
from functools import cached_property
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest

_PURPOSE = b"tsunagari toasts "


class Toasts(CookieStorage):
    """Django's messages in a cookie, sealed for one session."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        session = getattr(request, "session", None)
        self.signer = _Seal(session.session_key if session is not None else None)


class _Seal:
    """Stands where Django expects its signer. Keys are derived when there is something to seal or to open."""

    def __init__(self, session_key: str | None) -> None:
        self._session = (session_key or "").encode()

    @cached_property
    def _keys(self) -> MultiFernet:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return MultiFernet([Fernet(self._derived(key)) for key in keys])

    def _derived(self, key: str) -> bytes:
        made = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE + self._session).derive(str(key).encode())
        return base64.urlsafe_b64encode(made)

    def sign_object(self, obj: Any, *, serializer: Any, compress: bool = True) -> str:
        """The messages as text that tells nothing without the keys of the session."""
        return self._keys.encrypt(zlib.compress(serializer().dumps(obj))).decode()

    def unsign_object(self, text: str, *, serializer: Any) -> Any:
        """What was sealed. BadSignature for anything that this session did not seal."""
        try:
            return serializer().loads(zlib.decompress(self._keys.decrypt(text.encode())))
        except (InvalidToken, zlib.error) as error:
            raise signing.BadSignature from error
