"""A web process's connection to PostgreSQL."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg

STATEMENTS = 400  # kept prepared; psycopg's own 100 are fewer than the pages have
TRUSTED = 5  # seconds after which a silent connection is asked whether it lives


class WebConnection(psycopg.Connection[Any]):
    """Keeps more statements prepared, and answers the pool's question without asking the server each time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared_max = STATEMENTS
        self._heard = 0.0

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> psycopg.Cursor[Any]:
        """As psycopg. The pool asks by an empty statement before each request whether the connection lives: one that
        was alive a moment ago and whose socket is silent (a server that ends says so) does."""
        if query == "" and time.monotonic() - self._heard < TRUSTED and self._is_silent():
            return self.cursor()
        cursor = super().execute(query, *args, **kwargs)
        self._heard = time.monotonic()
        return cursor

    def _is_silent(self) -> bool:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return not self.closed and not poll.poll(0)
