"""What an import would do: counts, refused rows, a few samples, sentences about the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tsunagari.base.sheets import SheetError

READ_STEP = 500
MAX_SAMPLES = 20
MAX_NOTES = 60

#: Told how many rows are done, of how many.
Progress = Callable[[int, int], None]


class Unreadable(SheetError):
    """A file that is readable but not the list it was said to be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that is not taken: where, what stood there, and what to do."""

    row: int
    column: str
    value: str
    reason: str

    def as_dict(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as shown to a person."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What would happen to one row of the preview. `what` is "added" or "changed"."""

    row: int
    what: str
    title: str
    changes: Sequence[Change] = ()

    def as_dict(self) -> dict[str, object]:
        changes = [{"label": c.label, "before": c.before, "after": c.after} for c in self.changes]
        return {"row": self.row, "what": self.what, "title": self.title, "changes": changes}


@dataclass(slots=True)
class Plan:
    """The comparison of a file with the database; `work` is what the kind's own `apply` carries out.

    Counts are rows of the file (areas: districts). Every row is in exactly one of the four.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    work: object = None

    def sample(self, sample: Sample) -> None:
        """Keep the first few of each sort."""
        if sum(kept.what == sample.what for kept in self.samples) < MAX_SAMPLES:
            self.samples.append(sample)


class Notes:
    """Sentences about single rows, the same sentence gathered with its row numbers."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}

    def add(self, sentence: str, row: int) -> None:
        self._rows.setdefault(sentence, []).append(row)

    def lines(self) -> list[str]:
        """One line a sentence: "電話番号…（3行目、8行目 ほか12行）"."""
        lines = [f"{sentence}（{_rows_text(rows)}）" for sentence, rows in self._rows.items()]
        return lines[:MAX_NOTES]


def _rows_text(rows: Sequence[int]) -> str:
    shown = "、".join(f"{row}行目" for row in rows[:5])
    return shown + (f" ほか{len(rows) - 5}行" if len(rows) > 5 else "")


def first_of_each(keys: Iterable[tuple[int, object]]) -> dict[int, int]:
    """Row → row that has the same key further up, for keys that are not None."""
    seen: dict[object, int] = {}
    repeats: dict[int, int] = {}
    for row, key in keys:
        if key is None:
            continue
        if key in seen:
            repeats[row] = seen[key]
        else:
            seen[key] = row
    return repeats
