"""A fiscal year month by month."""

from __future__ import annotations

from collections import Counter

from tsunagari.reports.figures.reading import Span, read
from tsunagari.reports.rules import Line, Section, months_of_year

_BY_MONTH = """
SELECT 'receptions', to_char(visited_on, 'YYYY-MM'), count(*) FROM encounters_visit
WHERE municipality_id = %(town)s AND agency_id = ANY(%(agencies)s) AND visited_on BETWEEN %(first)s AND %(last)s
  AND undone_at IS NULL GROUP BY 2
UNION ALL SELECT 'receptions', to_char(day, 'YYYY-MM'), sum(families) FROM encounters_tally
WHERE municipality_id = %(town)s AND agency_id = ANY(%(agencies)s) AND day BETWEEN %(first)s AND %(last)s
  AND undone_at IS NULL GROUP BY 2
UNION ALL SELECT 'consult', to_char(occurred_on, 'YYYY-MM'), count(*) FROM encounters_consultation
WHERE municipality_id = %(town)s AND agency_id = ANY(%(asked_for_count)s)
  AND occurred_on BETWEEN %(first)s AND %(last)s GROUP BY 2
"""
COLUMNS = (Line("receptions", "来所の受付"), Line("consult", "相談"))
TOTAL = Line("total", "計")


def trend(span: Span) -> Section:
    """Receptions and consultations of each month; their sums are those of the year. One statement."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, month, number in read(_BY_MONTH, span.params):
        counts[name, month] += int(number)
    months = months_of_year(span.period.first.year)
    rows = (*(Line(month.code, f"{month.first.month}月") for month in months), TOTAL)
    cells = [tuple(counts[column.key, month.code] for column in COLUMNS) for month in months]
    cells.append(tuple(sum(values) for values in zip(*cells, strict=True)))
    return Section("month", "月ごと", rows, tuple(cells), COLUMNS, total=TOTAL.key, chart="consult")
