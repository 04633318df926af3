"""What is asked and given at a counter, before anything is written: renewals by fiscal year, books, free half-days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Protocol, TypeVar

from tsunagari.base.japanese.ages import add_months
from tsunagari.demo.chance import stream, weighted
from tsunagari.demo.days import Calendar
from tsunagari.demo.decided import BOOK, CARE, CARE_AT, CARE_MONTHS, RENEWAL_OPENS
from tsunagari.demo.life import BIRTH_ENTERED_AFTER
from tsunagari.demo.people import start_of
from tsunagari.demo.plan import FamilyPlan, PersonPlan

RENEWED, BOOKED, CARED = 0.84, 0.8, 0.16
_DOCUMENTS = {"known": 44, "my_number": 22, "licence": 20, "handbook": 8, "insurance": 5, "passport": 1}
_CARE_NOTES = ("", "", "", "美容院へ", "上の子の参観", "通院のため", "少し休むため")


@dataclass(frozen=True, slots=True)
class RenewalPlan:
    """A family confirms its registration with an agency for a fiscal year."""

    day: date
    minute: int
    family: int
    agency: str
    year: int
    document: str


@dataclass(frozen=True, slots=True)
class GiftPlan:
    """A benefit given or spent; `child` is a resident number, empty for one of the whole family."""

    day: date
    minute: int
    family: int
    agency: str
    benefit: str
    child: str
    note: str = ""


class _Dated(Protocol):
    @property
    def day(self) -> date: ...


P = TypeVar("P", bound=_Dated)


def by_day(plans: Iterable[P]) -> dict[date, list[P]]:
    """The plans of each day, in their order."""
    found: dict[date, list[P]] = defaultdict(list)
    for plan in plans:
        found[plan.day].append(plan)
    return found


class Giving:
    """Draws for each family what it is asked and given; each thing from a stream of its own."""

    def __init__(self, seed: int, today: date, calendars: Mapping[str, Calendar]) -> None:
        self.seed, self.today, self.calendars = seed, today, calendars

    def renewals(self, family: FamilyPlan) -> Iterator[RenewalPlan]:
        """Registrations that stood when renewal opened; most are renewed within four months."""
        for agency, since in _registrations(family):
            for year in range(start_of(self.today).year, self.today.year + 1):
                opened = date(year, RENEWAL_OPENS, 1)
                random = stream(self.seed, "renewal", family.number, agency, year)
                if since >= opened or opened < start_of(self.today) or random.random() > RENEWED:
                    continue
                day = self._open_day(agency, opened + timedelta(days=int(random.triangular(0, 150, 35))))
                if day is not None and self._still_here(family, day):
                    document = weighted(random, _DOCUMENTS)
                    yield RenewalPlan(
                        day, self._minute(agency, day, random), family.number, agency, year, document
                    )

    def gifts(self, family: FamilyPlan) -> Iterator[GiftPlan]:
        """A book for each baby, half-days of care for some families."""
        if family.registered is None:
            return
        for child in _children(family):
            yield from self._book(family, child, family.registered)
        yield from self._care(family, family.registered)

    def _book(self, family: FamilyPlan, child: PersonPlan, registered: date) -> Iterator[GiftPlan]:
        random = stream(self.seed, "book", child.resident_no)
        known = max(registered, child.birth + timedelta(days=BIRTH_ENTERED_AFTER), family.known)
        day = self._open_day(family.home, known + timedelta(days=random.randrange(1, 80)))
        if random.random() > BOOKED or day is None or not self._still_here(family, day):
            return
        if day < add_months(child.birth, 12):
            yield GiftPlan(
                day,
                self._minute(family.home, day, random),
                family.number,
                family.home,
                BOOK,
                child.resident_no,
            )

    def _care(self, family: FamilyPlan, registered: date) -> Iterator[GiftPlan]:
        random = stream(self.seed, "care", family.number)
        if random.random() > CARED or not _children(family):
            return
        for _ in range(random.choice((1, 1, 2, 2, 3))):
            agency = family.home if family.home in CARE_AT else random.choice(CARE_AT)
            day = self._open_day(agency, registered + timedelta(days=random.randrange(7, 350)))
            note = random.choice(_CARE_NOTES)
            if (
                day is not None
                and self._still_here(family, day)
                and day < add_months(registered, CARE_MONTHS)
            ):
                yield GiftPlan(day, self._minute(agency, day, random), family.number, agency, CARE, "", note)

    def _still_here(self, family: FamilyPlan, day: date) -> bool:
        return day <= self.today and (family.moved_out is None or day < family.moved_out)

    def _open_day(self, agency: str, day: date) -> date | None:
        """The day, or the next on which the agency is open, within three weeks."""
        days = (day + timedelta(days=more) for more in range(21))
        return next((one for one in days if self.calendars[agency].span(one) is not None), None)

    def _minute(self, agency: str, day: date, random: Random) -> int:
        opens, closes = self.calendars[agency].span(day) or (540, 960)
        return random.randrange(opens + 10, closes - 20)


def _registrations(family: FamilyPlan) -> Iterator[tuple[str, date]]:
    """(agency, since): the home, and the second agency of those who registered there too."""
    if family.registered is not None:
        yield family.home, family.registered
        if family.also and family.number % 2:
            yield family.also, family.registered + timedelta(days=45)


def _children(family: FamilyPlan) -> list[PersonPlan]:
    born = (
        child for pregnancy in family.pregnancies if pregnancy.ended is None for child in pregnancy.children
    )
    return [*(person for person in family.people if person.kind == "child"), *born]
