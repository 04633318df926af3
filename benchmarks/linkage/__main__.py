"""`python -m benchmarks.linkage [test|harsh|few|nicknames|elsewhere] [PEOPLE]` measures, `… train` trains."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterable

from benchmarks.linkage import happenings, measure, settings, train
from benchmarks.linkage.measure import Score
from benchmarks.linkage.noise import Register
from tsunagari.families.linkage import engine, frames

PEOPLE = 200_000
THRESHOLDS = (-4.0, -2.0, 0.0, engine.THRESHOLD, 4.0, 6.0, 8.0)


def main(which: str = "test", people: str = str(PEOPLE)) -> None:
    """Make the town, search it, compare with the truth, print tables in Markdown."""
    if which == "train":
        train.train()
        return
    registers = _registers(which, int(people))
    started = time.monotonic()
    frame = frames.of_entries(written.entry for register in registers for written in register.people)
    read = time.monotonic() - started
    found = engine.find(frame, threshold=min(THRESHOLDS))
    took = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{which}: {frame.people.num_rows} entries in {frame.households} households; {took:.0f} s in all, "
          f"{read:.0f} of them reading; peak {peak:.0f} MB")  # fmt: skip
    households, people_pairs = measure.household_truth(registers), measure.people_truth(registers)
    print("\n| threshold | pairs shown | precision | recall |\n|---|---|---|---|")
    for threshold in THRESHOLDS:
        shown = [pair for pair in found if pair.weight >= threshold]
        _line(f"{threshold:g}", measure.score(set(households), measure.found_households(shown)))
    shown = [pair for pair in found if pair.weight >= engine.THRESHOLD]
    _line("people", measure.score(set(people_pairs), measure.found_people(shown)))
    _kinds("households", measure.by_kind(households, measure.found_households(shown)))
    _kinds("people", measure.by_kind(people_pairs, measure.found_people(shown)))


def _registers(which: str, people: int) -> list[Register]:
    if which == "elsewhere":
        return happenings.registers(people=people)
    return list(settings.registers(settings.TOWNS[which], people=people))


def _line(name: str, score: Score) -> None:
    print(f"| {name} | {score.found} | {score.precision:.4f} | {score.recall:.4f} |")


def _kinds(what: str, scores: Iterable[tuple[str, Score]]) -> None:
    print(f"\n| what went wrong ({what}) | true pairs | recall |\n|---|---|---|")
    for kind, score in scores:
        print(f"| {kind} | {score.true} | {score.recall:.3f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
