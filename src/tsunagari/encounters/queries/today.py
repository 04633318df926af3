"""What the day asks for: who came, drafts open, next steps due, records to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import Consent, Consultation, ConsultationQuerySet, Draft, Visit
from tsunagari.encounters.queries.drafts import MOST_SHOWN, DraftLine, draft_line
from tsunagari.encounters.queries.names import FamilyName, agency_names, family_names
from tsunagari.encounters.queries.records import RecordLine, only_unread, record_line, unread_marked
from tsunagari.encounters.queries.roster import (
    AgencyCount,
    DayNumbers,
    RosterLine,
    by_agency,
    latest,
    numbers,
    roster_lines,
)
from tsunagari.encounters.rules import MASK

READ_WITHIN = timedelta(days=14)
MOST_DUE = 50
MOST_LATEST = 8
MOST_UNREAD = 30
FIRST_UNREAD = 10


@dataclass(frozen=True, slots=True)
class DueStep:
    """A next step that is due. `late_days` is 0 on the day itself."""

    record_id: int
    family: FamilyName | None
    who_hint: str
    next_step: str
    next_on: date
    late_days: int
    recorded_at: datetime
    author_name: str

    @property
    def recorded_text(self) -> str:
        """ "11月23日"."""
        return f"{self.recorded_at.month}月{self.recorded_at.day}日"


@dataclass(frozen=True, slots=True)
class UnreadRecord:
    """A record to read; `agency` is filled when it is another agency's, shared with consent."""

    line: RecordLine
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """One day for one person. `came` are the numbers of the agency's roster and `latest` its last lines, the newest
    first; roles without an agency get `agencies` instead. Lists are cut at MOST_*; `*_more` says so."""

    day: date
    came: DayNumbers = field(default_factory=DayNumbers)
    latest: list[RosterLine] = field(default_factory=list)
    agencies: list[AgencyCount] = field(default_factory=list)
    drafts: list[DraftLine] = field(default_factory=list)
    due: list[DueStep] = field(default_factory=list)
    unread: list[UnreadRecord] = field(default_factory=list)
    unread_count: int = 0
    due_more: bool = False
    unread_more: bool = False

    @property
    def late(self) -> int:
        """How many of the due steps are overdue."""
        return sum(step.late_days > 0 for step in self.due)


def today(actor: Actor, day: date, *, all_unread: bool = False) -> Today:
    """What `day` asks of the actor. At most nine queries, however many came.

    Of the `unread_count` records to read the first FIRST_UNREAD have lines, with `all_unread` every one."""
    if actor.agency_id is None:
        return Today(day, agencies=by_agency(actor, day))
    visits = latest(actor, day, MOST_LATEST)
    reads = actor.may(access.READ_RECORD)
    drafts = _drafts(actor) if reads else []
    due = _due(actor, day) if reads else []
    unread = _unread(actor, day) if reads else []
    lines = unread[: MOST_UNREAD if all_unread else FIRST_UNREAD]
    rows: list[Visit | Draft | Consultation] = [*visits, *drafts, *due, *lines]
    names = family_names(row.household_id for row in rows)
    return Today(
        day,
        numbers(actor, day),
        roster_lines(visits, names, day),
        drafts=[draft_line(row, names) for row in drafts],
        due=[_step(row, names, day) for row in due[:MOST_DUE]],
        unread=_unread_lines(actor, lines, names),
        unread_count=len(unread[:MOST_UNREAD]),
        due_more=len(due) > MOST_DUE,
        unread_more=len(unread) > MOST_UNREAD,
    )


@prepared
def _drafts(actor: Actor) -> QuerySet[Draft, Draft]:
    return Draft.objects.visible_to(actor).filter(version__gt=1).order_by("-updated_at")[:MOST_SHOWN]


@prepared
def _due(actor: Actor, day: date) -> QuerySet[Consultation, Consultation]:
    due = Consultation.objects.filter(next_on__lte=day, next_done_at__isnull=True)
    parts = [due.own_of(actor), due.taken_over_by(actor).filter(next_owner_id=actor.user_id or 0)]
    # Each part walks its own index in order; one condition with OR, planned without values, walked the town's days.
    first, second = (part.order_by("next_on", "pk")[: MOST_DUE + 1] for part in parts)
    return first.union(second, all=True).order_by("next_on", "pk")[: MOST_DUE + 1]


def _unread(actor: Actor, day: date) -> list[Consultation]:
    """The own agency's of the last days; for the centre also what others share with consent, newest first."""
    since = clock.at(day) - READ_WITHIN
    found = _own_unread(actor, since)
    if actor.scope == "municipality":
        found = sorted([*found, *_shared_unread(actor, since)], key=lambda r: r.occurred_at, reverse=True)
    return found[: MOST_UNREAD + 1]


@prepared
def _own_unread(actor: Actor, since: datetime) -> QuerySet[Consultation, Consultation]:
    return _newest(Consultation.objects.own_of(actor).filter(occurred_at__gte=since), actor)


@prepared
def _shared_unread(actor: Actor, since: datetime) -> QuerySet[Consultation, Consultation]:
    recent = Consultation.objects.visible_to(actor).filter(occurred_at__gte=since)
    shared = recent.filter(
        municipality_id=actor.municipality_id, consent=Consent.GIVEN, household__isnull=False
    )
    return _newest(shared.exclude(agency_id=actor.agency_id or 0), actor)


def _newest(found: ConsultationQuerySet, actor: Actor) -> QuerySet[Consultation, Consultation]:
    unread = only_unread(unread_marked(found, actor), actor)
    return unread.order_by("-occurred_at", "-pk")[: MOST_UNREAD + 1]


def _step(row: Consultation, names: dict[int, FamilyName], day: date) -> DueStep:
    assert row.next_on is not None
    return DueStep(
        row.pk,
        names.get(row.household_id or 0),
        row.who_hint,
        row.next_step,
        row.next_on,
        (day - row.next_on).days,
        row.occurred_at.astimezone(clock.TOKYO),
        row.author_name,
    )


def _unread_lines(actor: Actor, rows: list[Consultation], names: dict[int, FamilyName]) -> list[UnreadRecord]:
    others = [row for row in rows if row.agency_id != actor.agency_id]
    agencies = agency_names((row.agency_id, row.occurred_on) for row in others)
    return [
        UnreadRecord(
            record_line(row, names),
            "" if row.agency_id == actor.agency_id else _agency(row, names, agencies),
        )
        for row in rows
    ]


def _agency(row: Consultation, names: dict[int, FamilyName], agencies: dict[tuple[int, date], str]) -> str:
    family = names.get(row.household_id or 0)
    return MASK if family and family.protected else agencies[row.agency_id, row.occurred_on]
