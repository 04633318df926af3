"""What is behind a figure: records, days of visits or families, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Sum

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Chart, Consultation, Tally, Visit
from tsunagari.encounters.queries.names import FamilyName, family_names
from tsunagari.encounters.rules.codes import CATEGORY, CHANNELS
from tsunagari.families.models import Household
from tsunagari.reports.figures import Span, follow, record_ids
from tsunagari.reports.queries.reading import narrowed
from tsunagari.reports.rules import Line, Section, named_cells

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record behind a figure."""

    id: int
    at: datetime
    family: FamilyName | None
    who_hint: str
    categories: tuple[str, ...]
    channel: str
    author: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """Visits of one day at the own agency: entries, and families counted by figures alone among them."""

    day: date
    entries: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a cell. `others` of `count` are not for this reader; `more` starts the next page."""

    label: str
    value: int
    records: tuple[RecordLine, ...] = ()
    days: tuple[DayLine, ...] = ()
    families: tuple[FamilyName, ...] = ()
    count: int = 0
    others: int = 0
    more: int | None = None
    ids: tuple[int, ...] = field(default=(), repr=False)


def find(sections: Sequence[Section], name: str) -> tuple[Section, Line, Line] | None:
    """The cell of that name."""
    for section in sections:
        for row in section.rows:
            for column in section.columns:
                parts = [section.key, row.key, *([] if column.key == "n" else [column.key])]
                if ".".join(parts) == name:
                    return section, row, column
    return None


def behind(
    actor: Actor, span: Span, sections: Sequence[Section], name: str, *, start: int = 0
) -> Behind | None:
    """The cell's records now, newest first, `PER_PAGE` from `start`; None when there is no such cell."""
    cell = find(sections, name)
    if cell is None:
        return None
    section, row, column = cell
    label, value = named_cells([section])[name]
    inside = narrowed(span, section.items)
    if section.opens == "follow":
        return _families(actor, Behind(label, value), inside, row.key)
    ids = record_ids(inside, section.key, row.key, column.key) if section.opens == "records" else None
    if ids is None:
        return _days(actor, Behind(label, value), span)
    return _records(actor, Behind(label, value), ids, start)


def _records(actor: Actor, found: Behind, ids: list[int], start: int) -> Behind:
    seen = Consultation.objects.visible_to(actor).filter(pk__in=ids)
    mine = seen.count()
    rows = list(seen.order_by("-occurred_at", "-pk")[start : start + PER_PAGE])
    names = family_names(row.household_id for row in rows)
    lines = tuple(_line(row, names) for row in rows)
    more = start + PER_PAGE if start + PER_PAGE < mine else None
    shown = tuple(row.pk for row in rows)
    return Behind(found.label, found.value, lines, count=mine, others=len(ids) - mine, more=more, ids=shown)


def _line(row: Consultation, names: dict[int, FamilyName]) -> RecordLine:
    return RecordLine(
        row.pk,
        row.occurred_at.astimezone(clock.TOKYO),
        names.get(row.household_id or 0),
        row.who_hint,
        tuple(CATEGORY[code].short for code in row.categories),
        CHANNELS.get(row.channel, row.channel),
        row.author_name,
    )


def _days(actor: Actor, found: Behind, span: Span) -> Behind:
    """The roster's days: a family's visit is opened there."""
    own = actor.agency_id if actor.agency_id in span.agencies else None
    visits = Visit.objects.visible_to(actor).filter(
        undone_at__isnull=True, visited_on__range=(span.period.first, span.period.last), agency_id=own or 0
    )
    counts = dict(visits.values_list("visited_on").annotate(Count("pk")))
    tallied = Tally.objects.visible_to(actor).filter(
        agency_id=own or 0, day__range=(span.period.first, span.period.last), undone_at__isnull=True
    )
    for day, families in tallied.values_list("day").annotate(Sum("families")):
        counts[day] = counts.get(day, 0) + families
    lines = tuple(DayLine(day, number) for day, number in sorted(counts.items()))
    return Behind(found.label, found.value, days=lines, count=sum(counts.values()))


def _families(actor: Actor, found: Behind, span: Span, row: str) -> Behind:
    """Families by what was counted of them; a chart only for those who may open it."""
    rows = follow.rows_behind(span, row)
    households = {household for _, household in rows}
    if follow.of_charts(row):
        charts = Chart.objects.visible_to(actor).filter(pk__in=[pk for pk, _ in rows])
        mine = list(charts.values_list("household_id", flat=True))
    else:
        seen = Household.objects.visible_to(actor).filter(pk__in=households)
        visible = set(seen.values_list("pk", flat=True))
        mine = [household for _, household in rows if household in visible]
    names = family_names(mine)
    listed = tuple(names[pk] for pk in dict.fromkeys(mine) if pk in names)
    return Behind(found.label, found.value, families=listed, count=len(mine), others=len(rows) - len(mine))
