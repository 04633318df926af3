"""Where a household registers, when and how it came to it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tsunagari.demo.chance import weighted
from tsunagari.demo.plan import AgencyPlan, AreaPlan, TownPlan

REGISTERED_SHARE = 0.72
ALSO_SHARE = 0.22
_SOURCES = {
    "import": {"counter": 6, "paper": 3, "city": 4, "phone": 1},
    "handbook": {"handbook": 7, "birth": 2, "counter": 1},
    "move_in": {"counter": 6, "city": 2, "agency": 1, "phone": 1},
}


def nearness(town: TownPlan, area: AreaPlan, agency: AgencyPlan) -> float:
    """How strongly a place draws a family of that district."""
    return agency.pull * (3.0 if agency.area == area.code else 1.0)


def hiroba_weights(town: TownPlan, area: AreaPlan) -> dict[str, float]:
    """Places families go to, with their pull on that district."""
    return {agency.key: nearness(town, area, agency) for agency in town.agencies if agency.hiroba}


def choose_home(
    town: TownPlan, area: AreaPlan, random: Random, known: date, how: str, today: date
) -> tuple[str, date | None, str, str]:
    """Home agency, day of registration, source, and a second agency the family also uses ("" for none).

    Families that never register still have a place they would go to.
    """
    weights = hiroba_weights(town, area)
    home = weighted(random, weights)
    others = {key: weight for key, weight in weights.items() if key != home}
    also = weighted(random, others) if others and random.random() < ALSO_SHARE else ""
    registers = random.random() < REGISTERED_SHARE
    source = weighted(random, _SOURCES[how])
    delay = 0 if how == "handbook" and source == "handbook" else random.randrange(1, 90)
    day = known + timedelta(days=delay)
    if day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    return home, day if registers and day <= today else None, source, also
