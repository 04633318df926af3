"""Failed sign-ins are counted for a while: until when somebody is locked out, and forgetting it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from tsunagari.accounts.models import User

_COUNTED = {"app": "allauth.account", "action": "login_failed"}
TOO_MANY = "too_many_login_attempts"  # allauth's code of the error


def name_key(username: str) -> str:
    """What failed passwords are counted under: the login name, whichever of the server's names was asked."""
    return f"login:{username.lower()}"


def code_key(user_id: int) -> str:
    """What failed codes are counted under; allauth's own words."""
    return f"mfa-auth-user-{user_id}"


def blocked(minutes: int) -> str:
    """What a locked-out person is told."""
    return f"まちがいが続いたため、ログインを止めています。あと{minutes}分ほどたってから、もう一度おためしください。"


def minutes_left(request: HttpRequest, key: str) -> int:
    """Whole minutes, at least one, until the counts of `key` and of the request's address allow an attempt."""
    found = (
        _until(ratelimit.get_cache_key(request, rate=rate, key=key, **_COUNTED), rate) for rate in _rates()
    )
    return max(1, math.ceil((max(found) - time.time()) / 60))


def locked_keys(user: User) -> list[str]:
    """The counts of this person that are used up now, password and code; not those of addresses."""
    now = time.time()
    return [key for key, rate in _of(user) if _until(key, rate) > now]


def forget(user: User) -> None:
    """Let this person try again at once."""
    ratelimit.cache.delete_many([key for key, _ in _of(user)])


def _of(user: User) -> Iterator[tuple[str, ratelimit.Rate]]:
    for rate in _rates():
        if rate.per == "key":
            for key in (name_key(user.username), code_key(user.pk)):
                yield ratelimit.get_cache_key(HttpRequest(), rate=rate, key=key, **_COUNTED), rate


def _rates() -> Iterable[ratelimit.Rate]:
    return ratelimit.get_rates(**_COUNTED)


def _until(cache_key: str, rate: ratelimit.Rate) -> float:
    """When the limit lets somebody in again, in seconds since 1970; 0 when it is not used up."""
    history: list[float] = ratelimit.cache.get(cache_key, [])
    return history[-1] + rate.duration if len(history) >= rate.amount else 0.0
