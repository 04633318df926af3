"""Sign-in on a clock of codes that stands still: no code runs out between showing and typing it."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal import auth
from tests.accounts.signing_in import Clock


@pytest.fixture(autouse=True)
def clock_of_codes(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the app and the server call now; `later` brings the next code."""
    still = Clock(time.time())
    monkeypatch.setattr(auth, "time", still)
    return still
