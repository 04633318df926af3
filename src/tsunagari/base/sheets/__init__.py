"""Tables as people send them: CSV, TSV, XLSX, XLS, with titles, blanks and broken letters."""

from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.headers import match_headers, normalise_header
from tsunagari.base.sheets.limits import MAX_BYTES, MAX_ROWS
from tsunagari.base.sheets.read import read_table
from tsunagari.base.sheets.table import Cell, Row, Table
from tsunagari.base.sheets.write import write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Cell",
    "Row",
    "SheetError",
    "Table",
    "match_headers",
    "normalise_header",
    "read_table",
    "write_csv",
    "write_xlsx",
]
