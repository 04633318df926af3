"""さがす: records by the words in them and by what they are, newest first, only what may be seen.

`encounters_find_records` names candidates: rows whose hashed grams and tokens fit. Each is read again through
Consultation.objects.visible_to and compared with the text itself, so neither a hash nor a row of words that lags behind
can show anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.queries.names import FamilyName, agency_names, family_names
from tsunagari.encounters.queries.records import RecordLine, record_line, unread_marked
from tsunagari.encounters.rules import MASK
from tsunagari.encounters.rules.indexing import COLUMNS, SHARED, TEXTS, readable_at
from tsunagari.encounters.rules.words import Piece, Query, excerpt, holds, read_query, token, word_grams

PAGE = 20
# A common word is found among the newest records, looked at one by one; a rare one by the index of grams, which would
# name all of a common one. In the town some more of the newest are looked at between them; one agency's are few.
NEAR, FARTHER, NEAR_ONE = 1_500, 6_000, 400
DENSE = 7  # found among NEAR: enough to look farther
# Candidates named at a time: few at first, more when they do not fit (pieces of a word that stand apart in a text), and
# many of the index, which reads all it has of the words whenever it is asked.
FEW, MANY, MOST = 30, 120, 1_000
EXCERPTS = 2  # shown of one record
_LAST = 2**62
_BEGIN = datetime(1900, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)

#: What was typed into which field, for the excerpts.
LABELS = {
    "content": "内容",
    "assessment": "見立て",
    "response_note": "したこと",
    "progress": "その後の経過",
    "next_step": "次にすること",
    "next_result": "結果",
    "who_hint": "だれの相談",
    "place": "場所",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find; None and "" leave it open. Days are inclusive, `concern` is that level and above."""

    words: str = ""
    category: int | None = None
    detail: int | None = None
    mark: int | None = None
    concern: int | None = None
    writer: int | None = None
    agency: int | None = None
    kind: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def tokens(self) -> list[int]:
        """Tokens every such record has."""
        kinds = ("category", "detail", "mark", "concern", "writer", "agency", "kind", "channel")
        return [
            token(kind, value) for kind in kinds if (value := getattr(self, kind)) is not None and value != ""
        ]

    @property
    def empty(self) -> bool:
        return not (self.words.strip() or self.tokens or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found; `agency` is filled when it is another agency's. `excerpts`: (field, pieces)."""

    line: RecordLine
    agency: str
    excerpts: list[tuple[str, list[Piece]]]


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found; `more` is the key of the next or "". `short`: words that say too little alone."""

    hits: list[Hit] = field(default_factory=list)
    more: str = ""
    short: tuple[str, ...] = ()
    kana_only: bool = False


def search(actor: Actor, wanted: Wanted, *, before: str = "", limit: int = PAGE) -> Hits:
    """Records that hold all the words and are all that is wanted, newest first, from the one after the key `before`.

    Words are found in every text of a record; one kanji is enough, one kana is not. At most a few statements for a
    page, however many records there are.
    """
    query = read_query(wanted.words)
    if wanted.empty or actor.agency_id is None or (wanted.words.strip() and not query.words):
        return Hits(short=query.short)
    found: list[tuple[int, datetime]] = []
    more = ""
    for fitting, more in _rounds(actor, wanted, query, _cursor(before)):
        found += fitting
        if len(found) > limit:
            more = _key(*found[limit - 1])
            break
    return Hits(_hits(actor, [pk for pk, _ in found[:limit]], query), more, query.short, query.kana_only)


def _rounds(
    actor: Actor, wanted: Wanted, query: Query, at: tuple[datetime, int]
) -> Iterator[tuple[list[tuple[int, datetime]], str]]:
    """(record, when) of those that truly fit, some candidates at a time, and the key to go on from ("" when there are
    no more). After MOST candidates somebody has to ask for more."""
    looked_at = 0
    for candidates in _candidates(actor, wanted, query, at):
        for start in range(0, len(candidates), MANY):
            some = candidates[start : start + MANY]
            yield _fitting(actor, wanted, query, [pk for pk, _ in some]), _key(*some[-1])
            looked_at += len(some)
            if looked_at >= MOST:
                return
    yield [], ""


_FIND = "SELECT record_id, at FROM encounters_find_records(%s::int[], %s::int[], %s, %s, %s, %s, %s, %s)"


def _candidates(
    actor: Actor, wanted: Wanted, query: Query, at: tuple[datetime, int]
) -> Iterator[list[tuple[int, datetime]]]:
    """(record, when) of rows after `at` whose grams and tokens fit, newest first, as many at a time as come cheap."""
    grams = [*wanted.tokens, *word_grams(query.words)]
    eyes = [readable_at(actor.agency_id or 0)] + ([SHARED] if actor.scope == "municipality" else [])
    since = clock.at(wanted.since) if wanted.since else _BEGIN
    until = clock.at(wanted.until + timedelta(days=1)) if wanted.until else _END
    at = min(at, (until, 0))
    place = actor.agency_id if actor.scope != "municipality" else wanted.agency
    near = NEAR if place is None else NEAR_ONE
    most = FEW
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [grams, eyes, since, *at, near, most, place])
            found: list[tuple[int, datetime]] = cursor.fetchall()
        if found:
            yield found
            at = (found[-1][1], found[-1][0])
        if len(found) < most and not near:
            return
        if len(found) < most:
            near = FARTHER if near == NEAR and len(found) >= DENSE else 0
        most = MANY if near else MOST


def _fitting(actor: Actor, wanted: Wanted, query: Query, ids: list[int]) -> list[tuple[int, datetime]]:
    """Those of the candidates that may be seen and truly are what is wanted, in their order."""
    found = {row["id"]: row for row in _looked_at(actor, ids) if _is(row, wanted)}
    return [
        (pk, found[pk]["occurred_at"])
        for pk in ids
        if pk in found and holds([found[pk][name] for name in TEXTS], query.words)
    ]


@prepared
def _looked_at(actor: Actor, ids: list[int]) -> QuerySet[Consultation, dict[str, Any]]:
    rows: QuerySet[Consultation, dict[str, Any]] = Consultation.objects.visible_to(actor).values(*COLUMNS)
    return rows.filter(pk__any_of=ids)


@prepared
def _shown(actor: Actor, ids: list[int]) -> QuerySet[Consultation, Consultation]:
    return unread_marked(Consultation.objects.visible_to(actor), actor).filter(pk__any_of=ids)


def _is(row: dict[str, Any], wanted: Wanted) -> bool:
    return (
        wanted.category in (None, *row["categories"])
        and wanted.detail in (None, *row["details"])
        and wanted.mark in (None, row["mark_id"])
        and (wanted.concern is None or (row["concern"] is not None and row["concern"] >= wanted.concern))
        and wanted.writer in (None, row["author_id"])
        and wanted.agency in (None, row["agency_id"])
        and wanted.kind in ("", row["kind"])
        and wanted.channel in ("", row["channel"])
        and (wanted.since is None or row["occurred_at"] >= clock.at(wanted.since))
        and (wanted.until is None or row["occurred_at"] < clock.at(wanted.until + timedelta(days=1)))
    )


def _hits(actor: Actor, ids: list[int], query: Query) -> list[Hit]:
    if not ids:
        return []
    rows = sorted(_shown(actor, ids), key=lambda row: ids.index(row.pk))
    names = family_names(row.household_id for row in rows)
    others = [row for row in rows if row.agency_id != actor.agency_id]
    agencies = agency_names((row.agency_id, row.occurred_on) for row in others)
    return [
        Hit(
            record_line(row, names),
            "" if row.agency_id == actor.agency_id else _agency(row, names, agencies),
            _excerpts(row, query),
        )
        for row in rows
    ]


def _agency(row: Consultation, names: dict[int, FamilyName], agencies: dict[tuple[int, date], str]) -> str:
    family = names.get(row.household_id or 0)
    return MASK if family and family.protected else agencies[row.agency_id, row.occurred_on]


def _excerpts(row: Consultation, query: Query) -> list[tuple[str, list[Piece]]]:
    """Of the fields that hold a word; without words the beginning of the text."""
    if not query.words:
        return [("", [Piece(row.content[:80] + ("…" if len(row.content) > 80 else ""))])]
    found = [(LABELS[name], excerpt(getattr(row, name), query.words)) for name in LABELS]
    return [(label if label != "内容" else "", pieces) for label, pieces in found if pieces][:EXCERPTS]


def _key(pk: int, at: datetime) -> str:
    return f"{at.isoformat()}_{pk}"


def _cursor(text: str) -> tuple[datetime, int]:
    at, _, pk = text.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo and 0 <= int(pk) < _LAST:
            return moment, int(pk)
    except ValueError:
        pass
    return _END, _LAST
