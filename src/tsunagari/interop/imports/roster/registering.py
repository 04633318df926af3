"""Registering the families of an old register (登録簿) with the agency: a register has no days of visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagari.base import clock
from tsunagari.families.models import AgencyLink, Card, HomeChange, Household, Registration
from tsunagari.families.operations import registrations
from tsunagari.families.operations.bulk import Meeting, NewRegistration, meet_many, register_first

if TYPE_CHECKING:
    from tsunagari.interop.imports.roster.apply import Batch

SOURCE = Registration.Source.PAPER


def register(batch: Batch) -> None:
    """Open the families to the agency and register them where the mapping says so.

    A nickname family cannot be registered. Whoever has a home elsewhere keeps it and is registered beside it.
    """
    ids = sorted(set(batch.homes.values()))
    reason = AgencyLink.Reason.REGISTRATION
    standing = set(
        AgencyLink.objects.filter(household__in=ids, agency=batch.agency).values_list(
            "household_id", flat=True
        )
    )
    if batch.columns.register == "none":
        new = [pk for pk in ids if pk not in standing]
        meet_many([Meeting(pk, reason, None) for pk in new], actor=batch.actor, agency_id=batch.agency.pk)
    else:
        before = _issued(ids)
        _register(batch, ids)
        _note_issued(batch, ids, before)
    for number, rows in batch.lines.items():
        fresh = batch.homes[number] not in standing or bool(batch.made[number])
        for line in rows:
            line.made = {"did": "family" if fresh else "same"}


def _register(batch: Batch, ids: Sequence[int]) -> None:
    today = clock.today()
    here = Q(household__in=ids) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    rows = list(Registration.objects.filter(here).values_list("household_id", "agency_id", "is_home"))
    ours = {home for home, agency, _ in rows if agency == batch.agency.pk}
    homes = {home for home, _, is_home in rows if is_home}
    ever = set(Registration.objects.filter(household__in=ids).values_list("household_id", flat=True))
    families = Household.objects.filter(pk__in=ids, kind=Household.Kind.HOUSEHOLD).in_bulk()
    first = []
    for number, pk in batch.homes.items():
        if pk in ours or pk not in families:
            continue
        ours.add(pk)
        is_home = batch.columns.register == "home" and pk not in homes
        starts = _starts(batch, number, today)
        if pk in ever:
            made = registrations.register(
                families[pk],
                batch.agency,
                actor=batch.actor,
                is_home=is_home,
                source=SOURCE,
                starts_on=starts,
            )
            batch.made[number]["registration"] = made.pk
        else:
            first.append(NewRegistration(families[pk], batch.agency, is_home, SOURCE, starts))
    numbers = {pk: number for number, pk in reversed(list(batch.homes.items()))}
    for row in register_first(first, actor=batch.actor) if first else ():
        batch.made[numbers[row.household_id]]["registration"] = row.pk


def _starts(batch: Batch, number: int, today: date) -> date:
    """The day the register says, else today; never before the agency opened."""
    said = batch.profiles[number].registered
    day = date.fromisoformat(said) if said else today
    return max(day, batch.agency.opened_on) if batch.agency.opened_on else day


def _issued(ids: Sequence[int]) -> tuple[set[int], set[int]]:
    cards = Card.objects.filter(household__in=ids).values_list("pk", flat=True)
    changes = HomeChange.objects.filter(household__in=ids).values_list("pk", flat=True)
    return set(cards), set(changes)


def _note_issued(batch: Batch, ids: Sequence[int], before: tuple[set[int], set[int]]) -> None:
    """Note at the rows which cards and changes of home came with the registrations, to take them back."""
    numbers = {pk: number for number, pk in reversed(list(batch.homes.items()))}
    for name, model, former in (("cards", Card, before[0]), ("changes", HomeChange, before[1])):
        fresh = model.objects.filter(household__in=ids).exclude(pk__in=former)
        for pk, household_id in fresh.values_list("pk", "household_id"):
            batch.made[numbers[household_id]].setdefault(name, []).append(pk)
