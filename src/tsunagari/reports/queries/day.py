"""The day in brief for its report: who came and what was written, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters import queries as encounters
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.queries.names import FamilyName, family_names
from tsunagari.encounters.queries.roster import RosterLine
from tsunagari.encounters.rules.codes import CATEGORY, CHANNELS, KINDS, RESPONSES

EXCERPT = 120


@dataclass(frozen=True, slots=True)
class Brief:
    """One record in two lines."""

    id: int
    at: datetime
    household_id: int | None
    family: FamilyName | None
    who_hint: str
    category: str
    channel: str
    kind: str
    text: str
    done: str
    next_step: str
    author: str


@dataclass(frozen=True, slots=True)
class Day:
    """Visits and records of one day at the reader's agency. `hidden` records are not for this reader."""

    visits: tuple[RosterLine, ...] = ()
    records: tuple[Brief, ...] = ()
    hidden: int = 0


def day_in_brief(actor: Actor, agency_id: int, day: date) -> Day:
    """The own agency's day; nothing of another's. Six statements."""
    if agency_id != actor.agency_id:
        return Day()
    rows = list(_records(actor, day, day))
    every = Consultation.objects.filter(agency=agency_id, occurred_on=day).count()
    lines = encounters.roster(actor, day).lines
    return Day(tuple(lines), tuple(_briefs(rows)), every - len(rows))


def _records(actor: Actor, first: date, last: date) -> QuerySet[Consultation]:
    """A day by its times; the index of an agency's records begins with the moment."""
    rows = Consultation.objects.own_of(actor).filter(
        occurred_at__gte=clock.at(first),
        occurred_at__lt=clock.at(date.fromordinal(last.toordinal() + 1)),
    )
    return rows.order_by("occurred_at", "pk")


def _briefs(rows: Iterable[Consultation]) -> list[Brief]:
    loaded = list(rows)
    names = family_names(row.household_id for row in loaded)
    return [
        Brief(
            row.pk,
            row.occurred_at.astimezone(clock.TOKYO),
            row.household_id,
            names.get(row.household_id or 0),
            row.who_hint,
            CATEGORY[row.main_category].short,
            CHANNELS.get(row.channel, row.channel),
            KINDS.get(row.kind, row.kind),
            row.content[:EXCERPT] + ("…" if len(row.content) > EXCERPT else ""),
            "、".join(RESPONSES[code] for code in row.responses if code in RESPONSES),
            row.next_step,
            row.author_name,
        )
        for row in loaded
    ]
