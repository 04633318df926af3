"""When the city itself speaks with a family: handbook, eighth month, home visit, move, loss; and calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagari.demo.chance import stream
from tsunagari.demo.days import Calendar
from tsunagari.demo.life import guardians
from tsunagari.demo.plan import FamilyPlan, TownPlan

EIGHTH_MONTH_BEFORE_DUE = 75


@dataclass(frozen=True, slots=True)
class Occasion:
    """A talk to be had with a family on a day; `topic` empty for whatever is on their mind."""

    day: date
    family: int
    agency: str
    channel: str
    topic: str = ""


def occasions(
    town: TownPlan, seed: int, today: date, families: Iterable[FamilyPlan], calendars: Mapping[str, Calendar],
    more: Iterable[Occasion] = (),
) -> dict[date, list[Occasion]]:  # fmt: skip
    """By day, on days on which the agency is open; those of the families and some `more`."""
    found: dict[date, list[Occasion]] = defaultdict(list)
    drawn = (occasion for family in families for occasion in _of(town, seed, today, family))
    for occasion in (*drawn, *more):
        moved = _open_day(occasion, calendars[occasion.agency])
        if moved.day <= today:
            found[moved.day].append(moved)
    return found


def _of(town: TownPlan, seed: int, today: date, family: FamilyPlan) -> list[Occasion]:
    random = stream(seed, town.key, "occasions", family.number)
    centre, number = town.centre.key, family.number
    found: list[Occasion] = []
    if not guardians(family):
        return found
    for pregnancy in family.pregnancies:
        if pregnancy.ended is not None:
            found.append(
                Occasion(pregnancy.ended + timedelta(days=12), number, centre, "phone", "ended-care")
            )
            found.append(
                Occasion(pregnancy.ended + timedelta(days=40), number, centre, "visit", "ended-care")
            )
            continue
        if random.random() < 0.42:
            found.append(
                Occasion(pregnancy.notified + timedelta(days=1), number, centre, "visit", "pregnant-first")
            )
        if random.random() < 0.28:
            day = pregnancy.due - timedelta(days=EIGHTH_MONTH_BEFORE_DUE)
            found.append(
                Occasion(
                    max(day, pregnancy.notified + timedelta(days=1)), number, centre, "phone", "pregnant-late"
                )
            )
        if random.random() < 0.34:
            born = pregnancy.children[0].birth
            found.append(Occasion(born + timedelta(days=random.randint(28, 75)), number, centre, "home"))
    if family.how == "move_in" and random.random() < 0.4:
        found.append(
            Occasion(
                family.known + timedelta(days=random.randint(3, 40)), number, family.home, "visit", "moved-in"
            )
        )
    found.extend(_calls(random.random(), random.random(), random.random(), family, today))
    return found


def _calls(wanting: float, when: float, how: float, family: FamilyPlan, today: date) -> list[Occasion]:
    """A call, message or talk outside of visits, for one family in four."""
    if wanting > 0.27:
        return []
    span = (today - family.known).days - 2
    if span < 2:
        return []
    day = family.known + timedelta(days=1 + int(when * span))
    channel = (
        "phone"
        if how < 0.62
        else "message"
        if how < 0.76
        else "home"
        if how < 0.86
        else "online"
        if how < 0.92
        else "outing"
    )
    return [Occasion(day, family.number, family.home, channel)]


def _open_day(occasion: Occasion, calendar: Calendar) -> Occasion:
    """The same occasion on the next day on which the agency is open (within two months)."""
    day = occasion.day
    for _ in range(60):
        if calendar.span(day) is not None:
            break
        day += timedelta(days=1)
    return Occasion(day, occasion.family, occasion.agency, occasion.channel, occasion.topic)
