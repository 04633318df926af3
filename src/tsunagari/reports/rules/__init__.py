"""Pure rules of reports: periods, sections of figures and their differences, what is asked of whom."""

from tsunagari.reports.rules.asking import ITEMS, Asked, shown_asking
from tsunagari.reports.rules.periods import Period, day_of, month_of, months_of_year, year_of
from tsunagari.reports.rules.sections import (
    Difference,
    Line,
    Section,
    cell_name,
    cell_value,
    differences,
    from_json,
    named_cells,
    to_json,
)

__all__ = [
    "ITEMS",
    "Asked",
    "Difference",
    "Line",
    "Period",
    "Section",
    "cell_name",
    "cell_value",
    "day_of",
    "differences",
    "from_json",
    "month_of",
    "months_of_year",
    "named_cells",
    "shown_asking",
    "to_json",
    "year_of",
]
