"""Which tests stay together on one worker: those of a file whose fixtures cost seconds.

xdist's own groups are told by a suffix of a test's id, which pytest 9.2 no longer lets it write; here a file's
path says it. Files come first, then the other tests, one by one, so that no worker is left waiting at the end.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/browser/test_pages.py",  # one world that all its tests look at
    "tests/config/",  # a PostgreSQL cluster for each file
    "tests/demo/",  # towns drawn or built for each file
)
TOGETHER_AS_ONE = "tests/demo/built/"  # its files share towns built once

#: Files that cost seconds each: `make test` runs them, `make check` leaves them out, as it does what is marked slow.
SLOW = (
    "tests/config/test_backups.py",  # servers made, filled, restored
    "tests/config/test_cli.py",
    "tests/config/test_embedded.py",
    "tests/config/test_preparing.py",
    "tests/config/test_setting_up.py",
    "tests/demo/test_records.py",  # two years of records, twice
    "tests/families/test_linkage_find.py",  # a second of planning for each search
    "tests/families/test_linkage_runs.py",
    "tests/interop/test_dialects.py",
    "tests/interop/test_real_files.py",  # every file of shared/data
    "tests/interop/test_roster_read.py",  # files of 60,000 rows
)


def mark_slow(items: Iterable[pytest.Item]) -> None:
    """Mark the tests of SLOW as slow."""
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


class ByFileWhereItPays(LoadScopeScheduling):
    """One unit of work is a whole file of TOGETHER, the folder TOGETHER_AS_ONE, or one test."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(TOGETHER_AS_ONE):
            return TOGETHER_AS_ONE
        return nodeid.split("::", 1)[0] if nodeid.startswith(TOGETHER) else nodeid
