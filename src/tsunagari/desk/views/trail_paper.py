"""Lines of the trail as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsunagari.base.sheets import write_xlsx
from tsunagari.desk.queries import TrailLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = ("番号", "日時", "だれが", "役割", "どこの人", "何を", "結果", "家庭の番号", "どこから")


def workbook(lines: Sequence[TrailLine], more: bool) -> bytes:
    """A row a line, as on the screen. When there are `more`, a last row says so."""
    return write_xlsx(HEADERS, _rows(lines, more), title="操作の記録")


def _rows(lines: Sequence[TrailLine], more: bool) -> Iterator[Sequence[object]]:
    for line in lines:
        outcome = "ことわられた" if line.refused else ""
        yield (
            line.seq,
            line.at,
            line.who,
            line.role,
            line.agency,
            line.what,
            outcome,
            line.household_id,
            line.where,
        )
    if more:
        yield (
            "",
            "",
            f"まだつづきがあります。ここには新しい{len(lines)}行だけを出しました。期間をしぼってください。",
        )
