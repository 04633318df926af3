"""Households of a fictional town, each from its own stream of chance; made one at a time, however many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random

from shapely import Point, Polygon
from shapely.prepared import PreparedGeometry, prep

from tsunagari.base.japanese.ages import PREGNANCY_DAYS, add_months
from tsunagari.demo.chance import stream, weighted
from tsunagari.demo.names import ELDER_MEN, ELDER_WOMEN, Family, Name, draw_family
from tsunagari.demo.plan import AreaPlan, FamilyPlan, PersonPlan, PregnancyPlan, TownPlan
from tsunagari.demo.registering import choose_home

CHILD_YEARS = 7
#: a pregnancy is made known (母子手帳) so many days before it is due, at the earliest
NOTIFIED_BEFORE = 220
_CAUTIONS = (
    "食物アレルギー（卵）あり", "食物アレルギー（乳）あり", "電話は15時以降", "日本語の読み書きはひらがなで", "父は夜勤のため日中不在",
    "連絡はメールが希望", "ペースメーカー使用の祖父と同居", "筆談を希望", "上の子の話題はゆっくり", "車いすで来所",
)  # fmt: skip
_MOVED_ADDRESS = ("コーポ", "メゾン", "ハイツ", "グリーンハイム", "サンシャイン", "第二")


def start_of(today: date) -> date:
    """The first day of the two years that end `today`."""
    return add_months(today, -24)


def count_of(town: TownPlan, scale: float) -> int:
    """How many households the town has at that scale; never fewer than eight, so that every kind occurs."""
    return max(8, round(town.households * scale))


def families(town: TownPlan, seed: int, today: date, scale: float = 1.0) -> Iterator[FamilyPlan]:
    """Each household with children under seven or a pregnancy, numbered from 1."""
    for number in range(1, count_of(town, scale) + 1):
        yield family(town, seed, today, number)


def family(town: TownPlan, seed: int, today: date, number: int) -> FamilyPlan:
    """The household of that number: the same whatever the scale."""
    return _Maker(town, seed, today, number).make()


class _Maker:
    """Draws one household. Order of draws matters for sameness: add new ones at the end."""

    def __init__(self, town: TownPlan, seed: int, today: date, number: int) -> None:
        self.town, self.today, self.number = town, today, number
        self.start = start_of(today)
        self.random = stream(seed, town.key, "family", number)
        self.names: Family = draw_family(self.random)
        self.area: AreaPlan = weighted(self.random, {area: area.share for area in town.areas})
        self.used: set[str] = set()
        self.people_made = 0

    def make(self) -> FamilyPlan:
        births = self._births()
        known, how = self._known(births)
        ended = self._ended_pregnancy(births, known)
        people = tuple(self._adults(births)) + tuple(self._child(birth) for birth in births if birth < known)
        pregnancies = tuple(self._pregnancies(births, known, how)) + ended
        people = self._with_elders(people)
        return self._finish(known, how, people, pregnancies)

    # who -------------------------------------------------------------------------------------------------------------
    def _births(self) -> list[date]:
        """Birth dates, oldest first; the youngest lies between seven years ago and 30 weeks ahead."""
        ahead = NOTIFIED_BEFORE - 15
        newest = self.today + timedelta(
            days=ahead - int(self.random.random() ** 0.96 * (CHILD_YEARS * 365 + ahead))
        )
        births = [newest]
        if self.random.random() < 0.012:
            births.append(newest)
        wanted = weighted(self.random, {1: 43, 2: 39, 3: 15, 4: 3})
        while len(births) < wanted:
            births.append(births[-1] - timedelta(days=int(self.random.triangular(420, 2000, 900))))
        return sorted(births)

    def _known(self, births: list[date]) -> tuple[date, str]:
        """Since when and how the city knows the household: its first list, a handbook, or a move."""
        if self.random.random() < 0.11:
            return self._move_day(), "move_in"
        first = births[0] - timedelta(days=self._notice_days())
        if first > self.start:
            return min(_workday(first), self.today), "handbook"
        return self.start, "import"

    def _move_day(self) -> date:
        """A day after the start; two in five are in March and April."""
        span = (self.today - self.start).days
        day = self.start + timedelta(days=self.random.randrange(1, span - 5))
        if self.random.random() < 0.4:
            spring = date(day.year, 3, 20) + timedelta(days=self.random.randrange(25))
            day = spring if self.start < spring < self.today else day
        return _workday(day)

    def _notice_days(self) -> int:
        return self.random.randint(185, NOTIFIED_BEFORE)

    def _adults(self, births: list[date]) -> Iterator[PersonPlan]:
        age = int(self.random.triangular(20, 42, 31))
        mother_born = births[0] - timedelta(days=age * 365 + self.random.randrange(365))
        family = weighted(self.random, {"both": 905, "mother": 84, "father": 11})
        if family != "father":
            yield self._adult("母", self._pick(self.names.mothers), "2", mother_born)
        if family != "mother":
            born = mother_born - timedelta(days=int(self.random.triangular(-1500, 3600, 600)))
            yield self._adult("父", self._pick(self.names.fathers), "1", born)

    def _adult(self, relation: str, name: Name, sex: str, born: date) -> PersonPlan:
        phone = f"0900{self.number * 4 + self.people_made:07}"
        email = f"kazoku{self.number}@example.jp" if relation == "母" and self.random.random() < 0.5 else ""
        return self._person(
            "guardian", relation, name, sex, born, phone=phone, email=email, language=self.names.language
        )

    def _child(self, birth: date) -> PersonPlan:
        girl = self.random.random() < 0.487
        name = self._pick(self.names.girls if girl else self.names.boys)
        return self._person("child", "子", name, "2" if girl else "1", birth)

    def _with_elders(self, people: tuple[PersonPlan, ...]) -> tuple[PersonPlan, ...]:
        """One household in eleven has a grandparent under its roof."""
        if self.random.random() >= 0.09 or not people:
            return people
        born = people[0].birth - timedelta(days=int(self.random.triangular(22, 36, 28)) * 365)
        woman = self._person(
            "relative", "祖母", self._pick(ELDER_WOMEN), "2", born, phone=self._elder_phone()
        )
        if self.random.random() < 0.45:
            man = self._person("relative", "祖父", self._pick(ELDER_MEN), "1", born - timedelta(days=800))
            return (*people, woman, man)
        return (*people, woman)

    def _elder_phone(self) -> str:
        return f"0900{5_000_000 + self.number:07}"

    def _person(self, kind: str, relation: str, name: Name, sex: str, birth: date, **more: str) -> PersonPlan:
        self.people_made += 1
        return PersonPlan(
            kind=kind, relation=relation, relation_code=_relation_code(relation), family=self.names.name.text,
            family_kana=self.names.name.kana, given=name.text, given_kana=name.kana, sex=sex, birth=birth,
            resident_no=f"{self.number:08}{self.people_made:02}", **more,
        )  # fmt: skip

    def _pick(self, names: tuple[Name, ...]) -> Name:
        """A name nobody in the household has; past the end of a short list the first one again."""
        free = [name for name in names if name.text not in self.used] or list(names)
        chosen = self.random.choice(free)
        self.used.add(chosen.text)
        return chosen

    # pregnancies -----------------------------------------------------------------------------------------------------
    def _pregnancies(self, births: list[date], known: date, how: str) -> Iterator[PregnancyPlan]:
        """Births after the household became known, each with the pregnancy that the city was told of."""
        for birth in sorted({birth for birth in births if birth >= known}):
            due = birth + timedelta(days=int(self.random.triangular(-10, 24, 3)))
            earliest = max(known, due - timedelta(days=self._notice_days()))
            notified = max(known, min(_workday(earliest), birth - timedelta(days=1)))
            children = tuple(self._child(birth) for other in births if other == birth)
            if how == "handbook" and birth == births[0]:
                notified = known
            if notified <= self.today:
                yield PregnancyPlan(notified, due, children)

    def _ended_pregnancy(self, births: list[date], known: date) -> tuple[PregnancyPlan, ...]:
        """One household in 150 lost a pregnancy in the two years."""
        if self.random.random() >= 1 / 150 and self.number != 7:
            return ()
        day = self.start + timedelta(days=self.random.randrange(120, 600))
        near = any(abs((birth - day).days) < PREGNANCY_DAYS + 60 for birth in births)
        if near:
            day = max(births) + timedelta(days=PREGNANCY_DAYS + 150)
        if day + timedelta(days=30) > self.today or day < max(known, self.start) + timedelta(days=60):
            return ()
        due = day + timedelta(days=160)
        return (PregnancyPlan(_workday(day), due, (), ended=_workday(day + timedelta(days=21))),)

    # what else -------------------------------------------------------------------------------------------------------
    def _finish(
        self, known: date, how: str, people: tuple[PersonPlan, ...], pregnancies: tuple[PregnancyPlan, ...]
    ) -> FamilyPlan:
        random, street = self.random, self.random.choice(self.area.towns)
        city = self.town.name.replace("（架空）", "")
        block = f"{random.randint(1, 5)}-{random.randint(1, 30)}-{random.randint(1, 20)}"
        flat = f"{random.choice(_MOVED_ADDRESS)}{street}{random.randint(1, 4)}0{random.randint(1, 8)}"
        home, registered, source, also = choose_home(self.town, self.area, random, known, how, self.today)
        moved_out = self._moved_out(known)
        return FamilyPlan(
            number=self.number, how=how, known=known, people=people, pregnancies=pregnancies, area=self.area.code,
            postal_code=self.area.postal_code, address=f"{city}{street}{block}",
            address_detail=flat if random.random() < 0.42 else "", point=point_in(self.area, random),
            caution=random.choice(_CAUTIONS) if random.random() < 0.05 else "",
            protected=self._protected(known), moved_out=moved_out, death=self._death(known, people),
            home=home, registered=registered, source=source, also=also,
            works_from=self._works_from(people), eager=_eagerness(random), gap=self._gap(),
        )  # fmt: skip

    def _moved_out(self, known: date) -> date | None:
        if self.random.random() >= 0.035:
            return None
        span = (self.today - known).days
        return _workday(known + timedelta(days=self.random.randrange(40, span))) if span > 90 else None

    def _protected(self, known: date) -> date | None:
        """支援措置: one household in 200."""
        if self.random.random() >= 0.005 and self.number != 5:
            return None
        day = known + timedelta(days=self.random.randrange(1, 60))
        return _workday(day) if day < self.today - timedelta(days=3) else None

    def _death(self, known: date, people: tuple[PersonPlan, ...]) -> tuple[int, date] | None:
        """A grandparent, once in a while a father, who died in the two years: position in `people` and day."""
        elders = [at for at, person in enumerate(people) if person.kind == "relative"]
        if not elders or self.random.random() >= 0.03 or (self.today - known).days < 60:
            return None
        return self.random.choice(elders), known + timedelta(
            days=self.random.randrange(30, (self.today - known).days)
        )

    def _works_from(self, people: tuple[PersonPlan, ...]) -> date | None:
        """The April in which the parents go back to work and visits on weekdays end."""
        children = [person.birth for person in people if person.kind == "child"]
        if not children or self.random.random() >= 0.55:
            return None
        return date(max(children).year + self.random.choice((1, 1, 2, 3)), 4, 1)

    def _gap(self) -> tuple[date, date] | None:
        if self.random.random() >= 0.2:
            return None
        first = self.start + timedelta(days=self.random.randrange(700))
        return first, first + timedelta(days=self.random.randint(45, 150))


def _eagerness(random: Random) -> float:
    """Visits a week at the best age; a third never come, a few come most days."""
    return 0.0 if random.random() < 0.34 else min(5.0, random.lognormvariate(-0.55, 1.15))


def _relation_code(relation: str) -> str:
    return {"父": "02", "母": "12", "子": "20", "祖母": "52", "祖父": "51"}[relation]


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


@cache
def _shape(ring: tuple[tuple[float, float], ...]) -> PreparedGeometry:
    return prep(Polygon(ring))


def point_in(area: AreaPlan, random: Random) -> tuple[float, float]:
    """Somewhere in the district: (longitude, latitude)."""
    east = [corner[0] for corner in area.ring]
    north = [corner[1] for corner in area.ring]
    while True:
        spot = (
            round(random.uniform(min(east), max(east)), 6),
            round(random.uniform(min(north), max(north)), 6),
        )
        if _shape(area.ring).contains(Point(spot)):
            return spot
