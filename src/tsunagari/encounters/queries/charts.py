"""Lists of charts: one's own, the agency's, those to be looked at again, on their way, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Chart, ChartEntry, ChartHandover, Consultation, KeepingPolicy
from tsunagari.encounters.queries.names import FamilyName, family_names, name_at
from tsunagari.encounters.rules import CONCERNS, MASK
from tsunagari.encounters.rules.charts import CLOSINGS
from tsunagari.families.models import Household

PAGE = 30
LISTS: dict[str, str] = {
    "mine": "自分の担当",
    "agency": "この機関",
    "review": "見直しの日",
    "waiting": "ひきつぎ",
    "closed": "終わったもの",
    "given": "わたしたもの",
    "shared": "センターと共有",
}


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One chart in a list: whose, by whom, when next; no words of it."""

    id: int
    number: str
    family: FamilyName | None
    person: str
    owner_name: str
    concern: int
    concern_label: str
    opened_on: date
    review_on: date | None
    late_days: int
    closed_on: date | None
    closed_reason: str
    agency: str = ""

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{(self.closed_on or self.review_on or date.max).isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class ChartPage:
    """One page of a list; `more` is the key of the next page or ""."""

    lines: list[ChartLine]
    more: str = ""


def concern_words(municipality_id: int) -> tuple[str, ...]:
    """The city's words for the levels of concern, lowest first."""
    row = _concerns.first(municipality_id)
    return tuple(row) if row else CONCERNS


@prepared
def _concerns(municipality: int) -> QuerySet[KeepingPolicy, list[str]]:
    return KeepingPolicy.objects.filter(municipality=municipality).values_list("concerns", flat=True)


def others_open(actor: Actor, chart: Chart) -> list[Chart]:
    """Other open charts of the family at the agency: one of a person beside the family's, or brought by joining."""
    found = _open_here(actor, chart.household_id, chart.agency_id)
    return [one for one in found if one.pk != chart.pk]


@prepared
def _open_here(actor: Actor, household: int, agency: int) -> QuerySet[Chart, Chart]:
    seen = Chart.objects.visible_to(actor).filter(household=household, agency=agency)
    return seen.filter(closed_on__isnull=True).order_by("pk")


def charts(actor: Actor, kind: str, *, before: str = "", limit: int = PAGE) -> ChartPage:
    """The charts of one of LISTS, those whose review is next first (the closed by the day they ended). Three queries,
    one more where agencies are named."""
    found = _listed(actor, kind)
    if (cursor := _cursor(before)) is not None:
        day, pk = cursor
        if kind == "closed":
            found = found.filter(Q(closed_on__lt=day) | Q(closed_on=day, pk__lt=pk))
        else:
            found = found.filter(_reviewed_after(day, pk))
    order: tuple[Any, ...] = (
        ("-closed_on", "-pk") if kind == "closed" else (F("review_on").asc(nulls_last=True), "pk")
    )
    rows = list(found.select_related("person__household", "agency").order_by(*order)[: limit + 1])
    lines = _lines(actor, rows[:limit])
    return ChartPage(lines, lines[-1].key if len(rows) > limit else "")


def family_charts(actor: Actor, household: Household) -> list[ChartLine]:
    """A family's charts as far as visible, the open ones first, then those that ended last. Three queries."""
    seen = Chart.objects.visible_to(actor).filter(household=household)
    order = (F("closed_on").desc(nulls_first=True), "-pk")
    return _lines(actor, list(seen.select_related("person__household", "agency").order_by(*order)))


def _reviewed_after(day: date, pk: int) -> Q:
    """What follows a chart with this day of review; those without one (date.max) stand last."""
    if day == date.max:
        return Q(review_on__isnull=True, pk__gt=pk)
    return Q(review_on__gt=day) | Q(review_on=day, pk__gt=pk) | Q(review_on__isnull=True)


def first_list(actor: Actor, kinds: Iterable[str]) -> str:
    """The first of these lists that holds a chart; "agency" where none does. One query a list."""
    return next((kind for kind in kinds if _listed(actor, kind).exists()), "agency")


def _listed(actor: Actor, kind: str) -> QuerySet[Chart, Any]:
    seen, own = Chart.objects.visible_to(actor), Chart.objects.own_of(actor)
    if kind == "closed":
        return own.filter(closed_on__isnull=False)
    open_ones = own.filter(closed_on__isnull=True)
    if kind == "mine":
        return open_ones.filter(owner_id=actor.user_id or 0)
    if kind == "review":
        return open_ones.filter(review_on__isnull=False)
    if kind == "shared":
        return seen.filter(closed_on__isnull=True, shared=True).exclude(agency_id=actor.agency_id or 0)
    return open_ones


def _lines(actor: Actor, rows: list[Chart]) -> list[ChartLine]:
    names = family_names(row.household_id for row in rows)
    words = concern_words(actor.municipality_id)
    return [chart_line(actor, row, names, words) for row in rows]


def chart_line(actor: Actor, row: Chart, names: dict[int, FamilyName], words: tuple[str, ...]) -> ChartLine:
    """A chart loaded with its person, the person's household and agency, as a line."""
    family = names.get(row.household_id)
    hidden = family is not None and family.protected and row.agency_id != actor.agency_id
    return ChartLine(
        row.pk,
        row.number,
        family,
        name_at(row.household_id, row.person).text if row.person else "",
        row.owner_name,
        row.concern,
        words[row.concern] if row.concern < len(words) else "",
        row.opened_on,
        row.review_on,
        (clock.today() - row.review_on).days if row.review_on and not row.closed_on else 0,
        row.closed_on,
        CLOSINGS.get(row.closed_reason, ""),
        MASK if hidden else row.agency.name,
    )


def _cursor(text: str) -> tuple[date, int] | None:
    day, _, pk = text.partition("_")
    try:
        return (date.fromisoformat(day), int(pk)) if len(pk) < 19 else None
    except ValueError:
        return None


def charts_of(actor: Actor, consultation: Consultation) -> list[Chart]:
    """The charts a record is in, of those the actor may see; one query."""
    if consultation.household_id is None:
        return []
    return _charts_of(actor, consultation.pk, consultation.household_id)


@prepared
def _charts_of(actor: Actor, consultation: int, household: int) -> QuerySet[Chart, Chart]:
    inside = ChartEntry.objects.filter(
        chart=OuterRef("pk"), consultation=consultation, taken_out_at__isnull=True
    )
    return Chart.objects.visible_to(actor).filter(Exists(inside), household=household).order_by("pk")


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A chart on its way, or one that was given to another agency. `mine`: the actor is asked by name; `ours`: the
    actor's agency is asked."""

    id: int
    chart_id: int
    number: str
    family: FamilyName | None
    concern_label: str
    from_name: str
    from_agency: str
    to_name: str
    to_agency: str
    asked_at: datetime
    taken_at: datetime | None
    ours: bool
    mine: bool


def handovers_waiting(actor: Actor) -> list[HandoverLine]:
    """Handovers that wait for the actor's agency or were asked by it, those for the actor first. Three queries."""
    return _handover_lines(actor, _waiting(actor.agency_id or 0))


def handovers_given(actor: Actor, limit: int = PAGE) -> list[HandoverLine]:
    """Charts that went from the actor's agency to another one, the latest first. Three queries."""
    return _handover_lines(actor, _given(actor.agency_id or 0)[:limit])


def handover(actor: Actor, handover_id: int) -> ChartHandover | None:
    """One handover, answered or not, that the actor's agency asks for or is asked for; with chart, family and both
    agencies."""
    concerned = Q(to_agency_id=actor.agency_id or 0) | Q(from_agency_id=actor.agency_id or 0)
    rows = ChartHandover.objects.filter(concerned, municipality_id=actor.municipality_id, pk=handover_id)
    return rows.select_related("chart__household", "from_agency", "to_agency").first()


@prepared
def _waiting(agency: int) -> QuerySet[ChartHandover, ChartHandover]:
    rows = ChartHandover.objects.filter(taken_at__isnull=True, declined_at__isnull=True)
    rows = rows.filter(Q(to_agency=agency) | Q(from_agency=agency))
    return rows.select_related("chart", "from_agency", "to_agency").order_by("asked_at", "pk")


@prepared
def _given(agency: int) -> QuerySet[ChartHandover, ChartHandover]:
    rows = ChartHandover.objects.filter(from_agency=agency, taken_at__isnull=False).exclude(to_agency=agency)
    return rows.select_related("chart", "from_agency", "to_agency").order_by("-taken_at", "-pk")[:PAGE]


def _handover_lines(actor: Actor, rows: list[ChartHandover]) -> list[HandoverLine]:
    names = family_names(row.chart.household_id for row in rows)
    words = concern_words(actor.municipality_id)
    lines = [
        HandoverLine(
            row.pk,
            row.chart_id,
            row.chart.number,
            names.get(row.chart.household_id),
            words[row.chart.concern] if row.chart.concern < len(words) else "",
            row.from_name,
            row.from_agency.name,
            row.taken_by_name or row.to_name,
            row.to_agency.name,
            row.asked_at.astimezone(clock.TOKYO),
            row.taken_at,
            ours=row.to_agency_id == actor.agency_id,
            mine=row.to_agency_id == actor.agency_id and row.to_user_id in (None, actor.user_id),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.mine, not line.ours))
