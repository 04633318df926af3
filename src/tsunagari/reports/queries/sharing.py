"""そのつど共有: records of an agency that tell of something the city wants to know as it happens, and who told the city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.queries.names import FamilyName, family_names
from tsunagari.encounters.rules.codes import CATEGORY, CHANNELS
from tsunagari.reports import access
from tsunagari.reports.models import SharedRecord
from tsunagari.reports.queries.asking import Rules
from tsunagari.reports.rules import Asked
from tsunagari.reports.rules.asking import ITEMS

MOST = 300
MOST_TODAY = 5
TODAY_WITHIN = timedelta(days=31)

#: What a record must have to tell of an item (質問4(1)); of the others any record tells.
_FAMILY = Q(household__isnull=False)
_TELLS = {
    "3": _FAMILY,
    "4": _FAMILY,
    "5": Q(responses__len__gt=0) | ~Q(next_step=""),
    "6": Q(told__len__gt=0) | Q(linked__len__gt=0),
}


@dataclass(frozen=True, slots=True)
class ToShare:
    """A record and the items it tells of. `by` and `on` say who told the city and when; `changed`: the record was
    corrected after that."""

    id: int
    at: datetime
    family: FamilyName | None
    who_hint: str
    category: str
    channel: str
    author: str
    items: tuple[str, ...]
    by: str = ""
    on: datetime | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """Records that wait to be told, and those the city was told of, the newest first."""

    waiting: list[ToShare] = field(default_factory=list)
    shared: list[ToShare] = field(default_factory=list)
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def lines(self) -> list[ToShare]:
        return [*self.waiting, *self.shared]


def of_period(actor: Actor, agency_id: int, asked: Asked, first: date, last: date) -> Sharing:
    """Those of the own agency over some days, at most MOST. Three statements, none when nothing is asked for so."""
    if agency_id != actor.agency_id or not asked.at_once:
        return Sharing()
    found = list(_telling(actor, asked, first, last)[: MOST + 1])
    rows = found[:MOST]
    told = _told(rows)
    lines = _lines(rows, asked, told)
    return Sharing(
        [one for one in lines if one.on is None],
        [one for one in lines if one.on is not None],
        len(found) > MOST,
    )


def of_today(actor: Actor, day: date) -> Sharing:
    """What waits on 今日 for somebody who tells the city: of the last 31 days, at most MOST_TODAY. One statement where
    the city asks for nothing so, else two, and one for names."""
    if actor.agency_id is None or not actor.may(access.SHARE):
        return Sharing()
    asked = Rules(actor.municipality_id).asked(actor.agency_id, day)
    if not asked.at_once:
        return Sharing()
    told = SharedRecord.objects.filter(consultation=OuterRef("pk"), undone_at__isnull=True)
    rows = list(_telling(actor, asked, day - TODAY_WITHIN, day).exclude(Exists(told))[: MOST_TODAY + 1])
    return Sharing(_lines(rows[:MOST_TODAY], asked, {}), [], len(rows) > MOST_TODAY)


def _telling(actor: Actor, asked: Asked, first: date, last: date) -> QuerySet[Consultation, Consultation]:
    """The newest first; a day by its times, as the index of an agency's records begins with the moment."""
    rows = Consultation.objects.own_of(actor).filter(
        occurred_at__gte=clock.at(first),
        occurred_at__lt=clock.at(last + timedelta(days=1)),
    )
    if all(item in _TELLS for item in asked.at_once):
        anything = Q()
        for item in asked.at_once:
            anything |= _TELLS[item]
        rows = rows.filter(anything)
    return rows.order_by("-occurred_at", "-pk")


def _told(rows: Sequence[Consultation]) -> dict[int, SharedRecord]:
    standing = SharedRecord.objects.filter(consultation__in=[row.pk for row in rows], undone_at__isnull=True)
    return {one.consultation_id: one for one in standing}


def _lines(rows: Sequence[Consultation], asked: Asked, told: dict[int, SharedRecord]) -> list[ToShare]:
    names = family_names(row.household_id for row in rows)
    return [_line(row, names, asked, told.get(row.pk)) for row in rows]


def _line(
    row: Consultation, names: dict[int, FamilyName], asked: Asked, told: SharedRecord | None
) -> ToShare:
    return ToShare(
        row.pk,
        row.occurred_at.astimezone(clock.TOKYO),
        names.get(row.household_id or 0),
        row.who_hint,
        CATEGORY[row.main_category].short,
        CHANNELS.get(row.channel, row.channel),
        row.author_name,
        tuple(ITEMS[item] for item in asked.at_once if _tells(row, item)),
        told.shared_by_name if told else "",
        told.shared_at.astimezone(clock.TOKYO) if told else None,
        told is not None and told.version < row.version,
    )


def _tells(row: Consultation, item: str) -> bool:
    """As _TELLS, for a row at hand."""
    match item:
        case "3" | "4":
            return row.household_id is not None
        case "5":
            return bool(row.responses or row.next_step)
        case "6":
            return bool(row.told or row.linked)
    return True
