"""Keeping what families are found by in step with what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add
from tsunagari.base.prepared import prepared
from tsunagari.families import access, queries, rules
from tsunagari.families.models import AgencyLink, Card, Household, Person, SearchEntry
from tsunagari.families.rules import PersonInput

_COPY_SORT_KEYS = """
UPDATE families_agencylink AS link
SET sort_kana = entry.sort_kana, sort_name = entry.sort_name,
    listed = household.status = 'active' AND household.joined_into_id IS NULL
FROM families_searchentry AS entry JOIN families_household AS household ON household.id = entry.household_id
WHERE link.household_id = entry.household_id AND link.household_id = ANY(%s)
  AND (link.sort_kana, link.sort_name, link.listed) IS DISTINCT FROM
      (entry.sort_kana, entry.sort_name, household.status = 'active' AND household.joined_into_id IS NULL)
"""
_ALIVE = (Person.Life.LIVING, Person.Life.EXPECTED)
_KIND_ORDER = {"guardian": 0, "child": 1, "relative": 2}


def refresh(households: Iterable[Household | int]) -> None:
    """Rewrite the search entries and sort keys of these households (rows or ids) in a fixed number of queries.

    Call it for a few thousand at a time: all their people are held in memory. Runs in the caller's transaction.
    """
    ids = sorted({household if isinstance(household, int) else household.pk for household in households})
    if not ids:
        return
    entries = _entries(ids)
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["household"],
        update_fields=["sort_kana", "sort_name", "kana", "names", "grams", "listed"],
    )
    with connection.cursor() as cursor:
        cursor.execute(_COPY_SORT_KEYS, [ids])


def enter(household: Household, people: Sequence[Person], *, agency_ids: list[int]) -> SearchEntry:
    """The search entry of a household made a moment ago with these people; nothing else can stand for it yet."""
    words = [_word(person) for person in sorted(people, key=_order) if person.life in _ALIVE]
    entry = _entry(household, words, agency_ids, [], [])
    add(entry)
    return entry


def _entries(ids: list[int]) -> list[SearchEntry]:
    words = _words(ids)
    rows: list[Any] = list(_households(ids))
    return [_entry(row, words[row.pk], row.known_by, row.joined_nicknames, row.card_numbers) for row in rows]


@prepared
def _households(ids: list[int]) -> QuerySet[Household, Household]:
    links = AgencyLink.objects.filter(household=OuterRef("pk")).order_by("pk")
    joined = Household.objects.filter(joined_into=OuterRef("pk")).exclude(nickname="").order_by("pk")
    cards = Card.objects.filter(household=OuterRef("pk")).order_by("pk")
    rows = Household.objects.filter(pk__any_of=ids).only("municipality_id", "nickname", "joined_into_id")
    return rows.annotate(
        known_by=ArraySubquery(links.values("agency_id")),
        joined_nicknames=ArraySubquery(joined.values("nickname")),
        card_numbers=ArraySubquery(cards.values("number")),
    )


def _entry(
    row: Household,
    people: list[rules.Words],
    agencies: list[int],
    nicknames: list[str],
    cards: list[str],
) -> SearchEntry:
    own = [row.nickname] if row.nickname else []
    sort_kana, sort_name = rules.sort_keys(people, row.nickname)
    called = [*people, *(rules.Words(nickname=name) for name in [*own, *nicknames])]
    return SearchEntry(
        household_id=row.pk,
        municipality_id=row.municipality_id,
        sort_kana=sort_kana,
        sort_name=sort_name,
        kana=list(dict.fromkeys(word.kana_key for word in called if word.kana_key)),
        names=list(dict.fromkeys(word.name_key for word in called if word.name_key)),
        grams=rules.grams(people, cards=cards, agency_ids=agencies, nicknames=[*own, *nicknames]),
        listed=row.joined_into_id is None,
    )


def _words(ids: list[int]) -> dict[int, list[rules.Words]]:
    """Who lives in each household, first or second home, guardians first."""
    found: dict[int, list[rules.Words]] = defaultdict(list)
    for person in sorted(_residents(ids), key=_order):
        found[person.household_id].append(_word(person))
    guest: Any
    for guest in _guests(ids, clock.today()):
        found[guest.staying_in].append(_word(guest))
    return found


def _living() -> QuerySet[Person, Person]:
    return Person.objects.filter(life__in=_ALIVE, left_on__isnull=True)


@prepared
def _residents(ids: list[int]) -> QuerySet[Person, Person]:
    return _living().filter(household__any_of=ids)


@prepared
def _guests(ids: list[int], day: date) -> QuerySet[Person, Person]:
    staying = _living().filter(
        Q(second_homes__valid_to__isnull=True) | Q(second_homes__valid_to__gte=day),
        second_homes__household__any_of=ids,
    )
    return staying.annotate(staying_in=F("second_homes__household_id"))


def _order(person: Person) -> tuple[int, str, int]:
    return (
        _KIND_ORDER[person.kind],
        person.birth_date.isoformat() if person.birth_date and person.kind == "child" else "",
        person.pk,
    )


def _word(person: Person) -> rules.Words:
    return rules.Words(
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        nickname=person.nickname,
        birth_date=person.birth_date,
        phones=tuple(phone for phone in (person.phone, person.phone_other) if phone),
    )


def look_up(text: str, *, actor: Actor, limit: int = 20) -> queries.Found:
    """`queries.find`, with the search on the trail: how many hits, and the ids of families outside one's own."""
    found = queries.find(actor, text, limit=limit)
    audit.record(
        access.FIND,
        actor=actor,
        detail={"hits": len(found.own), "outside": [hit.household_id for hit in found.outside]},
    )
    return found


def look_for_duplicates(people: Sequence[PersonInput], *, actor: Actor) -> list[queries.FamilyHit]:
    """`queries.likely_duplicates`, with the families shown on the trail."""
    found = queries.likely_duplicates(actor, people)
    if found:
        audit.record(access.FIND, actor=actor, detail={"duplicates": [hit.household_id for hit in found]})
    return found
