"""Cells of the table: some clients side by side for some seconds, without pause or each at its own pace."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.work import NothingLeft, Sample, Work

Asking = Callable[[], Sample]
NOTHING = "–"
WARM_UP = 5  # requests of each client that are not counted


@dataclass(frozen=True)
class Cell:
    """What one operation took with a number of clients. `plain` is the bare SQL beside it, nothing for paced clients:
    theirs asks without pause."""

    operation: str
    clients: int
    samples: list[Sample]
    plain: list[float]

    @property
    def ratio(self) -> str:
        """How many times the bare SQL's median."""
        if not self.plain:
            return NOTHING
        return f"{statistics.median(one.seconds for one in self.samples) / statistics.median(self.plain):.1f}"

    def row(self) -> str:
        """A line of HEAD's table, in milliseconds."""
        seen, served = [one.seconds for one in self.samples], [one.served for one in self.samples]
        figures = [ms(of, percent) for of in (seen, served, self.plain) for percent in (50, 95)]
        return f"| {self.operation} | {self.clients} | {' | '.join(figures)} | {self.ratio} |"


HEAD = (
    "| operation | clients | p50 | p95 | server p50 | server p95 | bare SQL p50 | bare SQL p95 | ratio p50 |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def percentile(values: list[float], percent: int) -> float:
    """The value below which `percent` of a hundred lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def ms(values: list[float], percent: int) -> str:
    """A percentile of seconds, in milliseconds with one decimal."""
    return f"{percentile(values, percent) * 1000:.1f}" if values else NOTHING


def prepare(works: list[Work], count: int) -> None:
    """`count` requests made ready by each client, side by side, before any clock runs."""
    with ThreadPoolExecutor(len(works)) as clients:
        list(clients.map(lambda work: work.prepare(count), works))


def together(works: Sequence[Asking], seconds: float) -> list[Sample]:
    """Closed loops side by side: each client asks again as soon as it has its answer."""

    def loop(work: Asking, samples: list[Sample]) -> None:
        stop = time.monotonic() + seconds
        while time.monotonic() < stop:
            samples.append(work())

    return _side_by_side(works, loop)


def paced(works: Sequence[Asking], seconds: float, every: float) -> list[Sample]:
    """An open loop: each client asks once in `every` seconds, in turn. A sample begins when its request was due, so
    that waiting for a late one counts."""
    start = time.monotonic() + 0.5
    turns = {id(work): number * every / len(works) for number, work in enumerate(works)}

    def loop(work: Asking, samples: list[Sample]) -> None:
        due = start + turns[id(work)]
        while due < start + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            late = max(0.0, time.monotonic() - due)
            took = work()
            samples.append(Sample(late + took.seconds, took.served))
            due += every

    return _side_by_side(works, loop)


def _side_by_side(works: Sequence[Asking], loop: Callable[[Asking, list[Sample]], None]) -> list[Sample]:
    """All samples after a short warm-up of each. A client that has nothing left to do ends early."""
    for work in works:
        for _ in range(WARM_UP):
            work()
    samples: list[list[Sample]] = [[] for _ in works]
    threads = [
        threading.Thread(target=_until_nothing_left, args=(loop, work, kept))
        for work, kept in zip(works, samples, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sample for each in samples for sample in each]


def _until_nothing_left(
    loop: Callable[[Asking, list[Sample]], None], work: Asking, samples: list[Sample]
) -> None:
    try:
        loop(work, samples)
    except NothingLeft:
        return
