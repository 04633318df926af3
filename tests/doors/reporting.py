"""A submitted report with words that are for agency and city alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from tests.makers import Town

from tsunagari.base import clock
from tsunagari.reports.operations import comments, making
from tsunagari.reports.rules import month_of


def make_reports(town: Town, words: str) -> dict[str, int]:
    """Needs the town's open scope; ids by route parameter."""
    last = month_of(clock.today().replace(day=1) - timedelta(days=1))
    report = making.draft_of(town.aoba, last, actor=town.manager)
    making.submit(report, actor=town.manager, expected_version=report.version, text=words)
    comments.comment(report, words, actor=town.manager, key=uuid4())
    return {"report_id": report.pk}
