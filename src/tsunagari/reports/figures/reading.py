"""How figures are read: a few statements that sum in the database, each part of them named.

The statements run as whoever reads, behind row-level security, and name town and agencies themselves as well: who
may ask for which agencies is decided by the caller (`queries.reading`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tsunagari.reports.rules import Asked, Period


@dataclass(frozen=True, slots=True)
class Span:
    """Whose figures, of which days. `asked` says for each agency what it is asked for; `whole` asks for all items of
    all agencies, as an agency does for itself; `city` is a report over agencies."""

    municipality_id: int
    period: Period
    agencies: Mapping[int, str]
    asked: Mapping[int, Asked] = field(default_factory=dict)
    whole: bool = True
    city: bool = False

    def of(self, items: Collection[str]) -> list[int]:
        """Ids of the agencies that count for a section about these items."""
        if self.whole:
            return list(self.agencies)
        return [pk for pk in self.agencies if self.asked.get(pk, Asked()).wants(items)]

    def left_out(self, items: Collection[str]) -> tuple[str, ...]:
        """Names of the agencies that do not."""
        inside = set(self.of(items))
        return tuple(name for pk, name in self.agencies.items() if pk not in inside)

    @property
    def params(self) -> dict[str, Any]:
        """What the statements take."""
        return {
            "town": self.municipality_id,
            "first": self.period.first,
            "last": self.period.last,
            "agencies": list(self.agencies),
            "asked_for_count": self.of(("1",)),
        }


Key = tuple[str, str, str]


class Found:
    """What was read: rows (name of the part, agency or None, up to three codes, how many)."""

    def __init__(self, span: Span, rows: Iterable[tuple[str, int | None, str, str, str, int]]) -> None:
        self.span = span
        self._rows: dict[str, list[tuple[int | None, Key, int]]] = {}
        for name, agency, one, two, three, number in rows:
            self._rows.setdefault(name, []).append((agency, (one, two, three), int(number)))

    def sums(self, name: str, items: Collection[str]) -> Counter[Key]:
        """How many by codes, over the agencies that are asked for the items."""
        inside: set[int | None] = {*self.span.of(items), None}
        found: Counter[Key] = Counter()
        for agency, key, number in self._rows.get(name, ()):
            if agency in inside:
                found[key] += number
        return found

    def ones(self, name: str, items: Collection[str]) -> Counter[str]:
        """The same by the first code alone."""
        found: Counter[str] = Counter()
        for (one, _, _), number in self.sums(name, items).items():
            found[one] += number
        return found

    def by_agency(self, name: str, first: str | None = None) -> Counter[int]:
        """How many by agency, of one first code or of all."""
        found: Counter[int] = Counter()
        for agency, (one, _, _), number in self._rows.get(name, ()):
            if agency is not None and first in (None, one):
                found[agency] += number
        return found


@contextmanager
def of_whole_town() -> Iterator[None]:
    """Statements inside are planned for the days they are asked for, and a page read out of order is taken to cost
    twice one in order: a month of a whole town lies all over its tables, and is read faster in the order it lies there
    than entry by entry along an index (SETTINGS of config.cluster say 1.1, for pages that want thirty rows)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('random_page_cost'), current_setting('plan_cache_mode'), "
            "set_config('random_page_cost', '2', true), set_config('plan_cache_mode', 'force_custom_plan', true)"
        )
        [(cost, mode, *_)] = cursor.fetchall()
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('random_page_cost', %s, true), set_config('plan_cache_mode', %s, true)",
            [cost, mode],
        )


def read(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement of our own; values travel as parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
