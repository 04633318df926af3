"""Two years of visits, day by day: a calendar queue, so that work grows with visits and not with days × families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from tsunagari.demo.chance import stream, weighted
from tsunagari.demo.days import Calendar, demand
from tsunagari.demo.life import children_on, expected_on, guardians, months_on, there_on
from tsunagari.demo.outings import Outings, minute_of
from tsunagari.demo.people import start_of
from tsunagari.demo.plan import FamilyPlan, NicknamePlan, PersonPlan, SitePlan, TownPlan, VisitPlan

BUSIEST = 1.45
SAME_DAY_SECOND = 0.015
ANONYMOUS_A_DAY = 0.55
#: how likely a family of the district comes to a site on one of its days, at the best age
AT_SITE = 0.07
#: share of the best-age rate, by the youngest child's months (upper bounds)
_AGES = ((2, 0.25), (5, 0.75), (18, 1.0), (26, 0.75), (38, 0.5), (50, 0.2), (72, 0.1), (200, 0.0))


class Visits:
    """Draws visits for consecutive days; call `on` once a day, in order."""

    def __init__(
        self, town: TownPlan, seed: int, today: date, families: Mapping[int, FamilyPlan],
        nicknames: Sequence[NicknamePlan] = (), scale: float = 1.0, sites: Sequence[SitePlan] = (),
    ) -> None:  # fmt: skip
        self.town, self.seed, self.families, self.scale = town, seed, families, scale
        start = start_of(today)
        self.calendars = {agency.key: Calendar(agency, start, today) for agency in town.agencies}
        self._hirobas = [agency.key for agency in town.agencies if agency.hiroba]
        self._due: dict[date, list[int]] = defaultdict(list)
        self._streams: dict[int, Random] = {}
        self.outings = Outings(seed, today, self.calendars, sites)
        self._nicknames: dict[date, list[NicknamePlan]] = defaultdict(list)
        for nickname in nicknames:
            for day in nickname.days:
                self._nicknames[day].append(nickname)
        for number, family in families.items():
            if family.eager:
                self._streams[number] = stream(seed, town.key, "visits", number)
                self._plan(number, max(start, family.known))

    def on(self, day: date) -> list[VisitPlan]:
        """All visits of the day, by time."""
        found: list[VisitPlan] = []
        crowd = demand(self.seed, day) / BUSIEST
        for number in self._due.pop(day, ()):
            found.extend(self._family(self.families[number], day, crowd))
            self._plan(number, day)
        found.extend(self._nickname_visits(day))
        found.extend(self._anonymous(day, crowd))
        for site in self.outings.open_on(day):
            if not site.outing:
                found.extend(self._site_visits(site, day))
        return sorted(found, key=lambda visit: (visit.minute, visit.agency, visit.family or 0))

    def is_open(self, agency: str, day: date) -> bool:
        """Whether the agency opens at all that day."""
        return self.calendars[agency].span(day) is not None

    def _plan(self, number: int, after: date) -> None:
        rate = self.families[number].eager / 7
        gap = 1 + int(self._streams[number].expovariate(rate * BUSIEST))
        self._due[after + timedelta(days=gap)].append(number)

    def _family(self, family: FamilyPlan, day: date, crowd: float) -> Iterator[VisitPlan]:
        random = self._streams[family.number]
        drawn = random.random()
        if drawn > crowd or drawn > crowd * self._wish(family, day):
            return
        choices = self._open_choices(family, day)
        agency = weighted(random, choices) if choices else ""
        if not agency:
            return
        people = tuple(self._who(family, day, random))
        if not people:
            return
        adults = len([person for person in people if person.kind != "child"])
        first = VisitPlan(
            day, self._minute(agency, day, random), agency, family.number,
            tuple(person.resident_no for person in people), max(1, adults),
        )  # fmt: skip
        yield first
        others = [key for key in choices if key != agency]
        if others and random.random() < SAME_DAY_SECOND:
            second = self._minute(others[0], day, random)
            if abs(second - first.minute) > 90:
                yield VisitPlan(day, second, others[0], family.number, first.people, first.adults)

    def _wish(self, family: FamilyPlan, day: date) -> float:
        if not there_on(family, day) or (family.gap and family.gap[0] <= day <= family.gap[1]):
            return 0.0
        children = children_on(family, day)
        if not children:
            return 0.15 if expected_on(family, day) else 0.0
        months = months_on(children[-1], day)
        wish = next((share for upper, share in _AGES if months <= upper), 0.0)
        working = family.works_from is not None and day >= family.works_from
        return wish * 0.08 if working and day.weekday() < 5 else wish

    def _open_choices(self, family: FamilyPlan, day: date) -> dict[str, float]:
        """Open places with weights; on days the home agency is closed most families stay at home."""
        weights = {family.home: 10.0}
        if family.also:
            weights[family.also] = 4.0
        open_now = {key: weight for key, weight in weights.items() if self.is_open(key, day)}
        if (
            family.home not in open_now
            and stream(self.seed, "roam", family.number, day.isoformat()).random() < 0.1
        ):
            open_now |= {key: 1.0 for key in self._hirobas if self.is_open(key, day)}
        return open_now

    def _who(self, family: FamilyPlan, day: date, random: Random) -> Iterator[PersonPlan]:
        """One adult, seldom two; the youngest child, older ones as their days allow."""
        adults = guardians(family)
        weekend = day.weekday() >= 5
        if len(adults) == 2 and random.random() < (0.4 if weekend else 0.07):
            yield from adults
        elif len(adults) == 2 and random.random() < (0.3 if weekend else 0.05):
            yield adults[1]
        else:
            yield adults[0]
        young = [child for child in children_on(family, day) if months_on(child, day) < 144]
        holidays = weekend or day.month == 8
        for child in young:
            months = months_on(child, day)
            share = 1.0 if child.birth == young[-1].birth else 0.85 if months < 36 else 0.2
            if random.random() < (max(share, 0.6) if holidays else share):
                yield child

    def _site_visits(self, site: SitePlan, day: date) -> Iterator[VisitPlan]:
        """Families of the site's district, also those who would not go further."""
        random = stream(self.seed, self.town.key, "site", site.key, day.isoformat())
        first, last = minute_of(site.opens) + 2, minute_of(site.closes) - 25
        for number, family in self.families.items():
            if family.area != site.area or not family.eager:
                continue
            drawn, minute = random.random(), random.randint(first, last)
            if drawn < AT_SITE * self._wish(family, day) and (
                people := tuple(self._who(family, day, random))
            ):
                adults = len([person for person in people if person.kind != "child"])
                names = tuple(person.resident_no for person in people)
                yield VisitPlan(day, minute, site.agency, number, names, max(1, adults), site=site.key)

    def _minute(self, agency: str, day: date, random: Random) -> int:
        """Arrival: most come in the first two hours, the rest after lunch."""
        opens, closes = self.calendars[agency].span(day) or (540, 960)
        last = closes - 40
        morning = random.random() < 0.66
        wanted = (
            opens + 5 + int(random.gammavariate(2.2, 26))
            if morning
            else 775 + int(random.gammavariate(2.0, 30))
        )
        return min(max(wanted, opens + 1), last)

    def _nickname_visits(self, day: date) -> Iterator[VisitPlan]:
        for nickname in self._nicknames.get(day, ()):
            if self.is_open(nickname.agency, day):
                random = stream(self.seed, self.town.key, "nickname visit", nickname.number, day.isoformat())
                minute = self._minute(nickname.agency, day, random)
                yield VisitPlan(day, minute, nickname.agency, nickname.number)

    def _anonymous(self, day: date, crowd: float) -> Iterator[VisitPlan]:
        for key in self._hirobas:
            random = stream(self.seed, self.town.key, "anonymous", key, day.isoformat())
            mean = ANONYMOUS_A_DAY * self.town.agency(key).pull * crowd * self.scale
            if self.is_open(key, day) and random.random() < mean:
                yield VisitPlan(
                    day, self._minute(key, day, random), key, None, adults=random.choice((1, 1, 1, 2)),
                    children=random.choice((1, 1, 2)), other_town=random.random() < 0.4,
                )  # fmt: skip
