"""Reports as lists: an agency's own, those of a town's year, and who is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.ages import add_months
from tsunagari.places.models import Agency
from tsunagari.reports.figures.reading import read
from tsunagari.reports.models import Report, ReportComment, ReportKind, ReportQuerySet
from tsunagari.reports.queries.asking import Rules, all_reporting
from tsunagari.reports.rules import Asked, Period, day_of, month_of, months_of_year

MONTHS, DAYS = 13, 14
SENT = (Report.State.SUBMITTED, Report.State.RECEIVED)
# The first day anything was written at an agency: nothing is due for the time before. Two index probes an agency.
_BEGAN = """
SELECT a.id, least(
  (SELECT v.visited_on FROM encounters_visit v WHERE v.agency_id = a.id AND v.municipality_id = %(town)s
   ORDER BY v.visited_on LIMIT 1),
  (SELECT c.occurred_on FROM encounters_consultation c WHERE c.agency_id = a.id AND c.municipality_id = %(town)s
   ORDER BY c.occurred_at LIMIT 1))
FROM places_agency a
WHERE a.municipality_id = %(town)s AND (%(agencies)s::bigint[] IS NULL OR a.id = ANY(%(agencies)s::bigint[]))
"""

# Where the city has not said what it asks for, reporting begins with the first report of the town.
_FIRST_REPORT = (
    "SELECT min(starts_on) FROM reports_report WHERE municipality_id = %(town)s AND kind = 'monthly'"
)
# Days of the last two weeks on which anything was written at an agency.
_WRITTEN_ON = """
SELECT visited_on FROM encounters_visit WHERE agency_id = %(agency)s AND municipality_id = %(town)s
  AND visited_on BETWEEN %(first)s AND %(last)s AND undone_at IS NULL
UNION SELECT day FROM encounters_tally WHERE agency_id = %(agency)s AND municipality_id = %(town)s
  AND day BETWEEN %(first)s AND %(last)s AND undone_at IS NULL
UNION SELECT occurred_on FROM encounters_consultation WHERE agency_id = %(agency)s AND municipality_id = %(town)s
  AND occurred_at >= %(from)s AND occurred_on BETWEEN %(first)s AND %(last)s
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """One agency's report over one period, made or not. `days_late` counts from the due day to the day it was
    submitted, or to today; negative or zero is in time."""

    agency: Agency
    period: Period
    due_on: date
    report: Report | None
    days_late: int
    expected: bool

    @property
    def state(self) -> str:
        """received, submitted, returned, late, draft, waiting (not due yet) or none (nothing to report)."""
        if self.report is not None and self.report.state in (*SENT, Report.State.RETURNED):
            return str(self.report.state)
        if not self.expected:
            return "none"
        if self.days_late > 0:
            return "late"
        return "draft" if self.report is not None else "waiting"

    @property
    def amended(self) -> bool:
        return self.report is not None and self.report.number > 1


def newest(reports: Iterable[Report]) -> dict[tuple[int | None, date], Report]:
    """Of each agency and period the report that counts: an amended one once it is submitted."""
    found: dict[tuple[int | None, date], Report] = {}
    for report in sorted(reports, key=lambda one: one.number):
        key = report.agency_id, report.starts_on
        if key not in found or report.state in SENT or found[key].state not in SENT:
            found[key] = report
    return found


def began_on(municipality_id: int, agency_ids: list[int] | None, rules: Rules) -> dict[int, date]:
    """The day from which each agency (None: all of the town) reports: when it first wrote anything, and the city began
    to ask it. An agency that wrote nothing is not there, and none where the city has not begun. At most two statements.
    """
    rows = read(_BEGAN, {"town": municipality_id, "agencies": agency_ids})
    wrote = {pk: day for pk, day in rows if day is not None}
    since = {pk: rules.begins_on(pk) for pk in wrote}
    if None in since.values():
        [(first,)] = read(_FIRST_REPORT, {"town": municipality_id})
        since = {pk: day or first for pk, day in since.items()}
    return {pk: max(day, begins) for pk, day in wrote.items() if (begins := since[pk]) is not None}


def town_months(actor: Actor, months: Sequence[Period], agencies: Sequence[Agency]) -> list[list[Slot]]:
    """For each of the agencies its slot of each month. Four statements."""
    rules, ids = Rules(actor.municipality_id), [one.pk for one in agencies]
    began = began_on(actor.municipality_id, ids, rules)
    reports = newest(_monthly(actor, months).filter(agency__in=ids).defer("figures"))
    return [
        [
            _slot(
                one,
                month,
                rules.asked(one.pk, month.last),
                reports.get((one.pk, month.first)),
                began.get(one.pk, date.max) <= month.last,
            )
            for month in months
        ]
        for one in agencies
    ]


def _monthly(actor: Actor, months: Sequence[Period]) -> ReportQuerySet:
    """Monthly reports of agencies over these months, the earliest first among them."""
    rows = Report.objects.visible_to(actor).filter(kind=ReportKind.MONTHLY, agency__isnull=False)
    return rows.filter(starts_on__gte=months[0].first, starts_on__lte=months[-1].first)


def _slot(agency: Agency, period: Period, asked: Asked, report: Report | None, is_due: bool) -> Slot:
    due = (report.due_on if report and report.due_on else None) or period.due(asked.due_day)
    closed = agency.closed_on is not None and agency.closed_on < period.first
    expected = is_due and not closed and period.last < clock.today()
    handed_in = clock.today()
    if report is not None and report.state in SENT and report.submitted_at is not None:
        handed_in = report.submitted_at.astimezone(clock.TOKYO).date()
    return Slot(agency, period, due, report, (handed_in - due).days, expected)


