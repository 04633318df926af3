"""What the town is made of, before anything is written: plain values, made from a seed alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """A district. `ring` is closed, (longitude, latitude)."""

    code: str
    name: str
    ring: Polygon
    towns: tuple[str, ...]
    postal_code: str
    share: float


@dataclass(frozen=True, slots=True)
class Span:
    """How an agency is from a day on; `changes` are fields of AgencyPeriod that differ from the first span."""

    years_ago: int | None
    changes: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """One place. `hours` are (weekdays, opens, closes); weekday 7 is a public holiday.

    `pull` is how strongly families are drawn there, `daily` a usual day's families in a town of full size.
    """

    key: str
    identifier: str
    name: str
    kana: str
    area: str
    point: tuple[float, float]
    hours: tuple[tuple[tuple[int, ...], time, time], ...]
    facts: dict[str, object]
    centre: bool = False
    hiroba: bool = True
    pull: float = 1.0
    designated: bool = True
    spans: tuple[Span, ...] = ()
    term_time: bool = False
    summer_days: int = 0


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """A person with an account. `posts` are (role, agency key or empty)."""

    username: str
    name: str
    kana: str
    posts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TownPlan:
    """A municipality before it is built; `households` at scale 1."""

    key: str
    code: str
    name: str
    kana: str
    prefecture: str
    households: int
    areas: tuple[AreaPlan, ...]
    agencies: tuple[AgencyPlan, ...]
    staff: tuple[StaffPlan, ...]

    def agency(self, key: str) -> AgencyPlan:
        """The agency of that key; KeyError when there is none."""
        for agency in self.agencies:
            if agency.key == key:
                return agency
        raise KeyError(key)

    @property
    def centre(self) -> AgencyPlan:
        """The こども家庭センター."""
        return next(agency for agency in self.agencies if agency.centre)


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person. `birth` is None for nobody but those known by a nickname."""

    kind: str
    relation: str
    relation_code: str
    family: str
    family_kana: str
    given: str
    given_kana: str
    sex: str
    birth: date
    phone: str = ""
    email: str = ""
    language: str = ""
    resident_no: str = ""


@dataclass(frozen=True, slots=True)
class PregnancyPlan:
    """A pregnancy the city learns of on `notified`; `children` are born on their birth dates, or it ended."""

    notified: date
    due: date
    children: tuple[PersonPlan, ...]
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class FamilyPlan:
    """A household through the two years. `how` it became known: import, handbook or move_in; counter: an agency wrote
    it down without asking whether the town knows it."""

    number: int
    how: str
    known: date
    people: tuple[PersonPlan, ...]
    pregnancies: tuple[PregnancyPlan, ...]
    area: str
    postal_code: str
    address: str
    address_detail: str
    point: tuple[float, float]
    caution: str = ""
    protected: date | None = None
    moved_out: date | None = None
    death: tuple[int, date] | None = None
    home: str = ""
    registered: date | None = None
    source: str = ""
    also: str = ""
    works_from: date | None = None
    eager: float = 0.0
    gap: tuple[date, date] | None = None

    @property
    def births(self) -> tuple[date, ...]:
        """Birth dates of all children who were or will be born, also those of running pregnancies."""
        before = (person.birth for person in self.people if person.kind == "child")
        after = (
            child.birth
            for pregnancy in self.pregnancies
            if pregnancy.ended is None
            for child in pregnancy.children
        )
        return (*before, *after)


@dataclass(frozen=True, slots=True)
class NicknamePlan:
    """A family known by a nickname; joined into family `turns_out` on a later day when that is known.

    `number` is negative, so that it names no household. `child` is the resident number of the child it turns out to be.
    `phone`: the mother's, noted on the second day.
    """

    number: int
    nickname: str
    sex: str
    months: int
    days: tuple[date, ...]
    agency: str
    turns_out: int | None = None
    child: str = ""
    joined: date | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A place an agency goes to: on `weekday` of `weeks` (empty: every week). `outing`: only heads are counted there.

    Families of district `area` come to it.
    """

    key: str
    agency: str
    name: str
    address: str
    area: str
    point: tuple[float, float]
    weekday: int
    opens: time
    closes: time
    weeks: tuple[int, ...] = ()
    note: str = ""
    outing: bool = False


@dataclass(frozen=True, slots=True)
class TallyPlan:
    """People counted without names; `children` by age as in encounters.rules.counting.AGE_GROUPS."""

    day: date
    minute: int
    agency: str
    site: str
    families: int
    adults: int
    children: tuple[int, ...]
    newcomers: int
    other_town: int
    note: str


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """One visit. `family` None: an anonymous one; negative: a nickname family. `minute` counts from midnight.

    `people` are the resident numbers of those who came; for an anonymous visit `children` counts.
    """

    day: date
    minute: int
    agency: str
    family: int | None
    people: tuple[str, ...] = ()
    adults: int = 1
    children: int = 0
    other_town: bool = False
    site: str = ""


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """One consultation. `people` are resident numbers, of which `consulting` came to talk.

    `pregnancy` is the due date of the pregnancy it is about, `expecting` its position.
    `done_on` is the day the next step was done.
    """

    day: date
    minute: int
    agency: str
    family: int | None
    topic: str
    channel: str
    place: str
    hint: str
    people: tuple[str, ...]
    consulting: str
    pregnancy: date | None
    categories: tuple[int, ...]
    content: str
    assessment: str
    responses: tuple[str, ...]
    response_note: str
    progress: str
    next_step: str
    next_on: date | None
    result: str
    done_on: date | None
    consent: str
    correction: str = ""
    corrected_on: date | None = None
    added: str = ""
    expecting: int = -1
