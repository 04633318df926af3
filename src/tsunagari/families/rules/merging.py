"""Two families that are one: which registrations hold on which day. Pure; days are inclusive, an open end is None."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_DAY = timedelta(days=1)
_NEVER = date.max


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration. `id` says which row a span comes from."""

    id: int
    agency_id: int
    is_home: bool
    starts_on: date
    ends_on: date | None

    @property
    def span(self) -> tuple[date, date | None, bool]:
        return self.starts_on, self.ends_on, self.is_home

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def merge_registrations(target: Sequence[Registered], source: Sequence[Registered]) -> list[Registered]:
    """The registrations of both as one family's: each agency once on any day, at most one home.

    Where both say something the target's row stands; its home wins, the source's home fills the days without one.
    Spans keep the id of the row they come from; a row may come back in several spans, or not at all.
    """
    spans: list[Registered] = []
    for first, last in _stretches([*target, *source]):
        home = _home(target, first) or _home(source, first)
        for agency_id, origin in _registered(target, source, first).items():
            is_home = home is not None and home.agency_id == agency_id
            spans.append(Registered(origin.id, agency_id, is_home, first, last))
    return list(_glued(sorted(spans, key=lambda span: (span.id, span.starts_on))))


def _stretches(rows: Iterable[Registered]) -> Iterator[tuple[date, date | None]]:
    """The days cut wherever a registration begins or ends."""
    rows = list(rows)
    begins = {row.starts_on for row in rows} | {row.ends_on + _DAY for row in rows if row.ends_on}
    cuts = sorted(begins)
    for first, following in pairwise([*cuts, _NEVER]):
        yield first, None if following == _NEVER else following - _DAY


def _home(rows: Iterable[Registered], day: date) -> Registered | None:
    return next((row for row in rows if row.is_home and row.holds(day)), None)


def _registered(
    target: Iterable[Registered], source: Iterable[Registered], day: date
) -> dict[int, Registered]:
    found = {row.agency_id: row for row in source if row.holds(day)}
    return found | {row.agency_id: row for row in target if row.holds(day)}


def _glued(spans: Iterable[Registered]) -> Iterator[Registered]:
    """Neighbouring spans of one row and one kind as one."""
    current: Registered | None = None
    for span in spans:
        if current is not None and _continues(current, span):
            current = Registered(
                current.id, current.agency_id, current.is_home, current.starts_on, span.ends_on
            )
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def _continues(current: Registered, span: Registered) -> bool:
    same = (current.id, current.agency_id, current.is_home) == (span.id, span.agency_id, span.is_home)
    return same and current.ends_on is not None and current.ends_on + _DAY == span.starts_on
