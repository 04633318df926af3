"""What the builders of a town hand on: ids, and who may act where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from tsunagari.base.actor import Actor
from tsunagari.demo.plan import TownPlan
from tsunagari.encounters.models import AssessmentTool
from tsunagari.families.models import Benefit, Household
from tsunagari.places.models import Agency, Site

_KEYS = UUID("6f0b2b52-0c7e-5d0b-9a57-7a5f8d1c0d11")


@dataclass(slots=True)
class Ground:
    """One town while it is built. `people` are ids by resident number, `expected` by family and pregnancy, `marks` by
    symbol, `partners` and `details` (finer categories) by name."""

    plan: TownPlan
    seed: int
    today: date
    municipality_id: int
    actors: dict[tuple[str, str], list[Actor]] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    households: dict[int, Household] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    expected: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    benefits: dict[str, Benefit] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    details: dict[str, int] = field(default_factory=dict)
    tool: AssessmentTool = field(init=False)

    @property
    def officer(self) -> Actor:
        """Who keeps the city's lists."""
        return self.actors["officer", ""][0]

    @property
    def nurse(self) -> Actor:
        """Who hands out handbooks at the centre."""
        return self.actors["nurse", self.plan.centre.key][0]

    def worker(self, agency: str, turn: int = 0) -> Actor:
        """One of those who write at an agency, by turns; at the centre its nurse and lead."""
        writers = [
            actor
            for role in ("counselor", "nurse", "lead", "manager")
            for actor in self.actors.get((role, agency), ())
        ]
        return writers[turn % len(writers)]

    def key(self, *names: object) -> UUID:
        """A stable key of a visit or record."""
        return uuid5(_KEYS, "/".join(str(name) for name in (self.plan.key, self.seed, *names)))
