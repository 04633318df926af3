"""Which household each family of a file is: candidates by the search index in one statement a chunk, then weighed.

What an agency's manager may learn is the same as by searching: of families their agency has not met only those of
which two independent things are known, and of a protected one nothing (see `seen_by`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from tsunagari.base.actor import Actor
from tsunagari.families.access import UNMASK
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.interop.imports.plan import Progress
from tsunagari.interop.imports.roster import store
from tsunagari.interop.imports.roster.evidence import Home, Known, Weighed, folded_address, weigh
from tsunagari.interop.imports.roster.folding import fold_kana, name_key
from tsunagari.interop.imports.roster.profile import Profile, gather
from tsunagari.interop.models import Import, RosterRow

MOST_CANDIDATES = 5
_MOST = 10
_FIND = """
SELECT DISTINCT wish."group", found.household_id
FROM jsonb_to_recordset(%s::jsonb) AS wish("group" int, grams jsonb),
     LATERAL families_find(ARRAY(SELECT jsonb_array_elements_text(wish.grams)), %s) AS found
"""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom families are matched: the agency whose roster it is, and how far the person sees."""

    agency_id: int
    everything: bool
    unmask: bool

    def may_see(self, home: Home, pieces: int) -> bool:
        """Whether the person may be shown the household beside a row of which so many pieces agree."""
        if self.everything or home.own:
            return self.unmask or not home.protected
        return pieces >= 2 and not home.protected


def asker(actor: Actor, agency_id: int) -> Asker:
    return Asker(agency_id, actor.scope == "municipality", actor.may(UNMASK))


def match_all(source: Import, *, who: Asker, total: int, progress: Progress) -> None:
    """Match every family of the file and keep what was found. A fixed number of statements a chunk."""
    after, done = 0, 0
    while families := store.families(source, after=after):
        after = max(families)
        profiles = {number: gather(map(store.read_of, lines)) for number, lines in families.items()}
        store.keep_matches(source, list(_matched(profiles, who)))
        done += sum(map(len, families.values()))
        progress(min(done, total), total)


def _matched(profiles: Mapping[int, Profile], who: Asker) -> Iterator[dict[str, Any]]:
    found = _candidates(profiles, who)
    homes = load_homes({pk for ids in found.values() for pk in ids}, who.agency_id)
    for number, profile in profiles.items():
        weighed = [(homes[pk], weigh(profile, homes[pk])) for pk in found[number] if pk in homes]
        yield {"group": number, **judge(weighed, who)}


def judge(weighed: Iterable[tuple[Home, Weighed]], who: Asker) -> dict[str, Any]:
    """Sure, maybe or new, with the candidates worth a look, best first.

    A protected household the person may not see is never taken for sure; with two things agreeing the family waits
    for somebody who may see it, with fewer it is as if it were not there.
    """
    kept = [(home, found) for home, found in weighed if _worth(home, found, who)]
    kept.sort(key=lambda one: (-one[1].score, one[1].household_id))
    sure = [home for home, found in kept if found.sure]
    candidates = [
        {
            "household": found.household_id,
            "score": found.score,
            "agrees": found.agrees,
            "differs": found.differs,
        }
        for _, found in kept[:MOST_CANDIDATES]
    ]
    if len(sure) == 1 and who.may_see(sure[0], 2):
        household, match = sure[0].household_id, RosterRow.Match.SURE
    else:
        household, match = None, RosterRow.Match.MAYBE if candidates else RosterRow.Match.NEW
    return {"match": match, "household": household, "candidates": candidates}


def _worth(home: Home, found: Weighed, who: Asker) -> bool:
    return found.worth_asking and (found.pieces >= 2 or who.may_see(home, found.pieces))


def _candidates(profiles: Mapping[int, Profile], who: Asker) -> dict[int, set[int]]:
    wishes = [
        {"group": number, "grams": grams}
        for number, profile in profiles.items()
        for grams in _wishes(profile, who)
    ]
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [orjson.dumps(wishes).decode(), _MOST])
        for number, household_id in cursor:
            found[number].add(household_id)
    return found


def _wishes(profile: Profile, who: Asker) -> Iterator[list[str]]:
    """Sets of grams a household may hold all of: a name, a phone, a birth date beside a family name, a nickname.

    What two of these have in common is found by either, so no pair of them has to be asked for.
    """
    for name in dict.fromkeys(_names(profile)):
        yield [name]
    for phone in profile.phones:
        yield [f"p:{phone}"]
    family = name_key(profile.family)
    kana = fold_kana(next((one.family_kana for one in profile.guardians if one.family_kana), ""))
    for birth in sorted({f"b:{child.birth}" for child in profile.children if child.birth}):
        if family:
            yield [birth, f"n:{family[:2]}"]
        if len(kana) > 1:
            yield [birth, f"k:{kana[:2]}"]
    if not profile.full and profile.called:
        yield [f"N:{name_key(profile.called)}", f"a:{who.agency_id}"]


def _names(profile: Profile) -> Iterator[str]:
    for guardian in profile.guardians:
        if guardian.given or len(guardian.family) > 2:
            yield f"N:{name_key(guardian.family + guardian.given)}"
        if guardian.given_kana:
            yield f"K:{fold_kana(guardian.family_kana + guardian.given_kana)}"
    reading = next((one.family_kana for one in profile.guardians if one.family_kana), "")
    for child in profile.children:
        family = child.family or profile.family
        if family and child.given:
            yield f"N:{name_key(family + child.given)}"
        if reading and child.given_kana:
            yield f"K:{fold_kana(reading + child.given_kana)}"


def load_homes(ids: Iterable[int], agency_id: int) -> dict[int, Home]:
    """The households by id with their people, folded for weighing: three queries."""
    wanted = list(ids)
    if not wanted:
        return {}
    people: dict[int, list[Known]] = defaultdict(list)
    for person in _people(wanted):
        people[person.household_id].append(_known(person))
    own = set(
        AgencyLink.objects.filter(household__in=wanted, agency_id=agency_id).values_list(
            "household_id", flat=True
        )
    )
    rows = Household.objects.filter(pk__in=wanted, joined_into__isnull=True)
    return {
        pk: Home(pk, tuple(people[pk]), name_key(nickname), folded_address(address), protected, pk in own)
        for pk, nickname, address, protected in rows.values_list("pk", "nickname", "address", "protected")
    }


def _people(households: Sequence[int]) -> Iterable[Person]:
    return Person.objects.filter(
        household__in=households, life=Person.Life.LIVING, left_on__isnull=True, same_as__isnull=True
    ).only(
        "household_id", "kind", "family_name", "given_name", "family_kana", "given_kana", "nickname",
        "birth_date", "phone", "phone_other",
    )  # fmt: skip


def _known(person: Person) -> Known:
    return Known(
        child=person.kind == Person.Kind.CHILD,
        name=name_key(person.family_name + person.given_name),
        given=name_key(person.given_name),
        kana=fold_kana(person.family_kana + person.given_kana),
        given_kana=fold_kana(person.given_kana),
        nickname=name_key(person.nickname),
        birth=person.birth_date.isoformat() if person.birth_date else "",
        phones=frozenset(filter(None, (person.phone, person.phone_other))),
    )
