"""What a web process does before its first request: rehearse the busy pages, so that nobody waits while SQL is built,
templates are compiled and each connection of the pool plans its statements.

An app registers a rehearsal (`before_serving`) in its AppConfig.ready(). It leaves nothing behind, and its failure only
means that the first requests are slower.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable

from django.db import connection

logger = logging.getLogger(__name__)
_rehearsals: list[Callable[[], None]] = []


def before_serving(rehearsal: Callable[[], None]) -> Callable[[], None]:
    """Have `rehearsal` run in each web process before it serves."""
    _rehearsals.append(rehearsal)
    return rehearsal


def warm(times: int) -> bool:
    """Run every rehearsal `times` times, each on the connection that waited longest. False when one failed."""
    try:
        for _ in range(times):
            for rehearsal in _rehearsals:
                rehearsal()
            connection.close()  # back to the pool, which gives another one
    except Exception:  # serving slowly is better than not serving
        logger.warning(
            "The rehearsal before serving failed; the first requests will be slower.", exc_info=True
        )
        return False
    finally:
        connection.close()
        _settle()
    return True


def _settle() -> None:
    """What is loaded now stays: the collector need not look at it again with every few hundred objects of a request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
