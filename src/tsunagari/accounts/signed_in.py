"""What every request asks before anything else, as prepared queries: whose session is it, and who is that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from tsunagari.accounts.models import User
from tsunagari.base.prepared import prepared


@prepared
def _sessions(key: str, now: datetime) -> QuerySet[Session, Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@prepared
def _users(user_id: int) -> QuerySet[User, User]:
    return User.objects.filter(pk=user_id)


class SessionStore(DatabaseSessions):
    """Django's sessions in the database; only the way of asking differs."""

    def _get_session_from_db(self) -> Session | None:
        found = _sessions.first(str(self.session_key), timezone.now())
        if found is None:
            self._session_key = None
        return found


_read: ContextVar[User | None] = ContextVar("tsunagari_user_read", default=None)


@contextmanager
def already_read(user: User | None) -> Iterator[None]:
    """Within, Django checks the session against this row instead of reading it again, when it is the session's user."""
    token = _read.set(user)
    try:
        yield
    finally:
        _read.reset(token)


class StaffBackend(AuthenticationBackend):
    """allauth's sign-in; reading the signed-in person is prepared."""

    def get_user(self, user_id: Any) -> User | None:
        user = _read.get()
        if user is None or user.pk != int(user_id):
            user = _users.first(int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None
