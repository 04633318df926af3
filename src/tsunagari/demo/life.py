"""What happens to a household on which day, and who is who on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagari.base.japanese.ages import add_months
from tsunagari.demo.plan import FamilyPlan, PersonPlan, PregnancyPlan

#: in which order things of one day happen
ORDER = ("create", "expect", "birth", "end", "register", "also", "protect", "death", "move_out")
#: a birth is entered so many days after it
BIRTH_ENTERED_AFTER = 9


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One thing that happens to one household. `pregnancy` is a position in its pregnancies."""

    day: date
    what: str
    family: int
    pregnancy: int = -1

    @property
    def order(self) -> tuple[date, int, int]:
        """Sorts events as they happen."""
        return self.day, ORDER.index(self.what), self.family


def events(family: FamilyPlan, today: date) -> Iterator[LifeEvent]:
    """Everything that happens to the household until today, and nothing after it moved away."""
    last = min(today, family.moved_out or today)
    for event in _events(family):
        if event.day <= last:
            yield event


def _events(family: FamilyPlan) -> Iterator[LifeEvent]:
    yield LifeEvent(family.known, "create", family.number)
    for position, pregnancy in enumerate(family.pregnancies):
        yield LifeEvent(pregnancy.notified, "expect", family.number, position)
        if pregnancy.ended is not None:
            yield LifeEvent(pregnancy.ended, "end", family.number, position)
        else:
            yield LifeEvent(entered(pregnancy), "birth", family.number, position)
    if family.registered is not None:
        yield LifeEvent(family.registered, "register", family.number)
        if family.also and family.number % 2:
            yield LifeEvent(family.registered + timedelta(days=45), "also", family.number)
    if family.death is not None:
        yield LifeEvent(family.death[1] + timedelta(days=10), "death", family.number)
    if family.protected is not None:
        yield LifeEvent(family.protected, "protect", family.number)
    if family.moved_out is not None:
        yield LifeEvent(family.moved_out, "move_out", family.number)


def entered(pregnancy: PregnancyPlan) -> date:
    """The day on which the birth is entered."""
    return pregnancy.children[0].birth + timedelta(days=BIRTH_ENTERED_AFTER)


def children_on(family: FamilyPlan, day: date) -> list[PersonPlan]:
    """Children the city knows of on the day, oldest first."""
    children = [person for person in family.people if person.kind == "child"]
    for pregnancy in family.pregnancies:
        if pregnancy.ended is None and entered(pregnancy) <= day:
            children.extend(pregnancy.children)
    return sorted(children, key=lambda child: child.birth)


def expected_on(family: FamilyPlan, day: date) -> PregnancyPlan | None:
    """The pregnancy running on the day, if the city was told."""
    for pregnancy in family.pregnancies:
        if pregnancy.ended is None and pregnancy.notified <= day < pregnancy.children[0].birth:
            return pregnancy
    return None


def grieving_on(family: FamilyPlan, day: date) -> bool:
    """Whether a pregnancy is being lost, or was lost less than a year ago."""
    return any(
        pregnancy.ended is not None
        and pregnancy.notified - timedelta(days=14) <= day < add_months(pregnancy.ended, 12)
        for pregnancy in family.pregnancies
    )


def guardians(family: FamilyPlan) -> list[PersonPlan]:
    """Mother and father, as many as there are."""
    return [person for person in family.people if person.kind == "guardian"]


def there_on(family: FamilyPlan, day: date) -> bool:
    """Whether the household is known and lives in the town on the day."""
    return family.known < day and (family.moved_out is None or day < family.moved_out)


def months_on(child: PersonPlan, day: date) -> int:
    """Completed months of age."""
    months = (day.year - child.birth.year) * 12 + day.month - child.birth.month
    return months - (add_months(child.birth, months) > day)
