"""The trail in words: who, what, when, from where, with names looked up in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from tsunagari.accounts.models import Membership, User
from tsunagari.audit import queries as audit
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.access import LABELS, registry
from tsunagari.base.actor import Actor
from tsunagari.desk import access
from tsunagari.families.models import Household
from tsunagari.places.models import Agency

PAGE = 100
READERS = 200
EXPORTED = 10_000
NOBODY = "（自動処理）"
REFUSED, READS, WRITES = "-refused", "-reads", "-writes"
_ROLE_LABELS = {role.value: label for role, label in LABELS.items()}
_VIA = {
    "web": "画面",
    "cli": "コマンド",
    "import": "取り込み",
    "job": "自動処理",
    "kiosk": "受付端末",
    "demo": "体験用データ",
    "test": "試験",
}
_OWN_WORDS = {
    "demo.built": "体験用の町をつくった",
    "family.open": "家庭をひらいた（はじめて会った）",
    "family.close": "家庭をとじた（会ったことの取り消し）",
}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry in words. `household_id` is a number to look up, never a name."""

    seq: int
    at: datetime
    who: str
    role: str
    agency: str
    what: str
    refused: bool
    household_id: int | None
    where: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Up to PAGE lines, newest first, and where the next page starts (a `seq`), or None."""

    lines: list[TrailLine]
    before: int | None


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the reader asked for; None means any."""

    household_id: int | None = None
    user_id: int | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None
    agency_id: int | None = None
    what: str = ""


def trail_page(actor: Actor, wanted: TrailFilter) -> TrailPage:
    """The trail this actor may read, in a fixed number of queries."""
    return _page(_wanted(actor, wanted), wanted.before)


def trail_lines(actor: Actor, wanted: TrailFilter) -> tuple[list[TrailLine], bool]:
    """All lines that fit, newest first, at most EXPORTED of them; and whether there are more."""
    entries = list(_wanted(actor, wanted).order_by("-seq")[: EXPORTED + 1])
    return _in_words(entries[:EXPORTED]), len(entries) > EXPORTED


def _wanted(actor: Actor, wanted: TrailFilter) -> QuerySet[Entry]:
    found = audit.entries(
        actor,
        household_ids=_family(wanted.household_id),
        user_id=wanted.user_id,
        since=wanted.since,
        until=wanted.until,
    )
    if wanted.agency_id is not None:
        found = found.filter(agency_id=wanted.agency_id)
    return _of_kind(found, wanted.what)


def _of_kind(found: QuerySet[Entry], what: str) -> QuerySet[Entry]:
    """Lines of one action, or of a kind of action; any when `what` is empty."""
    if what == REFUSED:
        return found.filter(outcome=Entry.Outcome.REFUSED)
    if what in (READS, WRITES):
        return found.filter(action__in=_names(writes=what == WRITES))
    return found.filter(action=what) if what else found


def _names(*, writes: bool) -> list[str]:
    own = list(_OWN_WORDS) if writes else []
    return own + [name for name, action in registry().items() if action.writes is writes]


def _family(household_id: int | None) -> list[int]:
    """The household and those joined into it: their lines stand under their own numbers, which never change."""
    if household_id is None:
        return []
    joined = Household.objects.filter(joined_into=household_id).order_by("pk")
    return [household_id, *joined.values_list("pk", flat=True)]


@dataclass(frozen=True, slots=True)
class FamilyReader:
    """One person in one role with one family: how often they saw, changed and were refused, and when last."""

    user_id: int | None
    who: str
    role: str
    agency: str
    saw: int
    changed: int
    refused: int
    last: datetime


def family_readers(actor: Actor, household_id: int) -> list[FamilyReader]:
    """Who had to do with a family since its first line, the latest first; at most READERS of them."""
    refused = Q(outcome=Entry.Outcome.REFUSED)
    writes = Q(action__in=_names(writes=True))
    found = audit.entries(actor, household_ids=_family(household_id)).order_by()
    found = found.exclude(action=access.READ_TRAIL.name)  # whoever looks after the readers is none of them
    rows = found.values("user_id", "role", "agency_id").annotate(
        saw=Count("pk", filter=~refused & ~writes),
        changed=Count("pk", filter=writes & ~refused),
        refused=Count("pk", filter=refused),
        last=Max("at"),
    )
    kept = list(rows.order_by("-last")[:READERS])
    users, agencies = _users(row["user_id"] for row in kept), _agencies(row["agency_id"] for row in kept)
    return [
        FamilyReader(
            row["user_id"],
            users.get(row["user_id"], NOBODY),
            _ROLE_LABELS.get(row["role"], ""),
            agencies.get(row["agency_id"], ""),
            row["saw"],
            row["changed"],
            row["refused"],
            row["last"].astimezone(clock.TOKYO),
        )
        for row in kept
    ]


def own_trail_page(actor: Actor, before: int | None) -> TrailPage:
    """What this person did and saw themselves in this municipality."""
    found = Entry.objects.filter(municipality_id=actor.municipality_id, user_id=actor.user_id)
    return _page(found.order_by("-at", "-seq"), before)


def staff_choices(actor: Actor) -> list[tuple[int, str]]:
    """People whose trail this actor may read, for the filter."""
    memberships = Membership.objects.filter(municipality_id=actor.municipality_id)
    if actor.scope == "agency" and actor.agency_id is not None:
        memberships = memberships.filter(agency_id=actor.agency_id)
    pairs = memberships.order_by("user__kana", "user__name").values_list("user_id", "user__name")
    return list(dict(pairs).items())


def agency_choices(actor: Actor) -> list[tuple[int, str]]:
    """Agencies whose lines this actor may read, for the filter; none for a reader who sees one alone."""
    if actor.scope == "agency":
        return []
    found = Agency.objects.filter(municipality_id=actor.municipality_id)
    return list(found.order_by("kind", "name").values_list("pk", "name"))


def default_since() -> date:
    """Thirty days back: what a reader usually means."""
    return date.fromordinal(clock.today().toordinal() - 30)


def _page(found: QuerySet[Entry], before: int | None) -> TrailPage:
    if before is not None:
        found = found.filter(seq__lt=before)
    entries = list(found.order_by("-seq")[: PAGE + 1])
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    return TrailPage(_in_words(entries), entries[-1].seq if more else None)


def _users(ids: Iterable[int | None]) -> dict[int | None, str]:
    return dict(User.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "name"))


def _agencies(ids: Iterable[int | None]) -> dict[int | None, str]:
    return dict(Agency.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "name"))


def _in_words(entries: Iterable[Entry]) -> list[TrailLine]:
    entries = list(entries)
    users, agencies = (
        _users(entry.user_id for entry in entries),
        _agencies(entry.agency_id for entry in entries),
    )
    actions = registry()
    return [
        TrailLine(
            seq=entry.seq,
            at=entry.at.astimezone(clock.TOKYO),
            who=users.get(entry.user_id, NOBODY),
            role=_ROLE_LABELS.get(entry.role, ""),
            agency=agencies.get(entry.agency_id, ""),
            what=actions[entry.action].label
            if entry.action in actions
            else _OWN_WORDS.get(entry.action, entry.action),
            refused=entry.outcome == Entry.Outcome.REFUSED,
            household_id=entry.household_id,
            where=" ".join(part for part in (_VIA.get(entry.via, entry.via), entry.ip) if part),
        )
        for entry in entries
    ]
