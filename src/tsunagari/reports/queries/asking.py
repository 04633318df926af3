"""What each agency is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from tsunagari.base.actor import Actor
from tsunagari.places.models import Agency
from tsunagari.reports.models import ReportingRule
from tsunagari.reports.rules import ITEMS, Asked, Period, shown_asking
from tsunagari.reports.rules.asking import WORDS


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One agency on the page of rules: its answers in words by item; `own` when it differs from the city's default."""

    agency: Agency
    asked: Asked
    answers: tuple[tuple[str, str], ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """The town's page: the default, its agencies, and the city's answers to 質問4(1) as (code, item, answer)."""

    default: Asked
    version: int
    lines: tuple[RuleLine, ...]
    answers: tuple[tuple[str, str, str], ...]


def rules_of(municipality_id: int) -> dict[int | None, ReportingRule]:
    """The town's rules by agency; None is the default. One query."""
    rows: QuerySet[ReportingRule] = ReportingRule.objects.filter(municipality=municipality_id)
    return {row.agency_id: row for row in rows}


def asked_of(rule: ReportingRule | None) -> Asked:
    """What a row says; without one everything, monthly."""
    if rule is None:
        return Asked()
    return Asked({code: rule.items.get(code, Asked().how(code)) for code in ITEMS}, rule.daily, rule.due_day)


def asked_by_agency(municipality_id: int, agencies: list[int]) -> dict[int, Asked]:
    """What each of the agencies is asked for. One query."""
    rules = rules_of(municipality_id)
    return {pk: asked_of(rules.get(pk) or rules.get(None)) for pk in agencies}


def reporting_agencies(actor: Actor, period: Period | None = None) -> list[Agency]:
    """Agencies of the town that report: open in the period, by name. The centre reports as well as any other."""
    rows = Agency.objects.visible_to(actor).order_by("kind", "name", "pk")
    return [one for one in rows if period is None or _open_in(one, period)]


def _open_in(agency: Agency, period: Period) -> bool:
    begun = agency.opened_on is None or agency.opened_on <= period.last
    return begun and (agency.closed_on is None or agency.closed_on >= period.first)


def asking(actor: Actor) -> Asking:
    """Everything the page of rules shows. Two queries."""
    rules = rules_of(actor.municipality_id)
    default = asked_of(rules.get(None))
    lines = tuple(_line(one, rules, default) for one in reporting_agencies(actor) if one.closed_on is None)
    answers = tuple(
        (code, label, WORDS[shown_asking([line.asked.how(code) for line in lines])])
        for code, label in ITEMS.items()
    )
    standing = rules.get(None)
    return Asking(default, standing.version if standing else 0, lines, answers)


def _line(agency: Agency, rules: dict[int | None, ReportingRule], default: Asked) -> RuleLine:
    own = rules.get(agency.pk)
    asked = asked_of(own) if own else default
    answers = tuple((label, WORDS[asked.how(code)]) for code, label in ITEMS.items())
    return RuleLine(agency, asked, answers, own is not None)
