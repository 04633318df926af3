"""The municipality of the running transaction.

PostgreSQL row-level security compares every row with a setting that lives as long as the transaction, so
nothing personal is visible outside `municipality(...)`: not in views, workers, imports or tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction
from psycopg.pq import ExecStatus, TransactionStatus


@dataclass(slots=True)
class Scope:
    """What belongs to one transaction in one municipality."""

    municipality_id: int | None
    user_id: int | None
    before_commit: list[Callable[[], None]] = field(default_factory=list)


_scope: ContextVar[Scope | None] = ContextVar("tsunagari_scope", default=None)
_planned_once: ContextVar[bool] = ContextVar("tsunagari_planned_once", default=False)


@contextmanager
def planned_once() -> Iterator[None]:
    """Transactions that begin inside plan a prepared statement once a connection, whatever its values: behind row-level
    security planning costs more than running.

    For the busy doors alone, whose few statements are measured so. A plan made without values guesses how much of a
    range is meant, and does not see that a value fits a partial index; lists and filters are better planned with them.
    """
    token = _planned_once.set(True)
    try:
        yield
    finally:
        _planned_once.reset(token)


def current() -> Scope:
    """The running scope; RuntimeError when personal data is touched outside of one."""
    scope = _scope.get()
    if scope is None:
        raise RuntimeError("No municipality is set: wrap the code in tenancy.municipality(...).")
    return scope


def is_open() -> bool:
    """Whether a scope is running."""
    return _scope.get() is not None


@contextmanager
def municipality(municipality_id: int | None, *, user_id: int | None = None) -> Iterator[Scope]:
    """Open a transaction that sees the rows of one municipality, and of the user's own memberships.

    Inside a running scope of the same municipality it is a savepoint; of another one, a RuntimeError.
    Callables in `scope.before_commit` run last, in the same transaction.
    """
    outer = _scope.get()
    if outer is not None:
        if outer.municipality_id != municipality_id:
            raise RuntimeError("A transaction serves one municipality.")
        with transaction.atomic():
            yield outer
        return
    nested = connection.in_atomic_block
    scope = Scope(municipality_id, user_id)
    with transaction.atomic():
        if nested:
            _set(municipality_id, user_id)
        else:
            _begin(municipality_id, user_id)
        token = _scope.set(scope)
        try:
            yield scope
            for hook in scope.before_commit:
                hook()
        finally:
            _scope.reset(token)
        if nested:
            _set(None, None)


_SETTINGS = (
    "SELECT set_config('tsunagari.municipality', '{}', true), set_config('tsunagari.user', '{}', true)"
)
_PLANNED_ONCE = ", set_config('plan_cache_mode', 'force_generic_plan', true)"


def _begin(municipality_id: int | None, user_id: int | None) -> None:
    """Open the transaction and set it in one message to the server: every request begins with this one.

    The driver finds a transaction that is open and sends no BEGIN of its own.
    """
    server = connection.connection.pgconn
    if server.transaction_status != TransactionStatus.IDLE:
        _set(municipality_id, user_id)
        return
    result = server.exec_(f"BEGIN; {_settings(municipality_id, user_id)}".encode())
    if result.status != ExecStatus.TUPLES_OK:
        raise OperationalError(server.get_error_message())


def _set(municipality_id: int | None, user_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_settings(municipality_id, user_id))


def _settings(municipality_id: int | None, user_id: int | None) -> str:
    town = "" if municipality_id is None else int(municipality_id)
    plans = _PLANNED_ONCE if _planned_once.get() else ""
    return _SETTINGS.format(town, int(user_id or 0) or "") + plans
