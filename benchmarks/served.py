"""The product's application with a stop-watch around it: each answer says how long the server itself took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.client import TIMING
from tsunagari.config.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """As the product, with `Server-Timing: app;dur=milliseconds`, from its thread to its answer."""
    started = time.perf_counter()

    def timed(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        spent = (time.perf_counter() - started) * 1000
        return start_response(status, [*headers, (TIMING, f"app;dur={spent:.3f}")], *error)

    answer: Iterable[bytes] = product(environ, timed)
    return answer
