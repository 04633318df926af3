"""Times of day a roster counts by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of day from `starts` to where the next one starts; the first also holds what came earlier."""

    name: str
    starts: time


DEFAULT_SLOTS: tuple[Slot, ...] = (Slot("午前", time(0)), Slot("午後", time(12)))


def slot_of(slots: Sequence[Slot], at: time) -> int:
    """Position of the slot that holds the clock time. `slots` are in order and not empty."""
    begun = [number for number, slot in enumerate(slots) if slot.starts <= at]
    return begun[-1] if begun else 0
