"""The city's form in force, and the names it may use."""

from __future__ import annotations

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.reports.figures import Span, figures_of
from tsunagari.reports.models import ReportTemplate
from tsunagari.reports.queries.asking import reporting_agencies
from tsunagari.reports.rules import Section, day_of, named_cells
from tsunagari.reports.workbooks import TEXTS


def in_force(municipality_id: int, kind: str) -> ReportTemplate | None:
    """The newest form not ended; None: the default layout. The bytes are read when asked for."""
    rows = ReportTemplate.objects.filter(municipality=municipality_id, kind=kind, ended_at__isnull=True)
    return rows.defer("data").order_by("-uploaded_at", "-pk").first()


def every_section(actor: Actor) -> list[Section]:
    """All sections a report of the town can have, of a day on which nothing was written: their names, not figures."""
    agencies = {one.pk: one.name for one in reporting_agencies(actor) if one.closed_on is None}
    never = day_of(clock.today().replace(year=1900, day=1))
    span = Span(actor.municipality_id, never, agencies, city=True)
    words = Span(actor.municipality_id, day_of(clock.today()), agencies, city=True)
    return figures_of(span, words_from=words)


def known_names(actor: Actor) -> dict[str, str]:
    """What each name stands for, in words."""
    return TEXTS | {name: label for name, (label, _) in named_cells(every_section(actor)).items()}
