"""Whose figures an actor may read, and the figures of a report: frozen once it was submitted."""

from __future__ import annotations

from dataclasses import replace

from tsunagari.base.actor import Actor
from tsunagari.base.errors import Forbidden
from tsunagari.places.models import Agency
from tsunagari.reports import access
from tsunagari.reports.figures import Span, figures_of
from tsunagari.reports.models import Report
from tsunagari.reports.queries import asking
from tsunagari.reports.rules import Asked, Period, Section, from_json

FROZEN = (Report.State.SUBMITTED, Report.State.RECEIVED)


def period_of(report: Report) -> Period:
    return Period(report.kind, report.starts_on, report.ends_on)


def span_of_agency(actor: Actor, agency: Agency, period: Period, *, whole: bool) -> Span:
    """One agency's own. `whole`: everything it records, else what it is asked for. The city reads only the latter."""
    if agency.municipality_id != actor.municipality_id:
        raise Forbidden(action=access.READ.name)
    if agency.pk != actor.agency_id:
        whole = False
    asked = asking.asked_by_agency(actor.municipality_id, [agency.pk], period)
    return Span(actor.municipality_id, period, {agency.pk: agency.name}, asked, whole)


def span_of_city(actor: Actor, period: Period) -> Span:
    """All agencies open in the period, each with what it is asked for."""
    if not actor.may(access.CITY):
        raise Forbidden(action=access.CITY.name)
    agencies = {one.pk: one.name for one in asking.reporting_agencies(actor, period)}
    asked = asking.asked_by_agency(actor.municipality_id, list(agencies), period)
    return Span(actor.municipality_id, period, agencies, asked, whole=False, city=True)


def span_of(actor: Actor, report: Report, *, whole: bool = False) -> Span:
    """Of a report the actor may see."""
    period = period_of(report)
    if report.agency is None:
        return span_of_city(actor, period)
    return span_of_agency(actor, report.agency, period, whole=whole)


def is_frozen(report: Report) -> bool:
    """Whether its figures stand as they were submitted."""
    return report.figures is not None and report.state in FROZEN


def live(actor: Actor, report: Report) -> list[Section]:
    """What it would be submitted with now."""
    return figures_of(span_of(actor, report))


def shown(actor: Actor, report: Report) -> list[Section]:
    """Its sections: frozen ones as submitted, else as the records stand."""
    if is_frozen(report):
        return from_json(report.figures or [])
    return live(actor, report)


def besides(actor: Actor, report: Report) -> list[Section]:
    """Sections of the own agency that the city does not ask for: for itself alone, never submitted."""
    if report.agency_id is None or report.agency_id != actor.agency_id:
        return []
    span = span_of(actor, report, whole=True)
    asked = span.asked.get(report.agency_id, Asked())
    if all(asked.wants((code,)) for code in asked.items):
        return []
    return [one for one in figures_of(span) if one.items and not asked.wants(one.items)]


def narrowed(span: Span, items: tuple[str, ...]) -> Span:
    """The span over the agencies alone that a section about these items counts."""
    inside = set(span.of(items))
    return replace(span, agencies={pk: name for pk, name in span.agencies.items() if pk in inside})
