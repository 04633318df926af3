"""Django inside a command: the environment it needs, set before it is loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tsunagari.config import database

SETTINGS_MODULE = "tsunagari.config.settings"


def set_environment(role: str | None = None, *, demo: bool = False) -> None:
    """Say which settings and which database role this process and its children use.

    A role or key that the person has set stays. With the embedded server the
    installation's own secret key serves.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    if role is not None:
        os.environ["TSUNAGARI_DB_ROLE"] = role
    if demo:
        os.environ["TSUNAGARI_DEMO"] = "1"
    server = database.embedded_server()
    if server is not None and not os.environ.get("TSUNAGARI_SECRET_KEY"):
        os.environ["TSUNAGARI_SECRET_KEY"] = server.secret_key()


@contextmanager
def django_ready(role: str | None = None, *, demo: bool = False) -> Iterator[None]:
    """Django set up, with the database at hand until the end of the block."""
    with database.in_use():
        set_environment(role, demo=demo)
        import django

        django.setup()
        try:
            yield
        finally:
            close_connections()


def close_connections() -> None:
    """Give back every connection, pooled ones too, so that no child inherits one."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()
