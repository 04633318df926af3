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

#: What costs most, by processor time: `make test` runs it, `make check` leaves it out, as it does what is marked slow.
SLOW = (
    "tests/accounts/test_many_skills.py",  # ten thousand people
    "tests/accounts/test_skills.py::test_a_training_is_due_from_coming",  # thirty drawn histories
    "tests/architecture/test_busy_doors.py",  # every statement of the busy doors explained by the database
    "tests/architecture/test_plans.py",  # every statement of the busiest pages explained by the database
    "tests/base/test_paper.py",  # a PDF for each
    "tests/base/test_sheets_read.py",  # workbooks and tables by the hundred
    "tests/base/test_sheets_write.py",
    "tests/config/test_backups.py",  # servers made, filled, restored
    "tests/config/test_cli.py",
    "tests/config/test_embedded.py",
    "tests/config/test_preparing.py",
    "tests/config/test_production.py",  # a process for each
    "tests/config/test_setting_up.py",
    "tests/config/test_supervisor.py",
    "tests/demo/test_records.py",  # two years of records, twice
    "tests/desk/test_trail_pages.py",  # long trails
    "tests/encounters/test_assessments.py::test_whatever_is_put_right",  # drawn series of what people do, as are …
    "tests/encounters/test_busy_day.py",  # rows by the thousand
    "tests/encounters/test_circulation.py::test_open_seals_are_only_of_those_who_may_read",
    "tests/encounters/test_faults.py",
    "tests/encounters/test_guide.py::test_changes_tell_the_whole_difference",
    "tests/encounters/test_guide.py::test_a_published_book_never_changes",
    "tests/encounters/test_long_guide.py",  # rows by the thousand
    "tests/encounters/test_many_partners.py",  # rows by the thousand
    "tests/encounters/test_many_settings.py",  # rows by the thousand
    "tests/encounters/test_plans.py::test_versions_never_change",
    "tests/encounters/test_roster_paper.py",  # a PDF for each
    "tests/encounters/test_searching.py::test_search_finds_what_reading_everything_finds",
    "tests/encounters/test_sorting.py::test_every_category_has_one_line",
    "tests/families/test_home_changes.py::test_whatever_is_done_there",
    "tests/families/test_joining_households.py",
    "tests/families/test_joins.py",  # … these
    "tests/families/test_linkage_find.py",  # a second of planning for each search
    "tests/families/test_linkage_runs.py",
    "tests/flows/",  # whole days of eleven municipalities
    "tests/interop/",  # files read, compared, brought in and taken out again
    "tests/reports/test_figures.py",  # whole months drawn, and counted anew
    "tests/reports/test_pages.py",
    "tests/reports/test_same_everywhere.py",
    "tests/reports/test_totals_stand.py",
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
