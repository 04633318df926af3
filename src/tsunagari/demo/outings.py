"""Days on which agencies go to their sites, and what they count there and on a feast by heads alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from random import Random

from tsunagari.demo.chance import stream
from tsunagari.demo.days import Calendar, is_holiday
from tsunagari.demo.decided import site_since
from tsunagari.demo.plan import SitePlan, TallyPlan
from tsunagari.encounters.rules import AGE_GROUPS
from tsunagari.places.rules import SiteTimeInput, open_times

#: the feast: (minute after midnight, families at the most), and what is written beside it
_FEAST = ((10 * 60 + 30, 26), (11 * 60 + 30, 34), (13 * 60 + 30, 22))
FEAST_NOTE = "夏まつり。受付に人が並んだので、人数だけ"
_OUTING_NOTES = ("", "", "チラシを20枚わたした", "保育園の申しこみの話が多い", "次回も同じ席で")


class Outings:
    """Sites of a town by day; they rest on public holidays and while their agency is closed."""

    def __init__(
        self, seed: int, today: date, calendars: Mapping[str, Calendar], sites: Sequence[SitePlan]
    ) -> None:
        self.seed, self.sites, self._calendars = seed, sites, calendars
        self._since = site_since(today)

    def open_on(self, day: date) -> list[SitePlan]:
        """Sites that are open that day, within the hours of their agency."""
        return [site for site in self.sites if day >= self._since and self._is_open(site, day)]

    def _is_open(self, site: SitePlan, day: date) -> bool:
        span = self._calendars[site.agency].span(day)
        times = [SiteTimeInput(site.opens, site.closes, site.weekday, site.weeks)]
        if span is None or not open_times(day, times, resting=is_holiday(day)):
            return False
        return span[0] <= minute_of(site.opens) and minute_of(site.closes) <= span[1]

    def tallies(self, day: date) -> Iterator[TallyPlan]:
        """What is counted by heads alone that day."""
        for site in self.open_on(day):
            if site.outing:
                random = stream(self.seed, "outing", site.key, day.isoformat())
                yield _tally(
                    random,
                    day,
                    minute_of(site.opens) + 10,
                    site.agency,
                    site.key,
                    5,
                    random.choice(_OUTING_NOTES),
                )
        if self.sites and day == feast(day.year) and self._calendars[self.sites[0].agency].span(day):
            for minute, most in _FEAST:
                random = stream(self.seed, "feast", day.isoformat(), minute)
                yield _tally(random, day, minute, self.sites[0].agency, "", most, FEAST_NOTE)


def feast(year: int) -> date:
    """The last Saturday of July."""
    last = date(year, 7, 31)
    return last - timedelta(days=(last.weekday() - 5) % 7)


def minute_of(at: time) -> int:
    """Minutes after midnight."""
    return at.hour * 60 + at.minute


def _tally(random: Random, day: date, minute: int, agency: str, site: str, most: int, note: str) -> TallyPlan:
    families = random.randint(max(1, most // 2), most)
    children = [0] * len(AGE_GROUPS)
    for _ in range(families + random.randrange(families + 1) // 2):
        children[random.choice((0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6))] += 1
    return TallyPlan(
        day, minute, agency, site, families, families + random.randrange(families // 3 + 1), tuple(children),
        newcomers=random.randrange(families // 4 + 1), other_town=random.randrange(families // 6 + 1), note=note,
    )  # fmt: skip
