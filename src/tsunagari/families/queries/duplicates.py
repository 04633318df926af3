"""Families that may be the one about to be made: same name or reading, and same birth date or phone."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.db import connection

from tsunagari.base.actor import Actor
from tsunagari.base.japanese.text import fold_kana, phone_digits
from tsunagari.families import rules
from tsunagari.families.models import Household
from tsunagari.families.queries.hits import FamilyHit, hits, residents
from tsunagari.families.rules import PersonInput

MOST = 10
_EACH = """
SELECT DISTINCT found.household_id
FROM jsonb_array_elements(%s::jsonb) AS wish,
     LATERAL families_find(ARRAY(SELECT jsonb_array_elements_text(wish)), %s) AS found
"""


def likely_duplicates(actor: Actor, people: Sequence[PersonInput]) -> list[FamilyHit]:
    """Families of the whole municipality that share a person with `people`; at most MOST, five queries.

    Families outside the actor's own show what recognising needs, as `find` does.
    """
    wishes = [wish for person in people for wish in _wishes(person)]
    if not wishes or actor.scope == "none":
        return []
    with connection.cursor() as cursor:
        cursor.execute(_EACH, [orjson.dumps(wishes).decode(), MOST])
        ids = sorted(row[0] for row in cursor.fetchall())
    rows = Household.objects.filter(
        pk__in=ids, municipality_id=actor.municipality_id, joined_into__isnull=True
    ).order_by("pk")
    living = residents(ids)
    likely = [row for row in rows if _shares(people, [_keys_of_person(p) for p in living[row.pk]])][:MOST]
    own = set(
        Household.objects.visible_to(actor)
        .filter(pk__in=[row.pk for row in likely])
        .values_list("pk", flat=True)
    )
    return hits(actor, likely, outside=frozenset(row.pk for row in likely) - own)


def _wishes(person: PersonInput) -> list[list[str]]:
    """Grams of each pair (name or reading) × (birth date or phone) of one person."""
    names, facts = _keys(person)
    return [[name, fact] for name in names for fact in facts]


def _keys(person: PersonInput) -> tuple[list[str], list[str]]:
    name = rules.name_key(person.family_name + person.given_name)
    kana = fold_kana(person.family_kana + person.given_kana)
    names = ([f"N:{name}"] if name and person.given_name else []) + (
        [f"K:{kana}"] if kana and person.given_kana else []
    )
    phones = {phone_digits(phone) for phone in (person.phone, person.phone_other) if phone}
    birth = [f"b:{person.birth_date.isoformat()}"] if person.birth_date else []
    return names, birth + [f"p:{phone}" for phone in sorted(filter(None, phones))]


def _keys_of_person(person: object) -> tuple[set[str], set[str]]:
    fields = PersonInput.__dataclass_fields__
    names, facts = _keys(PersonInput(**{name: getattr(person, name) for name in fields}))
    return set(names), set(facts)


def _shares(people: Sequence[PersonInput], living: Sequence[tuple[set[str], set[str]]]) -> bool:
    """Whether somebody typed is somebody living there: birth dates must be the same person's, phones the family's."""
    phones = {fact for _, facts in living for fact in facts if fact.startswith("p:")}
    for person in people:
        names, facts = _keys(person)
        for their_names, their_facts in living:
            if their_names & set(names) and (their_facts | phones) & set(facts):
                return True
    return False
