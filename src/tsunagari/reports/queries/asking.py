"""What each agency is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.ages import add_months
from tsunagari.places.models import Agency
from tsunagari.reports.models import ReportingRule
from tsunagari.reports.rules import ITEMS, Asked, Period, shown_asking
from tsunagari.reports.rules.asking import WORDS


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One agency on the page of rules: its items by how they are asked for, in words; one line without items when all
    are asked for alike. `own` when it differs from the city's default. `later` is the month from which something else
    holds, by its own rule or by the default it follows."""

    agency: Agency
    asked: Asked
    ways: tuple[tuple[str, tuple[str, ...]], ...]
    own: bool
    since: date | None
    later: date | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The town's page: its agencies, and the city's answers to 質問4(1) as (code, item, answer), today."""

    lines: tuple[RuleLine, ...]
    answers: tuple[tuple[str, str, str], ...]


class Rules:
    """A town's rules through time. One query, when something is asked of them."""

    def __init__(self, municipality_id: int) -> None:
        self._municipality_id = municipality_id

    @cached_property
    def _rows(self) -> dict[int | None, list[ReportingRule]]:
        found: dict[int | None, list[ReportingRule]] = {}
        for row in ReportingRule.objects.filter(municipality=self._municipality_id).order_by("starts_on"):
            found.setdefault(row.agency_id, []).append(row)
        return found

    def newest(self, agency_id: int | None) -> ReportingRule | None:
        """The one that is changed next: it may begin in months to come."""
        rows = self._rows.get(agency_id)
        return rows[-1] if rows else None

    def held(self, agency_id: int | None, day: date) -> ReportingRule | None:
        """The agency's own (None: the default) on that day, if there was one."""
        found = _begun(self._rows.get(agency_id, []), day)
        return found if found is not None and found.items is not None else None

    def asked(self, agency_id: int | None, day: date) -> Asked:
        """What it is asked for on that day: by its own rule, else by the default, the first one also for the time
        before; without one everything, monthly."""
        default = self._rows.get(None, [])
        return asked_of(
            self.held(agency_id, day) or _begun(default, day) or (default[0] if default else None)
        )

    def begins_on(self, agency_id: int) -> date | None:
        """The first day the city asks the agency for: by its own rule or the default. Where there is no default, the
        rule of any agency says that the city asks. None: it has not said so."""
        default = self._rows.get(None) or [row for rows in self._rows.values() for row in rows]
        rows = [*default, *self._rows.get(agency_id, [])]
        return min((row.starts_on for row in rows if row.items is not None), default=None)

    def next_on(self, agency_id: int, day: date) -> date | None:
        """The first day after that on which another rule begins for the agency."""
        own = self._rows.get(agency_id, [])
        rows = own if self.held(agency_id, day) else [*own, *self._rows.get(None, [])]
        return min((row.starts_on for row in rows if row.starts_on > day), default=None)


def _begun(rows: Sequence[ReportingRule], day: date) -> ReportingRule | None:
    """The latest of them (oldest first) that began by that day."""
    return next((row for row in reversed(rows) if row.starts_on <= day), None)


def asked_of(rule: ReportingRule | None) -> Asked:
    """What a row says; without one everything, monthly."""
    if rule is None or rule.items is None:
        return Asked()
    return Asked({code: rule.items.get(code, Asked().how(code)) for code in ITEMS}, rule.daily, rule.due_day)


def asked_by_agency(municipality_id: int, agencies: list[int], period: Period) -> dict[int, Asked]:
    """What each of the agencies is asked for in the period, of a year at its end or today. One query."""
    rules = Rules(municipality_id)
    day = min(period.last, clock.today()) if period.kind == "yearly" else period.last
    return {pk: rules.asked(pk, day) for pk in agencies}


def usual_start(rules: Rules, agency_id: int | None) -> date:
    """From which month a rule begins when nobody says: the city's first from the month that is reported now, a change
    from this month on, so that months which are over keep theirs."""
    this = clock.today().replace(day=1)
    if rules.newest(agency_id) is None and rules.newest(None) is None:
        return add_months(this, -1)
    standing = rules.newest(agency_id)
    return max(this, standing.starts_on) if standing else this


def reporting_agencies(actor: Actor, period: Period | None = None) -> list[Agency]:
    """Agencies of the town that report: open in the period, by name. The centre reports as well as any other."""
    return [one for one in all_reporting(actor) if period is None or _open_in(one, period)]


def all_reporting(actor: Actor) -> QuerySet[Agency]:
    """Agencies of the town that report or did, by name."""
    return Agency.objects.visible_to(actor).order_by("kind", "name", "pk")


def _open_in(agency: Agency, period: Period) -> bool:
    begun = agency.opened_on is None or agency.opened_on <= period.last
    return begun and (agency.closed_on is None or agency.closed_on >= period.first)


def asking(actor: Actor) -> Asking:
    """Everything the page of rules shows. Two queries."""
    rules = Rules(actor.municipality_id)
    lines = tuple(_line(one, rules) for one in reporting_agencies(actor) if one.closed_on is None)
    answers = tuple(
        (code, label, WORDS[shown_asking([line.asked.how(code) for line in lines])])
        for code, label in ITEMS.items()
    )
    return Asking(lines, answers)


def _line(agency: Agency, rules: Rules) -> RuleLine:
    today = clock.today()
    own, asked = rules.held(agency.pk, today), rules.asked(agency.pk, today)
    return RuleLine(
        agency,
        asked,
        _ways(asked),
        own is not None,
        rules.begins_on(agency.pk),
        rules.next_on(agency.pk, today),
    )


def _ways(asked: Asked) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_way = {how: tuple(label for code, label in ITEMS.items() if asked.how(code) == how) for how in WORDS}
    found = [(WORDS[how], labels) for how, labels in by_way.items() if labels]
    return tuple(found) if len(found) > 1 else ((f"すべて{found[0][0]}", ()),)
