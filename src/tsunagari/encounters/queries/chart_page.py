"""One chart: its records page by page, and what is due in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import (
    Chart,
    ChartEntry,
    Consultation,
    ConsultationPerson,
    Partner,
    PlanAction,
    RecordMark,
    Sight,
    SupportPlan,
)
from tsunagari.encounters.queries.names import name_at
from tsunagari.encounters.rules import CATEGORY, CHANNELS, KINDS, RESPONSES

PAGE = 20
EXCERPT = 400
MOST_DUE = 50


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A record in a chart; `content` is the beginning of its words (`cut`) unless the whole was asked for. `agency`
    is filled when another agency wrote it."""

    id: int
    entry_id: int
    at: datetime
    kind: str
    channel: str
    categories: tuple[str, ...]
    people: str
    mark: str
    content: str
    cut: bool
    assessment: str
    responses: str
    response_note: str
    told: str
    linked: str
    progress: str
    author_name: str
    agency: str
    next_step: str
    next_on: date | None
    next_owner: str
    next_result: str
    next_done: bool
    narrowed: bool
    from_nobody: bool
    drawn_at: datetime
    drawn_by_name: str

    @property
    def key(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of a chart's records, newest first. `total` counts those the actor may read, `hidden` the others."""

    lines: list[EntryLine]
    total: int
    hidden: int
    more: str = ""


def entries(
    actor: Actor, chart: Chart, *, before: str = "", limit: int = PAGE, whole: bool = False
) -> Entries:
    """The records of a chart the actor may read, as far as they are the family's still (a family that was parted took
    its own along). Four queries however many there are; `whole` gives all words of each."""
    cursor = moment_key(before)
    at, pk = cursor if cursor else (None, None)
    ids = _ids(actor, chart.pk, chart.household_id, at, pk, limit=limit + 1)
    rows = {row.consultation_id: row for row in _page(chart.pk, ids[:limit], whole=whole)} if ids else {}
    every, readable = _counted.first(actor, chart.pk, chart.household_id) or (0, 0)
    lines = _lines(actor, chart, [rows[one] for one in ids[:limit]], whole=whole)
    return Entries(lines, readable, every - readable, lines[-1].key if len(ids) > limit else "")


def entry_of(actor: Actor, chart: Chart, entry_id: int) -> ChartEntry | None:
    """An entry of the chart whose record the actor may read, taken out or not; with both."""
    readable = Consultation.objects.visible_to(actor)
    rows = ChartEntry.objects.filter(chart=chart, consultation__in=readable, pk=entry_id)
    return rows.select_related("consultation", "chart").first()


def how_many(chart: Chart) -> int:
    """How many records stand in the chart, readable or not."""
    return chart.entries.filter(taken_out_at__isnull=True).count()


@prepared
def _counted(actor: Actor, chart: int, household: int) -> QuerySet[ChartEntry, tuple[int, int]]:
    """How many are in the chart, and how many of them the actor may read; no row for an empty one."""
    readable = Consultation.objects.visible_to(actor).filter(household=household)
    rows = ChartEntry.objects.filter(chart=chart, taken_out_at__isnull=True).order_by()
    mine = Count("pk", filter=Q(consultation__in=readable))
    return rows.values("chart").annotate(every=Count("pk"), mine=mine).values_list("every", "mine")


@prepared
def _ids(
    actor: Actor, chart: int, household: int, at: datetime | None, pk: int | None, *, limit: int
) -> QuerySet[Consultation, int]:
    """Records from the one after the cursor on, along the index of the family's."""
    inside = ChartEntry.objects.filter(chart=chart, consultation=OuterRef("pk"), taken_out_at__isnull=True)
    rows = Consultation.objects.visible_to(actor).filter(Exists(inside), household=household)
    if at is not None:
        rows = rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    return rows.order_by("-occurred_at", "-pk").values_list("pk", flat=True)[:limit]


@prepared
def _page(chart: int, records: list[int], *, whole: bool) -> QuerySet[ChartEntry, ChartEntry]:
    """The entries of these records; but for `whole` only what the page shows of a record."""
    rows = ChartEntry.objects.filter(chart=chart, consultation__any_of=records, taken_out_at__isnull=True)
    rows = rows.select_related("consultation__agency", "consultation__mark")
    if whole:
        return rows
    unread = ("content", "assessment", "response_note", "progress")
    return rows.defer(*(f"consultation__{name}" for name in unread)).annotate(
        begins=Left("consultation__content", EXCERPT + 1)
    )


def _lines(actor: Actor, chart: Chart, page: list[ChartEntry], *, whole: bool) -> list[EntryLine]:
    records = [entry.consultation for entry in page]
    partners = _partner_names(pk for row in records for pk in (*row.told, *row.linked))
    people = _people(records)
    return [_line(actor, entry, partners, people, whole=whole) for entry in page]


def _line(
    actor: Actor, entry: ChartEntry, partners: dict[int, str], people: dict[int, str], *, whole: bool
) -> EntryLine:
    row = entry.consultation
    content = row.content if whole else entry.begins  # type: ignore[attr-defined]
    cut = not whole and len(content) > EXCERPT
    mark: RecordMark | None = row.mark
    return EntryLine(
        id=row.pk,
        entry_id=entry.pk,
        at=row.occurred_at.astimezone(clock.TOKYO),
        kind=KINDS.get(row.kind, ""),
        channel=CHANNELS.get(row.channel, ""),
        categories=tuple(CATEGORY[code].short for code in row.categories if code in CATEGORY),
        people=people.get(row.pk, ""),
        mark=mark.symbol if mark else "",
        content=f"{content[:EXCERPT]}…" if cut else content,
        cut=cut,
        assessment=row.assessment if whole else "",
        responses="、".join(RESPONSES[code] for code in row.responses if code in RESPONSES),
        response_note=row.response_note if whole else "",
        told=_named(row.told, partners),
        linked=_named(row.linked, partners),
        progress=row.progress if whole else "",
        author_name=row.author_name,
        agency="" if row.agency_id == actor.agency_id else row.agency.name,
        next_step=row.next_step,
        next_on=row.next_on,
        next_owner=row.next_owner_name,
        next_result=row.next_result,
        next_done=row.next_done_at is not None,
        narrowed=row.sight != Sight.USUAL,
        from_nobody=entry.from_nobody,
        drawn_at=entry.drawn_at.astimezone(clock.TOKYO),
        drawn_by_name=entry.drawn_by_name,
    )


def _named(ids: Iterable[int], names: dict[int, str]) -> str:
    return "、".join(names[pk] for pk in ids if pk in names)


def _partner_names(ids: Iterable[int]) -> dict[int, str]:
    return dict(Partner.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def _people(records: list[Consultation]) -> dict[int, str]:
    """Who each record is about, by its id."""
    rows = ConsultationPerson.objects.filter(consultation__in=[row.pk for row in records])
    homes = {row.pk: row.household_id for row in records}
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows.select_related("person__household").order_by("-consulting", "pk"):
        name = name_at(homes[row.consultation_id], row.person)
        names[row.consultation_id].append(row.person.relation or name.text)
    return {pk: "、".join(found) for pk, found in names.items()}


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something to be done in a chart. `kind` is step, action or review; `id` of the record or the plan."""

    kind: str
    id: int
    text: str
    on: date | None
    late_days: int
    owner: str
    ours: bool = True


def due(actor: Actor, chart: Chart) -> list[DueLine]:
    """Next steps the actor may read, plan actions and reviews of a chart, the earliest first, those without a day last.
    Three queries."""
    lines = [*_steps(actor, chart), *_actions(chart), *_reviews(chart)]
    return sorted(lines, key=lambda line: (line.on or date.max, line.kind, line.id))[:MOST_DUE]


def _steps(actor: Actor, chart: Chart) -> list[DueLine]:
    return [
        DueLine(
            "step", pk, step, on, _late(on), owner or chart.owner_name, actor.agency_id in (agency, holder)
        )
        for pk, step, on, owner, agency, holder in _open_steps(actor, chart.pk, chart.household_id)
    ]


@prepared
def _open_steps(actor: Actor, chart: int, household: int) -> QuerySet[Consultation, Any]:
    rows = Consultation.objects.visible_to(actor).filter(
        chart_entries__chart=chart,
        chart_entries__taken_out_at__isnull=True,
        household=household,
        next_on__isnull=False,
        next_done_at__isnull=True,
    )
    named = ("pk", "next_step", "next_on", "next_owner_name", "agency_id", "held_by_id")
    return rows.order_by("next_on", "pk").values_list(*named)[:MOST_DUE]


def _actions(chart: Chart) -> list[DueLine]:
    return [
        DueLine("action", plan, what, on, _late(on), owner or chart.owner_name)
        for plan, what, on, owner in _open_actions(chart.pk)
    ]


@prepared
def _open_actions(chart: int) -> QuerySet[PlanAction, Any]:
    rows = PlanAction.objects.filter(
        plan__chart=chart, plan__closed_on__isnull=True, done_on__isnull=True, dropped_at__isnull=True
    )
    return rows.order_by("due_on", "pk").values_list("plan_id", "what", "due_on", "owner_name")[:MOST_DUE]


def _reviews(chart: Chart) -> list[DueLine]:
    found = [
        DueLine("plan", pk, "支援プランの見直し", on, _late(on), chart.owner_name)
        for pk, on in _open_plans(chart.pk)
    ]
    if chart.review_on is not None and chart.closed_on is None:
        on = chart.review_on
        found.append(DueLine("review", chart.pk, "個別記録の見直し", on, _late(on), chart.owner_name))
    return found


@prepared
def _open_plans(chart: int) -> QuerySet[SupportPlan, Any]:
    plans = SupportPlan.objects.filter(chart=chart, closed_on__isnull=True, review_on__isnull=False)
    return plans.values_list("pk", "review_on")


def _late(day: date | None) -> int:
    return (clock.today() - day).days if day else 0


def moment_key(text: str) -> tuple[datetime, int] | None:
    """A cursor's parts; None for anything that is no cursor."""
    at, _, pk = text.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo and len(pk) < 19 else None
    except ValueError:
        return None
