"""Secrets of second factors at rest, and codes that open only once."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.cache import cache

from tsunagari.base.errors import DomainError

PURPOSE = b"tsunagari second factors 1"


def seal(text: str) -> str:
    """Text that only this installation's secret key opens."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again, also when it was sealed with a key of SECRET_KEY_FALLBACKS. DomainError with any other."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise DomainError(
            "二要素の設定を読み取れません。",
            what_to_do="市の担当に、二要素の設定のやりなおしを頼んでください。",
            status=409,
        ) from None


def is_spent(user_id: int, code: str) -> bool:
    """Whether the code of the person's app is right but has opened the door already."""
    app = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).first()
    if app is None:
        return False
    return any(cache.get(_key(user_id, step)) for step in _steps(unseal(app.data["secret"]), code))


def spend(user_id: int, secret: str, code: str) -> bool:
    """Use the code of an app up; False when somebody was faster. Kept for as long as the code is accepted."""
    window = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    taken = [cache.add(_key(user_id, step), True, timeout=window) for step in _steps(secret, code)]
    return all(taken)


def _steps(secret: str, code: str) -> Iterator[int]:
    """The time steps, of those that are accepted now, whose code this is: one, or by rare chance two."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            yield step


def _key(user_id: int, step: int) -> str:
    return f"tsunagari:totp:{user_id}:{step}"


def _keys() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
