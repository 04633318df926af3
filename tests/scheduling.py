"""Which tests stay together on one worker: those of a file whose fixtures cost seconds.

xdist's own groups are told by a suffix of a test's id, which pytest 9.2 no longer lets it write; here a file's
path says it. Files come first, then the other tests, one by one, so that no worker is left waiting at the end.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/config/",  # a PostgreSQL cluster for each file
    "tests/demo/",  # towns drawn or built for each file
)


class ByFileWhereItPays(LoadScopeScheduling):
    """One unit of work is a whole file of TOGETHER, or one test."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0] if nodeid.startswith(TOGETHER) else nodeid
