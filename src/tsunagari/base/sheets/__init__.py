"""Tables as people send them: CSV, TSV, XLSX, XLS, with titles, blanks and broken letters."""

from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.grid import Grid, every_grid, other_grids, read_grid
from tsunagari.base.sheets.headers import find_header, header_at, normalise_header
from tsunagari.base.sheets.limits import MAX_BYTES, MAX_ROWS
from tsunagari.base.sheets.read import read_table
from tsunagari.base.sheets.table import Cell, RawRow, Row, Table, is_blank, to_cell
from tsunagari.base.sheets.write import write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Cell",
    "Grid",
    "RawRow",
    "Row",
    "SheetError",
    "Table",
    "every_grid",
    "find_header",
    "header_at",
    "is_blank",
    "normalise_header",
    "other_grids",
    "read_grid",
    "read_table",
    "to_cell",
    "write_csv",
    "write_xlsx",
]
