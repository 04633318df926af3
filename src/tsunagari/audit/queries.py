"""Reading and verifying the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tsunagari.audit import rules
from tsunagari.audit.models import Entry, Head
from tsunagari.base import clock
from tsunagari.base.actor import Actor


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain of one municipality no longer holds."""

    municipality_id: int
    seq: int
    entry_id: int | None
    kind: str

    def __str__(self) -> str:
        where = f"自治体 {self.municipality_id} の {self.seq} 番目"
        entry = f"（id {self.entry_id}）" if self.entry_id else ""
        return f"{where}{entry}: {self.kind}"


@dataclass(frozen=True, slots=True)
class Verified:
    """One municipality's chain as read: entries counted, the last hash, and the first break if any."""

    municipality_id: int
    entries: int
    last_hash: str
    broken: Break | None


def entries(
    actor: Actor,
    *,
    household_ids: Collection[int] = (),
    user_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """The trail that this actor may read, newest first: an agency's manager sees the own agency's lines."""
    found = Entry.objects.filter(municipality_id=actor.municipality_id)
    if actor.scope == "agency":
        found = found.filter(agency_id=actor.agency_id)
    if household_ids:
        found = found.filter(household_id__in=household_ids)
    if user_id is not None:
        found = found.filter(user_id=user_id)
    if since:
        found = found.filter(at__gte=clock.at(since))
    if until:
        found = found.filter(at__lt=clock.at(date.fromordinal(until.toordinal() + 1)))
    return found.order_by("-at", "-seq")


def verify(
    municipality_id: int | None = None, *, anchors: Mapping[int, tuple[int, str]] | None = None
) -> Iterator[Verified]:
    """Walk every chain from its first entry. Must run as the owner: it reads over all municipalities.

    `anchors` maps a municipality to (position, hash) as once written down outside the system.
    """
    heads = Head.objects.order_by("municipality_id")
    if municipality_id is not None:
        heads = heads.filter(pk=municipality_id)
    for head in heads:
        yield _verify_chain(head, (anchors or {}).get(head.pk))


def verify_newest(municipality_id: int, most: int) -> tuple[int, Verified]:
    """The newest `most` entries of the own town's chain, each against the one before, and the last against the head;
    and the position of the first that was read. Needs the town's scope alone. What is added meanwhile is not read.
    """
    head = Head.objects.filter(pk=municipality_id).first() or Head(municipality_id=municipality_id)
    first = max(1, head.seq - most + 1)
    previous = ""
    if first > 1:
        before = Entry.objects.filter(municipality_id=municipality_id, seq=first - 1).values_list(
            "hash", flat=True
        )
        previous = before.first() or ""
    rows = Entry.objects.filter(municipality_id=municipality_id, seq__gte=first, seq__lte=head.seq)
    return first, _walk(head, rows, first - 1, previous)


def _walk(head: Head, rows: QuerySet[Entry], seq: int, previous: str) -> Verified:
    """Rows that begin after position `seq`, whose hash is `previous`, up to the head."""
    town, start = head.municipality_id, seq
    for row in rows.order_by("seq").values("id", "hash", *rules.CHAINED).iterator(chunk_size=2000):
        seq += 1
        if row["seq"] != seq:
            return Verified(town, seq - 1 - start, previous, Break(town, seq, None, rules.GONE))
        if row["prev"] != previous or rules.digest(row) != row["hash"]:
            return Verified(town, seq - 1 - start, previous, Break(town, seq, row["id"], rules.REWRITTEN))
        previous = row["hash"]
    if (head.seq, head.hash) != (seq, previous):
        return Verified(town, seq - start, previous, Break(town, seq + 1, None, rules.CUT))
    return Verified(town, seq - start, previous, None)


def last_check(actor: Actor) -> Entry | None:
    """The newest entry that tells of a check of the town's chain."""
    # the action as the index of checks says it
    found = Entry.objects.filter(municipality_id=actor.municipality_id, action="trail.verify")
    return found.filter(outcome=Entry.Outcome.DONE).order_by("-seq").first()


def _verify_chain(head: Head, anchor: tuple[int, str] | None) -> Verified:
    town = head.municipality_id
    seq, previous = 0, ""
    rows = Entry.objects.filter(municipality_id=town).order_by("seq").values("id", "hash", *rules.CHAINED)
    for row in rows.iterator(chunk_size=2000):
        seq += 1
        if row["seq"] != seq:
            return Verified(town, seq - 1, previous, Break(town, seq, None, rules.GONE))
        if row["prev"] != previous or rules.digest(row) != row["hash"]:
            return Verified(town, seq - 1, previous, Break(town, seq, row["id"], rules.REWRITTEN))
        previous = row["hash"]
        if anchor and seq == anchor[0] and previous != anchor[1]:
            return Verified(
                town, seq, previous, Break(town, seq, row["id"], "書き出しておいた印と合いません。")
            )
    if (head.seq, head.hash) != (seq, previous):
        return Verified(town, seq, previous, Break(town, seq + 1, None, rules.CUT))
    if anchor and anchor[0] > seq:
        return Verified(
            town, seq, previous, Break(town, seq + 1, None, "書き出しておいた印より短くなっています。")
        )
    return Verified(town, seq, previous, None)
