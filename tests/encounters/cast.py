"""A family and records about it, for the tests of encounters."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

from django.db import connection

from tests.families.people import make_family, trail
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation, Visit
from tsunagari.encounters.operations import records, visits
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household, Person
from tsunagari.families.rules import PersonInput

MOTHER = PersonInput(
    family_name="木村",
    given_name="綾",
    family_kana="キムラ",
    given_kana="アヤ",
    birth_date=date(1994, 3, 3),
    relation="母",
)
SOTA = PersonInput(
    kind="child",
    family_name="木村",
    given_name="颯太",
    family_kana="キムラ",
    given_kana="ソウタ",
    birth_date=date(2024, 8, 9),
)
RIN = PersonInput(
    kind="child",
    family_name="木村",
    given_name="凛",
    family_kana="キムラ",
    given_kana="リン",
    birth_date=date(2026, 6, 1),
)
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=clock.TOKYO)

__all__ = [
    "MOTHER",
    "NOON",
    "RIN",
    "SOTA",
    "at_once",
    "children",
    "kimura",
    "mother",
    "said",
    "trail",
    "visit",
    "write",
]


def kimura(actor: Actor) -> Household:
    """木村さん: a mother and two children, known to the actor's agency."""
    return make_family(actor, MOTHER, SOTA, RIN)


def children(family: Household) -> list[int]:
    """Ids of the family's children, the elder first."""
    found = family.people.filter(kind=Person.Kind.CHILD).order_by("birth_date", "pk")
    return list(found.values_list("pk", flat=True))


def mother(family: Household) -> int:
    """Id of the family's mother."""
    return family.people.get(relation="母").pk


def visit(actor: Actor, family: Household, **more: Any) -> Visit:
    """The whole family checks in."""
    given = {"person_ids": children(family), "key": uuid4()} | more
    return visits.check_in(family, actor=actor, **given)


def said(family: Household | None = None, **more: Any) -> RecordInput:
    """A record's input about the elder child, told by the mother."""
    given: dict[str, Any] = {
        "occurred_at": NOON,
        "content": "2語文がまだ出ない。",
        "categories": (5, 9),
        "channel": "visit",
    }
    if family is not None:
        people = (children(family)[0], mother(family))
        given |= {"household_id": family.pk, "person_ids": people, "consulting_ids": people[1:]}
    return RecordInput(**(given | more))


def write(actor: Actor, family: Household | None = None, **more: Any) -> Consultation:
    """A saved record."""
    return records.write_record(said(family, **more), actor=actor, key=uuid4())


def at_once(work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    """Results of `work` on each item, all started at the same moment on connections of their own."""
    gate = Barrier(len(items))

    def run(item: Any) -> Any:
        try:
            gate.wait(10)
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(run, items))


def until_somebody_waits() -> None:
    """Until another connection waits for a lock of ours."""
    with connection.cursor() as cursor:
        for _ in range(2_000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waited.")
