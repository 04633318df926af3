"""Blank sheets of an agency, group talks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation, GroupTalk, RecordSheet
from tsunagari.encounters.queries.names import FamilyName, family_names
from tsunagari.families.models import Household

MOST = 60


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """How many sheets an agency printed, how many are not typed in, and when it printed last."""

    printed: int
    open: int
    last: datetime | None


def sheet_counts(actor: Actor) -> SheetCounts:
    """One query."""
    rows = RecordSheet.objects.filter(agency_id=actor.agency_id or 0)
    open_ones = Count("pk", filter=Q(done_at__isnull=True))
    found = rows.aggregate(printed=Count("pk"), open=open_ones, last=Max("printed_at"))
    return SheetCounts(**found)


def begun_sheets(actor: Actor) -> list[RecordSheet]:
    """Sheets something was typed in from that are not done, the newest first. One query."""
    rows = RecordSheet.objects.filter(agency_id=actor.agency_id or 0, done_at__isnull=True, entries__gt=0)
    return list(rows.order_by("-printed_at", "-pk")[:MOST])


def sheet_by_code(actor: Actor, code: str) -> RecordSheet | None:
    """The own agency's sheet with this code. One query."""
    return RecordSheet.objects.filter(agency_id=actor.agency_id or 0, code=code).first()


def talk_by_key(actor: Actor, key: str) -> GroupTalk | None:
    """The own agency's talk saved from a form with this key. One query."""
    try:
        return GroupTalk.objects.visible_to(actor).filter(key=UUID(key)).first()
    except ValueError:
        return None


def seen_families(actor: Actor, household_ids: Iterable[int]) -> list[FamilyName]:
    """Names of those families that the actor may see, in the order given. Two queries."""
    wanted = list(dict.fromkeys(household_ids))
    seen = set(Household.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    names = family_names(pk for pk in wanted if pk in seen)
    return [names[pk] for pk in wanted if pk in names]


@dataclass(frozen=True, slots=True)
class TalkEntryLine:
    """One family's entry in a talk."""

    record_id: int
    family: FamilyName | None
    text: str


def talk_entries(actor: Actor, talk: GroupTalk) -> tuple[list[TalkEntryLine], int]:
    """Entries the actor may read, and how many others there are. Three queries."""
    all_of_it = Consultation.objects.filter(group=talk).count()
    rows = list(Consultation.objects.visible_to(actor).filter(group=talk).order_by("pk"))
    names = family_names(row.household_id for row in rows)
    lines = [TalkEntryLine(row.pk, names.get(row.household_id or 0), row.content) for row in rows]
    return lines, all_of_it - len(lines)
