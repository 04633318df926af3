"""The product behind a real port: its own WSGI application, middleware, headers and static files, in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.db import connection
from django.test.testcases import LiveServerThread

from tsunagari.base import clock

Application = Callable[..., Iterable[bytes]]


class _Answer:
    """A response that tells when the server is done with it and its database connection is given back."""

    def __init__(self, response: Iterable[bytes], done: Callable[[], object]) -> None:
        self.response, self.done = response, done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response)

    def close(self) -> None:
        try:
            if hasattr(self.response, "close"):
                self.response.close()
        finally:
            self.done()


class Site:
    """Where the product answers. `moment` stops its clock for every request while it is set."""

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self._begun: list[None] = []  # one entry for each request that is being answered
        self.thread = LiveServerThread("127.0.0.1", self._wrap, connections_override={}, port=0)

    def _wrap(self, application: Application) -> Application:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self._begun.append(None)
            with clock.stopped_at(self.moment) if self.moment else nullcontext():
                return _Answer(application(environ, start_response), self._begun.pop)

        return answer

    def wait_until_idle(self) -> None:
        """Browsers that closed may have left a request behind (a draft's last words)."""
        until = time.monotonic() + 20
        while self._begun and time.monotonic() < until:
            time.sleep(0.01)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.thread.port}"

    @property
    def named_url(self) -> str:
        """The same server by name: passkeys belong to a name, not to a number."""
        return f"http://localhost:{self.thread.port}"


@contextmanager
def served() -> Iterator[Site]:
    """Serve until the block ends."""
    site = Site()
    site.thread.daemon = True
    site.thread.start()
    site.thread.is_ready.wait()
    if site.thread.error:
        raise site.thread.error
    yield site
    site.wait_until_idle()
    site.thread.terminate()
    site.thread.join(10)


def truncate_all() -> None:
    """Leave the database as other tests expect it: empty."""
    tables = [name for name in connection.introspection.table_names() if name not in _KEPT]
    quoted = ", ".join(connection.ops.quote_name(name) for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted}")


_KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})
