"""How large a table may be. A city's whole list of children fits; a decompression bomb does not."""

from __future__ import annotations

#: Bytes of the file as sent.
MAX_BYTES = 50 * 1024 * 1024
#: Bytes after decompression, all members of an XLSX or ZIP together.
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
#: Members of an XLSX or ZIP.
MAX_MEMBERS = 5_000
#: Rows, the header's included.
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
#: Cells of the rectangle a sheet spans; the reader allocates all of it, filled or not.
MAX_CELLS = 6_000_000
