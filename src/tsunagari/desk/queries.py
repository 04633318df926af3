"""The trail in words: who, what, when, from where, with names looked up in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from tsunagari.accounts.models import Membership, User
from tsunagari.audit import queries as audit
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.access import LABELS, registry
from tsunagari.base.actor import Actor
from tsunagari.families.models import Household
from tsunagari.places.models import Agency

PAGE = 100
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


def trail_page(actor: Actor, wanted: TrailFilter) -> TrailPage:
    """The trail this actor may read, in a fixed number of queries."""
    found = audit.entries(
        actor,
        household_ids=_family(wanted.household_id),
        user_id=wanted.user_id,
        since=wanted.since,
        until=wanted.until,
    )
    return _page(found, wanted.before)


def _family(household_id: int | None) -> list[int]:
    """The household and those joined into it: their lines stand under their own numbers, which never change."""
    if household_id is None:
        return []
    joined = Household.objects.filter(joined_into=household_id).order_by("pk")
    return [household_id, *joined.values_list("pk", flat=True)]


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


def _in_words(entries: Iterable[Entry]) -> list[TrailLine]:
    entries = list(entries)
    users = dict(User.objects.filter(pk__in={e.user_id for e in entries}).values_list("pk", "name"))
    agencies = dict(Agency.objects.filter(pk__in={e.agency_id for e in entries}).values_list("pk", "name"))
    actions = registry()
    return [
        TrailLine(
            seq=entry.seq,
            at=entry.at.astimezone(clock.TOKYO),
            who=users.get(entry.user_id, "（自動処理）") if entry.user_id else "（自動処理）",
            role=_ROLE_LABELS.get(entry.role, ""),
            agency=agencies.get(entry.agency_id, "") if entry.agency_id else "",
            what=actions[entry.action].label
            if entry.action in actions
            else _OWN_WORDS.get(entry.action, entry.action),
            refused=entry.outcome == Entry.Outcome.REFUSED,
            household_id=entry.household_id,
            where=" ".join(part for part in (_VIA.get(entry.via, entry.via), entry.ip) if part),
        )
        for entry in entries
    ]
