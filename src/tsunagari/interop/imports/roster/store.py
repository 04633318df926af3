"""Rows of a roster in the database, in chunks: put there as they are read, put into families, read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import orjson
from django.db import connection

from tsunagari.base.actor import Actor
from tsunagari.interop.imports.plan import Progress
from tsunagari.interop.imports.roster import people
from tsunagari.interop.imports.roster.groups import Groups
from tsunagari.interop.imports.roster.people import Read
from tsunagari.interop.imports.roster.rows import Taken
from tsunagari.interop.models import Import, RosterRow

CHUNK = 1000
T = TypeVar("T")
_GROUP = """
UPDATE interop_rosterrow AS line SET "group" = found.family
FROM unnest(%s::int[], %s::int[]) AS found(number, family)
WHERE line.source_id = %s AND line.number = found.number
"""


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    walk = iter(rows)
    while chunk := list(islice(walk, size)):
        yield chunk


def keep(source: Import, taken: Iterable[Taken], *, total: int, progress: Progress) -> int:
    """Write the rows, then which family each belongs to; how many rows were read. Memory holds one chunk."""
    groups, done = Groups(), 0
    for chunk in chunks(taken):
        RosterRow.objects.bulk_create([_line(source, one) for one in chunk])
        for one in chunk:
            if not one.reason:
                groups.add(one.number, one.read)
        done += len(chunk)
        progress(min(done, total), total)
    for pairs in chunks(groups.rows(), 5000):
        with connection.cursor() as cursor:
            cursor.execute(_GROUP, [[n for n, _ in pairs], [family for _, family in pairs], source.pk])
    return done


def _line(source: Import, one: Taken) -> RosterRow:
    line = RosterRow(municipality_id=source.municipality_id, source=source, number=one.number)
    if one.reason:
        line.match = RosterRow.Match.BAD
        line.values = {"column": one.column, "value": one.value}
        line.reason = one.reason[:200]
    else:
        line.match, line.values = RosterRow.Match.NEW, one.read.as_dict()
    return line


def read_of(line: RosterRow) -> Read:
    """What a kept row means."""
    return people.from_dict({name: value for name, value in line.values.items() if name != "nameless"})


def families(source: Import, *, after: int, rows: int = CHUNK) -> dict[int, list[RosterRow]]:
    """The next families of the file, about so many rows of them, whole: first row's number → rows. {} at the end."""
    lines = RosterRow.objects.filter(source=source, group__gt=after).exclude(match=RosterRow.Match.BAD)
    numbers = list(lines.order_by("group", "number").values_list("group", flat=True)[:rows])
    if not numbers:
        return {}
    last = numbers[-1] if len(numbers) < rows or numbers[0] == numbers[-1] else numbers[-1] - 1
    found: dict[int, list[RosterRow]] = defaultdict(list)
    for line in lines.filter(group__lte=last).order_by("group", "number"):
        found[line.group].append(line)
    return dict(found)


_MATCHED = """
UPDATE interop_rosterrow AS line SET match = found.match, household_id = found.household,
  candidates = CASE WHEN line.number = line."group" THEN found.candidates ELSE '[]'::jsonb END
FROM jsonb_to_recordset(%s::jsonb) AS found("group" int, match text, household bigint, candidates jsonb)
WHERE line.source_id = %s AND line."group" = found."group"
"""


def keep_matches(source: Import, found: Sequence[dict[str, Any]]) -> None:
    """Write what was found for families: [{group, match, household, candidates}]."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED, [orjson.dumps(list(found)).decode(), source.pk])


def keep_as_undecidable(source: Import, leads: Sequence[RosterRow], *, actor: Actor) -> None:
    """Write at families (their first rows) that they were not for this person to decide, and made anew therefore."""
    if not leads:
        return
    lines = RosterRow.objects.filter(source=source, group__in=[lead.group for lead in leads])
    lines.update(match=RosterRow.Match.MAYBE, decided_by=actor.user_id or 0)
    RosterRow.objects.bulk_update(leads, ["values"])


_BROUGHT_IN = """
UPDATE interop_rosterrow AS line
SET household_id = found.household, visit_id = found.visit, made = found.made
FROM jsonb_to_recordset(%s::jsonb) AS found(id bigint, household bigint, visit bigint, made jsonb)
WHERE line.id = found.id
"""


def keep_brought_in(found: Sequence[dict[str, Any]]) -> None:
    """Write at rows what they made: [{id, household, visit, made}]."""
    with connection.cursor() as cursor:
        cursor.execute(_BROUGHT_IN, [orjson.dumps(list(found)).decode()])