def late(actor: Actor, rules: Rules | None = None) -> list[Slot]:
    """Monthly reports of the last twelve months that are due and not handed in, the latest first. At most six
    statements, three where all is handed in."""
    rules = rules or Rules(actor.municipality_id)
    months = _last_year()
    sent = set(_monthly(actor, months).filter(state__in=SENT).values_list("agency_id", "starts_on"))
    began = began_on(actor.municipality_id, None, rules)
    missing = [
        (pk, month)
        for pk, day in began.items()
        for month in months
        if (pk, month.first) not in sent and day <= month.last
    ]
    if not missing:
        return []
    agencies = all_reporting(actor).in_bulk({pk for pk, _ in missing})
    open_ones = _monthly(actor, months).filter(agency__in=list(agencies)).exclude(state__in=SENT)
    others = newest(open_ones.defer("figures"))
    slots = (
        _slot(agencies[pk], month, rules.asked(pk, month.last), others.get((pk, month.first)), True)
        for pk, month in missing
    )
    found = [slot for slot in slots if slot.state == "late" or _overdue_again(slot)]
    return sorted(found, key=lambda slot: (-slot.days_late, slot.agency.name, slot.period.first))


def _last_year() -> list[Period]:
    """The twelve months before this one, the earliest first."""
    first = clock.today().replace(day=1)
    return [month_of(add_months(first, -number)) for number in range(12, 0, -1)]


def _overdue_again(slot: Slot) -> bool:
    """Sent back, and the due day has passed: the city waits for it."""
    return slot.report is not None and slot.report.state == Report.State.RETURNED and slot.days_late > 0


def waiting(actor: Actor) -> ReportQuerySet:
    """Submitted reports that the city has not received yet, the oldest first."""
    rows = Report.objects.visible_to(actor).filter(state=Report.State.SUBMITTED, agency__isnull=False)
    return rows.defer("figures").select_related("agency").order_by("submitted_at", "pk")


def own_missing(actor: Actor, rules: Rules) -> list[Slot]:
    """The own agency's months of the last year that are over and not handed in, the newest first. One statement when
    there is none, else at most five."""
    if actor.agency_id is None:
        return []
    periods = _year_back()
    reports = _reports_of(actor, actor.agency_id, periods)
    sent = {report.starts_on for report in reports.values() if report.state in SENT}
    if all(one.first in sent for one in periods[1:]):
        return []
    agency = Agency.objects.visible_to(actor).get(pk=actor.agency_id)
    slots = _months_of(agency, periods, reports, rules)
    return [one for one in slots if one.expected and one.state not in (*SENT, "none")]


def own_months(actor: Actor, agency: Agency) -> list[Slot]:
    """The agency's months, this one first, back for a year."""
    periods = _year_back()
    reports = _reports_of(actor, agency.pk, periods)
    return _months_of(agency, periods, reports, Rules(actor.municipality_id))


def _year_back() -> list[Period]:
    first = clock.today().replace(day=1)
    return [month_of(add_months(first, -number)) for number in range(MONTHS)]


def _months_of(
    agency: Agency, periods: list[Period], reports: dict[tuple[int | None, date], Report], rules: Rules
) -> list[Slot]:
    began = began_on(agency.municipality_id, [agency.pk], rules).get(agency.pk)
    return _slots(agency, periods, reports, rules, lambda one, asked: began is not None and began <= one.last)


def own_days(actor: Actor, agency: Agency) -> list[Slot]:
    """The agency's last days, today first; a day is due where daily reports are asked for and anything was written."""
    periods = [day_of(clock.today() - timedelta(days=number)) for number in range(DAYS)]
    given = {
        "town": actor.municipality_id,
        "agency": agency.pk,
        "first": periods[-1].first,
        "last": periods[0].last,
    }
    written = {day for (day,) in read(_WRITTEN_ON, given | {"from": clock.at(periods[-1].first)})}
    reports = _reports_of(actor, agency.pk, periods)
    rules = Rules(actor.municipality_id)
    return _slots(agency, periods, reports, rules, lambda one, asked: asked.daily and one.first in written)


def _reports_of(actor: Actor, agency_id: int, periods: list[Period]) -> dict[tuple[int | None, date], Report]:
    """The agency's newest reports since the last of the periods."""
    rows = Report.objects.visible_to(actor).filter(
        agency_id=agency_id, kind=periods[0].kind, starts_on__gte=periods[-1].first
    )
    return newest(rows.defer("figures"))


def _slots(
    agency: Agency,
    periods: list[Period],
    reports: dict[tuple[int | None, date], Report],
    rules: Rules,
    is_due: Callable[[Period, Asked], bool],
) -> list[Slot]:
    slots = []
    for one in periods:
        asked = rules.asked(agency.pk, one.last)
        slots.append(_slot(agency, one, asked, reports.get((agency.pk, one.first)), is_due(one, asked)))
    return slots


def year_line(actor: Actor, fiscal_year: int) -> list[Report | None]:
    """The city's own monthly reports of a fiscal year, April first."""
    months = months_of_year(fiscal_year)
    rows = Report.objects.visible_to(actor).filter(
        agency__isnull=True, kind=ReportKind.MONTHLY, starts_on__range=(months[0].first, months[-1].first)
    )
    found = newest(rows.defer("figures"))
    return [found.get((None, month.first)) for month in months]


def with_comments(actor: Actor, report_id: int) -> Report | None:
    """A report the actor may see, for its page: agency, what it amends and comments, in two statements."""
    comments = ReportComment.objects.order_by("written_at", "pk")
    rows = Report.objects.visible_to(actor).filter(pk=report_id).select_related("agency", "amends")
    return rows.prefetch_related(Prefetch("comments", queryset=comments)).first()


def following(report: Report) -> Report | None:
    """The amended report of this one."""
    return Report.objects.filter(amends=report).defer("figures").first()
