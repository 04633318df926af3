"""Figures of a period, one file a statistic: what screen, workbook, paper and the frozen report all show."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

from tsunagari.reports.figures import (
    agencies,
    categories,
    children,
    consultations,
    follow,
    guardians,
    official,
    partners,
    responses,
    visits,
)
from tsunagari.reports.figures.reading import Span, of_whole_town
from tsunagari.reports.figures.records import ids_where, read_records
from tsunagari.reports.figures.words import Words, words_of
from tsunagari.reports.rules import Section

__all__ = ["OF_RECORDS", "Span", "Words", "figures_of", "record_ids", "words_of"]

#: Statistics about consultations, in the order of the report.
OF_RECORDS = (consultations, categories, children, guardians, responses, partners, official)


def figures_of(span: Span, *, words_from: Span | None = None) -> list[Section]:
    """All sections of the span: three statements that sum (two more for the whole town), and at most seven for the
    city's words.

    A section whose items are asked of no agency is not there. `words_from`: with the city's words of other days.
    """
    words = words_of(words_from or span)
    with of_whole_town() if span.city else nullcontext():
        came = visits.read_visits(span)
        written = read_records(span, [part for one in OF_RECORDS for part in one.PARTS])
        followed = follow.read_follow(span)
    found = [
        *visits.sections(came),
        *(section for one in OF_RECORDS for section in one.sections(written, words)),
        *follow.sections(followed),
        *agencies.sections(came, written),
    ]
    asked = [section for section in found if not section.items or span.of(section.items)]
    return [replace(section, left_out=span.left_out(section.items)) for section in asked]


def record_ids(span: Span, section: str, row: str, column: str) -> list[int] | None:
    """Ids of the records that a figure counts, whoever may read them; None for a figure that counts no records."""
    for one in (*OF_RECORDS, agencies):
        where = one.behind(section, row, column)
        if where is not None:
            return ids_where(span, *where)
    if section.startswith(official.PREFIX):
        return _official_ids(span, section.removeprefix(official.PREFIX), row)
    return None


def _official_ids(span: Span, key: str, row: str) -> list[int] | None:
    from tsunagari.encounters.models import Consultation

    table = next((one for one in words_of(span).tables if one.key == key), None)
    if table is None:
        return None
    ids = ids_where(span, "true", {})
    rows = Consultation.objects.filter(pk__in=ids).values_list("pk", "main_category", "details")
    return [pk for pk, category, details in rows if official.line_of(table, category, details) == row]
