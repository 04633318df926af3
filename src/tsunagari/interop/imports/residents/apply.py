"""Carrying out a plan of residents in bulk, by the rules of families: revisions, search, trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import AgencyLink, Household, HouseholdRevision, Person
from tsunagari.families.operations import search
from tsunagari.interop import access
from tsunagari.interop.imports.plan import Plan, Progress
from tsunagari.interop.imports.residents import registering
from tsunagari.interop.imports.residents.fields import R, Touched
from tsunagari.interop.imports.residents.match import Work

CHUNK = 1000
T = TypeVar("T")


def apply(plan: Plan, *, actor: Actor, today: date, progress: Progress) -> None:
    """Write the households and people of the plan. Needs an open transaction of the municipality."""
    work = plan.work
    assert isinstance(work, Work)
    steps = _Steps(work, progress)
    _update(Household, work.changed_households.values(), steps)
    for chunk in _chunks(work.households):
        Household.objects.bulk_create(chunk)
        steps.done(len(chunk))
    for touched in work.changed_people.values():
        touched.row.household_id = touched.row.household.pk  # a new household has its number only now
    _update(Person, work.changed_people.values(), steps)
    for person in work.people:
        person.household_id = person.household.pk
    for people in _chunks(work.people):
        Person.objects.bulk_create(people)
        steps.done(len(people))
    _keep_former(work, actor)
    _links_follow(work)
    counts = _per_household(work)
    for ids in _chunks(sorted(counts)):
        search.refresh(ids)
        steps.done(len(ids))
    registering.end_of_those_gone(work, actor=actor, today=today)
    registering.homes_of_newborns(work, actor=actor, today=today)
    for household_id, detail in sorted(counts.items()):
        audit.record(access.RUN_IMPORT, actor=actor, household_id=household_id, detail=detail)


class _Steps:
    """How far the writing is, in rows written."""

    def __init__(self, work: Work, progress: Progress) -> None:
        written = (
            len(work.households) + len(work.people) + len(work.changed_people) + len(work.changed_households)
        )
        self._total = written + len(_per_household_ids(work))
        self._done, self._progress = 0, progress

    def done(self, count: int) -> None:
        self._done = min(self._done + count, self._total)
        self._progress(self._done, self._total)


def _chunks(rows: Sequence[T]) -> Iterator[list[T]]:
    walk = iter(rows)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


def _update(model: type[R], touched: Iterable[Touched[R]], steps: _Steps) -> None:
    """Write changed rows over themselves, a thousand a statement."""
    marks = list(touched)
    names: list[str] = sorted({name.removesuffix("_id") for mark in marks for name in mark.before})
    for mark in marks:
        mark.row.version += 1
    for chunk in _chunks(marks):
        model._default_manager.bulk_create(
            [mark.row for mark in chunk],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*names, "version"],
        )
        steps.done(len(chunk))


def _keep_former(work: Work, actor: Actor) -> None:
    """What each changed household and person said before, as every change keeps it."""
    revisions = [_revision(mark.row.pk, None, mark, actor) for mark in work.changed_households.values()]
    left = {person.pk: former for person, former, _ in work.moves}
    for changed in work.changed_people.values():
        home = left.get(changed.row.pk, changed.row.household_id)
        revisions.append(_revision(home, changed.row, changed, actor))
    HouseholdRevision.objects.bulk_create(revisions, batch_size=CHUNK)


def _revision(household_id: int, person: Person | None, mark: Touched[R], actor: Actor) -> HouseholdRevision:
    return HouseholdRevision(
        municipality_id=mark.row.municipality_id,
        household_id=household_id,
        person=person,
        before={name: _plain(value) for name, value in mark.before.items()},
        reason="住民データの取り込み",
        changed_at=clock.now(),
        changed_by=actor.user_id,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _links_follow(work: Work) -> None:
    """Agencies that know a child or guardian keep knowing them in the new household, unless it is protected."""
    wanted = {
        (former, home.pk)
        for person, former, home in work.moves
        if not home.protected and person.kind != "relative"
    }
    if not wanted:
        return
    homes = defaultdict(set)
    for former, home_id in wanted:
        homes[former].add(home_id)
    links = [
        AgencyLink(
            municipality_id=link.municipality_id, household_id=home_id, agency_id=link.agency_id, reason=link.reason,
            since=link.since, last_met_on=link.last_met_on,
        )
        for link in AgencyLink.objects.filter(household__in=list(homes))
        for home_id in homes[link.household_id]
    ]  # fmt: skip
    AgencyLink.objects.bulk_create(links, batch_size=CHUNK, ignore_conflicts=True)


def _per_household_ids(work: Work) -> set[object]:
    """Households that the plan touches; new ones stand for themselves until they have a number."""
    return {home.pk or id(home) for home in _homes(work)} | {former for _, former, _ in work.moves}


def _homes(work: Work) -> Iterator[Household]:
    yield from work.households
    yield from (person.household for person in work.people)
    yield from (
        touched.row for touched in work.changed_households.values() if isinstance(touched.row, Household)
    )
    yield from (
        touched.row.household for touched in work.changed_people.values() if isinstance(touched.row, Person)
    )


def _per_household(work: Work) -> dict[int, dict[str, int]]:
    """Household → what happened to it, for the trail: counts only."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: {"added": 0, "changed": 0})
    for household in work.households:
        counts[household.pk]["new"] = 1
    for person in work.people:
        counts[person.household_id]["added"] += 1
    for touched in work.changed_people.values():
        counts[touched.row.household_id]["changed"] += 1
    for household_id in work.changed_households:
        counts[household_id]["home"] = 1
    for _, former, _ in work.moves:
        counts[former]["left"] = counts[former].get("left", 0) + 1
    return dict(counts)
