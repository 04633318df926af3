"""From the profile of a family to what is made of it: people as typed, or a nickname alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from tsunagari.families.models import Person
from tsunagari.families.operations.rosters import NewFamily
from tsunagari.families.rules import CHILD, GUARDIAN, PersonInput
from tsunagari.interop.imports.roster.folding import fold_kana, name_key
from tsunagari.interop.imports.roster.people import Child, Guardian, Read
from tsunagari.interop.imports.roster.profile import Profile

#: Keys of rows of rosters grow from here; the same import and row give the same key for ever.
NAMESPACE = UUID("6d2a5b1c-5a3f-5f0e-9c60-0d6f1f2b7a11")
_MOST_HINT = 18 * 12


def key_of(import_id: int, what: str, number: int) -> UUID:
    """The key of the family or visit that a row makes."""
    return uuid5(NAMESPACE, f"roster/{import_id}/{what}/{number}")


def new_family(import_id: int, number: int, profile: Profile, *, nameless: bool, today: date) -> NewFamily:
    """The family to be made. `nameless`: by what it is called alone, nothing else of the roster is kept."""
    key = key_of(import_id, "family", number)
    if nameless or not profile.full:
        called = (profile.title if nameless else profile.called).replace("\u3000", " ")
        months = (
            None
            if nameless
            else next(
                (_hint(child, profile, today) for child in profile.children if child.months is not None), None
            )
        )
        return NewFamily(key, (PersonInput(kind=CHILD, nickname=called, age_hint_months=months),), called)
    people = [_guardian(one, profile, index) for index, one in enumerate(profile.guardians)]
    people += [_child(one, profile, today) for one in profile.children]
    return NewFamily(key, tuple(people), address=profile.address)


def _guardian(one: Guardian, profile: Profile, index: int) -> PersonInput:
    phones = [*profile.phones, "", ""] if index == 0 else ["", ""]
    return PersonInput(
        kind=GUARDIAN,
        family_name=one.family,
        given_name=one.given,
        family_kana=one.family_kana,
        given_kana=one.given_kana,
        phone=phones[0],
        phone_other=phones[1],
    )


def _child(one: Child, profile: Profile, today: date) -> PersonInput:
    lead = profile.guardians[0] if profile.guardians else Guardian()
    family = one.family or (lead.family if lead.given else "")
    named = bool(family or one.given)
    phones = [*profile.phones, "", ""] if not profile.guardians and one is profile.children[0] else ["", ""]
    return PersonInput(
        kind=CHILD,
        family_name=family,
        given_name=one.given,
        family_kana=lead.family_kana if lead.given_kana and family == lead.family else "",
        given_kana=one.given_kana,
        nickname="" if named else "お子さん",
        birth_date=date.fromisoformat(one.birth) if one.birth else None,
        age_hint_months=None if one.birth else _hint(one, profile, today),
        phone=phones[0],
        phone_other=phones[1],
    )


def _hint(child: Child, profile: Profile, today: date) -> int | None:
    """The age today that follows from the age written on the last day the family came."""
    if child.months is None:
        return None
    seen = date.fromisoformat(profile.seen or profile.registered or today.isoformat())
    passed = (today.year - seen.year) * 12 + today.month - seen.month - (today.day < seen.day)
    return min(child.months + max(0, passed), _MOST_HINT)


def who_came(reads: Sequence[Read], living: Sequence[Person]) -> tuple[list[int], list[str]]:
    """Ids of the people of the household whom the rows name, and the names of children nobody there has."""
    ids: list[int] = []
    strangers: list[str] = []
    for read in reads:
        guardian = name_key(read.guardian.family + read.guardian.given)
        ids += [
            one.pk
            for one in living
            if one.kind != CHILD and guardian and name_key(one.family_name + one.given_name) == guardian
        ]
        for child in read.children:
            person = _child_here(child, living)
            if person is not None:
                ids.append(person.pk)
            elif child.given:
                strangers.append(child.given)
    return list(dict.fromkeys(ids)), list(dict.fromkeys(strangers))


def _child_here(child: Child, living: Sequence[Person]) -> Person | None:
    children = [one for one in living if one.kind == CHILD]
    given, kana = name_key(child.given), fold_kana(child.given_kana)
    for one in children:
        if given and given in (name_key(one.given_name), fold_kana(one.given_kana), name_key(one.nickname)):
            return one
        if kana and kana == fold_kana(one.given_kana):
            return one
    if child.birth:
        return next(
            (one for one in children if one.birth_date and one.birth_date.isoformat() == child.birth), None
        )
    return None
